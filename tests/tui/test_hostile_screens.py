"""Every screen of the program with harm in everything it shows: what is drawn is text, and none of it steers.

The walk looks at the whole terminal, whatever screens and widgets there are: at each strip as it would be written.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

import pytest
from textual.screen import Screen

from index.errors import IndexDamaged, QueryError
from index.model import Article, Comment
from search.suggest import Suggestion
from tests.tui.conftest import HOSTILE, FakeEngine
from tui.app import BroadsheetApp
from tui.state import State
from tui.widgets.query_line import QueryLine

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from tests.tui.conftest import Until
    from tui.screens.main import MainScreen

FORBIDDEN = {*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C}
SOUP = "[[[ ]]] [/] [/red [b]b[ [link=x]y[/link] $x {} \\[ [@click=app.quit]q[/] \\"
HARM = (
    f"{HOSTILE} {SOUP} new\nline \r\x0b\x0c\x85\u2028\u2029 \x1b[?1049l\x1bP+q\x1b\\ \x9d0;t\x9c \x7f\x00 "
    + "e\u0301" * 3
)
NEWS = (
    Article(
        id=f"a1 {HARM}",
        title=f"Harm {HARM}",
        url=f"https://example.org/{HARM}",
        source=f"Source {HARM}",
        section=f"Section {HARM}",
        place=f"Place {HARM}",
        authors=(f"Author {HARM}", "B\nC"),
        topics=(f"Topic {HARM}",),
        captions=(f"harm caption {HARM}",),
        paragraphs=(f"harm paragraph {HARM}", "harm " + "x" * 100_000, "harm \u200b\u200d\ufeff" * 50),
        comments=(
            Comment(id="c1", author=f"Reader {HARM}", posted=None, text=f"harm comment {HARM}", parent=None),
            Comment(id="c2", author="y" * 5_000, posted=None, text=f"harm answer {HARM}", parent="c1"),
        ),
    ),
    Article(id="a2", title=f"Harm again {HARM}", paragraphs=(f"harm {HARM}",), path=f"/tmp/{HARM}"),
)


WALKED = {"MainScreen", "HelpScreen", "TourScreen", "ExplanationScreen", "ExportScreen", "TroubleScreen"}
WALKED |= {"HistoryScreen", "SavedScreen", "NameScreen"}


@dataclass
class Walk:
    """What was seen on the way."""

    screens: set[str]
    text: str = ""


def strips(app: BroadsheetApp) -> list[str]:
    """Return the lines of the terminal as they would be written, checking that none of it is ours to click."""
    lines = []
    for strip in app.screen._compositor.render_strips(app.size):
        for segment in strip:
            actions = {
                key: value for key, value in (segment.style.meta if segment.style else {}).items() if "click" in key
            }
            assert not any(HARM[:10] in str(action) or "app.bell" in str(action) for action in actions.values())
            assert not (segment.style and segment.style.link)
        lines.append(strip.text)
    return lines


async def look(pilot: Pilot[None], walk: Walk) -> None:
    await pilot.pause()
    app = cast("BroadsheetApp", pilot.app)
    lines = strips(app)
    for line in lines:
        bad = {
            char for char in line if unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"} or ord(char) in FORBIDDEN
        }
        assert not bad, (type(app.screen).__name__, line)
        assert "\n" not in line
    walk.screens.add(type(app.screen).__name__)
    walk.text += " ".join(lines)


class HostileEngine(FakeEngine):
    """Says harmful things itself, too."""

    def __init__(self) -> None:
        super().__init__(NEWS)
        self.extra = {"warnings": (f"no field {HARM}",), "did_you_mean": f"harm {HARM}"}
        self.reprints = {self.passages["a2"][1].id: (self.passages["a2"][0].id,)}

    def suggest(self, prefix: str, limit: int = 10) -> tuple[Suggestion, ...]:
        return (Suggestion(f"harmful{HARM}", 3, "word"), Suggestion(f"harm author {HARM}", 2, "author"))


@pytest.fixture
def app(tmp_path: Path) -> BroadsheetApp:
    return BroadsheetApp(HostileEngine(), state=State(tmp_path))


def main(app: BroadsheetApp) -> MainScreen:
    return cast("MainScreen", app.screen_stack[0])


@pytest.mark.parametrize("size", [(160, 48), (60, 16)], ids=str)
async def test_no_screen_lets_harm_through(
    app: BroadsheetApp, until: Until, size: tuple[int, int], tmp_path: Path
) -> None:
    walk = Walk(set())
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        await look(pilot, walk)
        app.screen.query_one(QueryLine).insert_text_at_cursor("harm")
        await until(app, lambda: main(app).page is not None)
        await pilot.pause(0.2)
        await look(pilot, walk)  # with completions
        await pilot.press("escape", "tab", "w", "x", "g")
        await until(app, lambda: main(app).shown.by_article)
        await pilot.press("g", "space", "down", "down")
        await look(pilot, walk)
        await pilot.press("enter", "n", "n", "N", "p", "c", "y", "plus")
        await look(pilot, walk)
        await pilot.press("escape", "f")
        await until(app, lambda: main(app).counts)
        await look(pilot, walk)
        await pilot.press("escape")
        for keys in (("e",), ("f1",), ("f2",), ("ctrl+p", *"theme")):
            await pilot.press(*keys)
            await look(pilot, walk)
            await pilot.press("escape")
            await until(app, lambda: app.screen is main(app))
        await pilot.press("X", *"hits", "enter")
        await look(pilot, walk)
        await pilot.press("escape", "s")
        await until(app, lambda: main(app).shown.like)
        await look(pilot, walk)
        await pilot.press("escape", "slash", "enter", "ctrl+s")
        await look(pilot, walk)
        await pilot.press(*"[/x", "enter", "escape", "ctrl+o")
        await look(pilot, walk)
        await pilot.press("escape", "ctrl+r")
        await look(pilot, walk)
        await pilot.press("escape")
        main(app).complain(QueryError(f"not this: {HARM}"))
        app.notify(f"{SOUP}", markup=False)
        await look(pilot, walk)
        await pilot.press("tab", "v")
        await look(pilot, walk)
        main(app).complain(IndexDamaged(f"broken: {HARM}"))
        await look(pilot, walk)
    assert "[red]x[/red]" in walk.text
    assert "[@click=app.bell]ring[/]" in " ".join(walk.text.split())
    assert walk.screens >= WALKED


def test_the_walk_knows_every_screen() -> None:
    known = {screen.__name__ for screen in subclasses(Screen) if screen.__module__.startswith("tui.screens")}
    elsewhere = {"BuildScreen", "ProgressScreen"}  # test_indexing.py
    bases = {one.__name__ for one in subclasses(Screen) if one.__subclasses__()}
    assert known - bases == WALKED | elsewhere


def subclasses(kind: type) -> set[type]:
    return {one for child in kind.__subclasses__() for one in {child, *subclasses(child)}}


@pytest.mark.parametrize("name", ["evil\nname.md", "evil\x1b[2J.md", "[red]evil[/].md", "evil\u202e.md"])
async def test_a_file_name_that_harms_is_said_as_text(
    app: BroadsheetApp, until: Until, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    walk = Walk(set())
    async with app.run_test(size=(120, 30), notifications=True) as pilot:
        app.screen.query_one(QueryLine).insert_text_at_cursor("harm")
        await until(app, lambda: main(app).page is not None)
        await pilot.press("escape", "tab", "X")
        app.screen.query_one("Input").value = name  # type: ignore[attr-defined]
        await pilot.press("enter")
        await app.workers.wait_for_complete()
        await look(pilot, walk)
        assert "evil" in walk.text
    for written in tmp_path.iterdir():
        assert not any(unicodedata.category(char) == "Cc" for char in written.name)

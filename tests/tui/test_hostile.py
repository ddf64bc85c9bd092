"""A page that means harm is shown as harmless text, on every part of the screen."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest
from textual.geometry import Region

from index.model import Article
from tui.app import BroadsheetApp
from tui.widgets.article_pane import ArticlePane
from tui.widgets.hit_list import HitList
from tui.widgets.notice import Notice
from tui.widgets.query_line import QueryLine
from tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.widget import Widget

    from tests.tui.conftest import Ask, FakeEngine, Until, Write

PARTS = (HitList, ArticlePane, StatusLine, QueryLine, Notice)
FORBIDDEN = {*range(0x202A, 0x202F), *range(0x2066, 0x206A)}


def drawn(app: BroadsheetApp) -> Iterator[str]:
    """Yield every line of every part, checking that no text carries an action."""
    for part in PARTS:
        widget: Widget = app.screen.query_one(part)
        for strip in widget.render_lines(Region(0, 0, *widget.size)):
            assert not any("@click" in segment.style.meta for segment in strip if segment.style)
            yield strip.text


def check(app: BroadsheetApp) -> str:
    lines = list(drawn(app))
    for line in lines:
        assert not any(unicodedata.category(char) in {"Cc", "Cs"} or ord(char) in FORBIDDEN for char in line), line
    return " ".join(" ".join(lines).split())


@pytest.mark.parametrize("size", [(160, 48), (80, 24)])
async def test_a_hostile_page_is_harmless_text(app: BroadsheetApp, ask: Ask, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        await ask(pilot, "hostile")
        shown = check(app)
        assert "Hostile comment: Look [/ here [red]x[/red] and" in shown
        assert "[@click=app.bell]ring[/]" in shown
        await pilot.press("enter")
        shown = check(app)
        assert "[2J]52;c;Z290Y2hh 31m esrever \ufffd zero\u200bwidth [Foo] \\" in shown


async def test_what_the_engine_says_is_harmless_too(
    app: BroadsheetApp, engine: FakeEngine, until: Until, write: Write
) -> None:
    engine.extra = {"warnings": ("no field '[/\x1b[2J\u202e'",), "did_you_mean": "[red]\x9bwall"}
    async with app.run_test(size=(120, 30)):
        write(app, "zzz")
        await until(app, lambda: app.screen.results is not None)
        shown = check(app)
        assert "Did you mean “[red]wall”?" in shown
        assert "no field '[/[2J'" in shown


async def test_a_line_of_a_hundred_thousand_letters(engine: FakeEngine, ask: Ask) -> None:
    long = Article(id="a9", title="y" * 100_000, paragraphs=("z" * 100_000 + " needle",), authors=("w" * 9999,))
    app = BroadsheetApp(type(engine)([long]))
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot, "needle")
        await pilot.press("enter")
        assert "needle" in check(app)

"""Every command class, called by its key in the running program: something the reader sees or gets is different then.

A command without a scene here, or without a test of its own elsewhere that is named here, fails.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from tests.tui.conftest import FakeEngine, place
from tui.app import BroadsheetApp
from tui.commands import COMMANDS
from tui.state import State
from tui.widgets.query_line import QueryLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.tui.conftest import Ask
    from tui.commands import Command
    from tui.screens.main import MainScreen

HERE = Path(__file__).parent


def main(app: BroadsheetApp) -> MainScreen:
    return cast("MainScreen", app.screen_stack[0])


def focus(app: BroadsheetApp) -> object:
    return (app.focused and app.focused.id) or type(app.focused).__name__


def screen(app: BroadsheetApp) -> object:
    return type(app.screen).__name__


def question(app: BroadsheetApp) -> object:
    return main(app).shown


def query(app: BroadsheetApp) -> object:
    return main(app).query_one(QueryLine).value


def reading(app: BroadsheetApp) -> object:
    return main(app).pane.current


def judged(app: BroadsheetApp) -> object:
    return list(main(app)._engine.judged)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Scene:
    """The keys before that of the command, and what is to be different after it."""

    before: tuple[str, ...]
    seen: Callable[[BroadsheetApp], object]


SCENES: dict[str, Scene] = {
    "FocusQuery": Scene(("tab",), focus),
    "NextHit": Scene((), place),
    "PreviousHit": Scene(("down",), place),
    "OpenArticle": Scene(("tab",), focus),
    "GoBack": Scene(("tab", "enter"), focus),
    "GroupByArticle": Scene(("tab",), question),
    "NextMode": Scene(("tab",), question),
    "WeighWords": Scene(("tab",), question),
    "WeighMeaning": Scene(("tab",), question),
    "NextSort": Scene(("tab",), question),
    "Filters": Scene(("tab",), focus),
    "Explain": Scene(("tab",), screen),
    "Why": Scene(("tab",), lambda app: main(app).why),
    "Unfold": Scene(("tab",), lambda app: len(main(app).query_one("HitList").entries(0))),  # type: ignore[attr-defined]
    "Similar": Scene(("tab",), question),
    "JudgeRelevant": Scene(("tab",), judged),
    "JudgeIrrelevant": Scene(("tab",), judged),
    "TakeJudgementBack": Scene(("tab",), judged),
    "CopyPassage": Scene(("tab",), lambda app: app.clipboard),
    "CopyCitation": Scene(("tab",), lambda app: app.clipboard),
    "Mark": Scene(("tab",), lambda app: main(app).marks),
    "Export": Scene(("tab",), screen),
    "OpenOriginal": Scene(("tab",), lambda app: main(app).error),
    "NextMatch": Scene(("tab", "enter"), reading),
    "PreviousMatch": Scene(("tab", "enter"), reading),
    "FollowAnswer": Scene(("tab", "enter"), reading),
    "Pin": Scene(("tab",), lambda app: main(app).pinned),
    "NextPane": Scene((), focus),
    "Narrower": Scene(("tab",), lambda app: main(app).shares),
    "Wider": Scene(("tab",), lambda app: main(app).shares),
    "NextTheme": Scene((), lambda app: app.theme),
    "Help": Scene((), screen),
    "Tour": Scene((), screen),
    "Palette": Scene((), screen),
    "SearchHistory": Scene((), screen),
    "OlderQuery": Scene(("tab", "enter", "slash", "x"), query),
    "SaveSearch": Scene((), screen),
    "SavedSearches": Scene((), screen),
    "Quit": Scene(("tab",), lambda app: app._exit),
    "QuitAnywhere": Scene((), lambda app: app._exit),
}
ELSEWHERE = {
    "TakeBetter": ("test_searching.py", 'press("tab", ".")'),
    "TakeCompletion": ("test_completing.py", 'press("tab")'),
    "NextCompletion": ("test_completing.py", "ctrl+n"),
    "NewerQuery": ("test_history.py", "ctrl+down"),
    "Suspend": ("test_bearing.py", "x1a"),
    "Sync": ("test_indexing.py", '"u"'),
    "Rebuild": ("test_indexing.py", '"U"'),
    "Repair": ("test_indexing.py", '"f5"'),
    "ShowProgress": ("test_indexing.py", '"i"'),
    "StopIndexing": ("test_indexing.py", '"K"'),
    "LeaveProgress": ("test_indexing.py", '"escape"'),
}


def test_every_command_has_a_pilot_test() -> None:
    assert sorted({*SCENES, *ELSEWHERE}) == sorted(command.__name__ for command in COMMANDS)
    for file, key in ELSEWHERE.values():
        assert key in (HERE / file).read_text("utf-8"), (file, key)


@pytest.mark.parametrize("command", [one for one in COMMANDS if one.__name__ in SCENES], ids=lambda one: one.__name__)
async def test_its_key_does_something(command: type[Command], ask: Ask, tmp_path: Path) -> None:
    engine = FakeEngine()
    engine.reprints["a1#p2"] = ("a2#p1",)
    app = BroadsheetApp(engine, state=State(tmp_path))
    scene = SCENES[command.__name__]
    async with app.run_test(size=(100, 20)) as pilot:
        await ask(pilot, "wall survey")
        await pilot.press(*scene.before)
        await pilot.pause()
        before = scene.seen(app)
        await pilot.press(command.key)
        async with asyncio.timeout(10):
            while scene.seen(app) == before:
                await asyncio.sleep(0.01)

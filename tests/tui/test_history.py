"""The history: what enters it, how it is walked through and searched in, and that it can be done without."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

import pytest
from textual.widgets import Input, OptionList

from search.parse import MAX_LENGTH
from tui.app import BroadsheetApp
from tui.history import MOST, Asked, History, asked_now
from tui.screens.history import HistoryScreen
from tui.state import State
from tui.widgets.article_pane import ArticlePane
from tui.widgets.hit_list import HitList
from tui.widgets.query_line import QueryLine

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.pilot import Pilot

    from tests.tui.conftest import Ask, FakeEngine, Until
    from tui.screens.main import MainScreen

THEN = datetime(2019, 3, 1, tzinfo=UTC)


def kept(folder: Path, *queries: str) -> History:
    history = History(State(folder))
    for number, query in enumerate(queries):
        history.add(Asked(query, THEN + timedelta(days=number)))
    return history


def queries(history: History) -> list[str]:
    return [one.query for one in history.all()]


def test_newest_first_each_once(tmp_path: Path) -> None:
    history = kept(tmp_path, "wall", "ferry", "wall")
    assert history.all() == (Asked("wall", THEN + timedelta(days=2)), Asked("ferry", THEN + timedelta(days=1)))
    history.forget("wall")
    assert queries(history) == ["ferry"]


def test_it_is_bounded(tmp_path: Path) -> None:
    state = State(tmp_path)
    listed = [{"query": f"query {number}", "when": "2019-03-01T00:00:00Z"} for number in range(MOST)]
    state.change("history", lambda table: table, lambda _: listed)
    history = History(state)
    history.add(Asked("one more", THEN))
    assert len(history.all()) == MOST
    assert queries(history)[0] == "one more"
    assert f"query {MOST - 1}" not in queries(history)


def test_what_is_not_worth_keeping_is_not_kept() -> None:
    assert asked_now("  ") is None
    assert asked_now("x" * (MAX_LENGTH + 1)) is None
    found = asked_now(" sea   wall ")
    assert found is not None
    assert found.query == "sea wall"


def test_a_file_written_by_others_cannot_steer_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "history.json").write_text('[{"query": "a\\u001b[2J\\nb", "when": "2019-03-01T00:00:00"}]')
    assert History(State(tmp_path)).all() == (Asked("a[2J b", THEN),)


# On the screen


def main(app: BroadsheetApp) -> MainScreen:
    return cast("MainScreen", app.screen)


def line(app: BroadsheetApp) -> QueryLine:
    return app.screen_stack[0].query_one(QueryLine)


@pytest.fixture
def run_with(engine: FakeEngine, tmp_path: Path) -> Callable[..., BroadsheetApp]:
    def make(*asked: str) -> BroadsheetApp:
        kept(tmp_path, *asked)
        return BroadsheetApp(engine, state=State(tmp_path))

    return make


async def recalled(app: BroadsheetApp, until: Until, count: int) -> None:
    await until(app, lambda: len(main(app)._asked) == count)


async def settle(app: BroadsheetApp, pilot: Pilot[None]) -> None:
    await pilot.pause()
    await app.workers.wait_for_complete()


async def test_only_what_was_settled_on_enters(
    run_with: Callable[..., BroadsheetApp], ask: Ask, tmp_path: Path
) -> None:
    app = run_with()
    async with app.run_test() as pilot:
        await ask(pilot, "wall")
        await ask(pilot, " survey")
        assert queries(History(State(tmp_path))) == []
        await pilot.press("enter")
        assert isinstance(app.focused, ArticlePane)
        await settle(app, pilot)
        assert queries(History(State(tmp_path))) == ["wall survey"]
        await pilot.press("escape", "tab", "enter")
        await settle(app, pilot)
        assert queries(History(State(tmp_path))) == ["wall survey"]


async def test_a_hit_opened_by_mouse_settles_too(
    run_with: Callable[..., BroadsheetApp], ask: Ask, tmp_path: Path
) -> None:
    app = run_with()
    async with app.run_test() as pilot:
        await ask(pilot, "wall")
        await pilot.click(HitList, offset=(5, 1))
        await settle(app, pilot)
        assert queries(History(State(tmp_path))) == ["wall"]


async def test_a_query_that_finds_nothing_is_kept_where_enter_was_pressed(
    run_with: Callable[..., BroadsheetApp], ask: Ask, tmp_path: Path
) -> None:
    app = run_with()
    async with app.run_test() as pilot:
        await ask(pilot, "zeppelin")
        await pilot.press("enter")
        await settle(app, pilot)
        assert queries(History(State(tmp_path))) == ["zeppelin"]


async def test_ctrl_up_and_down_walk_and_the_draft_comes_back(
    run_with: Callable[..., BroadsheetApp], until: Until
) -> None:
    app = run_with("ferry", "wall", "survey")
    async with app.run_test() as pilot:
        await recalled(app, until, 3)
        line(app).put("my draft")
        seen = []
        for key in ("ctrl+up", "ctrl+up", "ctrl+up", "ctrl+up", "ctrl+down", "ctrl+down", "ctrl+down", "ctrl+down"):
            await pilot.press(key)
            seen.append(line(app).value)
        assert seen == ["survey", "wall", "ferry", "ferry", "wall", "survey", "my draft", "my draft"]
        await pilot.press("ctrl+up", "x", "ctrl+down")
        assert line(app).value == "surveyx"


async def test_up_on_an_empty_line_brings_the_last_query_back(
    run_with: Callable[..., BroadsheetApp], until: Until
) -> None:
    app = run_with("ferry", "wall")
    async with app.run_test() as pilot:
        await recalled(app, until, 2)
        await pilot.press("up")
        await until(app, lambda: main(app).results and main(app).results.query == "wall")
        await pilot.press("down", "up")
        assert line(app).value == "wall"
        await pilot.press("up")
        assert line(app).value == "ferry"


async def test_up_among_the_hits_stays_there(run_with: Callable[..., BroadsheetApp], ask: Ask, until: Until) -> None:
    app = run_with("ferry")
    async with app.run_test() as pilot:
        await recalled(app, until, 1)
        await ask(pilot, "wall")
        await pilot.press("down", "up", "up", "up")
        assert line(app).value == "wall"
        assert not app.screen.query_one(HitList).has_moved


def listed(app: BroadsheetApp) -> list[str]:
    return [one.value for one in cast("HistoryScreen", app.screen)._shown]


async def test_ctrl_r_searches_and_asks_again(run_with: Callable[..., BroadsheetApp], until: Until) -> None:
    app = run_with("ferry wall", "survey", "old wall")
    async with app.run_test() as pilot:
        await recalled(app, until, 3)
        await pilot.press("ctrl+r")
        assert isinstance(app.screen, HistoryScreen)
        assert listed(app) == ["old wall", "survey", "ferry wall"]
        await pilot.press(*"wall")
        assert listed(app) == ["old wall", "ferry wall"]
        await pilot.press("ctrl+r", "enter")
        assert line(app).value == "ferry wall"
        await until(app, lambda: main(app).results and main(app).results.query == "ferry wall")
        assert isinstance(app.focused, QueryLine)


async def test_escape_takes_nothing_and_delete_forgets(
    run_with: Callable[..., BroadsheetApp], until: Until, tmp_path: Path
) -> None:
    app = run_with("ferry", "survey", "wall")
    async with app.run_test() as pilot:
        await recalled(app, until, 3)
        await pilot.press("ctrl+r", "down", "delete")
        assert listed(app) == ["wall", "ferry"]
        await pilot.press("escape")
        assert line(app).value == ""
        await settle(app, pilot)
        assert queries(History(State(tmp_path))) == ["wall", "ferry"]
        await pilot.press("ctrl+up", "ctrl+up")
        assert line(app).value == "ferry"


async def test_an_empty_history_says_what_enters_it(run_with: Callable[..., BroadsheetApp]) -> None:
    app = run_with()
    async with app.run_test() as pilot:
        await pilot.press("ctrl+r", "enter", "delete")
        assert app.screen.query_one(".nothing").display
        assert not app.screen.query_one(OptionList).display
        assert app.screen.query_one(Input).has_focus


async def test_a_damaged_history_is_told_and_begins_anew(engine: FakeEngine, tmp_path: Path, ask: Ask) -> None:
    (tmp_path / "history.json").write_text("[3]")
    app = BroadsheetApp(engine, state=State(tmp_path))
    async with app.run_test() as pilot:
        await settle(app, pilot)
        assert ["begins anew" in note.message for note in app._notifications] == [True]
        await ask(pilot, "wall")
        await pilot.press("enter")
        await settle(app, pilot)
    assert queries(History(State(tmp_path))) == ["wall"]


async def test_without_state_nothing_is_written(
    engine: FakeEngine, ask: Ask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    app = BroadsheetApp(engine)
    async with app.run_test() as pilot:
        await ask(pilot, "wall")
        await pilot.press("enter", "ctrl+t")
        await settle(app, pilot)
        await pilot.press("ctrl+r")
        assert listed(app) == ["wall"]
    assert list(tmp_path.iterdir()) == []


async def test_the_theme_is_that_of_the_last_run(engine: FakeEngine, tmp_path: Path) -> None:
    app = BroadsheetApp(engine, state=State(tmp_path))
    async with app.run_test() as pilot:
        await pilot.press("ctrl+t")
        await settle(app, pilot)
    assert BroadsheetApp(engine, state=State(tmp_path)).theme == "broadsheet-light"
    (tmp_path / "looks.json").write_text('{"theme": "no such theme"}')
    assert BroadsheetApp(engine, state=State(tmp_path)).theme == "broadsheet"


async def test_damaged_looks_are_told(engine: FakeEngine, tmp_path: Path) -> None:
    (tmp_path / "looks.json").write_text("[")
    app = BroadsheetApp(engine, state=State(tmp_path))
    async with app.run_test() as pilot:
        await pilot.pause()
        assert ["looks.json.damaged" in note.message for note in app._notifications] == [True]
        assert app.theme == "broadsheet"

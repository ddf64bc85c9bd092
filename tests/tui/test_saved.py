"""Saved searches: kept with how they are asked, opened, renamed and deleted."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

import pytest
from textual.widgets import Input, Static

from index.errors import StateDamaged, UsageError
from search.results import Mode, Sort
from tui import saved
from tui.app import BroadsheetApp
from tui.question import Question
from tui.saved import Saved, SavedSearches, name_of, told
from tui.screens.naming import NameScreen
from tui.screens.saved import SavedScreen
from tui.state import State
from tui.widgets.query_line import QueryLine

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

    from tests.tui.conftest import Ask, FakeEngine, Until
    from tui.screens.main import MainScreen

ODD = Question("sea wall", Mode.KEYWORD, by_article=True, sort=Sort.NEWEST, alpha=0.4)


@pytest.fixture
def kept(tmp_path: Path) -> SavedSearches:
    return SavedSearches(State(tmp_path))


def names(kept: SavedSearches) -> list[str]:
    return [one.name for one in kept.all()]


def test_a_search_is_kept_with_how_it_is_asked(kept: SavedSearches) -> None:
    kept.save(Saved("The wall", ODD))
    assert kept.all() == (Saved("The wall", ODD),)
    assert told(ODD) == "by words, 40% meaning, by article, newest first"
    assert told(Question("x")) == ""


def test_names_are_one_whatever_their_case(kept: SavedSearches) -> None:
    for name, query in (("wall", "one"), ("Ferry", "two"), ("WALL", "three")):
        kept.save(Saved(name, Question(query)))
    assert [(one.name, one.question.text) for one in kept.all()] == [("Ferry", "two"), ("WALL", "three")]
    kept.rename("ferry", "wall")
    assert [(one.name, one.question.text) for one in kept.all()] == [("wall", "two")]
    kept.rename("nobody", "x")
    kept.delete("Wall")
    assert kept.all() == ()


def test_there_is_a_bound_and_it_is_told(kept: SavedSearches, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved, "MOST", 2)
    for name in "ab":
        kept.save(Saved(name, Question(name)))
    with pytest.raises(UsageError, match="delete some"):
        kept.save(Saved("c", Question("c")))
    kept.save(Saved("A", Question("again")))
    assert names(kept) == ["A", "b"]


@pytest.mark.parametrize("record", [{}, {"mode": "telepathy"}, {"alpha": 7}, {"sort": 3}, "text"])
def test_a_record_of_another_shape_is_damage(tmp_path: Path, kept: SavedSearches, record: object) -> None:
    whole = {"name": "n", "query": "q", "mode": "hybrid", "sort": "relevance", "by_article": False, "alpha": None}
    broken = whole | record if record and isinstance(record, dict) else record
    (tmp_path / "searches.json").write_text(json.dumps([broken]))
    with pytest.raises(StateDamaged):
        kept.all()


def test_a_name_is_one_short_line() -> None:
    assert name_of("  the\n\x1b[2J wall ") == "the [2J wall"
    assert len(name_of("x" * 1000)) == saved.LONGEST


# On the screen


def main(app: BroadsheetApp) -> MainScreen:
    return cast("MainScreen", app.screen_stack[0])


async def settle(app: BroadsheetApp, pilot: Pilot[None]) -> None:
    await pilot.pause()
    await app.workers.wait_for_complete()
    await pilot.pause()


@pytest.fixture
def app(engine: FakeEngine, tmp_path: Path) -> BroadsheetApp:
    return BroadsheetApp(engine, state=State(tmp_path))


async def test_ctrl_s_saves_what_is_asked_and_how(
    app: BroadsheetApp, kept: SavedSearches, ask: Ask, until: Until
) -> None:
    async with app.run_test() as pilot:
        await ask(pilot, "wall")
        await pilot.press("tab", "m", "g", "o")
        await until(app, lambda: main(app).shown.sort is Sort.NEWEST)
        await pilot.press("ctrl+s")
        await until(app, lambda: isinstance(app.screen, NameScreen))
        line = app.screen.query_one(Input)
        assert line.value == "wall"
        line.value = "The wall"
        await pilot.press("enter")
        await settle(app, pilot)
        assert kept.all() == (Saved("The wall", Question("wall", Mode.KEYWORD, by_article=True, sort=Sort.NEWEST)),)


async def test_a_name_that_is_taken_needs_enter_twice(
    app: BroadsheetApp, kept: SavedSearches, ask: Ask, until: Until
) -> None:
    kept.save(Saved("Wall", Question("old")))
    async with app.run_test() as pilot:
        await ask(pilot, "wall")
        await pilot.press("ctrl+s")
        await until(app, lambda: isinstance(app.screen, NameScreen))
        await pilot.press("enter")
        assert "Enter again replaces it" in app.screen.query_one(Static).render().plain
        await pilot.press("enter")
        await settle(app, pilot)
        assert [(one.name, one.question.text) for one in kept.all()] == [("wall", "wall")]


async def test_ctrl_o_opens_a_search_as_it_was(
    app: BroadsheetApp, engine: FakeEngine, kept: SavedSearches, until: Until
) -> None:
    kept.save(Saved("The wall", Question("sea wall", Mode.KEYWORD, by_article=True, sort=Sort.OLDEST)))
    kept.save(Saved("Ferries", Question("ferry")))
    async with app.run_test() as pilot:
        await pilot.press("ctrl+o")
        await until(app, lambda: isinstance(app.screen, SavedScreen))
        await pilot.press(*"WALL", "enter")
        await until(app, lambda: main(app).results)
        assert app.screen.query_one(QueryLine).value == "sea wall"
        assert main(app).shown == Question("sea wall", Mode.KEYWORD, by_article=True, sort=Sort.OLDEST)
        await pilot.pause(0.1)
        assert engine.asked == [("sea wall", Mode.KEYWORD)]


async def test_f2_renames_and_delete_asks_once_more(app: BroadsheetApp, kept: SavedSearches, until: Until) -> None:
    for name in ("Alpha", "Beta", "Gamma"):
        kept.save(Saved(name, Question(name.lower())))
    async with app.run_test() as pilot:
        await pilot.press("ctrl+o")
        await until(app, lambda: isinstance(app.screen, SavedScreen))
        await pilot.press("down", "f2")
        app.screen.query_one(Input).value = "Zeta"
        await pilot.press("enter")
        listed = cast("SavedScreen", app.screen)
        assert [one.said for one in listed._shown] == ["Alpha", "Gamma", "Zeta"]
        assert listed.choice.said == "Zeta"
        await pilot.press("up", "delete", "up", "delete")
        assert len(listed._shown) == 3
        await pilot.press("delete")
        assert [one.said for one in listed._shown] == ["Gamma", "Zeta"]
        await pilot.press("escape")
        await settle(app, pilot)
        assert [(one.name, one.question.text) for one in kept.all()] == [("Gamma", "gamma"), ("Zeta", "beta")]


async def test_with_nothing_saved_the_list_says_how(app: BroadsheetApp, until: Until) -> None:
    async with app.run_test() as pilot:
        await pilot.press("ctrl+s")
        assert app.screen is main(app)
        await pilot.press("ctrl+o")
        await until(app, lambda: isinstance(app.screen, SavedScreen))
        await pilot.press("enter", "f2", "delete", "delete")
        assert app.screen.query_one(".nothing").display


async def test_damaged_searches_are_told_and_set_aside(app: BroadsheetApp, tmp_path: Path, until: Until) -> None:
    (tmp_path / "searches.json").write_text("{")
    async with app.run_test() as pilot:
        await pilot.press("ctrl+o")
        await until(app, lambda: isinstance(app.screen, SavedScreen))
        assert any("searches.json.damaged" in note.message for note in app._notifications)


async def test_hostile_names_are_text(app: BroadsheetApp, tmp_path: Path, until: Until) -> None:
    record = {"name": "[red]x[/red] \x1b[2J", "query": "[@click=app.bell]q", "mode": "hybrid", "sort": "relevance"}
    (tmp_path / "searches.json").write_text(json.dumps([record | {"by_article": False, "alpha": None}]))
    async with app.run_test() as pilot:
        await pilot.press("ctrl+o")
        await until(app, lambda: isinstance(app.screen, SavedScreen))
        choice = cast("SavedScreen", app.screen).choice
        assert (choice.said, choice.told) == ("[red]x[/red] [2J", "[@click=app.bell]q")
        await pilot.press("delete", "delete")
        await settle(app, pilot)
        assert any("[red]x[/red]" in note.message and not note.markup for note in app._notifications)

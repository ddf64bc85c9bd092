"""Completion: what is offered, how it is taken, and that no key waits for it."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

import pytest

from search.searcher import Searcher
from search.suggest import field_names
from tui.completing import MOST, Offer, narrowed, offers
from tui.widgets.article_pane import ArticlePane
from tui.widgets.completions import WIDTH, Completions, OfferRow
from tui.widgets.hit_list import HitList
from tui.widgets.query_line import QueryLine

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.tui.conftest import FakeEngine, Until, Write
    from tui.app import BroadsheetApp
    from tui.engine import Engine
    from tui.screens.main import MainScreen

NOW = datetime(2019, 4, 4, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
def seeds(seeds_index: Path) -> Iterator[Searcher]:
    with Searcher.open(seeds_index) as searcher:
        yield searcher


def offered(engine: Engine, typed: str) -> list[tuple[str, str]]:
    return [(one.text, one.kind) for one in offers(engine, typed, NOW)]


def test_words_come_before_the_names_of_fields(seeds: Searcher) -> None:
    found = offered(seeds, "harbour sou")
    assert found[-1] == ("source:", "field")
    assert len(found) <= MOST
    assert {kind for _, kind in found[:-1]} <= {"word", "author"}


def test_values_of_a_field_are_offered_behind_its_colon(seeds: Searcher) -> None:
    assert {kind for _, kind in offered(seeds, "by:")} == {"author"}
    assert ("comment", "kind") in offered(seeds, "harbour in:")
    assert {kind for _, kind in offered(seeds, "source:")} == {"source"}


def test_dates_are_offered_by_count_and_by_example(seeds: Searcher) -> None:
    found = offers(seeds, "harbour on:", NOW)
    counted = [one for one in found if one.count]
    assert counted
    assert counted[0].query == f"harbour on:{counted[0].text}"
    assert ("2019-04-04", "date") in offered(seeds, "on:2019-04")
    assert [one.query for one in offers(seeds, "-after:last w", NOW)] == []
    assert [one.query for one in offers(seeds, '-after:"last w', NOW)] == ['-after:"last week"']


@pytest.mark.parametrize("typed", ["", "h", "harbour ", "+", "zzz", '"', "harb*", "answers:a"])
def test_nothing_is_offered_where_nothing_helps(seeds: Searcher, typed: str) -> None:
    assert offered(seeds, typed) == []


def test_what_is_likeliest_already_is_left_alone(seeds: Searcher) -> None:
    assert offered(seeds, "harbour") == []
    assert ("harbour", "word") in offered(seeds, "harbou")


def test_names_of_fields() -> None:
    assert field_names("war b") == ("before:", "by:")
    assert field_names("-BY") == ("by:",)
    assert field_names('"b') == field_names("by:b") == field_names("") == field_names("b ") == ()


def test_offers_narrow_without_being_asked_for_anew() -> None:
    found = tuple(Offer(word, "word", 1, word) for word in ("harbour", "harbours", "hard"))
    assert [one.text for one in narrowed(found, "harb")] == ["harbour", "harbours"]
    assert [one.text for one in narrowed(found, "harbour")] == ["harbours"]


@pytest.mark.parametrize("width", [20, 34])
def test_a_row_has_its_width(width: int) -> None:
    hostile = Offer("a\x1b[2J [red]name[/red] of any length at all", "author", 1234, "x")
    (line,) = OfferRow(hostile).lines(width)
    assert line.cell_length == width
    assert line.plain.endswith("author 1,234")
    assert "\x1b" not in line.plain


# On the screen


def main(app: BroadsheetApp) -> MainScreen:
    return cast("MainScreen", app.screen)


def line(app: BroadsheetApp) -> QueryLine:
    return app.screen.query_one(QueryLine)


async def test_tab_takes_what_is_offered(app: BroadsheetApp, until: Until) -> None:
    async with app.run_test() as pilot:
        await pilot.press(*"old harb")
        await until(app, lambda: main(app).offers)
        listed = app.screen.query_one(Completions)
        assert listed.display
        assert (listed.region.x, listed.region.y) == (line(app).place_of(4).x, line(app).place_of(4).y + 1)
        await pilot.press("tab")
        assert line(app).value == "old harbour"
        assert line(app).cursor_at_end
        assert isinstance(app.focused, QueryLine)
        assert not listed.display
        await until(app, lambda: main(app).question.text == "old harbour")
        await until(app, lambda: main(app).results)
        await pilot.press("tab")
        assert isinstance(app.focused, HitList)


@pytest.mark.parametrize("key", ["right", "ctrl+e", "end"])
async def test_so_do_the_keys_that_go_to_the_end(app: BroadsheetApp, until: Until, key: str) -> None:
    async with app.run_test() as pilot:
        await pilot.press(*"harb")
        await until(app, lambda: main(app).offers)
        await pilot.press(key)
        await until(app, lambda: line(app).value == "harbour")


async def test_a_click_takes_it_too(app: BroadsheetApp, until: Until) -> None:
    async with app.run_test() as pilot:
        await pilot.press(*"harb")
        await until(app, lambda: main(app).offers)
        await pilot.click(Completions, offset=(2, 0))
        await until(app, lambda: line(app).value == "harbour")
        assert isinstance(app.focused, QueryLine)


async def test_ctrl_n_goes_to_the_next_one_and_around(app: BroadsheetApp, until: Until) -> None:
    async with app.run_test() as pilot:
        await pilot.press(*"st")
        await until(app, lambda: len(main(app).offers) > 2)
        first, second, *_ = (one.query for one in main(app).offers)
        await pilot.press(*["ctrl+n"] * (len(main(app).offers) + 1))
        await pilot.press("tab")
        assert line(app).value == second != first


async def test_escape_puts_them_away_and_tab_goes_around_again(app: BroadsheetApp, until: Until) -> None:
    async with app.run_test() as pilot:
        await pilot.press(*"wall harb")
        await until(app, lambda: main(app).offers and main(app).results)
        await pilot.press("escape")
        assert not main(app).offers
        assert line(app).value == "wall harb"
        await pilot.press("tab")
        assert isinstance(app.focused, HitList)


@pytest.mark.parametrize(("key", "home"), [("down", QueryLine), ("enter", ArticlePane)])
async def test_going_on_to_the_hits_puts_them_away(
    app: BroadsheetApp, until: Until, key: str, home: type[object]
) -> None:
    async with app.run_test() as pilot:
        await pilot.press(*"wall harb")
        await until(app, lambda: main(app).offers and main(app).results)
        await pilot.press(key)
        await until(app, lambda: isinstance(app.focused, home) and not main(app).offers)
        assert line(app).value == "wall harb"


async def test_the_name_of_a_field_is_followed_by_its_values(app: BroadsheetApp, until: Until) -> None:
    async with app.run_test() as pilot:
        await pilot.press(*"wall by")
        await until(app, lambda: main(app).offers)
        await pilot.press("tab")
        assert line(app).value == "wall by:"
        assert main(app).question.text == "wall"
        await until(app, lambda: [one.kind for one in main(app).offers][:1] == ["author"])
        await pilot.press(*"Nor")
        await until(app, lambda: [one.text for one in main(app).offers] == ["NorthQuay"])
        await pilot.press("tab")
        assert line(app).value == 'wall by:"NorthQuay"'


async def test_what_stands_behind_the_cursor_stays(app: BroadsheetApp, until: Until) -> None:
    async with app.run_test() as pilot:
        line(app).put(" wall", 0)
        await pilot.press(*"harb")
        await until(app, lambda: main(app).offers)
        await pilot.press("tab")
        assert line(app).value == "harbour wall"
        assert line(app).before == "harbour"


async def test_within_a_word_nothing_is_offered(app: BroadsheetApp, until: Until, engine: FakeEngine) -> None:
    async with app.run_test() as pilot:
        await pilot.press(*"harb")
        await until(app, lambda: main(app).offers)
        await pilot.press("left")
        await until(app, lambda: not main(app).offers)
        asked = len(engine.completed)
        await pilot.press("o")
        await pilot.pause(0.1)
        assert len(engine.completed) == asked


async def test_no_key_waits_and_a_late_answer_is_not_shown(
    app: BroadsheetApp, engine: FakeEngine, until: Until, write: Write
) -> None:
    held = engine.held_completions["har"] = threading.Event()
    async with app.run_test() as pilot:
        write(app, "har")
        await until(app, lambda: engine.completed == ["har"])
        write(app, "bou")
        assert line(app).value == "harbou"
        await pilot.pause(0.1)
        assert engine.completed == ["har"]
        held.set()
        await until(app, lambda: main(app).offers)
        assert engine.completed == ["har", "harbou"]
        assert {one.query.startswith("harbou") for one in main(app).offers} == {True}


async def test_tab_faster_than_the_list_changes_nothing_else(app: BroadsheetApp, until: Until) -> None:
    async with app.run_test() as pilot:
        await pilot.press(*"harb")
        await until(app, lambda: main(app).offers)
        await pilot.press("x", "tab")
        assert line(app).value == "harbx"


async def test_a_filter_put_in_by_key_is_not_completed(app: BroadsheetApp, engine: FakeEngine, until: Until) -> None:
    async with app.run_test() as pilot:
        line(app).put("harb")
        await until(app, lambda: main(app).results is not None)
        await pilot.pause(0.1)
        assert engine.completed == []


async def test_another_size_puts_them_away(app: BroadsheetApp, until: Until) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.press(*"harb")
        await until(app, lambda: main(app).offers)
        await pilot.resize_terminal(60, 16)
        await until(app, lambda: not main(app).offers)
        assert line(app).value == "harb"


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (160, 48)])
async def test_the_list_keeps_within_the_screen(app: BroadsheetApp, until: Until, size: tuple[int, int]) -> None:
    async with app.run_test(size=size) as pilot:
        line(app).put("the old sea wall and the new one by the ")
        await pilot.press(*"harb")
        await until(app, lambda: main(app).offers)
        region = app.screen.query_one(Completions).region
        assert region.right <= size[0]
        assert region.bottom <= size[1]
        assert region.width == WIDTH

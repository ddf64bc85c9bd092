"""Any number of hits: only those in view are made, pages come as they are wanted, and nothing moves in view."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import TYPE_CHECKING, cast

import pytest

from index.errors import QueryError
from index.model import Article
from search.results import Mode, Results
from tests.tui.conftest import FakeEngine, hits_of, place
from tui.app import BroadsheetApp
from tui.listing import MOST, PAGE, Listing
from tui.widgets.hit_list import MADE, HitList
from tui.widgets.ruler import USUAL, Ruler
from tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.results import Hit
    from tests.tui.conftest import Ask, Until
    from tui.screens.main import MainScreen

MANY = 3_333


@pytest.fixture(scope="module")
def much_news() -> list[Article]:
    """Hits of three heights, in no regular order."""
    luck = random.Random(7)
    texts = ["Wall {}.", "Wall {}. " + "The tide came in and went out again over the flats. " * 3]
    return [
        Article(id=f"b{number:05}", title=None, paragraphs=(luck.choice(texts).format(number),))
        for number in range(MANY)
    ]


class LongEngine(FakeEngine):
    """Finds the same again without looking."""

    def _hits(self, query: str, *, explain: bool = False) -> Iterator[Hit]:
        if query not in self._known:
            self._known[query] = list(super()._hits(query))
        yield from self._known[query]

    def __init__(self, news: list[Article], *, warm: bool = True) -> None:
        super().__init__(news, warm=warm)
        self._known: dict[str, list[Hit]] = {}


@pytest.fixture
def many(much_news: list[Article]) -> FakeEngine:
    return LongEngine(much_news)


def main(app: BroadsheetApp) -> MainScreen:
    return cast("MainScreen", app.screen)


def listing(app: BroadsheetApp) -> Listing:
    found = main(app).listing
    assert found is not None
    return found


def view(app: BroadsheetApp) -> list[str]:
    """Return the lines of the list as they are on the screen."""
    hits = app.screen.query_one(HitList)
    return [hits.render_line(y).text.rstrip() for y in range(hits.window_height)]


def is_all_there(app: BroadsheetApp) -> bool:
    hits = app.screen.query_one(HitList)
    start, stop = hits._in_view()
    return not listing(app).missing(start, stop) and not any("…" in line and "," in line for line in view(app))


# Listings and rulers


def page(start: int, count: int, **more: object) -> Results:
    return Results(query="q", mode=Mode.KEYWORD, hits=hits_of(start, count), **more)  # type: ignore[arg-type]


def test_a_listing_knows_what_it_lacks() -> None:
    found = Listing.of(page(0, PAGE, total=1_000))
    assert (found.length, found.is_counted) == (1_000, False)
    assert found.missing(0, 10) == ()
    assert found.missing(-20, 60) == (1,)
    assert found.missing(940, 1_000) == (18, 19)
    assert found.missing(980, 1_025) == (19, 20)  # there may be more
    found = found.with_page(18, page(900, PAGE, total=1_000, in_all=960))
    assert (found.length, found.is_counted, found.is_deep) == (960, True, True)
    assert found.missing(880, 1_100) == (17, 19)
    assert found.hit(949).passage.id == "a949#p1"  # type: ignore[union-attr]
    assert found.hit(955) is found.hit(500) is None
    assert (found.row("a900#p1"), found.row("a500#p1")) == (900, None)


@pytest.mark.parametrize(("count", "length"), [(PAGE, 70), (5, 55), (0, 50)])
def test_a_listing_ends_where_a_page_is_not_full(count: int, length: int) -> None:
    found = Listing.of(page(0, PAGE, total=70)).with_page(1, page(PAGE, count, total=70))
    assert (found.length, found.is_counted) == (max(length, PAGE + count), count < PAGE)
    assert Listing.of(page(0, 7, total=70)).length == 7


def test_a_listing_holds_few_pages_and_always_the_first() -> None:
    found = Listing.of(page(0, PAGE, total=100_000))
    for number in range(1, 3 * MOST):
        found = found.with_page(number, page(number * PAGE, PAGE, total=100_000))
        assert len(found.pages) <= MOST
    assert set(found.pages) == {0, *range(2 * MOST + 1, 3 * MOST)}


def test_a_ruler_agrees_with_adding_up() -> None:
    luck = random.Random(3)
    length = 12 * PAGE + 17
    heights = [USUAL] * length
    ruler = Ruler(length)
    for number in luck.sample(range(13), 13):
        rows = range(number * PAGE, min((number + 1) * PAGE, length))
        for row in rows:
            heights[row] = luck.randint(2, 9)
        ruler.measure(number, [heights[row] for row in rows])
        tops = [sum(heights[:row]) for row in range(length + 1)]
        assert [ruler.top(row) for row in range(length + 1)] == tops
        assert ruler.height == tops[-1]
        for line in (0, tops[-1] - 1, *luck.choices(range(tops[-1]), k=50)):
            row, within = ruler.at(line)
            assert tops[row] + within == line
            assert within < heights[row]
    assert ruler.at(10**9)[0] == length - 1


def test_a_ruler_forgets_a_page_that_grows() -> None:
    ruler = Ruler(60)
    ruler.measure(0, [4] * PAGE)
    ruler.measure(1, [4] * 10)
    ruler.resize(70)
    assert ruler.is_measured(0)
    assert not ruler.is_measured(1)
    assert ruler.height == 4 * PAGE + 20 * USUAL


# On the screen


async def test_end_and_home_reach_over_everything(many: FakeEngine, ask: Ask, until: Until) -> None:
    app = BroadsheetApp(many)
    async with app.run_test(size=(120, 30)) as pilot:
        await ask(pilot, "wall")
        hits = app.screen.query_one(HitList)
        await pilot.press("tab", "end")
        await until(app, lambda: hits.spot.row == MANY - 1 and place(app))
        assert listing(app).is_counted
        assert listing(app).length == MANY
        assert set(listing(app).pages) <= {0, 1, 65, 66}  # nothing in between was fetched
        assert app.screen.query_one(StatusLine).render().plain.startswith("no. 3,333 · 3,333 results")
        await until(app, lambda: is_all_there(app))
        assert "Wall" in "".join(view(app))
        assert hits.max_scroll_y == hits.scroll_offset.y
        await pilot.press("up", "pageup", "pageup")
        await until(app, lambda: is_all_there(app))
        assert hits.spot.row < MANY - 10
        await pilot.press("home")
        assert place(app) == main(app).results[0].passage.id
        assert hits.scroll_offset.y == 0


async def test_pagedown_walks_through_everything(many: FakeEngine, ask: Ask, until: Until) -> None:
    app = BroadsheetApp(many)
    async with app.run_test(size=(120, 48)) as pilot:
        await ask(pilot, "wall")
        hits = app.screen.query_one(HitList)
        await pilot.press("tab")
        rows = [hits.spot.row]
        while len(rows) < 25:
            await pilot.press("pagedown")
            await until(app, lambda: is_all_there(app))
            rows.append(hits.spot.row)
        steps = [after - before for before, after in pairwise(rows)]
        assert all(7 <= step <= 16 for step in steps)
        offsets = [offset for offset, *_ in many.asked_how if offset]
        assert offsets == sorted(set(offsets))  # each page once


async def test_what_is_made_and_held_is_bounded(many: FakeEngine, ask: Ask, until: Until) -> None:
    app = BroadsheetApp(many)
    async with app.run_test(size=(120, 48)) as pilot:
        await ask(pilot, "wall")
        hits = app.screen.query_one(HitList)
        for y in range(0, hits.virtual_size.height, 400):
            hits.scroll_to(y=y, animate=False, force=True, immediate=True)
            await until(app, lambda: is_all_there(app))
        assert len(many.asked_how) > 35
        assert len(listing(app).pages) <= MOST
        assert len(hits._made.keys()) <= MADE


async def test_nothing_moves_in_view_when_pages_come(many: FakeEngine, ask: Ask, until: Until) -> None:
    app = BroadsheetApp(many)
    async with app.run_test(size=(120, 48)) as pilot:
        await ask(pilot, "wall")
        hits = app.screen.query_one(HitList)
        hits.scroll_to(y=8_000, animate=False, force=True, immediate=True)
        await until(app, lambda: is_all_there(app))
        seen = view(app)
        for _ in range(60):  # upward into pages whose heights are guesses until they are here
            row, within = hits._ruler.at(hits.scroll_offset.y)
            hits.scroll_relative(y=-9, animate=False, immediate=True, force=True)
            await until(app, lambda: is_all_there(app))
            now = view(app)
            assert now[9:] == seen[:-9], (row, within)
            seen = now


async def test_the_reader_stays_on_his_line_when_rows_grow(many: FakeEngine, ask: Ask, until: Until) -> None:
    app = BroadsheetApp(many)
    async with app.run_test(size=(120, 30)) as pilot:
        await ask(pilot, "wall")
        hits = app.screen.query_one(HitList)
        await pilot.press("tab", "pagedown", "pagedown", "up")
        before = hits.lines_of(hits.spot)[0] - hits.scroll_offset.y
        await pilot.press("w")
        assert hits.lines_of(hits.spot)[0] - hits.scroll_offset.y == before
        assert any("= the word [here]" in line for line in view(app))
        await pilot.resize_terminal(90, 30)
        await until(app, lambda: hits.size.width < 91)
        start, end = hits.lines_of(hits.spot)
        assert hits.scroll_offset.y <= start < end <= hits.scroll_offset.y + hits.window_height


async def test_the_end_of_an_old_answer_is_not_gone_to(many: FakeEngine, ask: Ask, until: Until) -> None:
    app = BroadsheetApp(many)
    async with app.run_test() as pilot:
        await ask(pilot, "wall")
        held = many.hold("wall")
        await pilot.press("tab", "end")
        await until(app, lambda: main(app)._leaving is not None)
        await pilot.press("slash")
        many.held.clear()
        await ask(pilot, " 7")
        held.set()
        await until(app, lambda: main(app)._leaving is None)
        assert app.screen.query_one(HitList).spot.row == 0


async def test_keys_pressed_while_the_end_is_sought_win(many: FakeEngine, ask: Ask, until: Until) -> None:
    app = BroadsheetApp(many)
    async with app.run_test() as pilot:
        await ask(pilot, "wall")
        held = many.hold("wall")
        await pilot.press("tab", "end", "down")
        held.set()
        await until(app, lambda: listing(app).is_counted)
        assert app.screen.query_one(HitList).spot.row == 1


async def test_a_page_that_cannot_be_fetched_is_explained(many: FakeEngine, ask: Ask, until: Until) -> None:
    app = BroadsheetApp(many)
    async with app.run_test() as pilot:
        await ask(pilot, "wall")
        many.failure = QueryError("Too many [clauses]: leave some out.")
        hits = app.screen.query_one(HitList)
        hits.scroll_to(y=8_000, animate=False, force=True, immediate=True)
        await until(app, lambda: main(app).error)
        assert "1,6" in "".join(view(app))  # the places of the hits stand for them
        many.failure = None
        await pilot.press("tab", "end")
        await until(app, lambda: place(app) and hits.spot.row == MANY - 1)


async def test_the_reader_is_taken_to_the_last_hit_where_there_are_fewer_than_it_seemed(
    many: FakeEngine, ask: Ask, until: Until
) -> None:
    many.extra = {"total": 4_000}  # passages, some of them stacked
    app = BroadsheetApp(many)
    async with app.run_test(size=(120, 30)) as pilot:
        await ask(pilot, "wall")
        hits = app.screen.query_one(HitList)
        assert hits.length == 4_000
        await pilot.press("tab")
        hits.go_to(hits.spot._replace(row=3_900))
        await until(app, lambda: listing(app).is_counted and place(app))
        assert hits.spot.row == MANY - 1
        await until(app, lambda: main(app).row == MANY - 1)


async def test_the_mouse_lights_and_chooses_a_row(many: FakeEngine, ask: Ask, until: Until) -> None:
    app = BroadsheetApp(many)
    async with app.run_test(size=(120, 30)) as pilot:
        await ask(pilot, "wall")
        hits = app.screen.query_one(HitList)
        line = hits.lines_of(hits.spot._replace(row=2))[0]
        await pilot.hover(HitList, offset=(5, line))
        assert hits.hover is not None
        assert hits.hover.row == 2
        await pilot.hover("#head")
        assert hits.hover is None
        await pilot.click(HitList, offset=(5, line))
        await until(app, lambda: hits.spot.row == 2)
        assert main(app).situation.is_reading


async def test_better_results_wait_while_the_reader_is_far_down(
    much_news: list[Article], ask: Ask, until: Until
) -> None:
    cold = LongEngine(much_news, warm=False)
    app = BroadsheetApp(cold)
    async with app.run_test(size=(120, 30)) as pilot:
        await ask(pilot, "wall")
        await pilot.press("tab", "end")
        await until(app, lambda: place(app) and listing(app).is_deep and is_all_there(app))
        seen = view(app)
        cold.warming.set()
        await until(app, lambda: main(app).better)
        assert view(app) == seen
        await pilot.press("full_stop")
        await until(app, lambda: main(app).results.mode is Mode.HYBRID)
        assert not listing(app).is_deep

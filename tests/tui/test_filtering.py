"""Filters go into the text of the query and come out of it again; counts and times are those of what was found."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.model import Article
from search.facets import Bucket, Facets, Histogram
from search.parse import parse
from search.query import Filter
from search.results import Mode
from search.searcher import Searcher
from tests.tui.conftest import FakeEngine
from tui.app import BroadsheetApp
from tui.counts import Period, count, following
from tui.filters import asked, put, toggled, values
from tui.widgets.filter_list import FilterList
from tui.widgets.hit_list import HitList
from tui.widgets.query_line import QueryLine
from tui.widgets.time_strip import LABEL, TimeStrip, bar

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import Ask, Until
    from tui.screens.main import MainScreen


@pytest.mark.parametrize(
    ("query", "field", "value", "wanted"),
    [
        ("wall", "in", "comment", "wall in:comment"),
        ("wall in:comment", "in", "comment", "wall"),
        ("wall in:comment sea", "in", "caption", "wall in:comment,caption sea"),
        ("in:comment,caption wall", "in", "comment", "in:caption wall"),
        ("wall -in:comment", "in", "comment", "wall -in:comment in:comment"),
        ('"in:comment" wall', "in", "comment", '"in:comment" wall in:comment'),
        ("wall author:joe", "by", "Joe", "wall"),
        ("wall", "by", "Old Herring, jr.", 'wall by:"Old Herring, jr."'),
        ("wall", "source", 'The "Post"', 'wall source:«The "Post"»'),
        ("", "by", "a)b", 'by:"a)b"'),
    ],
)
def test_a_filter_goes_in_and_out(query: str, field: str, value: str, wanted: str) -> None:
    assert toggled(query, field, value) == wanted


@given(st.text(min_size=1, max_size=20).filter(lambda text: any(char.isalnum() for char in text)))
def test_whatever_an_author_is_called_the_filter_is_read_as_one(name: str) -> None:
    query = toggled("wall", "by", name)
    (node,) = parse(query).must
    assert isinstance(node, Filter)
    assert len(node.values) == 1
    assert toggled(query, "by", values(query, "by")[0]) == "wall"


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        (" wall ", "wall"),
        ("wall by:", "wall"),
        ("wall -IN:", "wall"),
        ("by:", ""),
        ("wall by:joe", "wall by:joe"),
        ("wall foo:", "wall foo:"),
        ("the time: ", "the time:"),
    ],
)
def test_a_field_without_a_value_is_not_asked_yet(typed: str, wanted: str) -> None:
    assert asked(typed) == wanted


def test_one_period_replaces_another() -> None:
    assert put("wall", "on", "2014-06") == "wall on:2014-06"
    assert put("on:2014-06 wall", "on", "2014-06-29") == "on:2014-06-29 wall"
    assert put("on:2014-06 wall", "on", None) == "wall"
    assert put("wall", "on", None) == "wall"


@pytest.mark.parametrize(("sizes", "wanted"), [([0, 1, 100], " ▁█"), ([], ""), ([0, 0], "  "), ([4, 8], "▄█")])
def test_bars(sizes: list[int], wanted: str) -> None:
    assert bar(sizes) == wanted


class Counting:
    """Gives comments in days where all are counted in months."""

    def facets(self, query: str, mode: Mode) -> Facets:
        del mode
        in_days = "in:comment" in query
        days = [(3, 2), (9, 1)] if in_days else [(1, 10)]
        buckets = tuple(Bucket(datetime(2019, 3, day, tzinfo=UTC), size) for day, size in days)
        dates = Histogram("day" if in_days else "month", buckets)
        nothing: dict[str, tuple[()]] = dict.fromkeys(("kind", "author", "source", "section", "place", "topic"), ())
        return Facets(**nothing, dates=dates, undated=0, total=10, is_exact=True)


def test_comments_counted_in_days_are_put_into_their_month() -> None:
    assert count(cast("FakeEngine", Counting()), "x", Mode.KEYWORD).periods == (Period("2019-03", 7, 3),)


def main(app: BroadsheetApp) -> MainScreen:
    return cast("MainScreen", app.screen)


def shown(app: BroadsheetApp) -> list[str]:
    listed = app.screen.query_one(FilterList)
    return [listed._get_visual(option).content(30).plain for option in listed.options if option.id]


@pytest.mark.parametrize("size", [(60, 16), (80, 24), (160, 48)])
async def test_f_filters_real_hits(seeds_index: Path, ask: Ask, until: Until, size: tuple[int, int]) -> None:
    with Searcher.open(seeds_index) as searcher:
        searcher.warm()
        app = BroadsheetApp(searcher)
        async with app.run_test(size=size) as pilot:
            await ask(pilot, "harbour")
            await pilot.press("tab", "f")
            await until(app, lambda: main(app).counts)
            listed, line = app.screen.query_one(FilterList), app.screen.query_one(QueryLine)
            assert listed.has_focus
            assert listed.size.height > 3
            kind = listed.highlighted_option.id
            await pilot.press("enter")
            await until(app, lambda: main(app).shown.text != "harbour")
            assert line.value == f"harbour {kind}"
            assert {hit.passage.kind.value for hit in main(app).results} == {kind.partition(":")[2]}
            await until(app, lambda: any(row.startswith("[x]") for row in shown(app)))
            await pilot.press("space")
            await until(app, lambda: main(app).shown.text == "harbour")
            await pilot.press("shift+tab")
            assert isinstance(app.focused, TimeStrip)
            await until(app, lambda: len(main(app).counts.kinds) > 1)
            await pilot.press("left", "right", "enter")
            await until(app, lambda: main(app).shown.text != "harbour")
            assert line.value.startswith("harbour on:")
            await pilot.press("backspace")
            await until(app, lambda: main(app).shown.text == "harbour")
            await pilot.press("escape")
            assert isinstance(app.focused, HitList)
            assert not app.screen.query_one("#filters").display


async def test_the_counts_of_hostile_names_are_text(app: BroadsheetApp, ask: Ask, until: Until) -> None:
    async with app.run_test() as pilot:
        await ask(pilot, "hostile")
        await pilot.press("tab", "f")
        await until(app, lambda: len(shown(app)) > 3)
        assert any("[ ] nobody Look [/ here" in row for row in shown(app))
        assert not any("\x1b" in row for row in shown(app))


@pytest.mark.parametrize(
    ("name", "next_name"),
    [
        ("2014-06-29", "2014-06-30"),
        ("2014-12-31", "2015-01-01"),
        ("2014-06", "2014-07"),
        ("2014-12", "2015-01"),
        ("2014", "2015"),
        ("9999-12-31", None),
        ("9999-12", None),
        ("9999", None),
    ],
)
def test_what_follows_a_period(name: str, next_name: str | None) -> None:
    assert following(name) == next_name


WEEKS = [
    Article(id=f"d{day}", title=f"Flood {day}", published=datetime(2019, 3, day, 8, tzinfo=UTC), paragraphs=("Flood.",))
    for day in range(1, 31)
]


class Days(FakeEngine):
    """Counts by day, as the engine does where there are few."""

    def facets(self, query: str, mode: Mode = Mode.HYBRID) -> Facets:
        days = Counter(hit.when.replace(hour=0) for hit in self._hits("flood") if hit.when)
        buckets = tuple(Bucket(day, count) for day, count in sorted(days.items()))
        return replace(super().facets(query, mode), dates=Histogram("day", buckets))


async def test_a_week_is_chosen_by_key(ask: Ask, until: Until) -> None:
    app = BroadsheetApp(Days(WEEKS))
    async with app.run_test(size=(120, 30)) as pilot:
        await ask(pilot, "flood")
        await pilot.press("tab", "f", "shift+tab")
        strip, line = app.screen.query_one(TimeStrip), app.screen.query_one(QueryLine)
        await until(app, lambda: main(app).counts)
        await pilot.press("left", *["shift+right"] * 6)
        first = strip._periods[strip._ends[0]].name
        assert f"{first} to " in strip.render().plain
        assert "▲" * 7 in strip.render().plain
        await pilot.press("enter")
        await until(app, lambda: "after:" in main(app).shown.text)
        assert line.value.startswith(f"flood after:{first} before:2019-03-")
        await pilot.press("right", "enter")
        await until(app, lambda: "on:" in line.value)
        assert "after:" not in line.value
        await pilot.press("backspace")
        await until(app, lambda: line.value == "flood")


async def test_the_mouse_chooses_periods_and_filters(ask: Ask, until: Until) -> None:
    app = BroadsheetApp(Days(WEEKS))
    async with app.run_test(size=(120, 30)) as pilot:
        await ask(pilot, "flood")
        await pilot.press("tab", "f")
        strip, line = app.screen.query_one(TimeStrip), app.screen.query_one(QueryLine)
        await until(app, lambda: main(app).counts)
        x, y = strip.content_region.offset
        await pilot.mouse_down(offset=(x + LABEL + 3, y))
        await pilot.hover(offset=(x + LABEL + 9, y))
        await pilot.mouse_up(offset=(x + LABEL + 9, y))
        await until(app, lambda: "after:" in line.value)
        assert line.value == "flood after:2019-03-04 before:2019-03-11"
        place = 5 if strip.chosen != 5 else 6
        await pilot.click(offset=(x + LABEL + place, y))
        assert strip.chosen == place
        await pilot.click(offset=(x + LABEL + place, y))
        await until(app, lambda: line.value == f"flood on:2019-03-{place + 1:02}")
        listed = app.screen.query_one(FilterList)
        await pilot.click(FilterList, offset=(6, 1))
        await until(app, lambda: "in:" in line.value)
        assert listed.has_focus

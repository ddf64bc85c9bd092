"""What the parts show, without a screen around them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from textual.css.styles import RulesMap

from index.model import Kind, Passage
from search.results import Mode, Results, Snippet, Span, SpanKind
from tui import text
from tui.engine import read_page
from tui.widgets.fold_row import FoldRow
from tui.widgets.hit_row import HitRow
from tui.widgets.notice import Advice
from tui.widgets.sheet import MEASURE, set_sheet
from tui.widgets.status_line import counted
from tui.widgets.thread import threaded

if TYPE_CHECKING:
    from search.results import Hit
    from tests.tui.conftest import FakeEngine


def said(number: int, parent: int | None = None) -> Passage:
    return Passage(
        id=f"c{number}",
        article_id="a",
        kind=Kind.COMMENT,
        position=number,
        text="…",
        parent=None if parent is None else f"c{parent}",
    )


@pytest.mark.parametrize(
    ("comments", "wanted"),
    [
        ([said(1), said(2), said(3)], "c1.0 c2.0 c3.0"),
        ([said(1), said(2), said(3, 1), said(4, 3)], "c1.0 c3.1 c4.2 c2.0"),
        ([said(2, 1), said(1)], "c1.0 c2.1"),
        ([said(1, 9)], "c1.0"),
        ([said(1, 1)], "c1.0"),
        ([said(1, 2), said(2, 1), said(3)], "c3.0 c1.0 c2.1"),
    ],
)
def test_threads(comments: list[Passage], wanted: str) -> None:
    assert " ".join(f"{comment.id}.{depth}" for comment, depth in threaded(comments)) == wanted


def test_a_thread_of_any_depth_is_followed() -> None:
    comments = [said(1), *(said(number, number - 1) for number in range(2, 5000))]
    assert [depth for _, depth in threaded(comments)] == list(range(4999))


def hit_of(engine: FakeEngine, query: str, passage_id: str) -> Hit:
    return next(hit for hit in engine.search(query, limit=50) if hit.passage.id == passage_id)


def rows(hit: Hit, width: int) -> list[str]:
    return [line.plain for line in HitRow(hit).lines(width)]


def test_a_row_names_its_kind_headline_author_and_time(engine: FakeEngine) -> None:
    assert rows(hit_of(engine, "electricity", "a1#c4"), 60) == [
        "“ Council votes to raise the old sea wall before the winter…",
        "  comment · NorthQuay · 2019-03-09 14:00 · 25 d · Harbour G…",
        "  Pumps fail when the power fails. A wall does not need",
        "  electricity.",
    ]


def test_a_headline_is_not_said_twice(engine: FakeEngine) -> None:
    assert rows(hit_of(engine, "bees beekeepers", "a3#h"), 60) == [
        "H Beekeepers count their losses after a mild winter",
        "  headline · Ilse Marrow · 2019-03-03 08:15 · 1 mo · Harbou…",
    ]


def test_a_row_says_how_many_reprints_are_stacked_under_it(engine: FakeEngine) -> None:
    hit = replace(hit_of(engine, "electricity", "a1#c4"), duplicates=("x#c1", "y#c1"))
    assert text.join(FoldRow(hit, is_open=False).lines(70)).plain == "  ▸ also in 2"
    more = replace(hit, duplicates=(), more=("a1#c1",))
    assert text.join(FoldRow(more, is_open=True).lines(70)).plain == "  ▾ 1 more of this article"


@pytest.mark.parametrize("width", [12, 30, 60, 200])
@pytest.mark.parametrize("query", ["wall", "hostile", "survey herring electricity", "bees"])
def test_a_row_knows_its_height_without_being_laid_out(engine: FakeEngine, query: str, width: int) -> None:
    for hit in engine.search(query, limit=50):
        for is_explained in (False, True):
            row = HitRow(hit, is_explained=is_explained)
            assert row.get_height(RulesMap(), width) == len(row.lines(width))


@pytest.mark.parametrize("width", [1, 5, 30, 200])
def test_a_row_is_never_wider_than_the_list(engine: FakeEngine, width: int) -> None:
    lines = HitRow(hit_of(engine, "hostile", "a4#c1")).lines(width)
    assert all(line.cell_length <= max(width, 4) for line in lines)


def test_a_sheet_knows_where_its_passages_are(engine: FakeEngine) -> None:
    page = read_page(engine, "survey", hit_of(engine, "survey", "a1#c2"))
    sheet = set_sheet(page, 100)
    assert list(sheet.places) == [
        "a1#h", "a1#k1", "a1#p1", "a1#p2", "a1#p3", "a1#p4", "a1#p5", "a1#c1", "a1#c2", "a1#c3", "a1#c4", "a1#c5",
    ]  # fmt: skip
    assert [id_ for id_, place in sheet.places.items() if place.is_lit] == ["a1#p2", "a1#c2", "a1#c3"]
    place = sheet.places["a1#c2"]
    assert [line.content.plain for line in sheet.lines[place.start : place.end]] == [
        "│ Marta_V · 2019-03-09 12:00 · after 8 days · on ¶ 2",
        "│ They had no survey last year. Now they have one.",
    ]
    assert place.lit == place.start + 1


@pytest.mark.parametrize("width", [1, 20, 40, 200])
def test_a_sheet_keeps_to_a_readable_measure(engine: FakeEngine, width: int) -> None:
    sheet = set_sheet(read_page(engine, "survey", hit_of(engine, "survey", "a1#c2")), width)
    assert all(line.content.cell_length <= max(min(width, MEASURE), 16) for line in sheet.lines)


def test_a_sheet_says_when_comments_are_missing(engine: FakeEngine) -> None:
    page = read_page(engine, "survey", hit_of(engine, "survey", "a1#c2"))
    page = replace(page, article=replace(page.article, reported_comments=9))
    lines = [line.content.plain for line in set_sheet(page, 80).lines]
    assert "5 comments (the page counts 9)" in lines


def test_the_sentence_found_by_meaning_is_lit_in_the_article_too(engine: FakeEngine) -> None:
    hit = hit_of(engine, "survey", "a1#c2")
    snippet = Snippet(hit.passage.text[30:], (Span(2, 8, SpanKind.MEANING),), start=30)
    page = read_page(engine, "pumps", replace(hit, snippet=snippet))
    spans = page.spans[[passage.id for passage in page.passages].index("a1#c2")]
    assert spans == (Span(32, 38, SpanKind.MEANING),)


@pytest.mark.parametrize(
    ("shown", "total", "exact", "wanted"),
    [
        (0, 0, True, "no results"),
        (1, 1, True, "1 result"),
        (12, 12, False, "12 results"),
        (50, 1312, True, "1,312 results"),
        (50, 400, False, "best of 400 considered"),
    ],
)
def test_counts(engine: FakeEngine, shown: int, total: int, exact: bool, wanted: str) -> None:
    hits = (hit_of(engine, "survey", "a1#c2"),) * shown
    results = Results(query="q", mode=Mode.HYBRID, hits=hits, total=total, total_is_exact=exact)
    assert counted(results) == wanted


def test_advice_when_nothing_was_found() -> None:
    results = Results(query="[/ sirvey", mode=Mode.HYBRID, did_you_mean="survey")
    said = text.join(Advice(results, None).lines(80), "\n").plain
    assert "Nothing found for [/ sirvey" in said
    assert "Did you mean “survey”?" in said

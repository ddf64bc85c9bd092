"""Stacks, turns of comments, grouping by article, order of time, explanations, and highlights of meaning."""

from __future__ import annotations

import json
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from index.build import Rebuild
from index.encode import open_encoder
from index.snapshot import IndexPaths
from search import Mode, Searcher, SpanKind
from search.fuse import Fusion
from search.group import article_score
from search.meaning import woven
from search.results import Span

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Make = Callable[..., Searcher]

WIRE = [
    "The barrier at Orrin held back the highest surge since records began, its keeper said on Friday morning.",
    "Gates the height of a house were closed for eleven hours while the tide ran against them.",
]


def article(number: int, *paragraphs: str, comments: tuple[str, ...] = (), **more: Any) -> dict[str, Any]:
    return {
        "id": f"a{number}",
        "title": f"Story {number}",
        "published": f"2020-01-{number:02}T00:00:00Z",
        "paragraphs": list(paragraphs),
        "comments": [
            {"id": str(i), "author": f"reader {i}", "posted": f"2020-02-{i + 1:02}T00:00:00Z", "text": text}
            for i, text in enumerate(comments)
        ],
        **more,
    }


def ids(results: Any) -> list[str]:
    return [hit.passage.id for hit in results]


@pytest.mark.parametrize("mode", list(Mode))
def test_reprints_stack_under_the_earliest_and_are_named(searcher_of: Make, mode: Mode) -> None:
    searcher = searcher_of(article(3, *WIRE), article(1, *WIRE), article(2, *WIRE, "A local word on the barrier."))
    found = searcher.search("barrier surge", mode=mode, limit=50)
    stacked = [hit for hit in found if hit.duplicates]
    assert ("a1#p1", ("a2#p1", "a3#p1")) in [(hit.passage.id, hit.duplicates) for hit in stacked]
    assert not {"a2#p1", "a3#p1"} & set(ids(found))
    unfolded = searcher.search("barrier surge", mode=mode, limit=50, stacks=False)
    assert {"a1#p1", "a2#p1", "a3#p1"} <= set(ids(unfolded))


def test_a_stack_whose_leader_is_filtered_out_is_shown_by_another(searcher_of: Make) -> None:
    searcher = searcher_of(article(1, *WIRE), article(2, *WIRE))
    (hit,) = searcher.search("+surge after:2020-01-02")
    assert hit.passage.id == "a2#p1"
    assert hit.duplicates == ("a1#p1",)


def test_comments_of_one_article_take_turns(searcher_of: Make) -> None:
    crowd = tuple(f"The barrier, the barrier and once more the barrier number {n}." for n in range(8))
    searcher = searcher_of(article(1, comments=crowd), article(2, "A barrier among many other things in this text."))
    found = ids(searcher.search("barrier", mode="keyword", limit=50, stacks=False))
    assert len(found) == 9
    assert found.index("a2#p1") == 3
    assert len(ids(searcher.search("barrier in:comment", mode="keyword", limit=50, stacks=False))) == 8
    uncapped = ids(searcher.search("barrier", mode="keyword", limit=50, stacks=False, comments=None))
    assert sorted(uncapped) == sorted(found)


def test_grouping_by_article(searcher_of: Make) -> None:
    searcher = searcher_of(
        article(1, "A barrier.", "Barrier gates and barrier locks."), article(2, "One barrier, in a longer paragraph.")
    )
    found = searcher.search("barrier", mode="keyword", group_by="article")
    assert [hit.passage.article_id for hit in found] == ["a1", "a2"]
    first = found[0]
    assert len(first.more) == 1
    assert sum(part.value for part in first.explain().parts) == pytest.approx(first.score, abs=1e-6)
    assert article_score([1.0, 0.5, 0.3, 0.9], 0.2, (0.1, 0.05)) == pytest.approx(1 + 0.1 * 0.3 + 0.05 * 0.1)


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("sort", ["newest", "oldest"])
def test_sorting_by_time(searcher_of: Make, mode: Mode, sort: str) -> None:
    articles = [article(n, f"barrier number {n}") for n in (2, 9, 4)] + [{"id": "u", "paragraphs": ["barrier undated"]}]
    searcher = searcher_of(*articles)
    found = [name for name in ids(searcher.search("barrier", mode=mode, sort=sort, limit=50)) if "#p" in name]
    dated = ["a9#p1", "a4#p1", "a2#p1"] if sort == "newest" else ["a2#p1", "a4#p1", "a9#p1"]
    assert found == [*dated, "u#p1"]


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("sort", ["relevance", "newest"])
@pytest.mark.parametrize("group_by", [None, "article"])
def test_pages_join_to_one_list(
    searcher_of: Make, monkeypatch: pytest.MonkeyPatch, mode: Mode, sort: str, group_by: str | None
) -> None:
    for depth in ("CANDIDATES", "GATHERED", "BY_WORDS_ALONE"):
        monkeypatch.setattr(f"search.legs.{depth}", 5)
    searcher = searcher_of(
        *(
            article(n, *(f"barrier {'stone ' * i} number {n * 7 + i}" for i in range(3)), comments=("a barrier",) * 5)
            for n in range(1, 9)
        )
    )
    options = {"mode": mode, "sort": sort, "group_by": group_by, "fusion": Fusion(floor=0.3)}
    whole = ids(searcher.search("barrier stone", limit=60, **options))
    pages = [ids(searcher.search("barrier stone", limit=7, offset=at, **options)) for at in range(0, 63, 7)]
    assert [name for found in pages for name in found][:60] == whole
    assert len(set(whole)) == len(whole)


def test_as_many_are_found_however_they_are_gathered(searcher_of: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    """Articles are gathered from more candidates than a list of passages; the total must not tell."""
    for depth, count in (("CANDIDATES", 40), ("GATHERED", 70)):
        monkeypatch.setattr(f"search.legs.{depth}", count)
    words = [f"barrier {'stone ' * (n % 4)}number {n}" if n % 3 else f"tides and gates number {n}" for n in range(30)]
    searcher = searcher_of(*(article(n + 1, text, f"{text} again") for n, text in enumerate(words[:25])))
    ways = {"group_by": (None, "article"), "sort": ("relevance", "newest"), "stacks": (True, False)}
    how = [dict(zip(ways, values, strict=True)) for values in product(*ways.values())]
    totals = {searcher.search("barrier stone", mode="hybrid", fusion=Fusion(floor=-1.0), **each).total for each in how}
    assert len(totals) == 1
    words_alone = searcher.search("barrier stone", mode="keyword").total
    assert 0 < totals.pop() - words_alone <= 40


@pytest.mark.parametrize("fusion", [Fusion(), Fusion(alpha=0.3), Fusion(rrf=True)])
@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize("query", ["barrier", '+gates "held back" surge^2 bar* in:paragraph', "orrin~ tide"])
def test_explanations_add_up(searcher_of: Make, fusion: Fusion, mode: Mode, query: str) -> None:
    searcher = searcher_of(article(1, " ".join(WIRE)), article(2, WIRE[1], title="Barrier gates"))
    for hit in searcher.search(query, mode=mode, fusion=fusion, explain=True):
        told = hit.explain()
        assert sum(part.value for part in told.parts) == pytest.approx(hit.score, abs=1e-6)
        if hit.keyword is not None:
            assert sum(score for _, score in told.words) == pytest.approx(hit.keyword.score, rel=1e-5)
        assert told.to_dict()["score"] == hit.score
        assert len(told.lines()) == 1 + len(told.parts) + len(told.words)


def test_woven_spans_never_overlap() -> None:
    word = Span(5, 8)
    assert woven([word], Span(0, 20, SpanKind.MEANING)) == (
        Span(0, 5, SpanKind.MEANING),
        word,
        Span(8, 20, SpanKind.MEANING),
    )
    assert woven([word], Span(6, 10, SpanKind.MEANING)) == (word, Span(8, 10, SpanKind.MEANING))
    assert woven([word], Span(0, 6, SpanKind.MEANING)) == (Span(0, 5, SpanKind.MEANING), word)
    assert woven([word], Span(10, 12, SpanKind.MEANING)) == (word, Span(10, 12, SpanKind.MEANING))
    assert woven([word], None) == (word,)


@pytest.mark.model
def test_the_nearest_sentence_is_lit(tmp_path: Path) -> None:
    filler = "The committee met again on Tuesday and heard from several departments about the budget. " * 6
    target = "Ministers refused to let foreign powers meddle in the affairs of the country."
    pages = tmp_path / "pages.jsonl"
    pages.write_text(json.dumps(article(1, filler + target + " " + filler, title=None)) + "\n", encoding="utf-8")
    Rebuild(paths=IndexPaths(tmp_path / "index"), sources=[pages], encoder=open_encoder()).run()
    with Searcher.open(tmp_path / "index") as searcher:
        results = searcher.search("nations interfering in domestic politics", mode="semantic", limit=1)
        assert not results[0].snippet.spans
        (hit,) = searcher.add_meaning(results)
        (span,) = hit.snippet.spans
        assert span.kind is SpanKind.MEANING
        assert hit.snippet.text[span.start : span.end] == target
        assert hit.passage.text[hit.snippet.start :].startswith(hit.snippet.text)
        ((whole,),) = searcher.highlight("nations interfering in domestic politics", [hit.passage], with_meaning=True)
        assert hit.passage.text[whole.start : whole.end] == target

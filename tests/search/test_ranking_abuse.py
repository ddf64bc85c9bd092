"""Who writes to be found cannot drown who has something to say: repetition saturates, copies are one row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

    from search.searcher import Searcher

STUFFED = "harbour wall repaired " * 60
HONEST = "The harbour wall was repaired by the council after the storm of last winter, an engineer told the paper."


def page(number: int, *comments: str) -> dict[str, Any]:
    said = [{"id": str(place), "author": f"name{number}-{place}", "text": text} for place, text in enumerate(comments)]
    body = f"Story {number} is about the price of fish at market stall {number}, and about nothing else."
    return {"id": f"a{number}", "title": f"Fish {number}", "paragraphs": [body], "comments": said}


@pytest.mark.parametrize("mode", ["keyword", "hybrid"])
def test_copies_by_many_names_are_one_row(searcher_of: Callable[..., Searcher], mode: str) -> None:
    honest = page(0) | {"paragraphs": [HONEST]}
    searcher = searcher_of(honest, *(page(number, STUFFED, STUFFED) for number in range(1, 15)))
    found = searcher.search("harbour wall repaired", mode=mode, limit=10)
    rows = [hit for hit in found if hit.passage.text.startswith("harbour wall")]
    assert len(rows) == 1
    assert len(rows[0].duplicates) == 27
    assert "a0#p1" in [hit.passage.id for hit in found][:2]


def test_repetition_saturates(searcher_of: Callable[..., Searcher]) -> None:
    more = [page(number, "Fish is dear this year, and the boats stay in.") for number in range(3, 20)]
    searcher = searcher_of(
        page(0) | {"paragraphs": [HONEST]}, page(1, STUFFED), page(2, "harbour wall repaired"), *more
    )
    scores = {hit.passage.id: hit.keyword.score for hit in searcher.search("harbour wall repaired", mode="keyword")}
    assert scores["a1#c1"] < 2.2 * scores["a2#c1"]  # k1 + 1: what a term's frequency can make of its weight
    assert scores["a1#c1"] < 4 * scores["a0#p1"]


def test_one_article_s_comments_do_not_fill_the_page(searcher_of: Callable[..., Searcher]) -> None:
    crowd = page(1, *(f"harbour wall repaired, said neighbour number {number} of the quay" for number in range(40)))
    ends = ("a diver", "the mayor", "an auditor", "her cousin", "two masons", "the pilot", "a clerk")
    others = [page(n) | {"paragraphs": [f"By {who} the harbour wall was repaired."]} for n, who in enumerate(ends, 2)]
    found = searcher_of(crowd, *others).search("harbour wall repaired", limit=10)
    assert {hit.passage.article_id for hit in found} == {f"a{number}" for number in range(1, 9)}
    assert sum(hit.passage.article_id == "a1" for hit in found) == 3

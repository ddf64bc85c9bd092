"""Pages far down: the same hits however they are reached, and the number of all once the end was seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from search import legs, rankings, retrieve
from search.results import Sort

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from search.results import Results
    from search.searcher import Searcher

HITS = 75


@pytest.fixture
def searcher(searcher_of: Callable[..., Searcher], monkeypatch: pytest.MonkeyPatch) -> Searcher:
    for depth in ("CANDIDATES", "BY_WORDS_ALONE"):
        monkeypatch.setattr(legs, depth, 10)  # so that a small index has tiers
    numbers = ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    return searcher_of(
        *(
            {
                "id": f"a{number:02}",
                "title": f"Silt {number}",
                "published": f"2014-{number % 12 + 1:02}-01T00:00:00Z",
                "paragraphs": [
                    f"The dredgers moved silt {numbers[number % 12]} times before {numbers[number // 3]} in the {place}"
                    for place in ("harbour basin", "estuary channel")
                ],
            }
            for number in range(25)
        )
    )


def ids(results: Results) -> list[str]:
    return [hit.passage.id for hit in results]


@pytest.mark.parametrize("mode", ["keyword", "hybrid", "semantic"])
@pytest.mark.parametrize("sort", list(Sort))
def test_pages_are_the_same_however_they_are_reached(searcher: Searcher, mode: str, sort: Sort) -> None:
    how = {"mode": mode, "sort": sort, "stacks": False}
    whole = searcher.search("silt", limit=200, **how)
    assert whole.in_all == len(whole) == len(set(ids(whole)))
    for start in (70, 0, 5, 10, 40, 65, 90):
        page = searcher.search("silt", limit=5, offset=start, **how)
        assert ids(page) == ids(whole)[start : start + 5]
        assert page.total == whole.total
    assert searcher.search("silt", limit=5, offset=500, **how).in_all == whole.in_all


def test_how_many_there_are_is_known_once_the_end_was_seen(searcher: Searcher) -> None:
    first = searcher.search("silt", limit=5, mode="keyword", stacks=False)
    assert (first.total, first.in_all) == (HITS, None)
    assert searcher.search("silt", limit=5, offset=1000, mode="keyword", stacks=False).in_all == HITS
    assert searcher.search("zeppelin", mode="keyword").in_all == 0
    assert searcher.search("", mode="keyword").in_all == 0
    assert searcher.search("in:paragraph", mode="keyword").in_all == 50


def test_a_further_page_is_not_ranked_again(searcher: Searcher, monkeypatch: pytest.MonkeyPatch) -> None:
    searcher.search("silt", limit=5, offset=1000)
    monkeypatch.setattr(retrieve, "by_relevance", None)
    assert len(searcher.search("silt", limit=5, offset=20)) == 5
    with pytest.raises(TypeError):
        searcher.search("silt", limit=5)


def test_only_the_last_questions_are_remembered(searcher: Searcher) -> None:
    for number in range(rankings.MOST + 3):
        searcher.search(f"silt {number}")
    assert len(searcher._here.rankings._kept) == rankings.MOST


def test_a_newer_index_is_ranked_anew(searcher: Searcher, tmp_path: Path) -> None:
    from tests.conftest import build, write_articles

    searcher.search("silt", limit=5, offset=1000)
    build(tmp_path / "index0", [write_articles(tmp_path / "new.jsonl", [{"id": "b", "paragraphs": ["Silt again."]}])])
    assert searcher.reload()
    assert ids(searcher.search("silt", limit=5, offset=0)) == ["b#p1"]
    assert searcher.search("silt", limit=5, offset=5).in_all == 1


def test_similar_passages_end_where_they_end(searcher: Searcher) -> None:
    assert searcher.similar("a01#p1", limit=10).in_all is None
    assert searcher.similar("a01#p1", limit=10, offset=70).in_all == 74
    assert searcher.similar("a01#p1", limit=10, offset=500).in_all == 74

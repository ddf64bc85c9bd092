"""The weight of meaning for one search, and that what was heard on a question is not asked again."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from index.errors import UsageError
from search.memory import REMEMBERED, Memories
from search.results import Mode
from search.searcher import Searcher

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from search.results import Results

ASKED = ("match", "nearest", "score", "similarity", "count")
QUERY = "harbour council vote"


@pytest.fixture
def searcher(seeds_index: Path) -> Iterator[Searcher]:
    with Searcher.open(seeds_index) as opened:
        yield opened


@pytest.fixture
def asked(searcher: Searcher, monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often the index was asked for candidates, scores and counts."""
    calls: Counter[str] = Counter()

    def counting(name: str) -> None:
        original = getattr(type(searcher._index), name)

        def call(self: Any, *args: Any, **more: Any) -> Any:
            calls[name] += 1
            return original(self, *args, **more)

        monkeypatch.setattr(type(searcher._index), name, call)

    for name in ASKED:
        counting(name)
    return calls


def order(results: Results) -> list[tuple[str, float]]:
    return [(hit.passage.id, hit.score) for hit in results]


def test_the_weight_of_meaning_orders_the_hits(searcher: Searcher) -> None:
    words = searcher.search(QUERY, alpha=0.0, limit=50)
    meaning = searcher.search(QUERY, alpha=1.0, limit=50)
    assert order(words) != order(meaning)
    scores = [hit.semantic.score for hit in searcher.search(QUERY, alpha=1.0, limit=5, stacks=False, comments=None)]
    assert all(one >= other - 0.1 for one, other in pairwise(scores))  # headlines count a little less
    assert order(searcher.search(QUERY, alpha=searcher.alpha(QUERY), limit=50)) == order(
        searcher.search(QUERY, limit=50)
    )


@pytest.mark.parametrize("alpha", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("group_by", [None, "article"])
def test_the_explanation_adds_up_with_it(searcher: Searcher, alpha: float, group_by: str | None) -> None:
    for hit in searcher.search(QUERY, alpha=alpha, limit=20, group_by=group_by, explain=True):
        told = hit.explain()
        assert told is not None
        assert sum(part.value for part in told.parts) == pytest.approx(hit.score, abs=1e-6)
        assert {part.name for part in told.parts} >= {"words (BM25)", "meaning (cosine)"}


@pytest.mark.parametrize("alpha", [-0.1, 1.1, float("nan")])
def test_a_weight_beyond_the_bounds_is_refused(searcher: Searcher, alpha: float) -> None:
    with pytest.raises(UsageError, match="from 0 to 1"):
        searcher.search(QUERY, alpha=alpha)


@pytest.mark.parametrize("query", [QUERY, "+harbour -silt", "in:comment OR harbour", '"harbour" after:2000'])
@pytest.mark.parametrize("group_by", [None, "article"])
def test_another_weight_asks_the_index_for_nothing_and_says_what_a_fresh_search_says(
    searcher: Searcher, seeds_index: Path, asked: Counter[str], query: str, group_by: str | None
) -> None:
    searcher.search(query, limit=50, group_by=group_by)
    before = asked.copy()
    again = searcher.search(query, limit=50, group_by=group_by, alpha=0.2)
    assert asked == before
    with Searcher.open(seeds_index) as fresh:
        assert order(fresh.search(query, limit=50, group_by=group_by, alpha=0.2)) == order(again)


def test_the_next_page_is_not_looked_for_anew(searcher: Searcher, asked: Counter[str]) -> None:
    first = searcher.search(QUERY, limit=5)
    before = asked.copy()
    second = searcher.search(QUERY, limit=5, offset=5)
    assert asked == before
    assert not {hit.passage.id for hit in first} & {hit.passage.id for hit in second}


def test_another_question_is_asked(searcher: Searcher, asked: Counter[str]) -> None:
    searcher.search(QUERY)
    before = asked.copy()
    for changed in ({"mode": Mode.KEYWORD}, {"mode": Mode.SEMANTIC}, {"group_by": "article"}):
        searcher.search(QUERY, **changed)
        assert asked.total() > before.total()
        before = asked.copy()
    searcher.search("ferry")
    assert asked.total() > before.total()


def test_only_the_last_questions_are_remembered() -> None:
    memories = Memories()
    first = memories.of("first")
    assert memories.of("first") is first
    for number in range(REMEMBERED):
        memories.of(number)
    assert memories.of("first") is not first

"""What one question costs, in things asked: counts, since timings decide no test."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.keyword.tantivy_guard import GuardedSearcher
from index.local import LocalIndex
from index.store import Store
from search import Searcher
from search.rows import union, within, without

if TYPE_CHECKING:
    from collections.abc import Callable

ROWS = st.lists(st.integers(1, 60), unique=True, max_size=30).map(lambda rows: np.array(sorted(rows), dtype=np.int64))


def story(number: int) -> dict[str, Any]:
    paragraphs = [f"The harbour wall number {number} broke at stage {stage}." for stage in range(8)]
    comments = [{"id": f"c{place}", "author": "Bo", "text": f"My harbour wall {number} broke too."} for place in (1, 2)]
    return {"id": f"a{number}", "title": f"Harbour {number}", "paragraphs": paragraphs, "comments": comments}


@pytest.fixture(scope="module")
def searcher(index_of: Callable[..., LocalIndex]) -> Searcher:
    return Searcher(index_of(*map(story, range(30))))


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """Count the statements put to the store and the searches of the keyword engine."""
    counts = {"statements": 0, "searches": 0}

    def counting(owner: type, name: str, key: str) -> None:
        real = getattr(owner, name)

        def counted(*given: Any, **more: Any) -> Any:
            counts[key] += 1
            return real(*given, **more)

        monkeypatch.setattr(owner, name, counted)

    counting(Store, "_all", "statements")
    counting(GuardedSearcher, "search", "searches")
    return counts


@pytest.mark.parametrize("mode", ["keyword", "hybrid", "semantic"])
def test_a_page_of_any_size_is_a_few_reads(searcher: Searcher, asked: dict[str, int], mode: str) -> None:
    searcher.search("broke", mode=mode)  # what is read once in the life of an index
    told = []
    for limit, query in ((5, "harbour wall"), (25, "wall harbour")):
        asked.update(statements=0, searches=0)
        assert len(searcher.search(query, mode=mode, limit=limit).hits) == limit
        told.append(dict(asked))
    assert told[0] == told[1]
    assert told[0]["statements"] <= 2  # the page, and what it names; where candidates stand was read before
    # the words, once more where equal scores end the list, and what meaning alone found
    assert told[0]["searches"] <= 3


def test_a_wide_filter_is_listed_once(searcher: Searcher, asked: dict[str, int]) -> None:
    searches = []
    for query in ("harbour in:paragraph", "wall in:paragraph"):
        asked.update(searches=0)
        assert searcher.search(query, mode="hybrid").hits
        searches.append(asked["searches"])
    assert searches[1] == searches[0] - 1


def test_both_legs_work_side_by_side(searcher: Searcher, monkeypatch: pytest.MonkeyPatch) -> None:
    both = threading.Barrier(2, timeout=20)  # whoever waited for the other alone would break it

    def meeting(name: str) -> None:
        real = getattr(LocalIndex, name)

        def met(*given: Any, **more: Any) -> Any:
            both.wait()
            return real(*given, **more)

        monkeypatch.setattr(LocalIndex, name, met)

    meeting("match")
    meeting("nearest")
    assert searcher.search("harbour stage", mode="hybrid").hits


@given(ROWS, ROWS)
def test_sets_of_rows(one: np.ndarray, other: np.ndarray) -> None:
    assert union(one[::-1], other).tolist() == sorted(set(one.tolist()) | set(other.tolist()))
    assert without(one, other).tolist() == sorted(set(one.tolist()) - set(other.tolist()))
    assert within(one, other).tolist() == [row in set(other.tolist()) for row in one.tolist()]

"""More like this, by vectors and without them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.keyword.clause import Among, Everything, Facet
from index.model import Kind
from search.fuse import Method
from search.similar import MAX_WORDS, ranking, similar, similar_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.local import LocalIndex

    Make = Callable[..., LocalIndex]

ARTICLES = [
    {
        "id": f"a{number}",
        "title": f"Story {number}",
        "paragraphs": [f"The {thing} of the harbour was dredged by night.", f"A {thing} and the mayor."],
        "comments": [{"id": "1", "text": f"My {thing}, poor {thing}!"}, {"id": "2", "text": "The harbour, at last."}],
    }
    for number, thing in enumerate(["oyster", "ferry", "oyster", "lighthouse", "ferry", "oyster"], 1)
]


@pytest.fixture(scope="module")
def dense(index_of: Make) -> LocalIndex:
    return index_of(*ARTICLES)


@pytest.fixture(scope="module")
def words(index_of: Make) -> LocalIndex:
    return index_of(*ARTICLES, has_vectors=False)


def ids(index: LocalIndex, rows: list[int]) -> list[str]:
    passages = index.passages(rows)
    return [passages[row].id for row in rows]


def by_hand(index: LocalIndex, row: int, *kinds: Kind) -> list[int]:
    """All other rows of those kinds by cosine, then by row."""
    every = index.matching(Among(Facet.KIND, tuple(kinds)) if kinds else Everything())
    vector = index.vector(row)
    assert vector is not None
    cosines = dict(zip(every.tolist(), index.similarity(vector, every).tolist(), strict=True))
    return sorted((other for other in cosines if other != row), key=lambda other: (-cosines[other], other))


@pytest.mark.parametrize("passage", ["a1#p1", "a3#c1", "a6#h"])
@pytest.mark.parametrize("kinds", [(), (Kind.COMMENT,), (Kind.PARAGRAPH,), (Kind.HEADLINE, Kind.COMMENT)])
def test_the_nearest_in_order_without_itself(dense: LocalIndex, passage: str, kinds: tuple[Kind, ...]) -> None:
    row = dense.row(passage)
    expected = by_hand(dense, row, *kinds)
    found = similar_rows(dense, row, kinds=kinds or None, limit=100)
    assert found.rows.tolist() == expected
    assert found.scores.tolist() == sorted(found.scores.tolist(), reverse=True)
    pages = [similar(dense, passage, kinds=kinds or None, limit=4, offset=at) for at in range(0, 40, 4)]
    assert [hit.passage.id for page in pages for hit in page] == ids(dense, expected)
    assert pages[-1].in_all == len(expected)


def test_by_words_what_is_rare_counts(words: LocalIndex) -> None:
    found = ids(words, similar_rows(words, words.row("a1#p2"), limit=12).rows.tolist())
    assert found[:2] == ["a3#p2", "a6#p2"]  # the same text; equals are ordered by row
    assert {"a1#c1", "a3#c1", "a6#c1"} < set(found)
    comments = similar_rows(words, words.row("a1#p2"), kinds=[Kind.COMMENT])
    assert ids(words, comments.rows.tolist()) == ["a1#c1", "a3#c1", "a6#c1"]
    back = similar_rows(words, words.row("a1#c1"), kinds=[Kind.PARAGRAPH], limit=6)
    assert {one.split("#")[0] for one in ids(words, back.rows.tolist())} == {"a1", "a3", "a6"}


def test_by_words_pages_join_and_repeat(words: LocalIndex) -> None:
    row = words.row("a2#p1")
    whole = similar_rows(words, row, limit=50)
    assert row not in whole.rows
    pages = [similar(words, "a2#p1", limit=3, offset=at) for at in range(0, 51, 3)]
    assert [hit.passage.id for page in pages for hit in page] == ids(words, whole.rows.tolist())
    assert pages[1].hits[0].keyword.rank == 4


def test_a_passage_of_words_nobody_else_uses_is_like_none(index_of: Make) -> None:
    index = index_of({"id": "a", "title": "Unique", "paragraphs": ["The of and.", "Other."]}, has_vectors=False)
    for passage in ("a#h", "a#p1"):
        found = similar_rows(index, index.row(passage))
        assert len(found) == 0
        assert found.rows.dtype == np.int64


def test_a_long_passage_asks_for_its_best_words_only(index_of: Make) -> None:
    letters = "bcdfghjklm"
    common = " ".join(f"{a}{b}xq" for a in letters for b in letters)
    index = index_of({"id": "a", "title": "T", "paragraphs": [f"{common} seldom", common, common, "seldom"]},
                     has_vectors=False)  # fmt: skip
    assert MAX_WORDS < 100
    assert "a#p4" in ids(index, similar_rows(index, index.row("a#p1")).rows.tolist())


@pytest.mark.parametrize("by_meaning", [True, False])
def test_the_ranking_has_one_leg(dense: LocalIndex, words: LocalIndex, by_meaning: bool) -> None:
    index = dense if by_meaning else words
    found = similar_rows(index, index.row("a1#p1"), limit=3)
    ranked = ranking(found, by_meaning=by_meaning)
    assert ranked.method is (Method.MEANING if by_meaning else Method.WORDS)
    keyword, semantic = ranked.legs(1)
    told, silent = (semantic, keyword) if by_meaning else (keyword, semantic)
    assert silent is None
    assert told is not None
    assert (told.rank, told.score) == (2, pytest.approx(float(found.scores[1])))
    assert ranked.rows.tolist() == found.rows.tolist()

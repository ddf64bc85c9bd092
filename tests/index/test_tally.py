"""Counts over rows, against counting passage by passage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from index.keyword.clause import Among, Everything, Facet

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.local import LocalIndex

    Make = Callable[..., LocalIndex]

FIRST = {
    "id": "a1",
    "title": "Harbour",
    "source": "Gull",
    "published": "2020-01-01T00:00:00Z",
    "authors": ["Ada Quist", "ada  quist", "Bo"],
    "topics": ["Ports", "Ships"],
    "paragraphs": ["One.", "Two."],
    "comments": [
        {"id": "1", "author": "Bo", "posted": "2020-01-02T00:00:00Z", "text": "Yes."},
        {"id": "2", "author": None, "posted": None, "text": "No."},
    ],
}
SECOND = {"id": "a2", "title": "Strike", "source": "gull", "paragraphs": ["Three."]}


def rows(index: LocalIndex, *kinds: str) -> Any:
    return index.matching(Among(Facet.KIND, kinds) if kinds else Everything())


def test_every_value_of_every_passage(index_of: Make) -> None:
    index = index_of(FIRST, SECOND)
    tally = index.tally(rows(index))
    assert tally.total == 7
    assert tally.values[Facet.KIND] == {"headline": 2, "paragraph": 3, "comment": 2}
    assert tally.values[Facet.AUTHOR] == {"Ada Quist": 3, "Bo": 3 + 1}
    assert tally.values[Facet.SOURCE] == {"Gull": 5, "gull": 2}
    assert tally.values[Facet.TOPIC] == {"Ports": 5, "Ships": 5}
    assert tally.values[Facet.SECTION] == tally.values[Facet.PLACE] == {}
    assert dict(tally.times) == {1577836800: 3, 1577923200: 1}
    assert tally.undated == 3


def test_a_comment_has_its_own_author_or_none(index_of: Make) -> None:
    index = index_of(FIRST)
    assert index.tally(rows(index, "comment")).values[Facet.AUTHOR] == {"Bo": 1}


@pytest.mark.parametrize("asked", [[], [999_999, -5]])
def test_rows_that_do_not_exist_count_nothing(index_of: Make, asked: list[int]) -> None:
    tally = index_of(FIRST).tally(np.array(asked, dtype=np.int64))
    assert (tally.total, tally.undated, tally.times) == (0, 0, {})
    assert not any(tally.values.values())

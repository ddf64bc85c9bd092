"""What an engine that keeps plain posting lists offers: one collection of documents, passages or stories.

``index.keyword.evaluation`` answers every clause from it, so that such engines differ only in where lists lie.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    import numpy.typing as npt

    from index.keyword.clause import Facet, Field
    from index.keyword.protocol import Rows

    Numbers = npt.NDArray[np.int64]
    Values = npt.NDArray[np.float64]

K1: Final = 1.2
B: Final = 0.75
"""The constants of BM25, those of tantivy."""


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Where a term, or a phrase, stands and how often."""

    rows: Rows  # (n,) int64, ascending
    counts: Numbers  # (n,) int64, 1 or more


class Collection(Protocol):
    """Documents that can be found, their terms, metadata and times."""

    @property
    def rows(self) -> Rows:
        """Return the row of every document, (n,) int64, ascending."""

    @property
    def times(self) -> tuple[Rows, Numbers]:
        """Return the rows of the dated documents, ascending, and their times, (n,) int64 each."""

    def occurrences(self, field: Field | Facet, term: str) -> Occurrences:
        """Return where a term, or a metadata key, stands; of keys only the rows mean anything."""

    def positions(self, field: Field, term: str, rows: Rows) -> Sequence[Sequence[int]]:
        """Return the places of a term in each of ``rows``, ascending, which all hold it."""

    def bm25(self, field: Field, terms: Sequence[str], found: Occurrences) -> Values:
        """Return the score of each row of ``found``, (n,) float64, as rare as all of ``terms`` together."""

    def vocabulary(self, field: Field | Facet, prefix: str = "") -> Sequence[str]:
        """Return the terms, or metadata keys, with that prefix, sorted."""

    def frequencies(self, field: Field | Facet, terms: Sequence[str]) -> Mapping[str, int]:
        """Return in how many documents each of the terms stands; unknown ones are left out."""


def rarity(documents: int, holders: int) -> float:
    """Return the inverse document frequency of a term that ``holders`` of the documents have, always above 0."""
    return log(1 + (documents - holders + 0.5) / (holders + 0.5))

"""The seam between ``search`` and the data: an index on this machine today, a cluster of them later.

Row numbers are the identity of a passage inside one index (ascending in the order of reading, never reused);
passage ids are its identity outside. Everywhere higher scores are better and equal scores are ordered by row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from index.keyword.clause import Clause, Facet, Field
    from index.keyword.protocol import Candidates, Rows, Scores
    from index.model import Article, ArticleInfo, Kind, Passage
    from index.places import Places
    from index.shown import Shown
    from index.tally import Tally

    Vector = npt.NDArray[np.float32]  # (dimension,), unit length


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexInfo:
    """Facts of an open index."""

    path: Path
    snapshot: str
    built: datetime
    synced: datetime | None
    """When it was last brought up to date in place, ``None`` if never since it was built."""
    format_version: int
    text_version: int
    engine: str
    model: str | None
    """Name of the embedding model; ``None`` for an index of words only."""
    awaits: str | None
    """Name of the model that has yet to take its place."""
    dimension: int
    articles: int
    passages: Mapping[Kind, int]
    """By the kind they are found as: what is furniture counts as that alone."""
    vectors: int
    undated: int
    """Articles whose time of publication is unknown."""
    bytes: int
    is_exact: bool = True
    """Whether search by meaning compares every vector in full; where not, docs/speed.md tells what may be missed."""


class Index(Protocol):
    """Everything ``search`` may ask."""

    @property
    def info(self) -> IndexInfo:
        """Return facts of this index."""

    @property
    def size(self) -> int:
        """Return the number of passages."""

    def match(self, clause: Clause, limit: int) -> Candidates:
        """Return the best passages by words."""

    def nearest(self, vector: Vector, limit: int, allowed: Rows | None = None) -> Candidates:
        """Return the best passages by cosine similarity, among the ``allowed`` rows (ascending) if given."""

    def score(self, clause: Clause, rows: Rows) -> Scores:
        """Return the keyword score of given rows, (n,) float32; 0 where the clause does not match."""

    def similarity(self, vector: Vector, rows: Rows) -> Scores:
        """Return the cosine similarity of given rows, (n,) float32; a passage scores as its best window."""

    def matching(self, clause: Clause, limit: int | None = None) -> Rows:
        """Return every row that matches, ascending, or the first ``limit`` of them."""

    def count(self, clause: Clause) -> int:
        """Return how many passages match."""

    def frequency(self, field: Field, term: str) -> int:
        """Return in how many passages a term occurs."""

    def completions(self, field: Field | Facet, prefix: str, limit: int) -> list[tuple[str, int]]:
        """Return terms (or metadata keys) with that prefix and their passage counts, commonest first."""

    def passages(self, rows: Sequence[int]) -> dict[int, Passage]:
        """Return the passages of rows; rows unknown to the store are left out."""

    def articles(self, ids: Sequence[str]) -> dict[str, ArticleInfo]:
        """Return the articles of those ids, without their text."""

    def article(self, article_id: str) -> Article:
        """Return a whole article; raises ``NotFound``."""

    def passages_of(self, article_id: str) -> list[Passage]:
        """Return all passages of an article in reading order; raises ``NotFound``."""

    def row(self, passage_id: str) -> int:
        """Return the row of a passage; raises ``NotFound``."""

    def shown(self, rows: Sequence[int], named: Sequence[int] = ()) -> Shown:
        """Return what a page shows of those rows, read at once, and the ids of those that are ``named`` besides."""

    def article_ids(self, numbers: Sequence[int]) -> dict[int, str]:
        """Return the id of each article of those numbers; unknown ones are left out."""

    def places(self, rows: Rows) -> Places:
        """Return where each row stands; one of a removed passage is an article of its own."""

    def tally(self, rows: Rows) -> Tally:
        """Return how many of the rows have each value of the metadata, and each time."""

    def times(self, rows: Sequence[int]) -> dict[int, int | None]:
        """Return the time of each row in seconds since the epoch, ``None`` where unknown."""

    def stacks(self, rows: Sequence[int]) -> dict[int, int]:
        """Return the row of the leader of each row that is in a stack of near-identical passages.

        The leader is the earliest, undated ones come last, and leads itself; rows that are alone are left out.
        """

    def members(self, leaders: Sequence[int]) -> dict[int, list[int]]:
        """Return all rows of the stack of each leader, its own too, the earliest first; others are left out."""

    def answers(self, rows: Sequence[int]) -> dict[int, tuple[int, float]]:
        """Return the row of the paragraph each comment answers and the score, 0..1; others are left out."""

    def answered_by(self, rows: Sequence[int]) -> dict[int, list[int]]:
        """Return the rows of the comments that answer each paragraph, in order; others are left out."""

    def vector(self, row: int) -> Vector | None:
        """Return the first vector of a passage, ``None`` where it has none."""

    def close(self) -> None:
        """Release files."""

"""What a keyword engine is: the seam behind which tantivy, Whoosh and the in-memory engine are equals."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import numpy as np
    import numpy.typing as npt

    from index.keyword.clause import Clause, Facet, Field

    Rows = npt.NDArray[np.int64]
    Scores = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Candidates:
    """Passages found and their scores, best first; higher is better, equal scores are ordered by row."""

    rows: Rows  # (n,) int64
    scores: Scores  # (n,) float32
    matched: int | None = None
    """How many passages match in all, beyond these; ``None`` where that was not counted."""

    def __len__(self) -> int:
        return len(self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeywordDocument:
    """One passage as an engine takes it: its row, its terms, its metadata keys and its time.

    The terms of a text stand in order, joined by spaces (``index.text.analysed``).
    """

    row: int
    exacts: str
    stems: str
    content: str
    """The stems of the words that are not stop words."""
    title: str = ""
    """The same of the article's headline, where the passage is not the headline itself."""
    story: str = ""
    """The same of the whole article, where the passage is its first: it is found under this row."""
    facets: Mapping[Facet, Sequence[str]]
    time: int | None = None
    """Seconds since the epoch: posting time of a comment, publication time of anything else."""


class KeywordIndex(Protocol):
    """Matches and ranks. Parsing, highlighting and grouping are not an engine's business."""

    @property
    def documents(self) -> int:
        """Return how many passages the engine holds, those the store no longer knows included."""

    def rows_from(self, row: int) -> list[int]:
        """Return the rows from ``row`` on that the engine holds, of passages and of stories, ascending."""

    def search(self, clause: Clause, limit: int) -> Candidates:
        """Return the ``limit`` best passages for ``clause``."""

    def count(self, clause: Clause) -> int:
        """Return how many passages match ``clause``, exactly."""

    def matching(self, clause: Clause, limit: int | None = None) -> Rows:
        """Return every row that matches ``clause``, (n,) int64, ascending, or the first ``limit`` of them."""

    def score(self, clause: Clause, rows: Rows) -> Scores:
        """Return the score of each of ``rows`` under ``clause``, (n,) float32; 0 where it does not match."""

    def frequency(self, field: Field, term: str) -> int:
        """Return in how many passages the term occurs."""

    def completions(self, field: Field | Facet, prefix: str, limit: int) -> list[tuple[str, int]]:
        """Return up to ``limit`` terms (or metadata keys) with that prefix and their passages, commonest first."""

    def close(self) -> None:
        """Release files; the index is not used afterwards."""


class KeywordWriter(Protocol):
    """Adds and removes passages; nothing is visible to readers before ``commit``."""

    def add(self, documents: Iterable[KeywordDocument]) -> None:
        """Add passages; their rows were never used before."""

    def delete(self, rows: Sequence[int]) -> None:
        """Remove passages by row; rows not present are ignored."""

    def delete_from(self, row: int) -> None:
        """Remove every passage from that row on: what a crash left behind the store."""

    def commit(self) -> None:
        """Make what was added and deleted durable and visible."""

    def close(self) -> None:
        """Drop what was not committed and release the files."""

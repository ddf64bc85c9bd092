"""The reading half of an engine of plain posting lists: passages and stories, asked through one evaluation."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from index.keyword.clause import Field, asks_stories
from index.keyword.evaluation import evaluate
from index.keyword.protocol import Candidates

if TYPE_CHECKING:
    from index.keyword.clause import Clause, Facet
    from index.keyword.collection import Collection
    from index.keyword.evaluation import Found
    from index.keyword.protocol import Rows, Scores

_REMEMBERED: Final = 64  # clauses: a page asks for the candidates, the scores and the count of one


class ExactIndex:
    """Answers from a collection of passages and one of stories; both stay as they are."""

    def __init__(self, passages: Collection, stories: Collection) -> None:
        self._passages = passages
        self._stories = stories
        self._evaluated = lru_cache(_REMEMBERED)(self._evaluate)

    @property
    def documents(self) -> int:
        """How many passages the engine holds."""
        return len(self._passages.rows)

    def rows_from(self, row: int) -> list[int]:
        """Return the rows from ``row`` on that the engine holds, of passages and of stories."""
        rows = np.union1d(self._passages.rows, self._stories.rows)
        return [int(found) for found in rows[np.searchsorted(rows, row) :]]

    def search(self, clause: Clause, limit: int) -> Candidates:
        """Return the ``limit`` best passages; equal scores are ordered by row."""
        found = self._evaluated(clause)
        scores = found.scores.astype(np.float32)
        order = np.lexsort((found.rows, -scores))[:limit]
        return Candidates(found.rows[order], scores[order], len(found.rows))

    def count(self, clause: Clause) -> int:
        """Return how many passages match, exactly."""
        return len(self._evaluated(clause).rows)

    def matching(self, clause: Clause, limit: int | None = None) -> Rows:
        """Return every row that matches, (n,) int64, ascending, or the first ``limit`` of them."""
        return self._evaluated(clause).rows[:limit].copy()

    def score(self, clause: Clause, rows: Rows) -> Scores:
        """Return the score of each of ``rows``, (n,) float32; 0 where the clause does not match."""
        found = self._evaluated(clause)
        scores = np.zeros(len(rows), dtype=np.float32)
        if len(found.rows):
            places = np.searchsorted(found.rows, rows).clip(max=len(found.rows) - 1)
            matched = found.rows[places] == rows
            scores[matched] = found.scores[places[matched]]
        return scores

    def frequency(self, field: Field, term: str) -> int:
        """Return in how many passages (or stories) the term occurs."""
        collection = self._stories if field is Field.STORY else self._passages
        return collection.frequencies(field, (term,)).get(term, 0)

    def completions(self, field: Field | Facet, prefix: str, limit: int) -> list[tuple[str, int]]:
        """Return up to ``limit`` terms (or metadata keys) with that prefix and their passages, commonest first."""
        found = self._passages.frequencies(field, self._passages.vocabulary(field, prefix))
        return sorted(found.items(), key=lambda one: (-one[1], one[0]))[:limit]

    def close(self) -> None:
        """Forget what was asked."""
        self._evaluated.cache_clear()

    def _evaluate(self, clause: Clause) -> Found:
        return evaluate(clause, self._stories if asks_stories(clause) else self._passages)

"""rank-bm25, which keeps all in memory and builds it whenever it is opened; alone and with numpy beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from benchmarks.speed.data import EVERYTHING
from benchmarks.speed.systems.protocol import CANDIDATES, QueryModel, Unsupported, fused, top

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.speed.data import Data
    from benchmarks.speed.systems.protocol import Scores


class RankBM25(Unsupported):
    """``BM25Okapi`` over stems; ten best by a partial sort."""

    MODES: tuple[str, ...] = ("keyword",)

    def build(self, data: Data, folder: Path) -> None:
        """Do in memory what opening does again: it has no files."""
        self.open(data, folder)

    def open(self, data: Data, folder: Path) -> None:
        """Stem all passages and count."""
        from rank_bm25 import BM25Okapi

        from benchmarks.speed.systems.stemming import stems

        self._buckets = data.buckets()
        self._engine = BM25Okapi([stems(text) for text in data.texts()])

    def keyword(self, query: str, limit: int, allowed: int) -> Sequence[int]:
        """Return the best passages by words."""
        from benchmarks.speed.systems.stemming import stems

        return top(self._filtered(np.asarray(self._engine.get_scores(stems(query))), allowed), limit)

    def _filtered(self, scores: Scores, allowed: int) -> Scores:
        if allowed == EVERYTHING:
            return scores
        return np.where(self._buckets < allowed, scores, -np.inf).astype(scores.dtype)


class Naive(RankBM25):
    """What a script of fifty lines does: rank-bm25, a product of all vectors, reciprocal rank fusion."""

    MODES = ("keyword", "semantic", "hybrid")

    def open(self, data: Data, folder: Path) -> None:
        """Stem and count, and map the vectors."""
        super().open(data, folder)
        self._model = QueryModel()
        self._vectors = data.vectors()

    def semantic(self, query: str, limit: int, allowed: int) -> Sequence[int]:
        """Return the best passages by cosine, exactly."""
        return top(self._filtered(self._vectors @ self._model.encode(query), allowed), limit)

    def hybrid(self, query: str, limit: int, allowed: int) -> Sequence[int]:
        """Return both legs fused."""
        legs = (self.keyword(query, CANDIDATES, allowed), self.semantic(query, CANDIDATES, allowed))
        return fused(*legs, limit)

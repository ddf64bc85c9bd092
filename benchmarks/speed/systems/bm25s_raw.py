"""bm25s: BM25 scores computed when the index is built."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bm25s
import numpy as np
import Stemmer

from benchmarks.speed.data import EVERYTHING
from benchmarks.speed.systems.protocol import Unsupported

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.speed.data import Data


class BM25S(Unsupported):
    """Lucene's BM25 over stems, its arrays memory-mapped; no text kept."""

    MODES = ("keyword",)

    def __init__(self) -> None:
        self._stemmer = Stemmer.Stemmer("english")

    def build(self, data: Data, folder: Path) -> None:
        """Tokenise, score and save."""
        tokens = bm25s.tokenize(list(data.texts()), stopwords="en", stemmer=self._stemmer, show_progress=False)
        engine = bm25s.BM25()
        engine.index(tokens, show_progress=False)
        engine.save(str(folder))

    def open(self, data: Data, folder: Path) -> None:
        """Map the arrays."""
        self._engine = bm25s.BM25.load(str(folder), mmap=True, show_progress=False)
        self._buckets = data.buckets()

    def keyword(self, query: str, limit: int, allowed: int) -> Sequence[int]:
        """Return the best passages by words."""
        tokens = bm25s.tokenize(query, stopwords="en", stemmer=self._stemmer, return_ids=False, show_progress=False)
        mask = None if allowed == EVERYTHING else (self._buckets < allowed).astype(np.float32)
        found, _ = self._engine.retrieve(tokens, k=limit, show_progress=False, weight_mask=mask)
        return [int(number) for number in found[0]]

"""The dense index: unit vectors in a fixed-size, memory-mapped file, searched exactly.

Two files grow side by side: ``vectors.f32`` holds little-endian float32 rows of ``dimension`` numbers,
``vectors.rows`` one little-endian int64 per vector, the row of its passage, ascending. A passage longer than the
model's window owns several neighbouring vectors and scores as its best one. Higher is better: the score is the
cosine. The number of vectors that count is told by the store; what a crash left behind them is not looked at.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from index.errors import IndexDamaged
from index.keyword.protocol import Candidates

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    from index.keyword.protocol import Rows, Scores

    Vectors = npt.NDArray[np.float32]

VECTORS: Final = "vectors.f32"
OWNERS: Final = "vectors.rows"
_DECIMALS: Final = 6  # below float32's noise: the order of additions must not order passages


class VectorWriter:
    """Appends vectors; nothing counts before the store says so."""

    def __init__(self, folder: Path, dimension: int) -> None:
        self._dimension = dimension
        self._vectors = (folder / VECTORS).open("ab")
        self._owners = (folder / OWNERS).open("ab")

    def append(self, rows: Rows, vectors: Vectors) -> None:
        """Append ``vectors``, (n, dimension) float32 of unit length, owned by ``rows``, (n,) int64 ascending."""
        if vectors.shape != (len(rows), self._dimension):
            raise ValueError(f"{vectors.shape} vectors for {len(rows)} rows of dimension {self._dimension}")
        self._vectors.write(np.ascontiguousarray(vectors, dtype="<f4").tobytes())
        self._owners.write(np.ascontiguousarray(rows, dtype="<i8").tobytes())

    def close(self) -> None:
        """Make everything appended durable."""
        for file in (self._vectors, self._owners):
            file.flush()
            os.fsync(file.fileno())
            file.close()


class VectorIndex:
    """Exact search over the first ``count`` vectors of a folder."""

    def __init__(self, folder: Path, dimension: int, count: int) -> None:
        self._vectors: Vectors = _mapped(folder / VECTORS, "<f4", (count, dimension))
        self._owners: Rows = _mapped(folder / OWNERS, "<i8", (count,))
        self._starts = np.flatnonzero(np.diff(self._owners, prepend=-1))
        self._passages: Rows = np.asarray(self._owners[self._starts], dtype=np.int64)

    def __len__(self) -> int:
        return len(self._owners)

    def nearest(self, vector: Vectors, limit: int, allowed: Rows | None = None) -> Candidates:
        """Return the ``limit`` passages most similar to ``vector``, (dimension,); among ``allowed`` if given."""
        if allowed is None:
            rows, scores = self._passages, self._best(self._vectors @ vector, self._starts)
        else:
            rows = allowed[np.isin(allowed, self._passages, assume_unique=True)]
            scores = self.similarity(vector, rows)
        return best(rows, scores, limit)

    def similarity(self, vector: Vectors, rows: Rows) -> Scores:
        """Return the cosine of each of ``rows``, (n,) float32; -1 where a passage has no vector."""
        scores = np.full(len(rows), -1.0, dtype=np.float32)
        places = np.searchsorted(self._passages, rows)
        known = places < len(self._passages)
        known[known] = self._passages[places[known]] == rows[known]
        if not known.any():
            return scores
        starts = self._starts[places[known]]
        ends = np.append(self._starts, len(self._owners))[places[known] + 1]
        sizes = ends - starts
        heads = np.cumsum(sizes) - sizes
        chosen = np.repeat(starts - heads, sizes) + np.arange(sizes.sum())
        scores[known] = self._best(self._vectors[chosen] @ vector, heads)
        return scores

    def vector(self, row: int) -> Vectors | None:
        """Return the first vector of a passage, (dimension,), or ``None`` where it has none."""
        place = int(np.searchsorted(self._passages, row))
        if place == len(self._passages) or self._passages[place] != row:
            return None
        return np.array(self._vectors[self._starts[place]])

    def windows(self, first: int, last: int) -> tuple[Rows, Vectors]:
        """Return the vectors of passages ``first`` to ``last``, (n, dimension), after the row of each, (n,)."""
        start, end = np.searchsorted(self._owners, [first, last + 1])
        return np.asarray(self._owners[start:end]), np.asarray(self._vectors[start:end])

    @staticmethod
    def _best(cosines: Scores, starts: npt.NDArray[np.intp]) -> Scores:
        """Return the best cosine of each passage, given where the windows of each begin."""
        whole = cosines if len(starts) == len(cosines) else np.maximum.reduceat(cosines, starts)
        return np.round(whole, _DECIMALS).astype(np.float32)


def best(rows: Rows, scores: Scores, limit: int) -> Candidates:
    """Return the ``limit`` best of ``rows`` by score, equal scores by row."""
    if limit < len(scores):
        cut = np.partition(scores, len(scores) - limit)[len(scores) - limit]
        kept = scores >= cut
        rows, scores = rows[kept], scores[kept]
    order = np.lexsort((rows, -scores))[:limit]
    return Candidates(rows[order], scores[order])


def _mapped(path: Path, dtype: str, shape: tuple[int, ...]) -> npt.NDArray[Any]:
    if not shape[0]:
        return np.empty(shape, dtype=dtype)
    try:
        return np.memmap(path, dtype=dtype, mode="r", shape=shape)
    except (OSError, ValueError) as error:
        raise IndexDamaged(
            f"{path} is missing or shorter than the store says ({error}); run `broadsheet index rebuild`"
        ) from error

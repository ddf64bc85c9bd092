"""The dense index: unit vectors in a fixed-size, memory-mapped file, searched exactly.

Three files grow side by side: ``vectors.f32`` holds little-endian float32 rows of ``dimension`` numbers,
``vectors.rows`` one little-endian int64 per vector, the row of its passage, ascending, and ``vectors.sums`` the
checksums of both (``index.vector_sums``). A passage longer than the model's window owns several neighbouring vectors
and scores as its best one. Higher is better: the score is the cosine. The number of vectors that count is told by the
store; what a crash left behind them is not looked at.
"""

from __future__ import annotations

import os
from typing import IO, TYPE_CHECKING, Any, Final

import numpy as np

from index.errors import IndexDamaged
from index.keyword.protocol import Candidates
from index.refusals import refusal
from index.vector_sums import SumWriter, check_owners, check_vectors

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from index.keyword.protocol import Rows, Scores

    Vectors = npt.NDArray[np.float32]

VECTORS: Final = "vectors.f32"
OWNERS: Final = "vectors.rows"
_FLOAT: Final = 4
_INTEGER: Final = 8
_NOWHERE: Final = -2.0  # below every cosine
_DECIMALS: Final = 6  # below float32's noise: the order of additions must not order passages


class VectorWriter:
    """Appends vectors; nothing counts before the store says so."""

    def __init__(self, folder: Path, dimension: int, count: int = 0) -> None:
        """Open both files behind their first ``count`` vectors; what a crash left there is cut off."""
        self._dimension = dimension
        self._vectors = _behind(folder / VECTORS, count * dimension * _FLOAT)
        self._owners = _behind(folder / OWNERS, count * _INTEGER)
        self._sums = SumWriter(folder, count)

    def append(self, rows: Rows, vectors: Vectors) -> None:
        """Append ``vectors``, (n, dimension) float32 of unit length, owned by ``rows``, (n,) int64 ascending."""
        if vectors.shape != (len(rows), self._dimension):
            raise ValueError(f"{vectors.shape} vectors for {len(rows)} rows of dimension {self._dimension}")
        told, owned = np.ascontiguousarray(vectors, dtype="<f4"), np.ascontiguousarray(rows, dtype="<i8")
        self._vectors.write(told.tobytes())
        self._owners.write(owned.tobytes())
        self._sums.append(told, owned)

    def close(self) -> None:
        """Make everything appended durable."""
        for file in (self._vectors, self._owners):
            file.flush()
            os.fsync(file.fileno())
            file.close()
        self._sums.close()


class VectorIndex:
    """Exact search over the first ``count`` vectors of a folder; those of the ``masked`` rows do not count."""

    def __init__(self, folder: Path, dimension: int, count: int, masked: Sequence[int] = ()) -> None:
        self._vectors: Vectors = _mapped(folder / VECTORS, "<f4", (count, dimension))
        self._owners: Rows = _mapped(folder / OWNERS, "<i8", (count,))
        check_owners(folder, self._owners)
        self._starts = np.flatnonzero(np.diff(self._owners, prepend=-1))
        self._passages: Rows = np.asarray(self._owners[self._starts], dtype=np.int64)
        self._masked: Rows = np.array(masked, dtype=np.int64)
        self._hidden = np.flatnonzero(np.isin(self._passages, self._masked, assume_unique=True))

    def __len__(self) -> int:
        """Return how many passages can be found."""
        return len(self._passages) - len(self._hidden)

    def nearest(self, vector: Vectors, limit: int, allowed: Rows | None = None) -> Candidates:
        """Return the ``limit`` passages most similar to ``vector``, (dimension,); among ``allowed`` if given."""
        if allowed is None:
            rows, scores = self._passages, self._best(self._vectors @ vector, self._starts)
            scores[self._hidden] = _NOWHERE
        else:
            rows = allowed[np.isin(allowed, self._passages, assume_unique=True)]
            rows = rows[~np.isin(rows, self._masked, assume_unique=True)]
            scores = self.similarity(vector, rows)
        return best(rows, scores, min(limit, len(self)))

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
        """Return the first vector of a passage, (dimension,), or ``None`` where it has none that counts."""
        place = int(np.searchsorted(self._passages, row))
        if place == len(self._passages) or self._passages[place] != row or row in self._masked:
            return None
        return np.array(self._vectors[self._starts[place]])

    def windows(self, first: int, last: int) -> tuple[Rows, Vectors]:
        """Return the vectors of passages ``first`` to ``last``, (n, dimension), after the row of each, (n,)."""
        start, end = np.searchsorted(self._owners, [first, last + 1])
        owners, vectors = np.asarray(self._owners[start:end]), np.asarray(self._vectors[start:end])
        if not len(self._masked):
            return owners, vectors
        counted = ~np.isin(owners, self._masked)
        return owners[counted], vectors[counted]

    def check(self, folder: Path) -> None:
        """Raise ``IndexDamaged`` where the numbers are not those that were written to ``folder``."""
        check_vectors(folder, self._vectors)

    def blocks(self, size: int) -> Iterator[tuple[Rows, Vectors]]:
        """Yield the row of each vector and the vectors, ``size`` at a time, masked ones too."""
        for start in range(0, len(self._owners), size):
            yield np.asarray(self._owners[start : start + size]), np.asarray(self._vectors[start : start + size])

    @staticmethod
    def _best(cosines: Scores, starts: npt.NDArray[np.intp]) -> Scores:
        """Return the best cosine of each passage, given where the windows of each begin."""
        whole = cosines if len(starts) == len(cosines) else np.maximum.reduceat(cosines, starts)
        return np.round(whole, _DECIMALS).astype(np.float32, copy=False)


def best(rows: Rows, scores: Scores, limit: int) -> Candidates:
    """Return the ``limit`` best of ``rows`` by score, equal scores by row."""
    if limit < len(scores):
        cut = np.partition(scores, len(scores) - limit)[len(scores) - limit]
        kept = scores >= cut
        rows, scores = rows[kept], scores[kept]
    order = np.lexsort((rows, -scores))[:limit]
    return Candidates(rows[order], scores[order])


def _behind(path: Path, size: int) -> IO[bytes]:
    """Open a file for appending behind its first ``size`` bytes, which must be there."""
    file = path.open("ab")
    if file.tell() < size:
        file.close()
        raise IndexDamaged(f"{path} is shorter than the store says; run `broadsheet index rebuild`")
    file.truncate(size)
    return file


def _mapped(path: Path, dtype: str, shape: tuple[int, ...]) -> npt.NDArray[Any]:
    if not shape[0]:
        return np.empty(shape, dtype=dtype)
    try:
        return np.memmap(path, dtype=dtype, mode="r", shape=shape)
    except (OSError, ValueError) as error:
        raise refusal(path, error) or IndexDamaged(
            f"{path} is missing or shorter than the store says ({error}); run `broadsheet index rebuild`"
        ) from error

"""The dense index: unit vectors in a fixed-size, memory-mapped file, searched exactly.

Three files grow side by side: ``vectors.f32`` holds little-endian float32 rows of ``dimension`` numbers,
``vectors.rows`` one little-endian int64 per vector, the row of its passage, ascending, and ``vectors.sums`` the
checksums of both (``index.vector_sums``). A passage longer than the model's window owns several neighbouring vectors
and scores as its best one. Higher is better: the score is the cosine. The number of vectors that count is told by the
store; what a crash left behind them is not looked at.
"""

from __future__ import annotations

import os
from contextlib import ExitStack, closing
from functools import cached_property
from typing import IO, TYPE_CHECKING, Final

import numpy as np

from index.errors import IndexDamaged
from index.keyword.protocol import Candidates
from index.mapped import Mapped
from index.threads import in_shares, pieces
from index.vector_codes import BEYOND, WIDEST, Asked, Codes, CodeWriter, seeming_nearest
from index.vector_sums import SumWriter, check_owners, check_vectors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from index.keyword.protocol import Rows, Scores

    Flags = npt.NDArray[np.bool_]
    Places = npt.NDArray[np.intp]
    Masked = Sequence[int] | Callable[[], Sequence[int]]
    Vectors = npt.NDArray[np.float32]

VECTORS: Final = "vectors.f32"
OWNERS: Final = "vectors.rows"
_FLOAT: Final = 4
_INTEGER: Final = 8
_NOWHERE: Final = -2.0  # below every cosine
_DECIMALS: Final = 6  # below float32's noise: the order of additions must not order passages
_NOISE: Final = 1e-5  # more than two ways to add up one cosine can differ

EXACT_UP_TO: Final = 20_000  # vectors: so many are compared in full as quickly as by their codes
_FEW: Final = 2_000  # passages
_LEAST: Final = 400  # vectors that are compared in full, and
_TIMES: Final = 10  # so many for each passage that is wanted, and
_SHARE: Final = 1000  # one of so many of all vectors
_LOOKED_AT: Final = 3  # times as many, and
_LOOKED_AT_SHARE: Final = 100  # one of so many of all vectors, are looked at more closely before
_PIECE: Final = 500  # vectors: enough to ask another thread for
_TRIED_AT: Final = 384  # numbers a vector: where these were measured


class VectorWriter:
    """Appends vectors; nothing counts before the store says so."""

    def __init__(self, folder: Path, dimension: int, count: int = 0) -> None:
        """Open both files behind their first ``count`` vectors; what a crash left there is cut off."""
        self._dimension = dimension
        with ExitStack() as undo:
            self._vectors = undo.enter_context(_behind(folder / VECTORS, count * dimension * _FLOAT))
            self._owners = undo.enter_context(_behind(folder / OWNERS, count * _INTEGER))
            self._sums = undo.enter_context(closing(SumWriter(folder, count)))
            self._codes = undo.enter_context(closing(CodeWriter(folder, dimension, count)))
            self._files = undo.pop_all()
        self._path, self._count = folder / VECTORS, count

    def append(self, rows: Rows, vectors: Vectors) -> None:
        """Append ``vectors``, (n, dimension) float32 of unit length, owned by ``rows``, (n,) int64 ascending."""
        if vectors.shape != (len(rows), self._dimension):
            raise ValueError(f"{vectors.shape} vectors for {len(rows)} rows of dimension {self._dimension}")
        told, owned = np.ascontiguousarray(vectors, dtype="<f4"), np.ascontiguousarray(rows, dtype="<i8")
        self._vectors.write(told.tobytes())
        self._owners.write(owned.tobytes())
        self._sums.append(told, owned)
        self._vectors.flush()
        self._count += len(owned)
        self._codes.follow(self._path, self._count)

    def close(self) -> None:
        """Make everything appended durable."""
        with self._files:
            for file in (self._vectors, self._owners):
                file.flush()
                os.fsync(file.fileno())


class VectorIndex:
    """Search over the first ``count`` vectors of a folder; those of the ``masked`` rows do not count."""

    def __init__(
        self, folder: Path, dimension: int, count: int, masked: Masked = (), exact_up_to: int = EXACT_UP_TO
    ) -> None:
        """Map the files; ``masked`` may be a function that tells the rows, asked when they matter."""
        self._folder = folder
        self._vectors = Mapped(folder / VECTORS, "<f4", (count, dimension))
        self._owners: Rows = Mapped(folder / OWNERS, "<i8", (count,)).all
        self._to_mask = masked
        self.is_exact = count <= exact_up_to or dimension > WIDEST
        """Whether every vector is compared in full."""

    def __len__(self) -> int:
        """Return how many passages can be found."""
        return int(np.count_nonzero(self._shown))

    def nearest(self, vector: Vectors, limit: int, allowed: Rows | None = None) -> Candidates:
        """Return the ``limit`` passages most similar to ``vector``, (dimension,); among ``allowed`` if given.

        ``allowed`` is ascending. Scores are exact. In an index of more than ``EXACT_UP_TO`` vectors a passage can be
        missing whose place is near ``limit``: docs/speed.md has the figures. Whatever is allowed is looked at before
        anything is left out, and few are compared one by one.
        """
        limit = min(limit, len(self))
        if not limit:
            places = np.empty(0, dtype=np.intp)
        elif allowed is not None and len(allowed) <= max(limit, _FEW):
            places = self._found(allowed)
            places = places[self._shown[places]]
        elif self.is_exact:
            places = self._best_of_all(vector, limit, allowed)
        else:
            places = self._likely(vector, limit, allowed)
        found = best(places, self._cosines(vector, places), limit)  # places are in the order of rows
        return Candidates(self._passages[found.rows], found.scores)

    def similarity(self, vector: Vectors, rows: Rows) -> Scores:
        """Return the cosine of each of ``rows``, (n,) float32; -1 where a passage has no vector."""
        scores = np.full(len(rows), -1.0, dtype=np.float32)
        scores[self._known(rows)] = self._cosines(vector, self._found(rows))
        return scores

    def vector(self, row: int) -> Vectors | None:
        """Return the first vector of a passage, (dimension,), or ``None`` where it has none that counts."""
        place = int(np.searchsorted(self._passages, row))
        if place == len(self._passages) or self._passages[place] != row or row in self._masked:
            return None
        return np.array(self._vectors.all[self._bounds[place]])

    def windows(self, first: int, last: int) -> tuple[Rows, Vectors]:
        """Return the vectors of passages ``first`` to ``last``, (n, dimension), after the row of each, (n,)."""
        start, end = np.searchsorted(self._owners, [first, last + 1])
        owners, vectors = np.asarray(self._owners[start:end]), np.asarray(self._vectors.all[start:end])
        if not len(self._masked):
            return owners, vectors
        counted = ~np.isin(owners, self._masked)
        return owners[counted], vectors[counted]

    def check(self, folder: Path) -> None:
        """Raise ``IndexDamaged`` where the numbers are not those that were written to ``folder``."""
        check_owners(folder, self._owners)
        check_vectors(folder, self._vectors.all)

    def blocks(self, size: int) -> Iterator[tuple[Rows, Vectors]]:
        """Yield the row of each vector and the vectors, ``size`` at a time, masked ones too."""
        for start in range(0, len(self._owners), size):
            yield np.asarray(self._owners[start : start + size]), np.asarray(self._vectors.all[start : start + size])

    @cached_property
    def _bounds(self) -> npt.NDArray[np.intp]:
        """Where the vectors of each passage begin, and where the last ones end, (n + 1,); raises ``IndexDamaged``.

        Their owners are read and checked when they are first asked for: opening costs the same for any index.
        """
        check_owners(self._folder, self._owners)
        return np.append(np.flatnonzero(np.diff(self._owners, prepend=-1)), len(self._owners))

    @cached_property
    def _passages(self) -> Rows:
        """The row of each passage that has vectors, (n,) ascending."""
        starts = self._bounds[:-1]
        return self._owners if len(starts) == len(self._owners) else self._owners[starts]

    @cached_property
    def _masked(self) -> Rows:
        """The rows whose vectors do not count, (n,)."""
        return np.array(self._to_mask() if callable(self._to_mask) else self._to_mask, dtype=np.int64)

    @cached_property
    def _shown(self) -> Flags:
        """Which passages count, (n,) bool."""
        return ~np.isin(self._passages, self._masked)

    @cached_property
    def _counting(self) -> Flags:
        """Which vectors count, (n,) bool."""
        return self._shown if self._is_one_each else np.repeat(self._shown, np.diff(self._bounds))

    @property
    def _is_one_each(self) -> bool:
        """Whether no passage has several vectors."""
        return len(self._passages) == len(self._owners)

    @cached_property
    def _codes(self) -> Codes:
        return Codes(self._folder, self._vectors.all)

    def _known(self, rows: Rows) -> Flags:
        """Return which of ``rows`` have vectors, (n,) bool."""
        places = np.searchsorted(self._passages, rows)
        known = places < len(self._passages)
        known[known] = self._passages[places[known]] == rows[known]
        return known

    def _found(self, rows: Rows) -> Places:
        """Return the places among the passages of those of ``rows`` that have vectors."""
        return np.searchsorted(self._passages, rows[self._known(rows)])

    def _cosines(self, vector: Vectors, places: Places) -> Scores:
        """Return the cosines of the passages at ``places``, (n,) float32, each computed alone.

        So a score does not depend on what it was computed with, nor on how the passage was found.
        """
        if self._is_one_each or not len(places):
            whole = self._compared(vector, places)
        else:
            starts = self._bounds[places]
            sizes = self._bounds[places + 1] - starts
            heads = np.cumsum(sizes) - sizes
            windows = np.repeat(starts - heads, sizes) + np.arange(sizes.sum())
            whole = np.maximum.reduceat(self._compared(vector, windows), heads)
        return np.asarray(np.round(whole, _DECIMALS), dtype=np.float32)

    def _compared(self, vector: Vectors, places: Places) -> Scores:
        """Return the product of ``vector`` and each of the vectors at ``places``, (n,) float32."""
        found = np.empty(len(places), dtype=np.float32)

        def compare(share: Iterable[slice]) -> None:
            for piece in share:
                found[piece] = np.vecdot(self._vectors.take(places[piece]), vector)

        in_shares(compare, pieces(len(places), _PIECE), 1)
        return found

    def _admitted(self, allowed: Rows | None) -> Flags:
        """Return for each vector whether it counts and its passage is among ``allowed``, (n,) bool."""
        if allowed is None:
            return self._counting
        last = int(self._owners[-1])
        table = np.zeros(last + 1, dtype=np.bool_)
        table[allowed[: np.searchsorted(allowed, last, side="right")]] = True
        return table[self._owners] & self._counting

    def _best_of_all(self, vector: Vectors, limit: int, allowed: Rows | None) -> Places:
        """Return the places of at least the ``limit`` best, every vector compared in full."""
        # not @: its library's threads wait for each other, and a search has other threads at work
        compared = np.vecdot(self._vectors.all, vector)
        cosines = np.where(self._admitted(allowed), compared, np.float32(_NOWHERE))
        whole = cosines if self._is_one_each else np.maximum.reduceat(cosines, self._bounds[:-1])
        cut = np.partition(whole, -limit)[-limit]
        return np.flatnonzero((whole >= cut - _NOISE) & (whole > _NOWHERE))

    def _likely(self, vector: Vectors, limit: int, allowed: Rows | None) -> Places:
        """Return the places of those that seem nearest, at least ``limit`` where so many are allowed."""
        asked = Asked.of(vector)
        distances = self._codes.distances(asked)
        if allowed is not None or len(self._masked):
            distances[~self._admitted(allowed)] = BEYOND
        # the fewer numbers a vector has, the less their codes tell
        wanted = int((_LEAST + _TIMES * limit + len(distances) // _SHARE) * max(1.0, _TRIED_AT / len(vector)))
        while True:
            near = seeming_nearest(distances, wanted * _LOOKED_AT + len(distances) // _LOOKED_AT_SHARE)
            places = near[seeming_nearest(self._codes.refined(asked, near, distances[near]), wanted)]
            if not self._is_one_each:
                places = np.searchsorted(self._bounds, places, side="right") - 1
                places = places[np.diff(places, prepend=-1) > 0]
            if len(places) >= limit or len(near) <= wanted:  # enough, or all that may come
                return places
            wanted *= 4


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

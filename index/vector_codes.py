"""Vectors at two bits a number, to tell in a moment which of very many are worth comparing in full.

Each number of a unit vector becomes its sign and whether it is large, that is, beyond the threshold that loses least
of a normal distribution at four levels (Lloyd, "Least squares quantization in PCM", 1982; Max, 1960). Vectors are
told apart by counts of unlike bits. All are looked at by their signs: how many are unlike those asked for, twice, and
how many unlike the sizes asked for. Only of those that seem near the sizes are looked at too, which tells much more.

``vectors.codes`` holds blocks of ``BLOCK`` vectors, of little-endian uint64: first (words, BLOCK) of signs, a plane
holding one bit of 64 numbers of each vector, so that one exclusive or and one count of bits go through thousands of
vectors; then (BLOCK, words) of sizes, each vector's together, where few are sought. Dimensions are filled up to words
of 64 with zeros. It is derived from ``vectors.f32`` number by number, without rounding, and only whole blocks are
written, each once: what it lacks is made in memory.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from index.threads import in_shares, pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]
    Places = npt.NDArray[np.intp]
    Signs = npt.NDArray[np.uint64]  # (words, vectors), or (blocks, words, vectors)
    Sizes = npt.NDArray[np.uint64]  # (vectors, words)
    Distances = npt.NDArray[np.uint16]

CODES: Final = "vectors.codes"
BLOCK: Final = 8192  # vectors: long enough a run for one operation, short enough a tail to make in memory
_BITS: Final = 64
_LARGE: Final = 0.9816  # standard deviations; a number of a unit vector has one of dimension ** -0.5
BEYOND: Final = 0xFFFF  # no distance is that great, if vectors have no more numbers than
WIDEST: Final = BEYOND // 9 - 1
_RUN: Final = 3  # blocks an operation: with fewer, threads wait for each other's turn; more do not fit the caches
_WORTH: Final = 2  # runs a thread is asked for
_PIECE: Final = 5000  # vectors looked at again that one is asked for
_SAMPLE: Final = 20_000  # distances
_AT_LEAST: Final = 0.8  # of what is wanted


class CodeWriter:
    """Appends the blocks that whole ones of ``vectors.f32`` make."""

    def __init__(self, folder: Path, dimension: int, count: int = 0) -> None:
        """Keep the blocks of the first ``count`` vectors; those that are missing are written with the next."""
        self._dimension = dimension
        self._size = block_bytes(dimension)
        self._file = (folder / CODES).open("ab")
        self._blocks = min(self._file.tell() // self._size, count // BLOCK)
        self._file.truncate(self._blocks * self._size)

    def follow(self, vectors: Path, count: int) -> None:
        """Write the blocks of the first ``count`` vectors in the file ``vectors`` that are not there yet."""
        while (self._blocks + 1) * BLOCK <= count:
            first = self._blocks * BLOCK * self._dimension
            numbers = np.fromfile(vectors, "<f4", BLOCK * self._dimension, offset=first * 4)
            for half in coded(numbers.reshape(BLOCK, self._dimension)):
                self._file.write(half.tobytes())
            self._blocks += 1

    def close(self) -> None:
        """Make the blocks durable."""
        with self._file:
            self._file.flush()
            os.fsync(self._file.fileno())


class Codes:
    """The codes of a folder's vectors, (n, dimension) float32: mapped as far as they are on disk, else in memory."""

    def __init__(self, folder: Path, vectors: Vectors) -> None:
        self._count = len(vectors)
        signs, self._lines = _mapped(folder, vectors.shape)
        self._mapped = len(signs) * BLOCK
        self._runs: list[Signs] = [signs[start : start + _RUN] for start in range(0, len(signs), _RUN)]
        rest: list[Sizes] = [np.empty((0, words(vectors.shape[1])), dtype=np.uint64)]
        for start in range(self._mapped, self._count, BLOCK):
            more_signs, more_sizes = coded(vectors[start : start + BLOCK])
            self._runs.append(more_signs[None])
            rest.append(more_sizes)
        self._rest: Sizes = np.concatenate(rest)

    def distances(self, asked: Asked) -> Distances:
        """Return how far each vector seems to be by its signs, (n,) uint16 below ``BEYOND``; there is no unit."""
        found = np.empty(self._count, dtype=np.uint16)
        pairs: list[tuple[Signs, Distances]] = []
        start = 0
        for run in self._runs:
            shape = len(run), run.shape[2]
            pairs.append((run, found[start : start + shape[0] * shape[1]].reshape(shape)))
            start += shape[0] * shape[1]
        in_shares(lambda share: _compare(share, asked), pairs, _WORTH)
        return found

    def refined(self, asked: Asked, places: Places, distances: Distances) -> Distances:
        """Return how far the vectors at ``places``, ascending, seem to be by signs and sizes, (n,) uint16.

        ``distances`` are theirs by signs alone, (n,); the two are not to be compared with each other.
        """
        found = np.empty(len(places), dtype=np.uint16)

        def look(share: Iterable[slice]) -> None:
            for piece in share:
                sizes = self._at(places[piece]).T.copy()
                unlike_signs = np.bitwise_count(sizes ^ asked.signs).sum(axis=0, dtype=np.uint16)
                unlike_sizes = np.bitwise_count(sizes ^ asked.sizes).sum(axis=0, dtype=np.uint16)
                found[piece] = 2 * (distances[piece] + unlike_signs) + unlike_sizes

        in_shares(look, pieces(len(places), _PIECE), 1)
        return found

    def _at(self, places: Places) -> Sizes:
        """Return the sizes of the vectors at ``places``, ascending, (n, words)."""
        there = np.searchsorted(places, self._mapped)
        behind = np.take(self._rest, places[there:] - self._mapped, axis=0)
        if not there:
            return behind
        lines = places[:there] + (places[:there] // BLOCK + 1) * BLOCK  # each block's signs come before its sizes
        found = np.take(self._lines, lines, axis=0)
        return found if there == len(places) else np.concatenate([found, behind])


def blocks(folder: Path, shape: tuple[int, int]) -> Iterator[tuple[Signs, Sizes]]:
    """Yield signs and sizes of each block on disk of the vectors of a folder, whose shape is given."""
    signs, lines = _mapped(folder, shape)
    for block, plane in enumerate(signs):
        start = (2 * block + 1) * BLOCK
        yield plane, lines[start : start + BLOCK]


def _mapped(folder: Path, shape: tuple[int, int]) -> tuple[Signs, Sizes]:
    """Return the signs on disk, (blocks, words, BLOCK), and the whole file in lines of a vector's sizes.

    There are twice as many lines as vectors, (2 * blocks * BLOCK, words): the first half of each block is its signs.
    """
    path, width = folder / CODES, words(shape[1])
    there = path.stat().st_size // block_bytes(shape[1]) if path.exists() else 0
    count = min(there, shape[0] // BLOCK)
    if not count:
        return np.empty((0, width, BLOCK), dtype=np.uint64), np.empty((0, width), dtype=np.uint64)
    # a plain array: what a memmap does at each look costs more than the look
    whole = np.memmap(path, "<u8", "r", shape=(count, 2, width, BLOCK)).view(np.ndarray)
    return whole[:, 0], whole.reshape(-1, width)


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """The bits of the vector asked for, (words, 1) uint64 each."""

    signs: Signs
    sizes: Signs

    @classmethod
    def of(cls, vector: Vectors) -> Asked:
        """Return the bits of a vector, (dimension,) float32."""
        signs, sizes = coded(vector[None])
        return cls(signs, sizes.T)


def coded(vectors: Vectors) -> tuple[Signs, Sizes]:
    """Return the signs, (words, n) uint64, and the sizes, (n, words), of vectors, (n, dimension) float32.

    A size bit tells whether "it is large" and "it is positive" are both so, or neither.
    """
    count, dimension = vectors.shape
    signs = vectors > 0
    sizes = (np.abs(vectors) > np.float32(_LARGE / np.sqrt(dimension))) == signs
    bits = np.zeros((2, count, words(dimension) * _BITS // 8), dtype=np.uint8)
    for plane, flags in enumerate((signs, sizes)):
        bits[plane, :, : (dimension + 7) // 8] = np.packbits(flags, axis=1, bitorder="little")
    told = bits.view("<u8")
    return np.ascontiguousarray(told[0].T), told[1]


def seeming_nearest(distances: Distances, wanted: int) -> Places:
    """Return the places of the ``wanted`` least distances, equal ones too, ascending; ``BEYOND`` does not count.

    Of very many there may be more, or a little fewer: a sample tells how far the last one is.
    """
    step = max(1, len(distances) // _SAMPLE)
    near = _up_to(distances, _last(distances[::step], wanted // step))
    if step > 1 and len(near) < wanted * _AT_LEAST:  # what is allowed, or near, may come as regularly as a sample
        return _up_to(distances, _last(distances, wanted))
    return near


def _last(distances: Distances, wanted: int) -> int:
    return int(np.partition(distances, wanted)[wanted]) if wanted < len(distances) else BEYOND


def _up_to(distances: Distances, last: int) -> Places:
    return np.flatnonzero(distances <= min(last, BEYOND - 1))


def words(dimension: int) -> int:
    """Return how many words of 64 bits hold one bit of each number."""
    return -(-dimension // _BITS)


def block_bytes(dimension: int) -> int:
    """Return the size of a block."""
    return 2 * words(dimension) * BLOCK * 8


def _compare(runs: Iterable[tuple[Signs, Distances]], asked: Asked) -> None:
    """Fill in how far the vectors of each run of blocks seem to be by their signs from the one asked for."""
    size = len(asked.signs)
    apart = np.empty((_RUN, size, BLOCK), dtype=np.uint64)
    bits, told = np.empty((2, _RUN, size, BLOCK), dtype=np.uint8), np.empty((2, _RUN, BLOCK), dtype=np.uint16)
    for run, found in runs:
        many, count = found.shape
        unlike, counts = apart[:many, :, :count], bits[:, :many, :, :count]
        for counted, bit in zip(counts, (asked.signs, asked.sizes), strict=True):
            np.bitwise_xor(run, bit, out=unlike)
            np.bitwise_count(unlike, out=counted)
        signs, sizes = np.add.reduce(counts, axis=2, dtype=np.uint16, out=told[:, :many, :count])
        np.add(signs, signs, out=found)
        np.add(found, sizes, out=found)

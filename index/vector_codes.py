"""Vectors at two bits a number, to tell in a moment which of very many are worth comparing in full.

Each number of a unit vector becomes its sign and whether it is large, that is, beyond the threshold that loses least
of a normal distribution at four levels (Lloyd, "Least squares quantization in PCM", 1982; Max, 1960). The bits of like
numbers stand together: a plane holds one bit of 64 numbers of each vector, so that a query is compared with thousands
of vectors by one exclusive or and one count of bits. How far apart two vectors are is told by those counts,
signs twice; both large is left out, it adds a third to the cost and little to the order.

``vectors.codes`` holds blocks of ``BLOCK`` vectors, each (2, words, BLOCK) little-endian uint64: the planes of signs,
then those of sizes; dimensions are filled up to words of 64 with zeros. It is derived from ``vectors.f32`` number by
number, without rounding, and only whole blocks are written, each once: what it lacks is made in memory.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

import numpy as np

from index.threads import in_shares

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    import numpy.typing as npt

    Vectors = npt.NDArray[np.float32]
    Planes = npt.NDArray[np.uint64]  # (2, words, vectors), or (blocks, 2, words, vectors)
    Distances = npt.NDArray[np.uint16]

CODES: Final = "vectors.codes"
BLOCK: Final = 8192  # vectors: long enough a run for one operation, short enough a tail to make in memory
_BITS: Final = 64
_LARGE: Final = 0.9816  # standard deviations; a number of a unit vector has one of dimension ** -0.5
BEYOND: Final = 0xFFFF  # no distance is that great, if vectors have no more numbers than
WIDEST: Final = 0xFFFF // 4
_RUN: Final = 3  # blocks an operation: with fewer, threads wait for each other's turn; more do not fit the caches
_WORTH: Final = 2  # runs a thread is started for


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
            self._file.write(planes(numbers.reshape(BLOCK, self._dimension)).tobytes())
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
        blocks = mapped_blocks(folder, vectors.shape)
        self._runs: list[Planes] = [blocks[start : start + _RUN] for start in range(0, len(blocks), _RUN)]
        for start in range(len(blocks) * BLOCK, self._count, BLOCK):
            self._runs.append(planes(vectors[start : start + BLOCK])[None])

    def distances(self, vector: Vectors) -> Distances:
        """Return how far each vector seems to be from ``vector``, (n,) uint16 below ``BEYOND``; there is no unit."""
        asked, found = planes(vector[None]), np.empty(self._count, dtype=np.uint16)
        pairs: list[tuple[Planes, Distances]] = []
        start = 0
        for run in self._runs:
            shape = len(run), run.shape[3]
            pairs.append((run, found[start : start + shape[0] * shape[1]].reshape(shape)))
            start += shape[0] * shape[1]
        in_shares(lambda share: _compare(share, asked), pairs, _WORTH)
        return found


def mapped_blocks(folder: Path, shape: tuple[int, int]) -> Planes:
    """Return the blocks on disk of the vectors of a folder, whose shape is given, (blocks, 2, words, BLOCK)."""
    path = folder / CODES
    there = path.stat().st_size // block_bytes(shape[1]) if path.exists() else 0
    blocks = min(there, shape[0] // BLOCK)
    if not blocks:
        return np.empty((0, 2, words(shape[1]), BLOCK), dtype=np.uint64)
    mapped: Planes = np.memmap(path, "<u8", "r", shape=(blocks, 2, words(shape[1]), BLOCK)).view(np.ndarray)
    return mapped  # a plain array: what a memmap does at each look costs more than the look


def planes(vectors: Vectors) -> Planes:
    """Return the planes of vectors, (n, dimension) float32, as (2, words, n) uint64."""
    count, dimension = vectors.shape
    signs = vectors > 0
    sizes = (np.abs(vectors) > np.float32(_LARGE / np.sqrt(dimension))) == signs
    bits = np.zeros((2, count, words(dimension) * _BITS // 8), dtype=np.uint8)
    for plane, flags in enumerate((signs, sizes)):
        bits[plane, :, : (dimension + 7) // 8] = np.packbits(flags, axis=1, bitorder="little")
    return np.ascontiguousarray(bits.view("<u8").transpose(0, 2, 1))


def words(dimension: int) -> int:
    """Return how many words of 64 bits hold one bit of each number."""
    return -(-dimension // _BITS)


def block_bytes(dimension: int) -> int:
    """Return the size of a block."""
    return 2 * words(dimension) * BLOCK * 8


def _compare(runs: Iterable[tuple[Planes, Distances]], asked: Planes) -> None:
    """Fill in how far the vectors of each run of blocks seem to be from the one asked for, its planes (2, words, 1)."""
    size = asked.shape[1]
    apart = np.empty((_RUN, 2, size, BLOCK), dtype=np.uint64)
    bits, told = np.empty((3, _RUN, size, BLOCK), dtype=np.uint8), np.empty((3, _RUN, BLOCK), dtype=np.uint16)
    for run, found in runs:
        many, count = found.shape
        unlike, counts = apart[:many, :, :, :count], bits[:, :many, :, :count]
        np.bitwise_xor(run, asked[0], out=unlike)
        np.bitwise_count(unlike[:, 0], out=counts[0])
        np.bitwise_count(unlike[:, 1], out=counts[1])
        np.bitwise_xor(run[:, 0], asked[1], out=unlike[:, 0])
        np.bitwise_count(unlike[:, 0], out=counts[2])
        signs, sizes, mixed = np.add.reduce(counts, axis=2, dtype=np.uint16, out=told[:, :many, :count])
        np.add(signs, signs, out=found)
        np.add(found, sizes, out=found)
        np.add(found, mixed, out=found)

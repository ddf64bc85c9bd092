"""Checksums of the vector files, appended with the vectors: one bit that flips in them is found and not asked.

``vectors.sums`` holds a record of 16 bytes a piece: how many vectors there are up to its end (little-endian uint64),
the CRC-32 of the piece's bytes in ``vectors.f32`` and of those in ``vectors.rows``. A piece is what one writer
appended, up to some thousands of vectors; records beyond the vectors that count are not looked at, as elsewhere.
"""

from __future__ import annotations

import os
import zlib
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from index.errors import IndexDamaged
from index.refusals import refusal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy.typing as npt

    from index.keyword.protocol import Rows

SUMS: Final = "vectors.sums"
PIECE: Final = 4096  # vectors
_RECORD: Final = np.dtype([("end", "<u8"), ("vectors", "<u4"), ("owners", "<u4")])


class SumWriter:
    """Appends checksums behind those of the first ``count`` vectors."""

    def __init__(self, folder: Path, count: int = 0) -> None:
        kept = _records(folder, count) if count else np.empty(0, dtype=_RECORD)
        self._file = (folder / SUMS).open("ab")
        self._file.truncate(len(kept) * _RECORD.itemsize)
        self._end = self._told = count
        self._sums = (0, 0)

    def append(self, vectors: npt.NDArray[np.float32], owners: Rows) -> None:
        """Take in what was appended: (n, dimension) float32 and (n,) int64, both little-endian and contiguous."""
        for start in range(0, len(owners), PIECE):
            piece, owned = vectors[start : start + PIECE], owners[start : start + PIECE]
            self._sums = zlib.crc32(piece.data, self._sums[0]), zlib.crc32(owned.data, self._sums[1])
            self._end += len(owned)
            if self._end - self._told >= PIECE:
                self._tell()

    def close(self) -> None:
        """Make the checksums durable."""
        with self._file:
            if self._end > self._told:
                self._tell()
            self._file.flush()
            os.fsync(self._file.fileno())

    def _tell(self) -> None:
        self._file.write(np.array([(self._end, *self._sums)], dtype=_RECORD).tobytes())
        self._told, self._sums = self._end, (0, 0)


def check_owners(folder: Path, owners: Rows) -> None:
    """Raise ``IndexDamaged`` where the rows of vectors are not what was written: cheap enough for every opening."""
    for start, end, _, total in pieces(folder, len(owners)):
        if zlib.crc32(np.ascontiguousarray(owners[start:end]).data) != total:
            raise IndexDamaged(f"{folder / 'vectors.rows'} is damaged; run `broadsheet index rebuild --from-index`")


def check_vectors(folder: Path, vectors: npt.NDArray[np.float32]) -> None:
    """Raise ``IndexDamaged`` where the vectors, (n, dimension), are not what was written: before they are copied."""
    for start, end, total, _ in pieces(folder, len(vectors)):
        if zlib.crc32(np.ascontiguousarray(vectors[start:end]).data) != total:
            raise IndexDamaged(f"{folder / 'vectors.f32'} is damaged; run `broadsheet index rebuild --from-index`")


def pieces(folder: Path, count: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield (start, end, checksum of the vectors, checksum of their rows) of the first ``count`` vectors.

    Raises ``IndexDamaged`` where the checksums themselves are missing or make no sense.
    """
    start = 0
    for end, vectors, owners in _records(folder, count).tolist() if count else ():
        yield start, end, vectors, owners
        start = end


def _records(folder: Path, count: int) -> npt.NDArray[Any]:
    """Return the records of the first ``count`` vectors."""
    try:
        told = (folder / SUMS).read_bytes()
    except OSError as error:
        raise refusal(folder / SUMS, error) or IndexDamaged(
            f"{folder / SUMS} cannot be read ({error}); run `broadsheet index rebuild --from-index`"
        ) from error
    found = np.frombuffer(told[: len(told) - len(told) % _RECORD.itemsize], dtype=_RECORD)
    last = int(np.searchsorted(found["end"], count))
    ends = found["end"][: last + 1]
    if last == len(found) or ends[-1] != count or bool((ends[1:] <= ends[:-1]).any()):
        raise IndexDamaged(f"{folder / SUMS} is damaged; run `broadsheet index rebuild --from-index`")
    return found[: last + 1]

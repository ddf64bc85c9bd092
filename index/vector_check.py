"""Whether the vectors are what was written, of unit length, and each passage has its own."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

import numpy as np

from index.schema import HAS_VECTOR
from index.vector_codes import BLOCK, CODES, blocks, coded
from index.vector_sums import SUMS, pieces
from index.vectors import OWNERS, VECTORS

if TYPE_CHECKING:
    from pathlib import Path

    from index.faults import Findings
    from index.progress import Progress
    from index.store import Store

_UNIT: Final = 1e-3  # how far a length may be from 1


def check(folder: Path, dimension: int, store: Store, findings: Findings, progress: Progress, *, quick: bool) -> None:
    """Check the vectors that count; ``quick`` leaves out their numbers and looks at whose they are."""
    count = store.numbers().get("vectors", 0)
    findings.checked["vectors"] = count
    sizes = {VECTORS: count * dimension * 4, OWNERS: count * 8}
    for name, size in sizes.items():
        found = (folder / name).stat().st_size if (folder / name).exists() else -1
        if found < size:
            findings.add(name, "is missing" if found < 0 else f"has {found:,} bytes and should have {size:,}")
    if not count or any(fault.file in sizes for fault in findings.faults):
        return
    owners = np.fromfile(folder / OWNERS, dtype="<i8", count=count)
    with findings.reading(SUMS):
        if not quick:
            _numbers(folder, (count, dimension), findings, progress)
            _codes(folder, (count, dimension), findings)
        for start, end, _, total in pieces(folder, count):
            if zlib.crc32(owners[start:end].data) != total:
                findings.add(OWNERS, f"is damaged between vectors {start:,} and {end:,}")
    _owned(owners, store, findings)


def _numbers(folder: Path, shape: tuple[int, int], findings: Findings, progress: Progress) -> None:
    """Compare the numbers with their checksums, and see that they are unit vectors."""
    vectors = np.memmap(folder / VECTORS, dtype="<f4", mode="r", shape=shape)
    progress.start("vectors", shape[0], "vector")
    for start, end, total, _ in pieces(folder, shape[0]):
        piece = np.ascontiguousarray(vectors[start:end])
        if zlib.crc32(piece.data) != total:
            findings.add(VECTORS, f"is damaged between vectors {start:,} and {end:,}")
        with np.errstate(all="ignore"):
            lengths = np.linalg.norm(piece, axis=1)
        wrong = start + np.flatnonzero(~(np.abs(lengths - 1.0) <= _UNIT))
        findings.rows(VECTORS, "vectors that are not of unit length", wrong)
        progress.advance(end - start)
    progress.finish()


def _codes(folder: Path, shape: tuple[int, int], findings: Findings) -> None:
    """Derive the codes again that are there; those that are missing are made by whoever needs them."""
    vectors = np.memmap(folder / VECTORS, dtype="<f4", mode="r", shape=shape)
    for block, told in enumerate(blocks(folder, shape)):
        start, end = block * BLOCK, (block + 1) * BLOCK
        if not all(map(np.array_equal, told, coded(np.asarray(vectors[start:end])))):
            findings.add(CODES, f"is not what vectors {start:,} to {end:,} make")


def _owned(owners: np.ndarray[tuple[int], np.dtype[np.int64]], store: Store, findings: Findings) -> None:
    """Compare whose the vectors are with who should have one."""
    if (np.diff(owners) < 0).any():
        findings.add(OWNERS, "is not in order")
    having = {row for (row,) in store.read(f"SELECT row FROM passages WHERE {HAS_VECTOR}", ())}
    gone = {row for (row,) in store.read("SELECT row FROM gone", ())}
    # what stood below a redacted comment may have been text before: its vector is masked
    masked = set(store.masked())
    owning = set(owners.tolist())
    findings.rows(OWNERS, "passages without a vector, rows", sorted(having - owning))
    findings.rows(OWNERS, "vectors of no passage, rows", sorted(owning - having - gone - masked))

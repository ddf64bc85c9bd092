"""Dense search by itself, a vector in and ten passages out: the exact answer, and what scans of it cost here.

The scans are those a system could be built on: numpy's product, faiss' flat index, and a compiled loop over vectors of
one byte a number whose best hundred are scored again exactly.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from benchmarks.speed import measure
from benchmarks.speed.data import EVERYTHING, SHARES

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from benchmarks.speed.data import Data

    Vectors = npt.NDArray[np.float32]
    Scan = Callable[[Vectors], npt.NDArray[np.int64]]

LIMIT: Final = 10
COMPARED: Final = 50  # questions whose answers by meaning are held against an exact scan
DEEP: Final = 100
"""How many candidates a fusion of two legs asks for."""
RESCORED: Final = 100


def exact(data: Data, queries: Vectors) -> dict[str, list[list[int]]]:
    """Return the numbers of the hundred nearest passages of each question, by the per cent of passages allowed."""
    vectors, buckets = data.vectors(), data.buckets()
    found: dict[str, list[list[int]]] = {str(share): [] for share in (EVERYTHING, *SHARES)}
    for query in queries:
        scores = vectors @ query
        for share in (EVERYTHING, *SHARES):
            allowed = np.flatnonzero(buckets < share)
            best = allowed[_top(scores[allowed], DEEP)]
            found[str(share)].append([int(number) for number in best])
    return found


def scans(data: Data, queries: Vectors, wanted: list[list[int]], budget: float) -> dict[str, dict[str, Any]]:
    """Return the latency of each scan and how much of the ``wanted`` answers it finds, or why it could not run."""
    found: dict[str, dict[str, Any]] = {}
    for name, make in (("numpy float32", _numpy), ("faiss flat", _faiss), ("int8 loop, re-scored", _bytes)):
        try:
            found[name] = _measured(make(data.vectors()), queries, wanted, budget)
        except ImportError as fault:
            found[name] = {"failed": str(fault)}
    return found


def recall(found: list[list[int]], wanted: list[list[int]], depth: int = LIMIT) -> float | None:
    """Return the mean share of the first ``depth`` wanted numbers that were found, of the questions both have.

    ``None`` where nothing was wanted: a filter may let no passage through.
    """
    pairs = [(set(some[:depth]), set(others[:depth])) for some, others in zip(found, wanted, strict=False) if others]
    return sum(len(some & others) / len(others) for some, others in pairs) / len(pairs) if pairs else None


def _measured(scan: Scan, queries: Vectors, wanted: list[list[int]], budget: float) -> dict[str, Any]:
    answers = [[int(number) for number in scan(query)] for query in queries[: len(wanted)]]
    taken = measure.timed(lambda place: scan(queries[place]), range(len(queries)), budget)
    return measure.told(taken) | {"recall": round(recall(answers, wanted) or 0.0, 4)}


def _numpy(vectors: Vectors) -> Scan:
    return lambda query: _top(vectors @ query, LIMIT)


def _faiss(vectors: Vectors) -> Scan:
    import faiss

    index = faiss.IndexFlatIP(vectors.shape[1])
    for start in range(0, len(vectors), 10_000):
        index.add(np.ascontiguousarray(vectors[start : start + 10_000]))
    return lambda query: np.asarray(index.search(query[None], LIMIT)[1][0], dtype=np.int64)


def _bytes(vectors: Vectors) -> Scan:
    import numba

    @numba.njit(parallel=True, fastmath=True)  # type: ignore[untyped-decorator, unused-ignore]
    def products(rows: Any, query: Any, out: Any) -> None:
        for row in numba.prange(rows.shape[0]):
            total = np.int32(0)
            for place in range(rows.shape[1]):
                total += np.int32(rows[row, place]) * np.int32(query[place])
            out[row] = total

    small = np.empty(vectors.shape, dtype=np.int8)
    scales = np.empty(len(vectors), dtype=np.float32)
    for start in range(0, len(vectors), 10_000):
        block = vectors[start : start + 10_000]
        peak = np.abs(block).max(axis=1)
        small[start : start + 10_000] = np.round(block / peak[:, None] * 127)
        scales[start : start + 10_000] = peak
    whole = np.empty(len(vectors), dtype=np.int32)

    def scan(query: Vectors) -> npt.NDArray[np.int64]:
        products(small, np.round(query / np.abs(query).max() * 127).astype(np.int8), whole)
        candidates = _top(whole * scales, RESCORED)
        return candidates[_top(vectors[candidates] @ query, LIMIT)]

    return scan


def _top(scores: Vectors, limit: int) -> npt.NDArray[np.int64]:
    limit = min(limit, len(scores))
    best = (
        np.argpartition(scores, len(scores) - limit)[len(scores) - limit :] if limit < len(scores) else np.arange(limit)
    )
    return np.asarray(best[np.argsort(-scores[best], kind="stable")], dtype=np.int64)

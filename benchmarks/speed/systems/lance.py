"""LanceDB: its own full-text index, vectors scanned exactly as it does without an index of them, its own RRF."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.speed.data import DIMENSION, EVERYTHING
from benchmarks.speed.systems.protocol import QueryModel, Unsupported

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from benchmarks.speed.data import Data

_BATCH = 10_000


class LanceDB(Unsupported):
    """One table of number, bucket, text and vector."""

    MODES = ("keyword", "semantic", "hybrid")

    def build(self, data: Data, folder: Path) -> None:
        """Write the table, its full-text index in English, and an index of the column the filter asks."""
        import lancedb
        import pyarrow as pa

        schema = pa.schema(
            [
                ("number", pa.int64()),
                ("bucket", pa.int64()),
                ("body", pa.string()),
                ("vector", pa.list_(pa.float32(), DIMENSION)),
            ]
        )
        table = lancedb.connect(folder).create_table("passages", _batches(data, schema), schema=schema)
        table.create_fts_index("body", language="English", stem=True, remove_stop_words=True)
        table.create_scalar_index("bucket")
        table.optimize()

    def open(self, data: Data, folder: Path) -> None:
        """Open the table."""
        import lancedb

        self._table: Any = lancedb.connect(folder).open_table("passages")
        self._model = QueryModel()

    def keyword(self, query: str, limit: int, allowed: int) -> Sequence[int]:
        """Return the best passages by words."""
        return _numbers(self._table.search(query, query_type="fts"), limit, allowed)

    def semantic(self, query: str, limit: int, allowed: int) -> Sequence[int]:
        """Return the best passages by cosine."""
        return _numbers(self._table.search(self._model.encode(query)).distance_type("dot"), limit, allowed)

    def hybrid(self, query: str, limit: int, allowed: int) -> Sequence[int]:
        """Return both, fused by the system."""
        from lancedb.rerankers import RRFReranker

        asked = self._table.search(query_type="hybrid").vector(self._model.encode(query)).text(query)
        return _numbers(asked.distance_type("dot").rerank(RRFReranker()), limit, allowed)


def _numbers(asked: Any, limit: int, allowed: int) -> list[int]:
    if allowed != EVERYTHING:
        asked = asked.where(f"bucket < {allowed}")
    found: list[int] = asked.select(["number"]).limit(limit).to_arrow()["number"].to_pylist()
    return found


def _batches(data: Data, schema: Any) -> Iterator[Any]:
    import pyarrow as pa

    vectors, buckets, texts = data.vectors(), data.buckets(), data.texts()
    for start in range(0, data.size, _BATCH):
        end = min(start + _BATCH, data.size)
        flat = pa.array(vectors[start:end].reshape(-1))
        columns = [
            pa.array(range(start, end), pa.int64()),
            pa.array(buckets[start:end], pa.int64()),
            pa.array([next(texts) for _ in range(start, end)]),
            pa.FixedSizeListArray.from_arrays(flat, DIMENSION),
        ]
        yield pa.record_batch(columns, schema=schema)

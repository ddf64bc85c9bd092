"""Milvus Lite: BM25 by its own function with the standard analyser, exact vectors, RRF by its own ranker."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.speed.data import DIMENSION, EVERYTHING
from benchmarks.speed.systems.protocol import CANDIDATES, QueryModel, Unsupported

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.speed.data import Data

_NAME = "passages"
_BATCH = 2_000


class MilvusLite(Unsupported):
    """One collection in a local file."""

    MODES = ("keyword", "semantic", "hybrid")

    def build(self, data: Data, folder: Path) -> None:
        """Insert everything, then index both vector fields."""
        from pymilvus import DataType, Function, FunctionType, MilvusClient

        client = MilvusClient(str(folder / "passages.db"))
        schema = client.create_schema(auto_id=False)
        schema.add_field("number", DataType.INT64, is_primary=True)
        schema.add_field("bucket", DataType.INT64)
        schema.add_field("body", DataType.VARCHAR, max_length=4000, enable_analyzer=True)
        schema.add_field("words", DataType.SPARSE_FLOAT_VECTOR)
        schema.add_field("meaning", DataType.FLOAT_VECTOR, dim=DIMENSION)
        schema.add_function(
            Function("bm25", FunctionType.BM25, input_field_names=["body"], output_field_names=["words"])
        )
        indexes = client.prepare_index_params()
        indexes.add_index("words", index_type="SPARSE_INVERTED_INDEX", metric_type="BM25")
        indexes.add_index("meaning", index_type="FLAT", metric_type="IP")
        client.create_collection(_NAME, schema=schema, index_params=indexes)
        vectors, buckets, texts = data.vectors(), data.buckets().tolist(), data.texts()
        for start in range(0, data.size, _BATCH):
            rows = [
                {"number": place, "bucket": buckets[place], "body": next(texts), "meaning": vectors[place]}
                for place in range(start, min(start + _BATCH, data.size))
            ]
            client.insert(_NAME, rows)
        client.flush(_NAME)
        client.close()

    def open(self, data: Data, folder: Path) -> None:
        """Open the file and load the collection."""
        from pymilvus import MilvusClient

        self._client: Any = MilvusClient(str(folder / "passages.db"))
        self._client.load_collection(_NAME)
        self._model = QueryModel()

    def keyword(self, query: str, limit: int, allowed: int) -> Sequence[int]:
        """Return the best passages by words."""
        return self._one("words", query, limit, allowed)

    def semantic(self, query: str, limit: int, allowed: int) -> Sequence[int]:
        """Return the best passages by cosine."""
        return self._one("meaning", self._model.encode(query), limit, allowed)

    def hybrid(self, query: str, limit: int, allowed: int) -> Sequence[int]:
        """Return both, fused by the system."""
        from pymilvus import AnnSearchRequest, RRFRanker

        given = (("words", query, "BM25"), ("meaning", self._model.encode(query), "IP"))
        asked = [
            AnnSearchRequest([value], field, {"metric_type": metric}, limit=CANDIDATES, expr=_filter(allowed) or None)
            for field, value, metric in given
        ]
        return _numbers(self._client.hybrid_search(_NAME, asked, RRFRanker(), limit=limit))

    def _one(self, field: str, value: Any, limit: int, allowed: int) -> list[int]:
        return _numbers(self._client.search(_NAME, [value], anns_field=field, limit=limit, filter=_filter(allowed)))


def _filter(allowed: int) -> str:
    return "" if allowed == EVERYTHING else f"bucket < {allowed}"


def _numbers(found: Any) -> list[int]:
    return [int(hit["number"]) for hit in found[0]]

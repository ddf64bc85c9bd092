"""Whoosh with its own stemming analyser."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.speed.data import EVERYTHING, SHARES
from benchmarks.speed.systems.protocol import Unsupported, plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.speed.data import Data


class Whoosh(Unsupported):
    """Pure Python; no text kept."""

    MODES = ("keyword",)

    def build(self, data: Data, folder: Path) -> None:
        """Index the passages in one segment."""
        from whoosh import index
        from whoosh.analysis import StemmingAnalyzer
        from whoosh.fields import KEYWORD, STORED, TEXT, Schema

        schema = Schema(number=STORED, body=TEXT(analyzer=StemmingAnalyzer(), phrase=False), shares=KEYWORD)
        writer = index.create_in(folder, schema).writer(limitmb=512)
        for number, (text, bucket) in enumerate(zip(data.texts(), data.buckets().tolist(), strict=True)):
            shares = " ".join(f"under{share}" for share in SHARES if bucket < share)
            writer.add_document(number=number, body=text, shares=shares)
        writer.commit()

    def open(self, data: Data, folder: Path) -> None:
        """Open the index."""
        from whoosh import index
        from whoosh.qparser import OrGroup, QueryParser

        opened: Any = index.open_dir(folder)
        self._searcher = opened.searcher()
        self._parser = QueryParser("body", opened.schema, group=OrGroup)

    def keyword(self, query: str, limit: int, allowed: int) -> Sequence[int]:
        """Return the best passages by words."""
        from whoosh.query import Term

        share = None if allowed == EVERYTHING else Term("shares", f"under{allowed}")
        return [
            hit["number"] for hit in self._searcher.search(self._parser.parse(plain(query)), limit=limit, filter=share)
        ]

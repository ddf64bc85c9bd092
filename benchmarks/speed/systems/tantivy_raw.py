"""Tantivy itself: addresses and a number of each hit, no text kept, no snippets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import tantivy
from tantivy import Filter, Occur, Query, TextAnalyzerBuilder, Tokenizer

from benchmarks.speed.data import EVERYTHING, SHARES
from benchmarks.speed.systems.protocol import Unsupported, plain

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.speed.data import Data


class Tantivy(Unsupported):
    """The engine as its own documentation uses it, with English stems and stop words."""

    MODES = ("keyword",)

    def build(self, data: Data, folder: Path) -> None:
        """Index the passages with one writer, committed once."""
        builder = tantivy.SchemaBuilder()
        builder.add_integer_field("number", stored=True, fast=True)
        builder.add_text_field("body", tokenizer_name="english", index_option="position")
        builder.add_text_field("shares", tokenizer_name="raw", index_option="basic")
        index = _analysing(tantivy.Index(builder.build(), path=str(folder)))
        writer = index.writer(heap_size=256_000_000)
        for number, (text, bucket) in enumerate(zip(data.texts(), data.buckets().tolist(), strict=True)):
            shares = [str(share) for share in SHARES if bucket < share]
            writer.add_document(tantivy.Document(number=number, body=text, shares=shares))
        writer.commit()
        writer.wait_merging_threads()

    def open(self, data: Data, folder: Path) -> None:
        """Open the index."""
        self._index = _analysing(tantivy.Index.open(str(folder)))
        self._searcher = self._index.searcher()

    def keyword(self, query: str, limit: int, allowed: int) -> Sequence[int]:
        """Return the numbers of the best documents."""
        asked = self._index.parse_query(plain(query), ["body"])
        if allowed != EVERYTHING:
            share = Query.term_query(self._index.schema, "shares", str(allowed))
            asked = Query.boolean_query([(Occur.Must, asked), (Occur.Must, Query.const_score_query(share, 0.0))])
        hits = self._searcher.search(asked, limit).hits
        return [self._searcher.doc(address)["number"][0] for _, address in hits]


def _analysing(index: Any) -> Any:
    analyser = TextAnalyzerBuilder(Tokenizer.simple())
    for step in (Filter.lowercase(), Filter.stopword("english"), Filter.stemmer("english")):
        analyser = analyser.filter(step)
    index.register_tokenizer("english", analyser.build())
    return index

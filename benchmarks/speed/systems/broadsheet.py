"""Broadsheet through its public ``Searcher``: ten hits, each with its snippet."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.speed.data import DIMENSION, EVERYTHING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.speed.data import Data
    from index.encode.protocol import ModelCard, Vectors
    from search import Searcher


class Broadsheet:
    """An index as ``broadsheet index rebuild`` writes it, asked as the Python API is."""

    MODES = ("keyword", "semantic", "hybrid")

    def __init__(self) -> None:
        self._searcher: Searcher | None = None

    def build(self, data: Data, folder: Path) -> None:
        """Rebuild from articles in our own form; the model is not asked for what was encoded before."""
        from index.build import Rebuild
        from index.snapshot import IndexPaths

        source = folder / "articles.jsonl"
        with source.open("w", encoding="utf-8") as file:
            file.writelines(json.dumps(article, ensure_ascii=False) + "\n" for article in data.articles())
        report = Rebuild(paths=IndexPaths(folder / "index"), sources=[source], encoder=GivenEncoder(data)).run()
        source.unlink()
        if (found := sum(report.passages.values())) != data.size:
            raise ValueError(f"the index has {found:,} passages, {data.size:,} were given")

    def open(self, data: Data, folder: Path) -> None:
        """Open the index."""
        from search import Searcher

        self._searcher = Searcher.open(folder / "index")
        self._buckets = data.buckets()

    def close(self) -> None:
        """Close the index."""
        self._opened().close()

    def keyword(self, query: str, limit: int, allowed: int) -> Sequence[int]:
        """Return the first page by words, reprints stacked, comments taking turns, snippets made."""
        return self._asked(query, limit, allowed, mode="keyword")

    def hybrid(self, query: str, limit: int, allowed: int) -> Sequence[int]:
        """Return the first page by both legs, made in the same way."""
        return self._asked(query, limit, allowed, mode="hybrid")

    def semantic(self, query: str, limit: int, allowed: int) -> Sequence[int]:
        """Return the first page by meaning; what is lent and stacked makes its order another than a bare scan's."""
        return self._asked(query, limit, allowed, mode="semantic")

    def nearest(self, vector: Vectors, limit: int, allowed: int) -> Sequence[int]:
        """Return the nearest passages to a vector: the dense search alone, whose rows count from 1."""
        rows = None
        if allowed != EVERYTHING:
            rows = (np.flatnonzero(self._buckets < allowed) + 1).astype(np.int64)
        index = self._opened()._index  # the dense search has no public door of its own
        return [int(row) - 1 for row in index.nearest(vector, limit, rows).rows]

    def _asked(self, query: str, limit: int, allowed: int, **how: object) -> list[int]:
        asked = query if allowed == EVERYTHING else f"topic:under{allowed} {query}"
        results = self._opened().search(asked, limit=limit, **how)  # type: ignore[arg-type]
        return [number(hit.passage.id) for hit in results.hits]

    def _opened(self) -> Searcher:
        assert self._searcher is not None
        return self._searcher


def number(passage_id: str) -> int:
    """Return the number of a passage: the article's id says where it begins, the passage's own what it is."""
    article, mark = passage_id.split("#")
    first, titles, paragraphs = (int(part) for part in article.split("."))
    match mark[0]:
        case "h":
            return first
        case "p":
            return first + titles + int(mark[1:]) - 1
        case _:
            return first + titles + paragraphs + int(mark[1:]) - 1


class GivenEncoder:
    """Says that it is the default model and gives the prepared vectors, found by the hash of their text."""

    def __init__(self, data: Data) -> None:
        from index.encode import open_encoder

        self._card = open_encoder().card
        self._vectors = data.vectors()
        keys = np.fromiter((_key(text) for text in data.texts()), dtype=np.uint64, count=data.size)
        self._order = np.argsort(keys)
        self._keys = keys[self._order]

    @property
    def is_instant(self) -> bool:
        """Say that it is not: it stands for the model."""
        return False

    @property
    def card(self) -> ModelCard:
        """Say which model the questions are encoded with."""
        return self._card

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return the vector of each text, (n, 384) float32; raises ``KeyError`` for one that was not given."""
        keys = np.array([_key(text) for text in texts], dtype=np.uint64)
        places = np.searchsorted(self._keys, keys)
        if not (self._keys[np.minimum(places, len(self._keys) - 1)] == keys).all():
            raise KeyError("a text is not among the prepared passages")
        found: Vectors = np.asarray(self._vectors[self._order[places]], dtype=np.float32)
        assert found.shape == (len(texts), DIMENSION)
        return found

    def encode_question(self, text: str) -> Vectors:
        """Return the vector of a text that was given, (384,) float32."""
        vector: Vectors = self.encode([text])[0]
        return vector

    def windows(self, texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        """Return one window a text: every passage has one vector."""
        return [[(0, len(text))] for text in texts]


def _key(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")

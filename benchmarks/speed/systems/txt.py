"""txtai's ``Embeddings``: its own BM25 beside a faiss index, hybrid as it mixes them by default."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from benchmarks.speed.data import EVERYTHING
from benchmarks.speed.systems.protocol import Unsupported, model_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from benchmarks.speed.data import Data


class Txtai(Unsupported):
    """Faiss as txtai chooses it: exact while it is small, inverted lists beyond; text and bucket in SQLite."""

    MODES = ("keyword", "semantic", "hybrid")

    def build(self, data: Data, folder: Path) -> None:
        """Index texts and given vectors."""
        from txtai.embeddings import Embeddings

        vectors = data.vectors()
        places = {text: number for number, text in enumerate(data.texts())}

        def given(texts: Sequence[str]) -> Any:
            return vectors[[places[text] for text in texts]]

        embeddings = Embeddings(method="external", transform=given, hybrid=True, content=True)
        embeddings.index(_rows(data))
        embeddings.config["transform"] = None
        embeddings.save(str(folder))

    def open(self, data: Data, folder: Path) -> None:
        """Load all it saved; from now on texts become vectors by the model."""
        from txtai.embeddings import Embeddings

        told = {"method": "sentence-transformers", "path": model_folder(), "gpu": False}
        self._embeddings: Any = Embeddings()
        self._embeddings.load(str(folder), config=told)

    def keyword(self, query: str, limit: int, allowed: int) -> Sequence[int]:
        """Return the best passages by words."""
        return self._asked(query, limit, allowed, 0.0)

    def semantic(self, query: str, limit: int, allowed: int) -> Sequence[int]:
        """Return the best passages by meaning."""
        return self._asked(query, limit, allowed, 1.0)

    def hybrid(self, query: str, limit: int, allowed: int) -> Sequence[int]:
        """Return both, half each, as it does by default."""
        return self._asked(query, limit, allowed, 0.5)

    def _asked(self, query: str, limit: int, allowed: int, weight: float) -> list[int]:
        if allowed == EVERYTHING:
            found = self._embeddings.search(query, limit, weights=weight)
        else:
            wanted = f"SELECT id, score FROM txtai WHERE similar(:words, {weight}) AND bucket < {allowed}"
            found = self._embeddings.search(wanted, limit, parameters={"words": query})
        return [int(row["id"]) for row in found]


def _rows(data: Data) -> Iterator[tuple[int, dict[str, Any]]]:
    for number, (text, bucket) in enumerate(zip(data.texts(), data.buckets().tolist(), strict=True)):
        yield number, {"text": text, "bucket": bucket}

"""Embeddings by (model, sha256 of the exact text): what was encoded once is never encoded again.

One SQLite file beside the snapshots, so that it outlives them and a rebuild that was killed goes on where it was.
"""

from __future__ import annotations

import hashlib
import sqlite3
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from index.encode.protocol import Vectors

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS models (number INTEGER PRIMARY KEY, identity TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS embeddings (model INTEGER NOT NULL, sha256 BLOB NOT NULL, vector BLOB NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS by_text ON embeddings (model, sha256);
"""
_CHUNK: Final = 500


class EmbeddingCache:
    """The embeddings of one model."""

    def __init__(self, path: Path, identity: str, dimension: int) -> None:
        self._dimension = dimension
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.executescript(_SCHEMA)
        self._db.execute("INSERT OR IGNORE INTO models (identity) VALUES (?)", (identity,))
        (self._model,) = self._db.execute("SELECT number FROM models WHERE identity = ?", (identity,)).fetchone()

    def get(self, texts: Sequence[str]) -> dict[str, Vectors]:
        """Return the vectors, (dimension,), of those texts that are known."""
        by_hash = {_sha256(text): text for text in texts}
        found: dict[str, Vectors] = {}
        hashes = list(by_hash)
        for start in range(0, len(hashes), _CHUNK):
            chunk = hashes[start : start + _CHUNK]
            marks = ", ".join("?" * len(chunk))
            for sha256, blob in self._db.execute(
                f"SELECT sha256, vector FROM embeddings WHERE model = ? AND sha256 IN ({marks})",
                (self._model, *chunk),
            ):
                vector = np.frombuffer(blob, dtype="<f4")
                if len(vector) == self._dimension:
                    found[by_hash[sha256]] = vector
        return found

    def put(self, texts: Sequence[str], vectors: Vectors) -> None:
        """Remember the vectors, (n, dimension) float32, of ``texts``; durable when it returns."""
        rows = np.ascontiguousarray(vectors, dtype="<f4")
        self._db.execute("BEGIN")
        self._db.executemany(
            "INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?)",
            ((self._model, _sha256(text), row.tobytes()) for text, row in zip(texts, rows, strict=True)),
        )
        self._db.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def _sha256(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()

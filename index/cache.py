"""Embeddings by (model, sha256 of the exact text): what was encoded once is never encoded again.

One SQLite file beside the snapshots, so that it outlives them and a rebuild that was killed goes on where it was. Each
vector carries a checksum over itself and its text's hash: one that was damaged on the disk is encoded again.
"""

from __future__ import annotations

import hashlib
import sqlite3
import zlib
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Final

import numpy as np

from index.errors import IndexDamaged
from index.refusals import refusal

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from index.encode.protocol import Vectors

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS models (number INTEGER PRIMARY KEY, identity TEXT NOT NULL UNIQUE);
CREATE TABLE IF NOT EXISTS embeddings (model INTEGER NOT NULL, sha256 BLOB NOT NULL, vector BLOB NOT NULL);
CREATE UNIQUE INDEX IF NOT EXISTS by_text ON embeddings (model, sha256);
"""
_CHUNK: Final = 500


_SUM: Final = 4  # bytes of the checksum behind a vector; entries of older versions have none


class EmbeddingCache:
    """The embeddings of one model; raises ``IndexDamaged`` where the file is no database any more."""

    def __init__(self, path: Path, identity: str, dimension: int) -> None:
        self._path = path
        self._dimension = dimension
        with _mended(path):
            self._db = sqlite3.connect(path, isolation_level=None)
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._db.executescript(_SCHEMA)
            self._db.execute("INSERT OR IGNORE INTO models (identity) VALUES (?)", (identity,))
            (self._model,) = self._db.execute("SELECT number FROM models WHERE identity = ?", (identity,)).fetchone()

    def get(self, texts: Sequence[str]) -> dict[str, Vectors]:
        """Return the vectors, (dimension,), of those texts that are known and undamaged."""
        by_hash = {sha256(text): text for text in texts}
        found: dict[str, Vectors] = {}
        hashes = list(by_hash)
        for start in range(0, len(hashes), _CHUNK):
            chunk = hashes[start : start + _CHUNK]
            marks = ", ".join("?" * len(chunk))
            wanted = f"SELECT sha256, vector FROM embeddings WHERE model = ? AND sha256 IN ({marks})"
            with _mended(self._path):
                entries = self._db.execute(wanted, (self._model, *chunk)).fetchall()
            for key, blob in entries:
                if is_sound(key, blob, self._dimension):
                    found[by_hash[key]] = np.frombuffer(blob, dtype="<f4", count=self._dimension)
        return found

    def put(self, texts: Sequence[str], vectors: Vectors) -> None:
        """Remember the vectors, (n, dimension) float32, of ``texts``; durable when it returns."""
        rows = np.ascontiguousarray(vectors, dtype="<f4")
        hashes = map(sha256, texts)
        with _mended(self._path):
            self._db.execute("BEGIN")
            self._db.executemany(
                "INSERT OR REPLACE INTO embeddings VALUES (?, ?, ?)",
                ((self._model, key, _summed(key, row.tobytes())) for key, row in zip(hashes, rows, strict=True)),
            )
            self._db.execute("COMMIT")

    def keep_only(self, hashes: Collection[bytes]) -> int:
        """Forget, with no trace left in the file, all embeddings but those of texts of these hashes; return how many.

        Those of other models go too.
        """
        with _mended(self._path):
            self._db.execute("CREATE TEMP TABLE wanted (sha256 BLOB PRIMARY KEY)")
            self._db.executemany("INSERT OR IGNORE INTO wanted VALUES (?)", ((key,) for key in hashes))
            forgotten = self._db.execute(
                "DELETE FROM embeddings WHERE model != ? OR sha256 NOT IN (SELECT sha256 FROM wanted)", (self._model,)
            ).rowcount
            self._db.execute("DELETE FROM models WHERE number != ?", (self._model,))
            self._db.execute("VACUUM")
        return int(forgotten)

    def close(self) -> None:
        """Close the file."""
        self._db.close()


def take_back(path: Path) -> None:
    """Take back what a killed writer half did, so that nothing of it lies about: for who holds the writer's lock."""
    journal = path.with_name(path.name + "-journal")
    if journal.exists():
        with _mended(path), closing(sqlite3.connect(path)) as db:
            db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        journal.unlink(missing_ok=True)  # one that had nothing to take back is left lying by SQLite


def is_sound(key: bytes, blob: bytes, dimension: int) -> bool:
    """Tell whether an entry, its text's hash and what is stored under it, is as it was written."""
    size = dimension * 4
    return len(blob) == size or (len(blob) == size + _SUM and _summed(key, blob[:size]) == blob)


def _summed(key: bytes, vector: bytes) -> bytes:
    return vector + zlib.crc32(key + vector).to_bytes(_SUM, "little")


@contextmanager
def _mended(path: Path) -> Iterator[None]:
    """Say of a cache that is no database any more what to do about it."""
    try:
        yield
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        raise refusal(path, error) or IndexDamaged(
            f"{path} cannot be used ({error}); remove it, then texts are encoded again"
        ) from error


def sha256(text: str) -> bytes:
    """Return the key of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()

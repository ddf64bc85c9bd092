"""SQLite's full-text search, with Porter's stems."""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from typing import TYPE_CHECKING

from benchmarks.speed.data import EVERYTHING
from benchmarks.speed.systems.protocol import Unsupported

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.speed.data import Data


class FTS5(Unsupported):
    """One table; it keeps the text. Stop words are left out of the questions, as it has no list of them."""

    MODES = ("keyword",)

    def build(self, data: Data, folder: Path) -> None:
        """Insert all passages in one transaction, then merge the index."""
        with closing(sqlite3.connect(folder / "passages.sqlite", isolation_level=None)) as db:
            db.execute("CREATE VIRTUAL TABLE passages USING fts5(body, tokenize = 'porter unicode61')")
            db.execute("CREATE TABLE buckets (number INTEGER PRIMARY KEY, bucket INTEGER NOT NULL)")
            db.execute("BEGIN")
            db.executemany("INSERT INTO passages (rowid, body) VALUES (?, ?)", enumerate(data.texts()))
            db.executemany("INSERT INTO buckets VALUES (?, ?)", enumerate(data.buckets().tolist()))
            db.execute("COMMIT")
            db.execute("INSERT INTO passages (passages) VALUES ('optimize')")

    def open(self, data: Data, folder: Path) -> None:
        """Remember the file; each thread has a connection of its own."""
        self._path = folder / "passages.sqlite"
        self._threads = threading.local()

    def keyword(self, query: str, limit: int, allowed: int) -> Sequence[int]:
        """Return the best passages by words, any of which may occur."""
        from benchmarks.speed.systems.stemming import words

        asked = " OR ".join(f'"{word}"' for word in words(query))
        among = "" if allowed == EVERYTHING else "AND (SELECT bucket FROM buckets WHERE number = passages.rowid) < ?"
        given = (asked, limit) if allowed == EVERYTHING else (asked, allowed, limit)
        wanted = f"SELECT rowid FROM passages WHERE passages MATCH ? {among} ORDER BY rank LIMIT ?"
        return [number for (number,) in self._connection().execute(wanted, given)]

    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._threads, "db"):
            self._threads.db = sqlite3.connect(self._path)
        db: sqlite3.Connection = self._threads.db
        return db

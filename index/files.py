"""The source files of a snapshot: what each looked like when it was read, and which articles it holds but does not own.

A file is known again by its size and time of change, or else by the sha256 of its content. An article belongs to the
file that had it first; where another file has one of the same id, that is an echo.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator, Sequence

    from index.store_writer import StoreWriter


class Files:
    """The files of one store, within its writer's transaction."""

    def __init__(self, store: StoreWriter) -> None:
        self._db: sqlite3.Connection = store.connection

    def number(self, path: Path) -> int | None:
        """Return the number of a file that was read before."""
        found = self._db.execute("SELECT number FROM files WHERE path = ?", (os.fsencode(path),)).fetchone()
        return None if found is None else int(found[0])

    def is_unchanged(self, number: int, path: Path, parts: Sequence[Path] = ()) -> bool:
        """Tell whether a file is as it was when it was read; with its look, that is all one has to know."""
        mark, digest = self._db.execute("SELECT mark, digest FROM files WHERE number = ?", (number,)).fetchone()
        if mark == "":
            return False
        look = looked_at(path, parts)
        if mark == look:
            return True
        if digest is None or digest != content_digest(path, parts):
            return False
        self._db.execute("UPDATE files SET mark = ? WHERE number = ?", (look, number))
        return True

    def add(self, path: Path) -> int:
        """Return the number of a file, new or known; it counts as unread until ``settle``."""
        name = os.fsencode(path)
        self._db.execute(
            "INSERT INTO files (path, mark) VALUES (?, '') ON CONFLICT DO UPDATE SET mark = ''",
            (name,),
        )
        number = int(self._db.execute("SELECT number FROM files WHERE path = ?", (name,)).fetchone()[0])
        self._db.execute("DELETE FROM echoes WHERE file = ?", (number,))
        return number

    def settle(self, number: int, look: str, digest: bytes | None) -> None:
        """Remember what a file looked like before it was read from start to end."""
        self._db.execute("UPDATE files SET mark = ?, digest = ? WHERE number = ?", (look, digest, number))

    def paths(self) -> Iterator[tuple[int, Path]]:
        """Yield (number, path) of every file."""
        for number, name in self._db.execute("SELECT number, path FROM files ORDER BY number").fetchall():
            yield number, Path(os.fsdecode(name))

    def forget(self, number: int) -> None:
        """Forget a file that is gone."""
        self._db.execute("DELETE FROM files WHERE number = ?", (number,))
        self._db.execute("DELETE FROM echoes WHERE file = ?", (number,))

    def unread(self, number: int) -> None:
        """Have a file read again, whatever it looks like."""
        self._db.execute("UPDATE files SET mark = '' WHERE number = ?", (number,))

    def echo(self, number: int, article_id: str) -> None:
        """Remember that a file holds an article that is not taken from it."""
        self._db.execute("INSERT OR IGNORE INTO echoes VALUES (?, ?)", (article_id, number))

    def echoing(self, article_id: str) -> list[int]:
        """Return the files that hold an article without owning it."""
        wanted = "SELECT file FROM echoes WHERE id = ? ORDER BY file"
        return [number for (number,) in self._db.execute(wanted, (article_id,))]


def looked_at(path: Path, parts: Sequence[Path] = ()) -> str:
    """Return what a file and its parts look like from outside: sizes and times of change; "" where it has none."""
    try:
        found = [each.stat() for each in (path, *parts)]
    except (OSError, ValueError):
        return ""
    return " ".join(f"{each.st_size}:{each.st_mtime_ns}:{each.st_ino}" for each in found)


def content_digest(path: Path, parts: Sequence[Path] = ()) -> bytes | None:
    """Return the sha256 of a file and its parts, ``None`` where they cannot be read or are no regular files."""
    total = hashlib.sha256()
    for each in (path, *parts):
        try:
            descriptor = os.open(each, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            with os.fdopen(descriptor, "rb") as file:
                total.update(hashlib.file_digest(file, "sha256").digest())
        except (OSError, ValueError):
            return None
    return total.digest()

"""What a store may hold before anything else is asked of it: a file that somebody else made must not steer us.

SQLite runs what a schema says: triggers with every write, views in place of tables, defaults and checks. So the schema
must be ours to the letter. No value may be larger than any we write, however large a record says it is.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache
from typing import TYPE_CHECKING, Final

from index.errors import IndexDamaged
from index.schema import TABLES

if TYPE_CHECKING:
    from pathlib import Path

LONGEST: Final = 64 << 20
"""Bytes of one value: a line of a source has at most 16 MiB."""
_SCHEMA: Final = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"


def restrain(db: sqlite3.Connection) -> None:
    """Bound what a connection may be made to do by the file it has opened; call it first."""
    db.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
    db.setlimit(sqlite3.SQLITE_LIMIT_ATTACHED, 1)  # VACUUM INTO needs one
    db.execute("PRAGMA cell_size_check = ON")


def check_schema(db: sqlite3.Connection, path: Path) -> None:
    """Raise ``IndexDamaged`` where a store has a table, index, trigger or view that we do not make; none must run.

    What is missing is damage of another kind, told by what needs it.
    """
    foreign = _schema(db) - _ours()
    if foreign:
        kind, name = min(foreign)[:2]
        raise IndexDamaged(f"{path} has a {kind} {name!r} that no store has; run `broadsheet index rebuild`")


@cache
def _ours() -> frozenset[tuple[str, ...]]:
    with closing(sqlite3.connect(":memory:")) as db:
        db.executescript(TABLES)
        return _schema(db)


def _schema(db: sqlite3.Connection) -> frozenset[tuple[str, ...]]:
    """Return the schema, with white space evened out."""
    return frozenset(tuple(" ".join(str(part).split()) for part in entry) for entry in db.execute(_SCHEMA))

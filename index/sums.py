"""Sums over what the store holds, kept by triggers: a bit that flipped on the disk is found, and in which article.

SQLite notices damage to its structure, not to what the records say. ``sums`` holds for each article the exclusive or
of 64-bit hashes of its records, and one such number for each of the small tables. Whatever a statement changes takes
the old record out and puts the new one in, so that damage shows until the article is gone: writing never blesses it.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_ARTICLES: Final = (
    "number, id, title, url, source, section, place, published, published_text, authors, editors, topics, path, "
    "reported_comments, digest, file, seen"
)
_PASSAGES: Final = (
    "row, article, kind, position, text, author, posted, posted_text, comment_id, parent, reply_to, time, furniture, "
    "stack, answers, answers_score"
)
SMALL: Final = {
    "meta": "key, value",
    "gone": "row",
    "chores": "row",
    "files": "number, path, mark, digest",
    "echoes": "id, file",
}
"""The small tables and their columns."""
_KEYS: Final = {"articles": "number", "passages": "article"} | dict.fromkeys(SMALL, "0")
_COLUMNS: Final = {"articles": _ARTICLES, "passages": _PASSAGES} | SMALL
_TOLD: Final = json.JSONEncoder(default=bytes.hex, check_circular=False)


def _added(table: str, age: str) -> str:
    """Return the statement that takes one record of ``table`` in or out: with exclusive or that is the same."""
    values = ", ".join(f"{age}.{name}" for name in _COLUMNS[table].split(", "))
    key = _KEYS[table] if _KEYS[table] == "0" else f"{age}.{_KEYS[table]}"
    return (
        f"INSERT INTO sums VALUES ('{_scope(table)}', {key}, row_sum('{table}', {values})) "
        "ON CONFLICT DO UPDATE SET sum = (sum | excluded.sum) & ~(sum & excluded.sum);"
    )


def _scope(table: str) -> str:
    return "articles" if table == "passages" else table


def _triggers(table: str) -> str:
    new, old = _added(table, "new"), _added(table, "old")
    # What is gone cannot be damaged any more.
    gone = "DELETE FROM sums WHERE scope = 'articles' AND key = old.number;" if table == "articles" else old
    return (
        f"CREATE TRIGGER sum_of_new_{table} AFTER INSERT ON {table} BEGIN {new} END;\n"
        f"CREATE TRIGGER sum_of_changed_{table} AFTER UPDATE ON {table} BEGIN {old} {new} END;\n"
        f"CREATE TRIGGER sum_of_gone_{table} AFTER DELETE ON {table} BEGIN {gone} END;\n"
    )


SCHEMA: Final = (
    "CREATE TABLE sums (scope TEXT NOT NULL, key INTEGER NOT NULL, sum INTEGER NOT NULL, PRIMARY KEY (scope, key)) "
    "WITHOUT ROWID;\n" + "".join(map(_triggers, _COLUMNS))
)


def register(db: sqlite3.Connection) -> None:
    """Make ``row_sum`` known to a connection; nobody can write the store without it."""
    db.create_function("row_sum", -1, _row_sum, deterministic=True)


def damaged_articles(db: sqlite3.Connection) -> list[int]:
    """Return the numbers of the articles whose records are not what was written, ascending."""
    kept = dict(db.execute("SELECT key, sum FROM sums WHERE scope = 'articles'"))
    own, cut = _totals(db, "articles"), _totals(db, "passages")
    return sorted(key for key in kept.keys() | own.keys() | cut.keys() if _joined(own, cut, key) != kept.get(key, 0))


def damaged_tables(db: sqlite3.Connection) -> list[str]:
    """Return the small tables whose records are not what was written."""
    kept = dict(db.execute("SELECT scope, sum FROM sums WHERE scope != 'articles'"))
    return [table for table in SMALL if _totals(db, table).get(0, 0) != kept.get(table, 0)]


def suspend(db: sqlite3.Connection) -> None:
    """Keep no sums until ``renew`` or ``resume``: damaged records can be taken out, and many be added at once."""
    for table in _COLUMNS:
        for age in ("new", "changed", "gone"):
            db.execute(f"DROP TRIGGER IF EXISTS sum_of_{age}_{table}")
    db.execute("DELETE FROM sums")


def renew(db: sqlite3.Connection) -> None:
    """Take everything for right as it stands, after a repair, and keep sums of it from here on."""
    own, cut = _totals(db, "articles"), _totals(db, "passages")
    keep(db, ((key, _joined(own, cut, key)) for key in own.keys() | cut.keys()))
    resume(db)


def resume(db: sqlite3.Connection) -> None:
    """Keep sums from here on; those of articles are there already (``keep``)."""
    totals = [(table, total) for table in SMALL for total in _totals(db, table).values()]
    db.executemany("INSERT INTO sums VALUES (?, 0, ?)", totals)
    for statement in filter(None, "".join(map(_triggers, _COLUMNS)).split("\n")):
        db.execute(statement)


def keep(db: sqlite3.Connection, totals: Iterable[tuple[int, int | None]]) -> None:
    """Write the sums of articles, given by number, while sums are suspended."""
    db.executemany("INSERT INTO sums VALUES ('articles', ?, ?)", totals)


def of_record(table: str, values: Iterable[object]) -> int:
    """Return the sum of one record, whose values stand in the order of the table's columns, as SQLite gives them."""
    return _row_sum(table, *values)


def _joined(own: dict[int, int | None], cut: dict[int, int | None], key: int) -> int | None:
    first, second = own.get(key, 0), cut.get(key, 0)
    return None if first is None or second is None else first ^ second


def _totals(db: sqlite3.Connection, table: str) -> dict[int, int | None]:
    """Return the sum of each article's records in ``table``, under 0 that of a small one; ``None`` where unreadable."""
    key = _KEYS[table]
    wanted = f"SELECT {key}, row_sum('{table}', {_COLUMNS[table]}) FROM {table}"
    try:
        return _summed(db.execute(wanted))
    except (sqlite3.OperationalError, UnicodeDecodeError):  # the bytes of some text are no text
        totals: dict[int, int | None] = {}
        for (number,) in db.execute(f"SELECT DISTINCT {key} FROM {table}").fetchall():
            try:
                totals |= _summed(db.execute(f"{wanted} WHERE {key} = ?", (number,)))
            except (
                sqlite3.OperationalError,
                UnicodeDecodeError,
            ):  # the bytes of some text are no text
                totals[number] = None
        return totals


def _summed(records: Iterable[tuple[int, int]]) -> dict[int, int | None]:
    totals: dict[int, int] = {}
    for key, each in records:
        totals[key] = totals.get(key, 0) ^ each
    return dict(totals)


def _row_sum(*values: object) -> int:
    told = _TOLD.encode(values).encode("ascii")
    return int.from_bytes(hashlib.blake2b(told, digest_size=8).digest(), "big", signed=True)

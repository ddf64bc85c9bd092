"""Articles and comments that lie apart, put together by key, in memory that does not grow with them.

The comments go to a temporary SQLite database, from which those of an article are taken when it is read.
"""

from __future__ import annotations

import json
import tempfile
from contextlib import closing, contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.sources import columns, jsonl
from index.sources.fields import Fields, Record, article_record, comment_record, key_of, text_in
from index.sources.records import Note, NotRead, Report, Skip

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Mapping

    from index.model import Article
    from index.sources.fields import Column
    from index.sources.rows import Row

_TABLES = """
    pragma journal_mode = off;
    pragma synchronous = off;
    pragma cache_size = -65536;
    create table comments (key text not null, record text not null);
    create table articles (key text not null);
"""
_BATCH = 1000
_NOT_TAKEN = "key not in (select key from articles)"
_FEW = 5  # keys named in a note


class Shelf:
    """Comments by the key of their article, on disk."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database

    def put(self, comments: Iterable[tuple[str, Record]]) -> None:
        """Add comments, each with its article's key."""
        encoded = ((key, json.dumps(record)) for key, record in comments)
        while batch := list(islice(encoded, _BATCH)):
            self._database.executemany("insert into comments values (?, ?)", batch)

    def close(self) -> None:
        """Make the comments findable; none can be added any more."""
        self._database.execute("create index by_key on comments (key)")

    def take(self, key: str, most: int) -> list[Record]:
        """Return the first comments of an article, and remember that it was there."""
        self._database.execute("insert into articles values (?)", (key,))
        return self.look(key, most)

    def look(self, key: str, most: int) -> list[Record]:
        """Return the first comments under a key, in the order they came."""
        found = self._database.execute("select record from comments where key = ? order by rowid limit ?", (key, most))
        return [json.loads(record) for (record,) in found]

    def orphans(self) -> tuple[int, list[str]]:
        """Return how many comments have no article, and the first of their keys."""
        ((count,),) = self._database.execute(f"select count(*) from comments where {_NOT_TAKEN}")
        keys = islice(self.keys_left(), _FEW) if count else ()
        return count, list(keys)

    def keys_left(self) -> Iterator[str]:
        """Yield the keys no article had, in the order of their first comments."""
        asked = f"select key from comments where {_NOT_TAKEN} group by key order by min(rowid)"
        with closing(self._database.cursor()) as cursor:
            for (key,) in cursor.execute(asked):
                yield key


@contextmanager
def shelf() -> Iterator[Shelf]:
    """Open a shelf in the temporary folder; it is removed whatever happens."""
    import sqlite3  # not needed before data is joined

    try:
        with (
            tempfile.TemporaryDirectory(prefix="broadsheet-") as folder,
            closing(sqlite3.connect(Path(folder) / "comments.sqlite")) as database,
        ):
            database.executescript(_TABLES)
            yield Shelf(database)
    except sqlite3.Error as fault:
        raise NotRead(f"its comments cannot be kept in the temporary folder: {fault}") from None


def article_of(row: Row, fields: Fields, comments: list[Record] | None = None) -> Article:
    """Return the article of a row, with the comments its own record nests and those given."""
    record = article_record(row.cells, fields)
    nested = record.pop("comments", None)
    if isinstance(nested, list):
        record["comments"] = list(_nested(nested))
    elif nested is not None and "reported_comments" not in record:
        count = text_in(nested) or ""
        record |= {"reported_comments": int(count)} if count.isdecimal() and len(count) < 10 else {}  # noqa: PLR2004
    if comments:
        record["comments"] = [*record.get("comments", ()), *comments]
    return jsonl.article_from_dict(record, row.where)


def keyed_comments(rows: Iterable[Row], fields: Fields, report: Report) -> Iterator[tuple[str, Record]]:
    """Yield the comments of rows with the keys of their articles; rows without text or key are reported."""
    for row in rows:
        record = comment_record(row.cells, fields)
        key = key_of(row.cells, fields["article"])
        if not record:
            report(Skip(row.where, "a comment without text"))
        elif not key:
            report(Skip(row.where, f"a comment without a value in {fields['article'].name!r}, its article"))
        else:
            yield key, record | _about_article(row.cells, fields)


def joined(
    rows: Iterable[Row], fields: Fields, key: Column, kept: Shelf, most: int, report: Report
) -> Iterator[Article]:
    """Yield the articles of rows with their comments from the shelf; rows that give none are reported."""
    for row in rows:
        found = key_of(row.cells, key)
        comments = kept.take(found, most) if found else []
        try:
            yield article_of(row, fields, comments)
        except NotRead as fault:
            report(Skip(row.where, str(fault)))


def grouped(kept: Shelf, name: str, most: int, prefix: str = "") -> Iterator[Article]:
    """Yield an article for each key that had none, with its comments alone."""
    for key in kept.keys_left():
        comments = kept.look(key, most)
        about = {field: value for field in ("title", "url") for value in _first(comments, f"article_{field}")}
        record = {"id": f"{prefix}{key}", "comments": comments, **about}
        yield jsonl.article_from_dict(record, name)


def tell_orphans(kept: Shelf, name: str, report: Report, *, keep: bool) -> None:
    """Report the comments whose article was not there."""
    count, keys = kept.orphans()
    if count:
        named = ", ".join(keys) + (", …" if len(keys) == _FEW else "")
        fate = "kept as articles of their own" if keep else 'left out; orphans = "keep" keeps them'
        report(Note(name, f"{count:,} comments have no article ({named}): {fate}"))


def _about_article(cells: Mapping[str, Any], fields: Fields) -> Record:
    """Return what a comment's row says of its article, for comments that come without it."""
    told = {field: key_of(cells, fields[field]) for field in ("article_title", "article_url") if field in fields}
    return {field: value for field, value in told.items() if value}


def _first(comments: list[Record], field: str) -> list[Any]:
    return [comment[field] for comment in comments if field in comment][:1]


def _nested(comments: list[Any]) -> Iterator[object]:
    """Yield the comments inside an article's record in our own form; what is none is left for the reader to name."""
    for item in comments:
        found = columns.comment_fields(item) if isinstance(item, dict) else None
        yield comment_record(item, found) if found is not None else item

"""The single truth: articles and passages in SQLite. A passage exists if and only if this file says so.

A reader keeps one read transaction open, so that all it ever tells is one committed state; its threads take turns.
``index.store_writer`` writes the file, which is in SQLite's write-ahead mode: neither waits for the other.
"""

from __future__ import annotations

import sqlite3
import threading
from typing import TYPE_CHECKING, Any, Final

from index.errors import IndexDamaged, IndexLocked, NotFound
from index.model import Article, ArticleInfo, Kind, Passage, Place
from index.refusals import refusal
from index.schema import INFO, PASSAGE, comment, info, kind_of, passage, sensible
from index.shown import shown
from index.store_guard import check_schema, restrain
from index.tally import FOUND_AS, tally

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from index.keyword.protocol import Rows
    from index.shown import Shown
    from index.tally import Tally

UNREADABLE: Final = (sqlite3.DatabaseError, UnicodeDecodeError)
"""What reading a damaged file raises; SQLite's own message about it may quote bytes that are no text."""
_UNMARKED: Final = (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL)
_MOST: Final = 1 << 53
_CACHE_KIB: Final = 65_536  # at most; it fills with what is read
_CHUNK: Final = 500  # bound parameters a statement, below every SQLite build's limit


class Store:
    """Reads a store, from any number of threads; over ``db`` where a writer reads what it has not committed yet."""

    def __init__(self, path: Path, db: sqlite3.Connection | None = None) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._facts: tuple[int, int] | None = None
        try:
            self._db, self._facts = (db, None) if db else _opened(path)
        except UNREADABLE as error:
            raise refusal(path, error) or IndexDamaged(
                f"{path} cannot be opened ({error}); run `broadsheet index rebuild`"
            ) from error

    def numbers(self) -> dict[str, int]:
        """Return the facts of this state: ``generation``, ``next_row``, ``passages`` and ``vectors``."""
        try:
            numbers = {key: int(value) for key, value in self._all("SELECT key, value FROM meta")}
        except (ValueError, TypeError) as error:
            raise IndexDamaged(f"{self._path} is damaged ({error}); run `broadsheet index verify`") from error
        if odd := [key for key, value in numbers.items() if not 0 <= value <= _MOST]:
            raise IndexDamaged(f"{self._path} says {odd[0]} = {numbers[odd[0]]}; run `broadsheet index verify`")
        return numbers

    def text_count(self) -> int:
        """Return how many passages have vectors that count."""
        ((count,),) = self._all("SELECT count(*) FROM passages WHERE furniture = 0")
        return int(count)

    def masked(self) -> list[int]:
        """Return the rows whose vectors do not count, ascending: removed passages and furniture."""
        wanted = "SELECT row FROM gone UNION SELECT row FROM passages WHERE furniture ORDER BY 1"
        return [row for (row,) in self._all(wanted)]

    def unsettled(self) -> list[int]:
        """Return the rows whose keyword documents are not what they should be, ascending."""
        return [row for (row,) in self._all("SELECT row FROM chores ORDER BY row")]

    def counts(self) -> tuple[int, int, Mapping[Kind, int]]:
        """Return the number of articles, of undated articles, and of passages by the kind they are found as."""
        ((articles, undated),) = self._all("SELECT count(*), coalesce(sum(published IS NULL), 0) FROM articles")
        kinds = dict(self._all(f"SELECT {FOUND_AS}, count(*) FROM passages AS p GROUP BY 1"))
        return articles, undated, {kind: kinds.get(kind.value, 0) for kind in Kind}

    def passages(self, rows: Sequence[int]) -> dict[int, Passage]:
        """Return the passages of ``rows``; unknown rows are left out."""
        found: dict[int, Passage] = {}
        for chunk in _chunks(rows):
            marks = ", ".join("?" * len(chunk))
            for record in self._all(
                f"SELECT {PASSAGE} FROM passages p JOIN articles a ON a.number = p.article WHERE p.row IN ({marks})",
                chunk,
            ):
                found[record[0]] = passage(record)
        return found

    def articles(self, ids: Sequence[str]) -> dict[str, ArticleInfo]:
        """Return the articles of those ids, without their text; unknown ids are left out."""
        found: dict[str, ArticleInfo] = {}
        for chunk in _chunks(list(dict.fromkeys(ids))):
            marks = ", ".join("?" * len(chunk))
            for record in self._all(f"SELECT {INFO} FROM articles WHERE id IN ({marks})", chunk):
                found[record[0]] = ArticleInfo(**info(record))
        return found

    def article(self, article_id: str) -> Article:
        """Return a whole article; raises ``NotFound``."""
        infos = self._all(f"SELECT {INFO} FROM articles WHERE id = ?", (article_id,))
        if not infos:
            raise NotFound(f"no article {article_id!r} in this index; `broadsheet search` lists ids that exist")
        passages = self.passages_of(article_id)
        return Article(
            **info(infos[0]),
            paragraphs=tuple(found.text for found in passages if found.kind is Kind.PARAGRAPH),
            captions=tuple(found.text for found in passages if found.kind is Kind.CAPTION),
            comments=tuple(comment(found) for found in passages if found.kind is Kind.COMMENT),
            furniture=tuple(found.text for found in passages if found.kind is Kind.FURNITURE),
        )

    def passages_of(self, article_id: str) -> list[Passage]:
        """Return the passages of an article in reading order; empty where there is none."""
        records = self._all(
            f"SELECT {PASSAGE} FROM passages p JOIN articles a ON a.number = p.article WHERE a.id = ? ORDER BY p.row",
            (article_id,),
        )
        return [passage(record) for record in records]

    def row(self, passage: str) -> int:
        """Return the row of a passage id; raises ``NotFound``."""
        article_id, _, mark = passage.rpartition("#")
        kind = next((kind for kind in Kind if kind.mark == mark[:1]), None)
        position = mark[1:] or "1"
        if kind is not None and position.isascii() and position.isdigit():
            found = self._all(
                "SELECT p.row FROM passages p JOIN articles a ON a.number = p.article "
                "WHERE a.id = ? AND p.kind = ? AND p.position = ?",
                (article_id, kind.value, min(int(position), 2**62)),
            )
            if found:
                return int(found[0][0])
        raise NotFound(f"no passage {passage!r} in this index; `broadsheet search` lists ids that exist")

    def shown(self, rows: Sequence[int], named: Sequence[int]) -> Shown:
        """Return what a page shows of ``rows``, and the ids of those that are ``named`` besides."""
        return shown(self._all, rows, named)

    def article_ids(self, numbers: Sequence[int]) -> dict[int, str]:
        """Return the id of each article of those numbers; unknown ones are left out."""
        return dict(self._among("SELECT number, id FROM articles WHERE number", numbers))

    def places(self, rows: Sequence[int]) -> dict[int, Place]:
        """Return where each of ``rows`` stands, by its record: what is not committed yet too; others are left out."""
        records = self._among("SELECT row, article, kind, stack FROM passages WHERE row", rows)
        with sensible():
            return {row: Place(article, kind_of(kind), stack) for row, article, kind, stack in records}

    def tally(self, rows: Rows) -> Tally:
        """Return how many of ``rows`` have each value of the metadata, and each time."""
        with sensible():
            return tally(self._all, rows)

    def times(self, rows: Sequence[int]) -> dict[int, int | None]:
        """Return the time of each of ``rows``, in seconds since the epoch; unknown rows are left out."""
        found: dict[int, int | None] = {}
        for chunk in _chunks(rows):
            marks = ", ".join("?" * len(chunk))
            found.update(self._all(f"SELECT row, time FROM passages WHERE row IN ({marks})", chunk))
        return found

    def stacks(self, rows: Sequence[int]) -> dict[int, int]:
        """Return the leader of the stack of each of ``rows`` that is in one; a leader leads itself."""
        return dict(self._among("SELECT row, stack FROM passages WHERE stack IS NOT NULL AND row", rows))

    def texts_of(self, rows: Sequence[int]) -> dict[int, str]:
        """Return the texts of those of ``rows`` that are there and may stack: furniture does not."""
        return dict(self._among("SELECT row, text FROM passages WHERE furniture = 0 AND row", rows))

    def members(self, leaders: Sequence[int]) -> dict[int, list[int]]:
        """Return the rows of the stack of each leader, its own too, the earliest first, undated ones last."""
        found: dict[int, list[int]] = {}
        order = "ORDER BY time IS NULL, time, row"
        for leader, row in self._among("SELECT stack, row FROM passages WHERE stack", leaders, order):
            found.setdefault(leader, []).append(row)
        return found

    def answers(self, rows: Sequence[int]) -> dict[int, tuple[int, float]]:
        """Return (row of the paragraph it answers, score in 0..1) of each of ``rows`` that answers one."""
        statement = "SELECT row, answers, answers_score FROM passages WHERE answers IS NOT NULL AND row"
        return {row: (paragraph, score) for row, paragraph, score in self._among(statement, rows)}

    def answered_by(self, rows: Sequence[int]) -> dict[int, list[int]]:
        """Return the rows of the comments that answer each of ``rows``, by row; unanswered ones are left out."""
        found: dict[int, list[int]] = {}
        for paragraph, row in self._among("SELECT answers, row FROM passages WHERE answers", rows, "ORDER BY row"):
            found.setdefault(paragraph, []).append(row)
        return found

    def read(self, statement: str, values: Sequence[object]) -> list[Any]:
        """Return the records of a statement of those who keep tables of their own in the store."""
        return self._all(statement, values)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def _all(self, statement: str, values: Sequence[object] = ()) -> list[Any]:
        try:
            with self._lock:
                found = self._db.execute(statement, values).fetchall()
        except UNREADABLE as error:
            raise refusal(self._path, error) or IndexDamaged(
                f"{self._path} cannot be read ({error}); run `broadsheet index rebuild`"
            ) from error
        if self._facts is not None and _facts(self._path) != self._facts:
            raise IndexLocked(f"{self._path} was written to meanwhile; ask again")
        return found

    def _among(self, statement: str, values: Sequence[int], order: str = "") -> Iterator[Any]:
        """Yield the records of a statement that ends where ``IN (…)`` follows, a chunk of ``values`` at a time."""
        for chunk in _chunks(values):
            yield from self._all(f"{statement} IN ({', '.join('?' * len(chunk))}) {order}", chunk)


def _opened(path: Path) -> tuple[sqlite3.Connection, tuple[int, int] | None]:
    """Open a store for reading and pin what it holds now: a writer's later commits stay invisible.

    Where SQLite cannot keep the marks that see to that, the facts by which a change is known come with it.
    """
    try:
        return _pinned(path, "mode=ro"), None
    except sqlite3.OperationalError as error:
        code = getattr(error, "sqlite_errorcode", 0)  # Python's own, of text that is none, has no code
        if code & 0xFF not in _UNMARKED or _log_size(path):
            raise
        facts = _facts(path)
        return _pinned(path, "mode=ro&immutable=1"), facts  # no room for SQLite's marks, or nobody may write there


def _log_size(path: Path) -> int:
    """Return how much there is that was committed and is not in the store's own file yet: marks are needed for it."""
    log = path.with_name(path.name + "-wal")
    return log.stat().st_size if log.exists() else 0


def _facts(path: Path) -> tuple[int, int]:
    """Return what tells that a file was written to."""
    facts = path.stat()
    return facts.st_mtime_ns, facts.st_size


def _pinned(path: Path, options: str) -> sqlite3.Connection:
    db = sqlite3.connect(
        f"{path.absolute().as_uri()}?{options}", uri=True, check_same_thread=False, isolation_level=None
    )
    try:
        restrain(db)
        db.execute("PRAGMA busy_timeout = 10000")
        # Not mapped: SQLite would check the cells of a page at each visit, where a cached one is checked once.
        db.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        db.execute("BEGIN")
        check_schema(db, path)
    except BaseException:
        db.close()
        raise
    return db


def _chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]

"""The single truth: articles and passages in SQLite. A passage exists if and only if this file says so.

Readers open it read-only, one connection a thread. Writers add in batches and commit once: that commit is the
moment a passage begins to exist, whatever the keyword engine and the vectors already hold.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from index.errors import IndexDamaged, NotFound
from index.model import Article, ArticleInfo, Comment, Kind, Passage
from index.passages import passage_id, seconds, when

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

_SCHEMA: Final = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, title TEXT, url TEXT, source TEXT, section TEXT,
    place TEXT, published TEXT, published_text TEXT, authors TEXT NOT NULL, editors TEXT NOT NULL,
    topics TEXT NOT NULL, path TEXT, reported_comments INTEGER
);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES articles (number), kind TEXT NOT NULL,
    position INTEGER NOT NULL, text TEXT NOT NULL, author TEXT, posted TEXT, posted_text TEXT,
    comment_id TEXT, parent TEXT, reply_to TEXT, time INTEGER, UNIQUE (article, kind, position)
);
"""
_INFO: Final = (
    "id, title, url, source, section, place, published, published_text, authors, editors, topics, path, "
    "reported_comments"
)
_PASSAGE: Final = (
    "p.row, a.id, p.kind, p.position, p.text, p.author, p.posted, p.posted_text, p.comment_id, p.parent, p.reply_to"
)
_CHUNK: Final = 500  # bound parameters a statement, below every SQLite build's limit


class StoreWriter:
    """Writes one snapshot's store."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA synchronous = FULL")

    @classmethod
    def create(cls, path: Path) -> StoreWriter:
        """Create an empty store."""
        writer = cls(path)
        writer._db.executescript(_SCHEMA)
        return writer

    def begin(self) -> None:
        """Start the transaction that the next ``commit`` ends."""
        self._db.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Make everything since ``begin`` durable and visible, at once."""
        self._db.execute("COMMIT")

    def add_article(self, article: ArticleInfo) -> int | None:
        """Add an article and return its number; ``None`` where one of this id is there already."""
        values = (
            article.id,
            article.title,
            article.url,
            article.source,
            article.section,
            article.place,
            _written(article.published),
            article.published_text,
            json.dumps(article.authors),
            json.dumps(article.editors),
            json.dumps(article.topics),
            article.path,
            article.reported_comments,
        )
        marks = ", ".join("?" * len(values))
        cursor = self._db.execute(f"INSERT OR IGNORE INTO articles ({_INFO}) VALUES ({marks})", values)
        return cursor.lastrowid if cursor.rowcount else None

    def add_passages(self, number: int, article: ArticleInfo, passages: Iterable[tuple[int, Passage]]) -> None:
        """Add (row, passage) pairs of ``article``, which has that number."""
        self._db.executemany(
            "INSERT INTO passages VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (
                    row,
                    number,
                    passage.kind.value,
                    passage.position,
                    passage.text,
                    passage.author,
                    _written(passage.posted),
                    passage.posted_text,
                    passage.comment_id,
                    passage.parent,
                    passage.reply_to,
                    seconds(when(passage, article)),
                )
                for row, passage in passages
            ),
        )

    def set_meta(self, key: str, value: str) -> None:
        """Remember a fact of the snapshot."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def texts(self) -> Iterator[tuple[int, str]]:
        """Yield (row, text) of every passage, by row."""
        yield from self._db.execute("SELECT row, text FROM passages ORDER BY row")

    def passage_count(self) -> int:
        """Return the number of passages."""
        return int(self._db.execute("SELECT count(*) FROM passages").fetchone()[0])

    def close(self) -> None:
        """Close the file; what was not committed is dropped."""
        self._db.close()


class Store:
    """Reads a store, from any number of threads."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._local = threading.local()
        self._open: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self.meta(("vectors",))  # fails here, not in the middle of a search

    def meta(self, keys: Sequence[str]) -> dict[str, str]:
        """Return those facts of the snapshot that are there."""
        marks = ", ".join("?" * len(keys))
        return dict(self._all(f"SELECT key, value FROM meta WHERE key IN ({marks})", keys))

    def counts(self) -> tuple[int, int, Mapping[Kind, int]]:
        """Return the number of articles, of undated articles, and of passages of each kind."""
        ((articles, undated),) = self._all("SELECT count(*), coalesce(sum(published IS NULL), 0) FROM articles")
        kinds = dict(self._all("SELECT kind, count(*) FROM passages GROUP BY kind"))
        return articles, undated, {kind: kinds.get(kind.value, 0) for kind in Kind}

    def passages(self, rows: Sequence[int]) -> dict[int, Passage]:
        """Return the passages of ``rows``; unknown rows are left out."""
        found: dict[int, Passage] = {}
        for chunk in _chunks(rows):
            marks = ", ".join("?" * len(chunk))
            for record in self._all(
                f"SELECT {_PASSAGE} FROM passages p JOIN articles a ON a.number = p.article WHERE p.row IN ({marks})",
                chunk,
            ):
                found[record[0]] = _passage(record)
        return found

    def articles(self, ids: Sequence[str]) -> dict[str, ArticleInfo]:
        """Return the articles of those ids, without their text; unknown ids are left out."""
        found: dict[str, ArticleInfo] = {}
        for chunk in _chunks(list(dict.fromkeys(ids))):
            marks = ", ".join("?" * len(chunk))
            for record in self._all(f"SELECT {_INFO} FROM articles WHERE id IN ({marks})", chunk):
                found[record[0]] = ArticleInfo(**_info(record))
        return found

    def article(self, article_id: str) -> Article:
        """Return a whole article; raises ``NotFound``."""
        infos = self._all(f"SELECT {_INFO} FROM articles WHERE id = ?", (article_id,))
        if not infos:
            raise NotFound(f"no article {article_id!r} in this index; `broadsheet search` lists ids that exist")
        passages = self.passages_of(article_id)
        return Article(
            **_info(infos[0]),
            paragraphs=tuple(passage.text for passage in passages if passage.kind is Kind.PARAGRAPH),
            captions=tuple(passage.text for passage in passages if passage.kind is Kind.CAPTION),
            comments=tuple(_comment(passage) for passage in passages if passage.kind is Kind.COMMENT),
        )

    def passages_of(self, article_id: str) -> list[Passage]:
        """Return the passages of an article in reading order; empty where there is none."""
        records = self._all(
            f"SELECT {_PASSAGE} FROM passages p JOIN articles a ON a.number = p.article WHERE a.id = ? ORDER BY p.row",
            (article_id,),
        )
        return [_passage(record) for record in records]

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

    def times(self, rows: Sequence[int]) -> dict[int, int | None]:
        """Return the time of each of ``rows``, in seconds since the epoch; unknown rows are left out."""
        found: dict[int, int | None] = {}
        for chunk in _chunks(rows):
            marks = ", ".join("?" * len(chunk))
            found.update(self._all(f"SELECT row, time FROM passages WHERE row IN ({marks})", chunk))
        return found

    def close(self) -> None:
        """Close every thread's connection."""
        with self._lock:
            while self._open:
                self._open.pop().close()

    def _all(self, statement: str, values: Sequence[object] = ()) -> list[Any]:
        try:
            return self._connection().execute(statement, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise IndexDamaged(f"{self._path} cannot be read ({error}); run `broadsheet index rebuild`") from error

    def _connection(self) -> sqlite3.Connection:
        connection: sqlite3.Connection | None = getattr(self._local, "connection", None)
        if connection is None:
            connection = sqlite3.connect(f"{self._path.absolute().as_uri()}?mode=ro", uri=True, check_same_thread=False)
            connection.execute("PRAGMA busy_timeout = 10000")
            connection.execute("PRAGMA mmap_size = 268435456")
            self._local.connection = connection
            with self._lock:
                self._open.append(connection)
        return connection


def _chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), _CHUNK):
        yield values[start : start + _CHUNK]


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()


def _read(moment: str | None) -> datetime | None:
    return None if moment is None else datetime.fromisoformat(moment)


def _info(record: Sequence[Any]) -> dict[str, Any]:
    names = [name.strip() for name in _INFO.split(",")]
    values = dict(zip(names, record, strict=True))
    values["published"] = _read(values["published"])
    for name in ("authors", "editors", "topics"):
        values[name] = tuple(json.loads(values[name]))
    return values


def _passage(record: Sequence[Any]) -> Passage:
    _, article_id, kind, position, text, author, posted, posted_text, comment_id, parent, reply_to = record
    return Passage(
        id=passage_id(article_id, Kind(kind), position),
        article_id=article_id,
        kind=Kind(kind),
        position=position,
        text=text,
        author=author,
        posted=_read(posted),
        posted_text=posted_text,
        comment_id=comment_id,
        parent=parent,
        reply_to=reply_to,
    )


def _comment(passage: Passage) -> Comment:
    return Comment(
        id=passage.comment_id or str(passage.position),
        author=passage.author,
        posted=passage.posted,
        posted_text=passage.posted_text,
        text=passage.text,
        parent=passage.reply_to,
    )

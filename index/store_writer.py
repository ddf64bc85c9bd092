"""Writing a store: the schema of ``store.sqlite``, and what puts articles, passages and links into it.

Writers add in batches and commit once: that commit is the moment a passage begins to exist, whatever the keyword
engine and the vectors already hold.
"""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from index import furniture
from index.model import Kind
from index.passages import seconds, when

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from index.model import ArticleInfo, Passage

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
    comment_id TEXT, parent TEXT, reply_to TEXT, time INTEGER,
    furniture INTEGER NOT NULL DEFAULT 0,
    stack INTEGER, answers INTEGER, answers_score REAL, UNIQUE (article, kind, position)
);
CREATE INDEX by_stack ON passages (stack) WHERE stack IS NOT NULL;
CREATE INDEX by_answers ON passages (answers) WHERE answers IS NOT NULL;
"""
INFO: Final = (
    "id, title, url, source, section, place, published, published_text, authors, editors, topics, path, "
    "reported_comments"
)
_PASSAGE: Final = (
    "row, article, kind, position, text, author, posted, posted_text, comment_id, parent, reply_to, time, furniture"
)


class StoreWriter:
    """Writes one snapshot's store."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self._db.execute("PRAGMA synchronous = FULL")

    @classmethod
    def create(cls, path: Path) -> StoreWriter:
        """Create an empty store."""
        writer = cls(path)
        writer._db.executescript(_SCHEMA + furniture.SCHEMA)
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
        cursor = self._db.execute(f"INSERT OR IGNORE INTO articles ({INFO}) VALUES ({marks})", values)
        return cursor.lastrowid if cursor.rowcount else None

    def add_passages(self, number: int, article: ArticleInfo, passages: Iterable[tuple[int, Passage]]) -> None:
        """Add (row, passage) pairs of ``article``, which has that number."""
        self._db.executemany(
            f"INSERT INTO passages ({_PASSAGE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
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
                    passage.furniture,
                )
                for row, passage in passages
            ),
        )

    def set_meta(self, key: str, value: str) -> None:
        """Remember a fact of the snapshot."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def texts(self) -> Iterator[tuple[int, str]]:
        """Yield (row, text) of every passage that is no furniture, by row."""
        yield from self._db.execute("SELECT row, text FROM passages WHERE furniture = 0 ORDER BY row")

    def dated_texts(self, kind: Kind) -> Iterator[tuple[int, str]]:
        """Yield (row, text) of the passages of a kind, the earliest first, undated ones last, equals by row.

        Furniture is left out.
        """
        chosen = "WHERE kind = ? AND furniture = 0 ORDER BY time IS NULL, time, row"
        yield from self._db.execute(f"SELECT row, text FROM passages {chosen}", (kind.value,))

    def text(self, row: int) -> str:
        """Return the text of a passage that is there."""
        return str(self._db.execute("SELECT text FROM passages WHERE row = ?", (row,)).fetchone()[0])

    def threads(self) -> Iterator[list[tuple[int, Kind, str]]]:
        """Yield (row, kind, text) of the paragraphs and comments of each article that has comments, by row.

        Furniture is left out.
        """
        passages = self._db.execute(
            "SELECT article, row, kind, text FROM passages WHERE kind IN (?, ?) AND furniture = 0 ORDER BY row",
            (Kind.PARAGRAPH.value, Kind.COMMENT.value),
        )
        for _, records in groupby(passages, key=itemgetter(0)):
            thread = [(row, Kind(kind), text) for _, row, kind, text in records]
            if thread[-1][1] is Kind.COMMENT:
                yield thread

    def stack(self, members: Iterable[tuple[int, int]]) -> None:
        """Remember (row, row of the leader) of stacked passages; a leader is a member of its own stack."""
        self._db.executemany("UPDATE passages SET stack = ?2 WHERE row = ?1", members)

    def link(self, links: Iterable[tuple[int, int, float]]) -> None:
        """Remember (row of a comment, row of the paragraph it answers, score in 0..1)."""
        self._db.executemany("UPDATE passages SET answers = ?2, answers_score = ?3 WHERE row = ?1", links)

    def passage_count(self) -> int:
        """Return the number of passages that are no furniture."""
        return int(self._db.execute("SELECT count(*) FROM passages WHERE furniture = 0").fetchone()[0])

    def furnish(self, changed: Iterable[tuple[int, bool]]) -> None:
        """Remember (row, whether it is furniture)."""
        self._db.executemany("UPDATE passages SET furniture = ?2 WHERE row = ?1", changed)

    @property
    def connection(self) -> sqlite3.Connection:
        """The open file, for those who keep tables of their own in it."""
        return self._db

    def close(self) -> None:
        """Close the file; what was not committed is dropped."""
        self._db.close()


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()

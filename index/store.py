"""The single truth: articles and passages in SQLite. A passage exists if and only if this file says so.

Readers open it read-only, one connection a thread; ``index.store_writer`` writes it.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from index.errors import IndexDamaged, NotFound
from index.model import Article, ArticleInfo, Comment, Kind, Passage
from index.passages import passage_id
from index.store_writer import INFO
from index.tally import FOUND_AS, tally

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from index.keyword.protocol import Rows
    from index.tally import Tally

_PASSAGE: Final = (
    "p.row, a.id, p.kind, p.position, p.text, p.author, p.posted, p.posted_text, p.comment_id, p.parent, p.reply_to, "
    "p.furniture"
)
_CHUNK: Final = 500  # bound parameters a statement, below every SQLite build's limit


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
            for record in self._all(f"SELECT {INFO} FROM articles WHERE id IN ({marks})", chunk):
                found[record[0]] = ArticleInfo(**_info(record))
        return found

    def article(self, article_id: str) -> Article:
        """Return a whole article; raises ``NotFound``."""
        infos = self._all(f"SELECT {INFO} FROM articles WHERE id = ?", (article_id,))
        if not infos:
            raise NotFound(f"no article {article_id!r} in this index; `broadsheet search` lists ids that exist")
        passages = self.passages_of(article_id)
        return Article(
            **_info(infos[0]),
            paragraphs=tuple(passage.text for passage in passages if passage.kind is Kind.PARAGRAPH),
            captions=tuple(passage.text for passage in passages if passage.kind is Kind.CAPTION),
            comments=tuple(_comment(passage) for passage in passages if passage.kind is Kind.COMMENT),
            furniture=tuple(passage.text for passage in passages if passage.kind is Kind.FURNITURE),
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

    def places(self, rows: Sequence[int]) -> dict[int, tuple[int, Kind]]:
        """Return the number of the article and the kind of each of ``rows``; unknown rows are left out."""
        found: dict[int, tuple[int, Kind]] = {}
        for chunk in _chunks(rows):
            marks = ", ".join("?" * len(chunk))
            for row, article, kind in self._all(
                f"SELECT row, article, kind FROM passages WHERE row IN ({marks})",
                chunk,
            ):
                found[row] = article, Kind(kind)
        return found

    def tally(self, rows: Rows) -> Tally:
        """Return how many of ``rows`` have each value of the metadata, and each time."""
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
        """Close every thread's connection."""
        with self._lock:
            while self._open:
                self._open.pop().close()

    def _all(self, statement: str, values: Sequence[object] = ()) -> list[Any]:
        try:
            return self._connection().execute(statement, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise IndexDamaged(f"{self._path} cannot be read ({error}); run `broadsheet index rebuild`") from error

    def _among(self, statement: str, values: Sequence[int], order: str = "") -> Iterator[Any]:
        """Yield the records of a statement that ends where ``IN (…)`` follows, a chunk of ``values`` at a time."""
        for chunk in _chunks(values):
            yield from self._all(f"{statement} IN ({', '.join('?' * len(chunk))}) {order}", chunk)

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


def _read(moment: str | None) -> datetime | None:
    return None if moment is None else datetime.fromisoformat(moment)


def _info(record: Sequence[Any]) -> dict[str, Any]:
    names = [name.strip() for name in INFO.split(",")]
    values = dict(zip(names, record, strict=True))
    values["published"] = _read(values["published"])
    for name in ("authors", "editors", "topics"):
        values[name] = tuple(json.loads(values[name]))
    return values


def _passage(record: Sequence[Any]) -> Passage:
    _, article_id, kind, position, text, author, posted, posted_text, comment_id, parent, reply_to, furniture = record
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
        furniture=bool(furniture),
    )


def _comment(passage: Passage) -> Comment:
    return Comment(
        id=passage.comment_id or str(passage.position),
        author=passage.author,
        posted=passage.posted,
        posted_text=passage.posted_text,
        text=passage.text,
        parent=passage.reply_to,
        removed=passage.furniture,
    )

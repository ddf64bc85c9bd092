"""The tables of ``store.sqlite``, and values as its records hold them: one place for columns and their order."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from index import furniture, sums
from index.errors import IndexDamaged
from index.model import ArticleInfo, Comment, Kind, Passage
from index.passages import passage_id, seconds, when

if TYPE_CHECKING:
    from collections.abc import Sequence
    from contextlib import AbstractContextManager

TABLES: Final = (
    """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, title TEXT, url TEXT, source TEXT, section TEXT,
    place TEXT, published TEXT, published_text TEXT, authors TEXT NOT NULL, editors TEXT NOT NULL,
    topics TEXT NOT NULL, path TEXT, reported_comments INTEGER,
    digest BLOB NOT NULL, file INTEGER, seen INTEGER NOT NULL
);
CREATE INDEX by_file ON articles (file);
CREATE TABLE passages (
    row INTEGER PRIMARY KEY, article INTEGER NOT NULL REFERENCES articles (number), kind TEXT NOT NULL,
    position INTEGER NOT NULL, text TEXT NOT NULL, author TEXT, posted TEXT, posted_text TEXT,
    comment_id TEXT, parent TEXT, reply_to TEXT, time INTEGER,
    furniture INTEGER NOT NULL DEFAULT 0,
    stack INTEGER, answers INTEGER, answers_score REAL, UNIQUE (article, kind, position)
);
CREATE INDEX by_stack ON passages (stack) WHERE stack IS NOT NULL;
CREATE INDEX by_answers ON passages (answers) WHERE answers IS NOT NULL;
CREATE INDEX by_furniture ON passages (row) WHERE furniture;
CREATE TABLE places (block INTEGER PRIMARY KEY, columns BLOB NOT NULL);
CREATE TABLE gone (row INTEGER PRIMARY KEY);
CREATE TABLE chores (row INTEGER PRIMARY KEY);
CREATE TABLE files (
    number INTEGER PRIMARY KEY AUTOINCREMENT, path BLOB NOT NULL UNIQUE, mark TEXT NOT NULL, digest BLOB
);
CREATE TABLE echoes (id TEXT NOT NULL, file INTEGER NOT NULL, PRIMARY KEY (id, file)) WITHOUT ROWID;
CREATE INDEX echoes_by_file ON echoes (file);
"""
    + furniture.SCHEMA
    + sums.SCHEMA
)
"""``gone`` holds rows once used, whose vectors are still there; ``chores``, rows whose keyword documents are to be
written anew or dropped; ``files``, what was read and what it looked like; ``echoes``, articles left out because
another file had them first; ``places``, what ``index.places`` makes of the passages."""

INFO: Final = (
    "id, title, url, source, section, place, published, published_text, authors, editors, topics, path, "
    "reported_comments"
)
_KINDS: Final = {kind.value: kind for kind in Kind}
_NO_NAMES: Final = json.dumps(())  # most articles have some such list
_INFO_NAMES: Final = tuple(INFO.split(", "))
PASSAGE: Final = (
    "p.row, a.id, p.kind, p.position, p.text, p.author, p.posted, p.posted_text, p.comment_id, p.parent, p.reply_to, "
    "p.furniture"
)
PASSAGE_COLUMNS: Final = (
    "row, article, kind, position, text, author, posted, posted_text, comment_id, parent, reply_to, time, furniture"
)
HAS_VECTOR: Final = f"NOT (furniture AND kind IN ('{Kind.FURNITURE}', '{Kind.COMMENT}'))"
"""Which passages have vectors: all but the readers' furniture and removed comments. What is only learnt to be
furniture has them, masked, because more pages may acquit it."""


def info_values(article: ArticleInfo) -> tuple[object, ...]:
    """Return an article as the columns of ``INFO``."""
    return (
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


def passage_values(row: int, number: int, passage: Passage, article: ArticleInfo) -> tuple[object, ...]:
    """Return a passage of the article of that number as the columns of ``PASSAGE_COLUMNS``."""
    return (
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
        int(passage.furniture),
    )


def info(record: Sequence[Any]) -> dict[str, Any]:
    """Return the fields of ``ArticleInfo`` from a record of ``INFO``; raises ``IndexDamaged`` for nonsense."""
    values = dict(zip(_INFO_NAMES, record, strict=True))
    with sensible():
        values["published"] = _read(values["published"])
        for name in ("authors", "editors", "topics"):
            told = values[name]
            values[name] = () if told == _NO_NAMES else tuple(map(_text, json.loads(told)))
    return values


def passage(record: Sequence[Any]) -> Passage:
    """Return the passage of a record of ``PASSAGE``; raises ``IndexDamaged`` for nonsense."""
    _, article_id, kind, position, text, author, posted, posted_text, comment_id, parent, reply_to, is_furniture = (
        record
    )
    with sensible():
        known = kind_of(kind)
        return Passage(
            id=passage_id(_text(article_id), known, position),
            article_id=article_id,
            kind=known,
            position=position,
            text=_text(text),
            author=author,
            posted=_read(posted),
            posted_text=posted_text,
            comment_id=comment_id,
            parent=parent,
            reply_to=reply_to,
            furniture=bool(is_furniture),
        )


def kind_of(value: Any) -> Kind:
    """Return a kind as it is stored, sooner than the enumeration does; raises ``ValueError`` where there is none."""
    return _KINDS.get(value) or Kind(value)


def comment(found: Passage) -> Comment:
    """Return the comment that a passage was cut from."""
    return Comment(
        id=found.comment_id or str(found.position),
        author=found.author,
        posted=found.posted,
        posted_text=found.posted_text,
        text=found.text,
        parent=found.reply_to,
        removed=found.furniture,
    )


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()


def _read(moment: str | None) -> datetime | None:
    return None if moment is None else datetime.fromisoformat(moment)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} instead of text")
    return value


class _Sensible:
    """One for all: it is entered for every record, and one made by ``contextmanager`` would cost more than those."""

    __slots__ = ()

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, ValueError | TypeError | OverflowError | RecursionError):
            raise IndexDamaged(f"the store holds nonsense ({error}); run `broadsheet index verify`") from error


_SENSIBLE: Final = _Sensible()


def sensible() -> AbstractContextManager[None]:
    """Say of a record that cannot have been written so what it is: damage."""
    return _SENSIBLE

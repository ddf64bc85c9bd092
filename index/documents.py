"""A store's passages as keyword documents, in one pass over its records: each text is analysed once.

``index.passages.document`` makes the same of a single passage.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import chain, groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Final

from index import text
from index.keyword.clause import Facet
from index.keyword.protocol import KeywordDocument
from index.model import ArticleInfo, Kind
from index.passages import about, names
from index.schema import sensible

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    Record = tuple[int, int, str, str, str | None, int | None, int]  # the columns of _PASSAGES

_PASSAGES: Final = (
    "SELECT article, row, kind, text, author, time, furniture FROM passages WHERE row >= ? AND row < ? ORDER BY row"
)
_ARTICLE: Final = "SELECT id, title, source, section, place, topics, authors FROM articles WHERE number = ?"
_TOLD: Final = (Kind.HEADLINE, Kind.CAPTION, Kind.PARAGRAPH)  # what a story is made of, and the first an article has


def documents(
    db: sqlite3.Connection,
    first: int,
    last: int,
    hear: Callable[[int, text.Analysis], None] = lambda _row, _found: None,
) -> Iterator[KeywordDocument]:
    """Yield the documents of the passages in rows ``first`` to ``last`` - 1, by row; articles lie in there whole.

    ``hear`` is told each row and what its text was analysed to.
    """
    records = db.execute(_PASSAGES, (first, last))
    for number, group in groupby(records, key=itemgetter(0)):
        for document, found in _Article.of(db, number).documents(group):
            hear(document.row, found)
            yield document


def article_end(db: sqlite3.Connection, row: int) -> int:
    """Return the row behind the article that ``row`` is in, or behind the last one there is."""
    wanted = (
        "SELECT coalesce(max(row), 0) + 1 FROM passages "
        "WHERE article = (SELECT article FROM passages WHERE row <= ? ORDER BY row DESC LIMIT 1)"
    )
    return int(db.execute(wanted, (row,)).fetchone()[0])


@dataclass(frozen=True, slots=True)
class _Article:
    """What the passages of an article have in common."""

    title: str
    """The content of its headline."""
    facets: Mapping[Facet, Sequence[str]]
    authors: Sequence[str]

    @classmethod
    def of(cls, db: sqlite3.Connection, number: int) -> _Article:
        name, title, source, section, place, topics, authors = db.execute(_ARTICLE, (number,)).fetchone()
        with sensible():
            info = ArticleInfo(id=name, source=source, section=section, place=place, topics=tuple(json.loads(topics)))
            return cls(text.analysed(title or "").content, about(info), names(tuple(json.loads(authors))))

    def documents(self, records: Iterable[Record]) -> Iterator[tuple[KeywordDocument, text.Analysis]]:
        """Yield the documents of the article's records, by row, with its text analysed; one brings the story."""
        stream = iter(records)
        told: list[Record] = []
        rest: Iterable[Record] = ()
        for record in stream:
            if record[2] not in _TOLD:
                rest = chain((record,), stream)
                break
            told.append(record)
        found = [text.analysed(record[3]) for record in told]
        story = " ".join(filter(None, (self.title, *(each.content for each in found))))
        for record, each in zip(told, found, strict=True):
            yield self._document(record, each, story), each
            story = ""
        for record in rest:
            each = text.analysed(record[3])
            yield self._document(record, each, ""), each

    def _document(self, record: Record, found: text.Analysis, story: str) -> KeywordDocument:
        _, row, kind, _, author, time, furniture = record
        return KeywordDocument(
            row=row,
            exacts=found.exacts,
            stems=found.stems,
            content=found.content,
            title="" if kind == Kind.HEADLINE else self.title,
            story=story,
            facets={
                **self.facets,
                Facet.KIND: (Kind.FURNITURE.value if furniture else kind,),
                Facet.AUTHOR: (names((author,)) if author else ()) if kind == Kind.COMMENT else self.authors,
            },
            time=time,
        )

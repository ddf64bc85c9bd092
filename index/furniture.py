"""Furniture learnt from a collection: lines that stand by themselves on many pages of one source.

Counts live in tables of the store and are kept article by article, so that what is furniture depends on the articles
there are and never on the order they came in. A line is a short paragraph or caption with case and spaces folded, of
one source: the same words may be furniture of one site and prose of another. What counts of a line is in how many
stories it stands. Articles with the same longest paragraph are one story: updates of one report repeat their prose.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from index import text
from index.ledger import FULL, Ledger
from index.model import Kind

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterable, Iterator, Sequence

    from index.model import ArticleInfo, Passage

    Lines = Sequence[tuple[int, int, str]]

LONGEST: Final = 200  # characters of a line
FEWEST: Final = 5  # stories of a source that must have the line ...
AT_EDGES: Final = 20  # ... and one in so many of its articles; rarer lines are bylines and formulas of the trade
ANYWHERE: Final = 5  # the same for a line within the story, which must not end as a sentence; others are tables
MOSTLY: Final = 0.8  # of its places, for a line that stands at an edge
SELDOM: Final = 0.1  # at most as often the end of a longer paragraph as a line by itself
TOP: Final = 3  # paragraphs of an edge, fewer in short articles: all of those would be edges
BOTTOM: Final = 6

SCHEMA: Final = """
CREATE TABLE furniture_sources (
    number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, articles INTEGER NOT NULL DEFAULT 0,
    judged INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE furniture_articles (article INTEGER PRIMARY KEY, source INTEGER NOT NULL);
CREATE TABLE furniture_lines (
    line INTEGER PRIMARY KEY, source INTEGER, is_open INTEGER, stories INTEGER NOT NULL DEFAULT 0,
    places INTEGER NOT NULL DEFAULT 0, edges INTEGER NOT NULL DEFAULT 0, endings INTEGER NOT NULL DEFAULT 0,
    kept INTEGER NOT NULL DEFAULT 0, judged INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX furniture_common ON furniture_lines (source, stories) WHERE stories >= 5;
CREATE TABLE furniture_places (
    row INTEGER PRIMARY KEY, article INTEGER NOT NULL, line INTEGER NOT NULL, story INTEGER NOT NULL,
    is_edge INTEGER NOT NULL
);
CREATE INDEX furniture_by_line ON furniture_places (line, story);
CREATE INDEX furniture_by_article ON furniture_places (article);
CREATE TABLE furniture_endings (article INTEGER NOT NULL, line INTEGER NOT NULL);
CREATE INDEX furniture_endings_by_article ON furniture_endings (article);
"""

_END: Final = re.compile(r"[.!?…:;,。！？।؟][\"'”’»)\]]*$")  # a line that leads on is prose too
_LAST: Final = re.compile(r"[.!?…][\"'”’»)\]]*\s+(\S[^.!?…]{0,78}[.!?…][\"'”’»)\]]*)$")
_CHUNK: Final = 500
_BULK: Final = 50_000  # lines


def origin(article: ArticleInfo) -> str | None:
    """Return whose page an article is: its source, else the host of its address.

    ``None`` where it tells neither; then nothing is learnt from it. The folder it was read from would be somebody's
    filing: it may mix outlets, or gather what was written about one thing, where repeated lines are quotations.
    """
    if article.source:
        return text.key(article.source)
    try:
        host = urlsplit(article.url or "").hostname or ""
    except ValueError:  # what stands there is no address
        host = ""
    return host.removeprefix("www.") or None


def is_learnt(db: sqlite3.Connection, row: int) -> bool:
    """Tell whether a passage before ``row`` was learnt to be furniture."""
    learnt = f"furniture AND kind IN ('{Kind.PARAGRAPH}', '{Kind.CAPTION}')"
    found = db.execute(f"SELECT EXISTS (SELECT 1 FROM passages WHERE {learnt} AND row < ?)", (row,)).fetchone()
    return bool(found[0])


def lines(cut: Iterable[tuple[int, Passage]]) -> Lines:
    """Return (row, position, text) of the paragraphs and captions among (row, passage) pairs; captions have 0."""
    return [
        (row, passage.position if passage.kind is Kind.PARAGRAPH else 0, passage.text)
        for row, passage in cut
        if passage.kind in (Kind.PARAGRAPH, Kind.CAPTION)
    ]


class Furniture:
    """Learns over an open connection to a store, within its owner's transaction; ``judge`` before that commits.

    Rows must ascend from one ``judge`` to the next.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._ledger = Ledger(db)
        self._touched: set[int] = set()
        self._is_bulk = False
        """Whether so many lines were touched that all are judged: that costs less than to remember them."""
        self._first: int | None = None
        """The first row that came in since the last ``judge``: no row from there on is furniture yet."""
        self._sources: set[int] = set()

    def add(self, article: int, source: str | None, lines: Lines) -> None:
        """Count the (row, position, text) of all paragraphs (from 1 on) and captions (0) of a new article."""
        if source is None or not lines:
            return
        number = self._ledger.source(source)
        self._ledger.article(article, number)
        self._sources.add(number)
        story = _hash(source, text.key(max((words for _, _, words in lines), key=lambda words: (len(words), words))))
        last = max(position for _, position, _ in lines)
        for row, position, words in lines:
            if len(words) <= LONGEST:
                self._first = row if self._first is None else min(self._first, row)
                line = self._named(number, source, text.key(words))
                self._ledger.place(row, article, line, story, _is_edge(position, last))
            if (ending := _LAST.search(words)) is not None:
                self._ledger.end(article, _hash(source, text.key(ending[1])))
        if len(self._ledger) >= FULL:
            self._write()

    def remove(self, article: int) -> None:
        """Take back all that ``add`` counted of an article; of one it never had, nothing."""
        self._write()
        found = self._db.execute("SELECT source FROM furniture_articles WHERE article = ?", (article,)).fetchone()
        if found is None:
            return
        self._db.execute("DELETE FROM furniture_articles WHERE article = ?", (article,))
        self._db.execute("UPDATE furniture_sources SET articles = articles - 1 WHERE number = ?", found)
        self._sources.add(found[0])
        wanted = "SELECT row, line, story, is_edge FROM furniture_places WHERE article = ?"
        for row, line, story, is_edge in self._db.execute(wanted, (article,)).fetchall():
            self._db.execute("DELETE FROM furniture_places WHERE row = ?", (row,))
            self._uncount(line, story, is_edge)
        for (line,) in self._db.execute("SELECT line FROM furniture_endings WHERE article = ?", (article,)).fetchall():
            self._db.execute("UPDATE furniture_lines SET endings = endings - 1 WHERE line = ?", (line,))
            self._touch((line,))
        self._db.execute("DELETE FROM furniture_endings WHERE article = ?", (article,))

    def keep(self, lines: Iterable[int]) -> None:
        """Take these lines, and no others, for what the user says is no furniture."""
        wanted = set(lines)
        known = {line for (line,) in self._db.execute("SELECT line FROM furniture_lines WHERE kept")}
        for line in wanted ^ known:
            self._db.execute(
                "INSERT INTO furniture_lines (line, kept) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET kept = ?2",
                (line, line in wanted),
            )
            self._touch((line,))

    @property
    def is_settled(self) -> bool:
        """Whether ``judge`` would find nothing to look at."""
        return not (self._touched or self._is_bulk or self._sources)

    def judge(self) -> list[tuple[int, bool]]:
        """Return (row, whether it is furniture) of each row for which that changed since the last time, by row."""
        self._write()
        for source in self._sources:
            self._touch_between(source)
        changed: list[tuple[int, bool]] = []
        still: set[int] = set()
        for chosen, lines in self._chosen():
            changed += self._judged(chosen, lines, still)
        if still and self._first is not None:
            fresh = self._db.execute("SELECT row, line FROM furniture_places WHERE row >= ?", (self._first,))
            changed += [(row, True) for row, line in fresh if line in still]
        self._touched, self._is_bulk, self._first, self._sources = set(), False, None, set()
        return sorted(changed)

    def _chosen(self) -> Iterator[tuple[str, Sequence[int]]]:
        """Yield which lines to look at: a condition and its values."""
        if self._is_bulk:
            yield "TRUE", ()
            return
        touched = sorted(self._touched)
        for start in range(0, len(touched), _CHUNK):
            chunk = touched[start : start + _CHUNK]
            yield f"line IN ({', '.join('?' * len(chunk))})", chunk

    def _judged(self, chosen: str, lines: Sequence[int], still: set[int]) -> Iterator[tuple[int, bool]]:
        """Yield the rows that became furniture or cease to be it; add lines that are it as before to ``still``."""
        wanted = (
            "SELECT l.line, l.judged, l.kept = 0 AND l.stories >= ? AND l.endings <= ? * l.places "
            "AND (l.stories * ? >= s.articles AND l.edges >= ? * l.places "
            "OR l.stories * ? >= s.articles AND l.is_open) "
            "FROM furniture_lines l JOIN furniture_sources s ON s.number = l.source "
            f"WHERE (l.judged OR l.stories >= {FEWEST}) AND {chosen}"
        )
        bounds = (FEWEST, SELDOM, AT_EDGES, MOSTLY, ANYWHERE)
        for line, was, now in self._db.execute(wanted, (*bounds, *lines)).fetchall():
            if was != now:
                self._db.execute("UPDATE furniture_lines SET judged = ? WHERE line = ?", (now, line))
                rows = [row for (row,) in self._db.execute("SELECT row FROM furniture_places WHERE line = ?", (line,))]
                yield from ((row, bool(now)) for row in rows if now or self._first is None or row < self._first)
            elif now:
                still.add(line)
        spent = f"stories = 0 AND places = 0 AND endings = 0 AND kept = 0 AND {chosen}"
        self._db.execute(f"DELETE FROM furniture_lines WHERE {spent}", lines)

    def _touch_between(self, source: int) -> None:
        """Look again at the lines that the size of their source made common enough, or no longer so."""
        wanted = "SELECT articles, judged FROM furniture_sources WHERE number = ?"
        now, before = self._db.execute(wanted, (source,)).fetchone()
        for share in (AT_EDGES, ANYWHERE):
            lines = self._db.execute(
                "SELECT line FROM furniture_lines WHERE source = ? AND stories >= 5 AND stories BETWEEN ? AND ?",
                (source, min(now, before) // share, max(now, before) // share + 1),
            )
            self._touch(line for (line,) in lines)
        self._db.execute("UPDATE furniture_sources SET judged = articles WHERE number = ?", (source,))

    def _touch(self, lines: Iterable[int]) -> None:
        if not self._is_bulk:
            self._touched.update(lines)
            self._is_bulk = len(self._touched) > _BULK
        if self._is_bulk:
            self._touched.clear()

    def _write(self) -> None:
        self._touch(self._ledger.write())

    def _named(self, number: int, source: str, key: str) -> int:
        """Return the line of a key, of which the ledger knows whose it is."""
        line = _hash(source, key)
        if self._ledger.is_new(line):
            self._ledger.name(line, number, _END.search(key) is None)
        return line

    def _uncount(self, line: int, story: int, is_edge: int) -> None:
        """Take back a place that is gone."""
        wanted = "SELECT 1 FROM furniture_places WHERE line = ? AND story = ? LIMIT 1"
        is_last = self._db.execute(wanted, (line, story)).fetchone() is None
        self._db.execute(
            "UPDATE furniture_lines SET stories = stories - ?, places = places - 1, edges = edges - ? WHERE line = ?",
            (is_last, is_edge, line),
        )
        self._touch((line,))


def _is_edge(position: int, last: int) -> bool:
    """Whether a paragraph, the ``position``-th of ``last``, stands at the top or bottom; a caption does not."""
    top, bottom = min(TOP, max(1, last // 4)), min(BOTTOM, max(1, last // 3))
    return 0 < position <= top or (position > 0 and last - position < bottom)


def _hash(source: str, key: str) -> int:
    """Return 8 bytes of the sha1 of a line of a source, given by its key, as SQLite holds an integer."""
    told = f"{source}\n{key}".encode("utf-8", "replace")
    return int.from_bytes(hashlib.sha1(told, usedforsecurity=False).digest()[:8], "big", signed=True)

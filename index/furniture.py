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


def first_row(db: sqlite3.Connection) -> int | None:
    """Return the first passage of the first article from which anything is learnt: no passage before becomes furniture.

    Articles must be numbered in the order of their rows, as they are until one is replaced.
    """
    wanted = "SELECT min(row) FROM passages WHERE article = (SELECT min(article) FROM furniture_articles)"
    found: int | None = db.execute(wanted).fetchone()[0]
    return found


def lines(cut: Iterable[tuple[int, Passage]]) -> Lines:
    """Return (row, position, text) of the paragraphs and captions among (row, passage) pairs; captions have 0."""
    return [
        (row, passage.position if passage.kind is Kind.PARAGRAPH else 0, passage.text)
        for row, passage in cut
        if passage.kind in (Kind.PARAGRAPH, Kind.CAPTION)
    ]


class Furniture:
    """Learns over an open connection to a store, within its owner's transaction; ``judge`` before that commits."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._touched: set[int] = set()
        self._fresh: dict[int, set[int]] = {}
        self._sources: set[int] = set()

    def add(self, article: int, source: str | None, lines: Lines) -> None:
        """Count the (row, position, text) of all paragraphs (from 1 on) and captions (0) of a new article."""
        if source is None or not lines:
            return
        number = self._source(source)
        self._db.execute("INSERT INTO furniture_articles VALUES (?, ?)", (article, number))
        self._resize(number, 1)
        story = _hash(source, max((words for _, _, words in lines), key=lambda words: (len(words), words)))
        last = max(position for _, position, _ in lines)
        for row, position, words in lines:
            if len(words) <= LONGEST:
                line = _hash(source, words)
                self._open(line, number, words)
                self._place(row, article, line, story, _is_edge(position, last))
            if (ending := _LAST.search(words)) is not None:
                self._end(article, _hash(source, ending[1]))

    def remove(self, article: int) -> None:
        """Take back all that ``add`` counted of an article; of one it never had, nothing."""
        found = self._db.execute("SELECT source FROM furniture_articles WHERE article = ?", (article,)).fetchone()
        if found is None:
            return
        self._db.execute("DELETE FROM furniture_articles WHERE article = ?", (article,))
        self._resize(found[0], -1)
        wanted = "SELECT row, line, story, is_edge FROM furniture_places WHERE article = ?"
        for row, line, story, is_edge in self._db.execute(wanted, (article,)).fetchall():
            self._db.execute("DELETE FROM furniture_places WHERE row = ?", (row,))
            self._fresh.get(line, set()).discard(row)
            self._count(line, -int(not self._has(line, story)), -1, -is_edge)
        for (line,) in self._db.execute("SELECT line FROM furniture_endings WHERE article = ?", (article,)).fetchall():
            self._db.execute("UPDATE furniture_lines SET endings = endings - 1 WHERE line = ?", (line,))
            self._touched.add(line)
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
            self._touched.add(line)

    @property
    def is_settled(self) -> bool:
        """Whether ``judge`` would find nothing to look at."""
        return not (self._touched or self._fresh or self._sources)

    def judge(self) -> list[tuple[int, bool]]:
        """Return (row, whether it is furniture) of each row for which that changed since the last time, by row."""
        for source in self._sources:
            self._touch_between(source)
        changed: list[tuple[int, bool]] = []
        touched = sorted(self._touched)
        for start in range(0, len(touched), _CHUNK):
            changed += self._judged(touched[start : start + _CHUNK])
        self._touched, self._fresh, self._sources = set(), {}, set()
        return sorted(changed)

    def _judged(self, lines: list[int]) -> Iterator[tuple[int, bool]]:
        wanted = (
            "SELECT l.line, l.judged, l.kept = 0 AND l.stories >= ? AND l.endings <= ? * l.places "
            "AND (l.stories * ? >= s.articles AND l.edges >= ? * l.places "
            "OR l.stories * ? >= s.articles AND l.is_open) "
            "FROM furniture_lines l JOIN furniture_sources s ON s.number = l.source "
            f"WHERE l.line IN ({', '.join('?' * len(lines))})"
        )
        bounds = (FEWEST, SELDOM, AT_EDGES, MOSTLY, ANYWHERE)
        for line, was, now in self._db.execute(wanted, (*bounds, *lines)).fetchall():
            fresh = self._fresh.get(line, set())
            if was != now:
                self._db.execute("UPDATE furniture_lines SET judged = ? WHERE line = ?", (now, line))
                rows = {row for (row,) in self._db.execute("SELECT row FROM furniture_places WHERE line = ?", (line,))}
                yield from ((row, bool(now)) for row in (rows if now else rows - fresh))
            elif now:
                yield from ((row, True) for row in fresh)
        spent = f"stories = 0 AND places = 0 AND endings = 0 AND kept = 0 AND line IN ({', '.join('?' * len(lines))})"
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
            self._touched.update(line for (line,) in lines)
        self._db.execute("UPDATE furniture_sources SET judged = articles WHERE number = ?", (source,))

    def _source(self, name: str) -> int:
        self._db.execute("INSERT OR IGNORE INTO furniture_sources (name) VALUES (?)", (name,))
        return int(self._db.execute("SELECT number FROM furniture_sources WHERE name = ?", (name,)).fetchone()[0])

    def _resize(self, source: int, by: int) -> None:
        self._db.execute("UPDATE furniture_sources SET articles = articles + ? WHERE number = ?", (by, source))
        self._sources.add(source)

    def _open(self, line: int, source: int, words: str) -> None:
        self._db.execute(
            "INSERT INTO furniture_lines (line, source, is_open) VALUES (?1, ?2, ?3) "
            "ON CONFLICT DO UPDATE SET source = ?2, is_open = ?3 WHERE source IS NULL",
            (line, source, _END.search(text.key(words)) is None),
        )

    def _place(self, row: int, article: int, line: int, story: int, is_edge: bool) -> None:
        is_new = not self._has(line, story)
        self._db.execute("INSERT INTO furniture_places VALUES (?, ?, ?, ?, ?)", (row, article, line, story, is_edge))
        self._count(line, int(is_new), 1, int(is_edge))
        self._fresh.setdefault(line, set()).add(row)

    def _end(self, article: int, line: int) -> None:
        self._db.execute(
            "INSERT INTO furniture_lines (line, endings) VALUES (?, 1) ON CONFLICT DO UPDATE SET endings = endings + 1",
            (line,),
        )
        self._db.execute("INSERT INTO furniture_endings VALUES (?, ?)", (article, line))
        self._touched.add(line)

    def _has(self, line: int, story: int) -> bool:
        wanted = "SELECT 1 FROM furniture_places WHERE line = ? AND story = ? LIMIT 1"
        return self._db.execute(wanted, (line, story)).fetchone() is not None

    def _count(self, line: int, stories: int, places: int, edges: int) -> None:
        self._db.execute(
            "UPDATE furniture_lines SET stories = stories + ?, places = places + ?, edges = edges + ? WHERE line = ?",
            (stories, places, edges, line),
        )
        self._touched.add(line)


def _is_edge(position: int, last: int) -> bool:
    """Whether a paragraph, the ``position``-th of ``last``, stands at the top or bottom; a caption does not."""
    top, bottom = min(TOP, max(1, last // 4)), min(BOTTOM, max(1, last // 3))
    return 0 < position <= top or (position > 0 and last - position < bottom)


def _hash(source: str, words: str) -> int:
    """Return 8 bytes of the sha1 of a line of a source, as SQLite holds an integer."""
    told = f"{source}\n{text.key(words)}".encode("utf-8", "replace")
    return int.from_bytes(hashlib.sha1(told, usedforsecurity=False).digest()[:8], "big", signed=True)

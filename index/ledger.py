"""The counts of lines in a store, kept in memory for a while: most of what is counted is written many at a time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Collection, Iterator, Sequence

FULL: Final = 20_000
"""Places and endings held in memory, some 10 MB."""
_CHUNK: Final = 500
_LINES: Final = (
    "INSERT INTO furniture_lines (line, source, is_open, stories, places, edges, endings) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO UPDATE SET "
    "source = coalesce(source, ?2), is_open = coalesce(is_open, ?3), stories = stories + ?4, places = places + ?5, "
    "edges = edges + ?6, endings = endings + ?7"
)
_HAS: Final = "SELECT 1 FROM furniture_places WHERE line = ? AND story = ? LIMIT 1"


@dataclass(slots=True)
class _Counts:
    """What came of one line; it has no source, and is neither open nor closed, while only endings came."""

    source: int | None = None
    is_open: bool | None = None
    places: int = 0
    edges: int = 0
    endings: int = 0


class Ledger:
    """Holds the places and endings of lines that came in, until they are written within the store's transaction."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._numbers: dict[str, int] = {}
        self._articles: list[tuple[int, int]] = []
        self._places: list[tuple[int, int, int, int, bool]] = []
        self._endings: list[tuple[int, int]] = []
        self._lines: dict[int, _Counts] = {}

    def __len__(self) -> int:
        return len(self._articles) + len(self._places) + len(self._endings)

    def source(self, name: str) -> int:
        """Return the number of a source, new or known."""
        number = self._numbers.get(name)
        if number is None:
            self._db.execute("INSERT OR IGNORE INTO furniture_sources (name) VALUES (?)", (name,))
            found = self._db.execute("SELECT number FROM furniture_sources WHERE name = ?", (name,)).fetchone()
            number = self._numbers[name] = int(found[0])
        return number

    def article(self, number: int, source: int) -> None:
        """Count an article of a source."""
        self._articles.append((number, source))

    def is_new(self, line: int) -> bool:
        """Tell whether no place of a line came in since the last ``write``."""
        return line not in self._lines or self._lines[line].source is None

    def name(self, line: int, source: int, is_open: bool) -> None:
        """Tell whose line it is, and whether it ends otherwise than a sentence does, before its first place."""
        counts = self._lines.setdefault(line, _Counts())
        counts.source, counts.is_open = source, is_open

    def place(self, row: int, article: int, line: int, story: int, is_edge: bool) -> None:
        """Count a line where it stands by itself."""
        self._places.append((row, article, line, story, is_edge))
        counts = self._lines[line]
        counts.places += 1
        counts.edges += is_edge

    def end(self, article: int, line: int) -> None:
        """Count a line that ends a longer paragraph."""
        self._endings.append((article, line))
        self._lines.setdefault(line, _Counts()).endings += 1

    def write(self) -> Collection[int]:
        """Write what came in, and return its lines."""
        if not self:
            return ()
        stories = self._stories()
        self._db.executemany("INSERT INTO furniture_articles VALUES (?, ?)", self._articles)
        grown = Counter(source for _, source in self._articles)
        grow = "UPDATE furniture_sources SET articles = articles + ? WHERE number = ?"
        self._db.executemany(grow, [(by, source) for source, by in grown.items()])
        self._db.executemany("INSERT INTO furniture_places VALUES (?, ?, ?, ?, ?)", self._places)
        self._db.executemany("INSERT INTO furniture_endings VALUES (?, ?)", self._endings)
        lines = sorted(self._lines.items())  # side by side in the table, too
        self._db.executemany(
            _LINES,
            ((line, of.source, of.is_open, stories[line], of.places, of.edges, of.endings) for line, of in lines),
        )
        written = self._lines
        self._articles, self._places, self._endings, self._lines = [], [], [], {}
        return written.keys()

    def _stories(self) -> Counter[int]:
        """Return for each line in how many stories it stands that did not have it before."""
        pairs = {(line, story) for _, _, line, story, _ in self._places}
        known = set(self._known(list(self._lines)))
        return Counter(line for line, story in pairs if line not in known or not self._has(line, story))

    def _known(self, lines: Sequence[int]) -> Iterator[int]:
        """Yield those of the lines that stand somewhere by what is written."""
        for start in range(0, len(lines), _CHUNK):
            chunk = lines[start : start + _CHUNK]
            wanted = f"SELECT line FROM furniture_lines WHERE places AND line IN ({', '.join('?' * len(chunk))})"
            yield from (line for (line,) in self._db.execute(wanted, chunk))

    def _has(self, line: int, story: int) -> bool:
        return self._db.execute(_HAS, (line, story)).fetchone() is not None

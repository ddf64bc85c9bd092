"""Learning furniture anew from what the store holds: to compare with what it says, or to put in its place."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any, Final

from index import furniture
from index.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from index.model import ArticleInfo, Passage
    from index.store import Store
    from index.store_writer import StoreWriter

_TABLES: Final = (
    "furniture_articles",
    "furniture_endings",
    "furniture_places",
    "furniture_lines",
    "furniture_sources",
)
_COMPARED: Final = {
    "furniture_lines": (
        "SELECT line, is_open, stories, places, edges, endings, kept, judged FROM furniture_lines ORDER BY line"
    ),
    "furniture_places": "SELECT row, article, line, story, is_edge FROM furniture_places ORDER BY row",
    "furniture_endings": "SELECT article, line FROM furniture_endings ORDER BY 1, 2",
    "furniture_articles": (
        "SELECT a.article, s.name FROM furniture_articles a JOIN furniture_sources s ON s.number = a.source ORDER BY 1"
    ),
    "furniture_sources": "SELECT name, articles, judged FROM furniture_sources WHERE articles ORDER BY name",
    "passages": (
        f"SELECT row FROM passages WHERE furniture AND kind IN ('{Kind.PARAGRAPH}', '{Kind.CAPTION}') ORDER BY row"
    ),
}


class Relearnt:
    """Learns in memory, article by article."""

    def __init__(self, kept: Iterable[tuple[int]]) -> None:
        self._db = sqlite3.connect(":memory:", isolation_level=None)
        self._db.executescript(furniture.SCHEMA)
        self._learner = furniture.Furniture(self._db)
        self._learner.keep(line for (line,) in kept)

    def add(self, number: int, article: ArticleInfo, cut: Sequence[tuple[int, Passage]]) -> None:
        """Count an article's (row, passage) pairs."""
        self._learner.add(number, furniture.origin(article), furniture.lines(cut))

    def differences(self, store: Store) -> list[str]:
        """Return the tables in which a store says something else; nothing can be added after this."""
        rows = [(row,) for row, is_furniture in self._learner.judge() if is_furniture]
        with closing(self._db) as db:
            found: dict[str, list[Any]] = {
                table: rows if table == "passages" else db.execute(wanted).fetchall()
                for table, wanted in _COMPARED.items()
            }
        return [table for table, wanted in _COMPARED.items() if found[table] != store.read(wanted, ())]


def relearn(store: StoreWriter, kept: Iterable[int]) -> None:
    """Learn all furniture of a store anew, within its transaction; ``kept`` lines are none."""
    db = store.connection
    for table in _TABLES:
        db.execute(f"DELETE FROM {table}")
    learnt = f"furniture AND kind IN ('{Kind.PARAGRAPH}', '{Kind.CAPTION}')"
    db.execute(f"UPDATE passages SET furniture = 0 WHERE {learnt}")
    learner = furniture.Furniture(db)
    learner.keep(kept)
    reader = store.reader
    for number, name in db.execute("SELECT number, id FROM articles ORDER BY number").fetchall():
        rows = [row for (row,) in db.execute("SELECT row FROM passages WHERE article = ? ORDER BY row", (number,))]
        cut = list(zip(rows, reader.passages_of(name), strict=True))
        learner.add(number, furniture.origin(reader.articles([name])[name]), furniture.lines(cut))
    store.furnish(learner.judge())

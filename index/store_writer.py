"""Writing a store: what puts articles, passages and links into it, and takes them out.

Writers add in batches and commit once: that commit is the moment a passage begins to exist, or ceases to, whatever
the keyword engine and the vectors hold. What those two still owe the store is noted in it (``chores``, ``gone``).
"""

from __future__ import annotations

import sqlite3
from functools import reduce
from itertools import groupby, islice
from operator import itemgetter, xor
from typing import TYPE_CHECKING, Final

from index import schema, sums
from index.model import ArticleInfo, Kind
from index.places import PlaceWriter
from index.store import Store
from index.store_guard import check_schema, restrain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from index.model import Passage

_BATCH: Final = 1000
_LATER: Final = (None, None, None)  # the columns a new passage leaves empty: stack, answers, answers_score


class StoreWriter:
    """Writes one snapshot's store."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._loading = False
        self._sum = 0  # of the article that was added last, while loading
        self._db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        restrain(self._db)
        sums.register(self._db)
        self._places = PlaceWriter(self._db)
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")

    @classmethod
    def open(cls, path: Path) -> StoreWriter:
        """Open the store of a published snapshot, whoever made it; raises ``IndexDamaged`` where it is not one."""
        writer = cls(path)
        try:
            check_schema(writer._db, path)
        except BaseException:
            writer.close()
            raise
        return writer

    @classmethod
    def create(cls, path: Path) -> StoreWriter:
        """Create an empty store; nobody relies on it before it is published, so that nothing waits for the disk."""
        writer = cls(path)
        writer._db.execute("PRAGMA synchronous = OFF")
        writer._db.executescript(f"BEGIN; {schema.TABLES} COMMIT;")
        writer._db.execute("INSERT INTO meta VALUES ('next_row', '1'), ('generation', '1')")
        return writer

    def load(self) -> None:
        """From here to ``loaded``, articles only come in; their sums are made of what is written, and not by SQLite."""
        sums.suspend(self._db)
        self._loading = True

    def loaded(self) -> None:
        """End what ``load`` began."""
        sums.resume(self._db)
        self._loading = False

    @property
    def connection(self) -> sqlite3.Connection:
        """The open file, for those who keep tables of their own in it."""
        return self._db

    @property
    def reader(self) -> Store:
        """The store as it stands with what was not committed yet; it closes with the writer."""
        return Store(self._path, self._db)

    def begin(self) -> None:
        """Start the transaction that the next ``commit`` ends."""
        self._db.execute("BEGIN IMMEDIATE")

    def commit(self) -> None:
        """Make everything since ``begin`` durable and visible, at once."""
        self._places.write()
        self._db.execute("COMMIT")

    def number(self, key: str) -> int:
        """Return a fact of the snapshot that is a number, 0 where it is not there."""
        found = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return int(found[0]) if found else 0

    def set_number(self, key: str, value: int) -> None:
        """Remember a fact of the snapshot that is a number."""
        self._db.execute(
            "INSERT INTO meta VALUES (?1, ?2) ON CONFLICT DO UPDATE SET value = ?2",
            (key, str(value)),
        )

    def add_article(self, article: ArticleInfo, digest: bytes, file: int | None, seen: int) -> int:
        """Add an article of a new id, read from that file in that round, and return its number."""
        values = (*schema.info_values(article), digest, file, seen)
        marks = ", ".join("?" * len(values))
        added = self._db.execute(
            f"INSERT INTO articles ({schema.INFO}, digest, file, seen) VALUES ({marks})",
            values,
        )
        number = int(added.lastrowid or 0)
        if self._loading:
            self._sum = sums.of_record("articles", (number, *values))
        return number

    def add_passages(self, number: int, article: ArticleInfo, cut: Iterable[tuple[int, Passage]]) -> None:
        """Add (row, passage) pairs of ``article``, which has that number."""
        names = schema.PASSAGE_COLUMNS
        records = [schema.passage_values(row, number, passage, article) for row, passage in self._places.touching(cut)]
        self._db.executemany(
            f"INSERT INTO passages ({names}) VALUES ({', '.join('?' * len(names.split(',')))})",
            records,
        )
        if self._loading:
            self._sum ^= reduce(xor, (sums.of_record("passages", (*record, *_LATER)) for record in records), 0)
            sums.keep(self._db, [(number, self._sum)])

    def remove_article(self, number: int) -> tuple[set[int], int]:
        """Take out an article; return the leaders of the stacks that lost somebody, and how many passages it had."""
        wanted = "SELECT DISTINCT stack FROM passages WHERE article = ? AND stack IS NOT NULL"
        stacks = {stack for (stack,) in self._db.execute(wanted, (number,))}
        rows = "SELECT row FROM passages WHERE article = ?"
        for table in ("gone", "chores"):
            self._db.execute(f"INSERT OR IGNORE INTO {table} {rows}", (number,))
        removed = [row for (row,) in self._db.execute(rows, (number,))]
        self._places.touch(removed)
        self._db.execute("DELETE FROM passages WHERE article = ?", (number,))
        self._db.execute("DELETE FROM articles WHERE number = ?", (number,))
        return stacks, len(removed)

    def furnish(self, changed: Sequence[tuple[int, bool]]) -> None:
        """Remember (row, whether it is furniture); such a passage answers nothing and stands in no stack."""
        self._db.executemany("UPDATE passages SET furniture = ?2 WHERE row = ?1", changed)
        self.note([row for row, _ in changed])

    def note(self, rows: Iterable[int]) -> None:
        """Note that the keyword documents of ``rows`` are to be written anew."""
        self._db.executemany("INSERT OR IGNORE INTO chores VALUES (?)", ((row,) for row in rows))

    def chores(self) -> list[int]:
        """Return the rows whose keyword documents are to be written anew, or dropped where there is no passage."""
        return [row for (row,) in self._db.execute("SELECT row FROM chores ORDER BY row")]

    def done(self) -> None:
        """Forget the chores."""
        self._db.execute("DELETE FROM chores")

    def gone(self) -> list[int]:
        """Return the rows of removed passages, ascending."""
        return [row for (row,) in self._db.execute("SELECT row FROM gone ORDER BY row")]

    def forget_gone(self) -> None:
        """Forget the rows of removed passages, of which no vector is left."""
        self._db.execute("DELETE FROM gone")

    def documents(self, rows: Iterable[int]) -> Iterator[tuple[int, Passage, ArticleInfo]]:
        """Yield (row, passage, its article) of those of ``rows`` that are there, in their order.

        With its first passage an article comes whole.
        """
        reader = self.reader
        for batch in _batches(rows):
            found = reader.passages(batch)
            articles = reader.articles([passage.article_id for passage in found.values()])
            first = self._first_of(batch)
            for row in batch:
                if row in found:
                    name = found[row].article_id
                    yield row, found[row], reader.article(name) if row in first else articles[name]

    def _first_of(self, rows: Sequence[int]) -> set[int]:
        """Return those of ``rows`` that are the first of their article."""
        marks = ", ".join("?" * len(rows))
        wanted = (
            "SELECT min(row) FROM passages "
            f"WHERE article IN (SELECT article FROM passages WHERE row IN ({marks})) GROUP BY article"
        )
        return {row for (row,) in self._db.execute(wanted, rows)}.intersection(rows)

    def texts(self, after: int = 0, limit: int = -1) -> Iterator[tuple[int, str]]:
        """Yield (row, text) of up to ``limit`` passages behind ``after`` that have vectors, by row."""
        wanted = f"SELECT row, text FROM passages WHERE row > ? AND {schema.HAS_VECTOR} ORDER BY row LIMIT ?"
        yield from self._db.execute(wanted, (after, limit))

    def text_count(self, after: int = 0) -> int:
        """Return how many passages ``texts`` yields."""
        wanted = f"SELECT count(*) FROM passages WHERE row > ? AND {schema.HAS_VECTOR}"
        return int(self._db.execute(wanted, (after,)).fetchone()[0])

    def last_row(self) -> int:
        """Return the greatest row of a passage, 0 where there is none."""
        return int(self._db.execute("SELECT coalesce(max(row), 0) FROM passages").fetchone()[0])

    def dated(self, kind: Kind) -> Iterator[int]:
        """Yield the rows of the passages of a kind, the earliest first, undated ones last, equals by row.

        Furniture is left out.
        """
        chosen = "WHERE kind = ? AND furniture = 0 ORDER BY time IS NULL, time, row"
        yield from (row for (row,) in self._db.execute(f"SELECT row FROM passages {chosen}", (kind.value,)))

    def stackable(self) -> Iterator[tuple[int, str]]:
        """Yield (row, text) of all passages but furniture, by row."""
        yield from self._db.execute("SELECT row, text FROM passages WHERE furniture = 0 ORDER BY row")

    def text(self, row: int) -> str:
        """Return the text of a passage that is there."""
        return str(self._db.execute("SELECT text FROM passages WHERE row = ?", (row,)).fetchone()[0])

    def articles_of(self, rows: Sequence[int]) -> set[int]:
        """Return the numbers of the articles of ``rows``."""
        found: set[int] = set()
        for batch in _batches(rows):
            wanted = f"SELECT DISTINCT article FROM passages WHERE row IN ({', '.join('?' * len(batch))})"
            found.update(number for (number,) in self._db.execute(wanted, batch))
        return found

    def threads(self, after: int = 0) -> Iterator[list[tuple[int, Kind, str]]]:
        """Yield (row, kind, text) of the paragraphs and comments of each article behind row ``after``, by row.

        Articles without comments are left out, and so is furniture.
        """
        yield from self._threads("row > ?", after)

    def thread(self, number: int) -> Iterator[list[tuple[int, Kind, str]]]:
        """Yield what ``threads`` yields for one article."""
        yield from self._threads("article = ?", number)

    def _threads(self, condition: str, value: int) -> Iterator[list[tuple[int, Kind, str]]]:
        passages = self._db.execute(
            "SELECT article, row, kind, text FROM passages "
            f"WHERE {condition} AND kind IN (?, ?) AND furniture = 0 ORDER BY row",
            (value, Kind.PARAGRAPH.value, Kind.COMMENT.value),
        )
        for _, records in groupby(passages, key=itemgetter(0)):
            thread = [(row, Kind(kind), text) for _, row, kind, text in records]
            if thread[-1][1] is Kind.COMMENT:
                yield thread

    def stack(self, members: Iterable[tuple[int, int | None]]) -> None:
        """Remember (row, row of the leader) of stacked passages; a leader is a member of its own stack."""
        self._db.executemany("UPDATE passages SET stack = ?2 WHERE row = ?1", self._places.touching(members))

    def unstacked(self, rows: Sequence[int]) -> set[int]:
        """Take ``rows`` out of their stacks; return the leaders of those."""
        leaders = set(self.reader.stacks(rows).values())
        self.stack((row, None) for row in rows)
        return leaders

    def members_of(self, leaders: Iterable[int]) -> list[int]:
        """Return the rows that stand in the stacks of ``leaders``, ascending."""
        return sorted(row for rows in self.reader.members(sorted(leaders)).values() for row in rows)

    def unstack(self) -> None:
        """Forget all stacks."""
        self._places.touch(row for (row,) in self._db.execute("SELECT row FROM passages WHERE stack IS NOT NULL"))
        self._db.execute("UPDATE passages SET stack = NULL WHERE stack IS NOT NULL")

    def link(self, links: Iterable[tuple[int, int, float]]) -> None:
        """Remember (row of a comment, row of the paragraph it answers, score in 0..1)."""
        self._db.executemany("UPDATE passages SET answers = ?2, answers_score = ?3 WHERE row = ?1", links)

    def unlink(self, number: int) -> None:
        """Forget which paragraphs the comments of an article answer."""
        self._db.execute("UPDATE passages SET answers = NULL, answers_score = NULL WHERE article = ?", (number,))

    def place_anew(self) -> None:
        """Take where passages stand from their records alone."""
        self._places.renew()

    def masked(self) -> list[int]:
        """Return the rows whose vectors do not count, ascending: removed passages and furniture."""
        return self.reader.masked()

    def close(self) -> None:
        """Close the file; what was not committed is dropped."""
        self._db.close()


def _batches(rows: Iterable[int]) -> Iterator[list[int]]:
    stream = iter(rows)
    while batch := list(islice(stream, _BATCH)):
        yield batch

"""Where passages stand, as search asks it of hundreds at a time: columns beside the records, in blocks.

A block tells article, leader of the stack and kind of ``BLOCK`` neighbouring rows, zeros where there is no passage. It
is derived from the records, and written with every commit that changes what it tells. Looking up a passage is then a
look into three arrays, where records, texts and all, would be sought one by one.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeGuard, TypeVar

import numpy as np

from index.errors import IndexDamaged
from index.model import Kind
from index.schema import sensible

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import numpy.typing as npt

    from index.keyword.protocol import Rows

    Read = Callable[[str, Sequence[object]], list[Any]]

Member = TypeVar("Member", bound=tuple[int, object])

BLOCK: Final = 1024  # rows: few enough to be written anew for one of them, many enough to be read at once
CODES: Final = {kind: code for code, kind in enumerate(Kind, 1)}
"""The number a kind has in a block; 0 is no passage."""
_SIZE: Final = 9 * BLOCK  # bytes of articles and stacks, "<u4" each, and kinds, "u1"
_SUM: Final = 4
_RECORDS: Final = "SELECT row, article, coalesce(stack, 0), kind FROM passages WHERE row BETWEEN ? AND ?"


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """Where passages stand; arrays are (n,) and aligned with the rows asked for."""

    articles: npt.NDArray[np.int64]
    """The number of the article; what no record tells of is an article of its own, by its negative row."""
    stacks: npt.NDArray[np.int64]
    """The row of the leader of the stack, 0 for none."""
    kinds: npt.NDArray[np.uint8]
    """By ``CODES``."""


class PlaceWriter:
    """Keeps the blocks of one store in step with its records."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._touched: set[int] = set()

    def touch(self, rows: Iterable[int]) -> None:
        """Remember that these rows change."""
        self._touched.update(row // BLOCK for row in rows)

    def touching(self, members: Iterable[Member]) -> Iterator[Member]:
        """Yield pairs of a row and something, and remember that these rows change."""
        for member in members:
            self._touched.add(member[0] // BLOCK)
            yield member

    def renew(self, last: int) -> None:
        """Have all blocks written anew, up to the row ``last``."""
        self._db.execute("DELETE FROM places")
        self._touched.update(range(last // BLOCK + 1))

    def write(self) -> None:
        """Write the blocks of what changed; raises ``IndexDamaged`` for records that cannot have been written so."""
        wanted = "INSERT INTO places VALUES (?1, ?2) ON CONFLICT DO UPDATE SET columns = ?2"
        self._db.executemany(wanted, ((block, _columns(self._db, block)) for block in sorted(self._touched)))
        self._touched.clear()


class PlaceTable:
    """Reads blocks when they are first asked for; safe to use from several threads."""

    def __init__(self, read: Read, end: int) -> None:
        """Read rows below ``end`` through ``read``, which answers a statement with its values."""
        self._read = read
        ((size,),) = read("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size", ())
        blocks = min(-(-end // BLOCK), size // _SIZE + 1)  # ``end`` is only what a file says: memory follows its size
        self._is_here = np.zeros(blocks, dtype=np.bool_)
        self._articles = np.zeros(blocks * BLOCK, dtype=np.uint32)
        self._stacks = np.zeros(blocks * BLOCK, dtype=np.uint32)
        self._kinds = np.zeros(blocks * BLOCK, dtype=np.uint8)

    def of(self, rows: Rows) -> Places:
        """Return where each of ``rows`` stands; raises ``IndexDamaged``."""
        known = np.where((rows > 0) & (rows < len(self._kinds)), rows, 0)  # 0 is nobody's row
        missing = (known > 0) & ~self._is_here[known // BLOCK]
        if missing.any():
            self._load(sorted(set((known[missing] // BLOCK).tolist())))
        articles = self._articles[known].astype(np.int64)
        return Places(np.where(articles, articles, -rows), self._stacks[known].astype(np.int64), self._kinds[known])

    def _load(self, blocks: list[int]) -> None:
        wanted = "SELECT block, columns FROM places WHERE block IN (SELECT value FROM json_each(?))"
        found = dict(self._read(wanted, (json.dumps(blocks),)))
        for block in blocks:
            columns, first = found.get(block), block * BLOCK
            with sensible():
                if not _is_sound(columns):
                    raise ValueError(f"the places of rows from {first} on")
            self._articles[first : first + BLOCK] = np.frombuffer(columns, "<u4", BLOCK)
            self._stacks[first : first + BLOCK] = np.frombuffer(columns, "<u4", BLOCK, 4 * BLOCK)
            self._kinds[first : first + BLOCK] = np.frombuffer(columns, "u1", BLOCK, 8 * BLOCK)
        self._is_here[blocks] = True


def differing(db: sqlite3.Connection, last: int) -> list[int]:
    """Return the first row of each block up to row ``last`` that does not tell what the records do, ascending."""
    told = dict(db.execute("SELECT block, columns FROM places"))
    found: list[int] = []
    for block in sorted({*range(last // BLOCK + 1), *told}):
        try:
            wanted = _columns(db, block)
        except IndexDamaged:
            wanted = b""
        if told.get(block, _blank()) != wanted:
            found.append(block * BLOCK)
    return found


def _columns(db: sqlite3.Connection, block: int) -> bytes:
    """Return the columns of a block, and their sum."""
    first = block * BLOCK
    columns = np.zeros((2, BLOCK), dtype="<u4")
    kinds = np.zeros(BLOCK, dtype=np.uint8)
    if records := db.execute(_RECORDS, (first, first + BLOCK - 1)).fetchall():
        with sensible():
            rows, articles, stacks, names = zip(*records, strict=True)
            places = np.array(rows, dtype=np.int64) - first
            columns[:, places] = np.array((articles, stacks), dtype="<u4")
            kinds[places] = [CODES[Kind(name)] for name in names]
    whole = columns.tobytes() + kinds.tobytes()
    return whole + zlib.crc32(whole).to_bytes(_SUM, "little")


def _blank() -> bytes:
    """Return the columns of a block without passages."""
    return bytes(_SIZE) + zlib.crc32(bytes(_SIZE)).to_bytes(_SUM, "little")


def _is_sound(columns: object) -> TypeGuard[bytes]:
    """Whether these are the bytes of a block, as they were written."""
    if not isinstance(columns, bytes) or len(columns) != _SIZE + _SUM:
        return False
    is_whole = zlib.crc32(columns[:_SIZE]).to_bytes(_SUM, "little") == columns[_SIZE:]
    return is_whole and max(columns[8 * BLOCK : _SIZE]) <= len(CODES)

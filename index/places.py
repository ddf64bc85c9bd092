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
from index.schema import kind_of, sensible

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Callable, Iterable, Iterator, Sequence

    import numpy.typing as npt

    from index.keyword.protocol import Rows

    Read = Callable[[str, Sequence[object]], list[Any]]

Member = TypeVar("Member", bound=tuple[int, object])

_BITS: Final = 10
BLOCK: Final = 1 << _BITS  # rows: few enough to be written anew for one of them, many enough to be read at once
CODES: Final = {kind: code for code, kind in enumerate(Kind, 1)}
"""The number a kind has in a block; 0 is no passage."""
_SIZE: Final = 9 * BLOCK  # bytes of articles and stacks, "<u4" each, and kinds, "u1"
_SUM: Final = 4
_NO_BLOCK: Final = (1 << 63) - 1  # behind all others: no row is that great
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

    def renew(self) -> None:
        """Have all blocks written anew, of the rows that there are."""
        self._db.execute("DELETE FROM places")
        self._touched.update(_holding(self._db))

    def write(self) -> None:
        """Write the blocks of what changed; raises ``IndexDamaged`` for records that cannot have been written so."""
        wanted = "INSERT INTO places VALUES (?1, ?2) ON CONFLICT DO UPDATE SET columns = ?2"
        self._db.executemany(wanted, ((block, _columns(self._db, block)) for block in sorted(self._touched)))
        self._touched.clear()


class PlaceTable:
    """Reads blocks when they are first asked for; safe to use from several threads."""

    def __init__(self, read: Read) -> None:
        """Read through ``read``, which answers a statement with its values."""
        self._read = read
        # Only whole ones, so that memory follows the size of the file, whatever that says of itself.
        wanted = "SELECT block FROM places WHERE length(columns) = ? ORDER BY block"
        blocks = [block for (block,) in read(wanted, (_SIZE + _SUM,))]
        self._blocks = np.array([*blocks, _NO_BLOCK], dtype=np.int64)
        size = len(blocks) * BLOCK
        self._is_here = np.zeros(len(blocks), dtype=np.bool_)
        self._articles = np.zeros(size, dtype=np.uint32)
        self._stacks = np.zeros(size, dtype=np.uint32)
        self._kinds = np.zeros(size, dtype=np.uint8)

    def of(self, rows: Rows) -> Places:
        """Return where each of ``rows`` stands; raises ``IndexDamaged`` where no block tells."""
        blocks = rows >> _BITS
        slots = self._blocks.searchsorted(blocks)
        with sensible():
            if (self._blocks[slots] != blocks).any():
                raise ValueError("rows without places")
        if not self._is_here[slots].all():
            self._load(sorted(set(slots[~self._is_here[slots]].tolist())))
        at = (slots << _BITS) + (rows & (BLOCK - 1))
        articles = self._articles[at].astype(np.int64)
        return Places(np.where(articles, articles, -rows), self._stacks[at].astype(np.int64), self._kinds[at])

    def _load(self, slots: list[int]) -> None:
        wanted = "SELECT block, columns FROM places WHERE block IN (SELECT value FROM json_each(?))"
        blocks = self._blocks[slots].tolist()
        found = dict(self._read(wanted, (json.dumps(blocks),)))
        for slot, block in zip(slots, blocks, strict=True):
            columns, first = found.get(block), slot * BLOCK
            with sensible():
                if not _is_sound(columns):
                    raise ValueError(f"the places of rows from {block * BLOCK} on")
            self._articles[first : first + BLOCK] = np.frombuffer(columns, "<u4", BLOCK)
            self._stacks[first : first + BLOCK] = np.frombuffer(columns, "<u4", BLOCK, 4 * BLOCK)
            self._kinds[first : first + BLOCK] = np.frombuffer(columns, "u1", BLOCK, 8 * BLOCK)
        self._is_here[slots] = True


def differing(db: sqlite3.Connection) -> list[int]:
    """Return the first row of each block that does not tell what the records do, ascending."""
    told, held = dict(db.execute("SELECT block, columns FROM places")), _holding(db)
    found = {block for block, columns in told.items() if block not in held and columns != _blank()}
    for block in held:
        try:
            wanted = _columns(db, block)
        except IndexDamaged:
            wanted = b""
        if told.get(block) != wanted:
            found.add(block)
    return [block * BLOCK for block in sorted(found)]


def _holding(db: sqlite3.Connection) -> set[int]:
    """Return the blocks that hold passages: as many as there are rows at most, however great their numbers."""
    return {block for (block,) in db.execute(f"SELECT DISTINCT row / {BLOCK} FROM passages")}


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
            kinds[places] = [CODES[kind_of(name)] for name in names]
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

"""Stacks: near-identical passages of one kind, such as reprinted paragraphs, copied captions and pasted comments.

Two passages stack where their words are the same, or where they are near (``index.likeness``): by reading, what is
less alike than that, or alike but for a figure ("up 6-1/4 pct", "up 6-3/8 pct"), is two pieces of news. Sketches only
propose pairs; every pair is verified on the words themselves. A passage joins the most similar leader, never a mere
member, so that stacks do not drift along chains. Short texts stay alone: "Agreed." from two readers is no reprint.

This finds the stacks of a whole corpus. What it must know of each passage lies in columns on disk, 116 bytes a
passage and at most 100 more for a distinct text; in memory there are at any time a few such columns and some texts.
Passages come by row, as they were read and analysed; the order of time, in which they stack, is given afterwards.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from index import text
from index.likeness import BANDS, THRESHOLD, Features, bands, digest, is_long_enough, likeness

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from index.scratch import Array, Column, Scratch

_BATCH: Final = 1024
_REMEMBERED: Final = 4096


class Sketches:
    """What is kept of each passage that is long enough; a passage's number there is its place.

    Add all passages, by row; then ask for stacks.
    """

    def __init__(self, scratch: Scratch) -> None:
        self._scratch = scratch
        self.rows = scratch.column(np.int64)
        self.digests = scratch.column(np.uint64), scratch.column(np.uint64)
        self.sizes = scratch.column(np.int32)
        """How many shingles."""
        self.figures = scratch.column(np.uint64)
        """One bit for each figure, so that most pairs told apart by figures are known without their texts."""
        self.bands = [scratch.column(np.uint64) for _ in range(BANDS)]

    def add(self, passages: Sequence[tuple[int, Sequence[str]]]) -> None:
        """Add passages, each a row and the exact forms of its text."""
        batch = [(row, words) for row, words in passages if is_long_enough(words)]
        if not batch:
            return
        features = [Features.of(words) for _, words in batch]
        keys = bands([of.shingles for of in features])
        halves = np.frombuffer(b"".join(digest(words) for _, words in batch), dtype=np.uint64).reshape(-1, 2)
        self.rows.append(np.array([row for row, _ in batch]))
        self.sizes.append(np.array([len(of.shingles) for of in features]))
        self.figures.append(np.array([_bits(of.figures) for of in features], dtype=np.uint64))
        for columns, values in ((self.digests, halves), (self.bands, keys)):
            for at, column in enumerate(columns):
                column.append(values[:, at])

    def stacks(self, rows: Iterable[int], text_of: Callable[[int], str]) -> Iterator[tuple[int, int]]:
        """Yield (row, row of its leader) of every passage that stands in a stack, leaders too, in the order given.

        ``rows`` are those of one kind, the earliest first, and ``text_of`` gives the text of one.
        """
        places = self._places(np.fromiter(rows, dtype=np.int64))
        first = _first_of_equals(*(column.array()[places] for column in self.digests))
        distinct = np.flatnonzero(first == np.arange(len(first), dtype=np.int32)).astype(np.int32)
        leaders = distinct[_Election(self, places[distinct], text_of, self._scratch).run()]
        yield from _told(self.rows.array()[places], first, distinct, leaders)

    def _places(self, rows: Array) -> Array:
        """Return the places of those of ``rows`` that have one, (n,) int32."""
        known = self.rows.array()
        if not len(known):
            return np.empty(0, dtype=np.int32)
        places = np.minimum(np.searchsorted(known, rows), len(known) - 1)
        return np.asarray(places[known[places] == rows], dtype=np.int32)


def _told(rows: Array, first: Array, distinct: Array, leaders: Array) -> Iterator[tuple[int, int]]:
    """Yield (row, row of its leader) of what is stacked, in small steps: whole columns would double the memory."""
    sizes = np.zeros(len(first), dtype=np.int32)
    for start in range(0, len(first), _BATCH):
        np.add.at(sizes, leaders[np.searchsorted(distinct, first[start : start + _BATCH])], 1)
    for start in range(0, len(first), _BATCH):
        leader = leaders[np.searchsorted(distinct, first[start : start + _BATCH])]
        stacked = np.flatnonzero(sizes[leader] > 1)
        yield from zip(rows[start + stacked].tolist(), rows[leader[stacked]].tolist(), strict=True)


class _Crowds:
    """Who shares a band with whom among the distinct texts, and which of them lead so far.

    Texts with one key in one band are a crowd. Each crowd owns a run of seats: the first holds how many leaders it
    has, the next ones who they are. That is linear in the texts, however many of them share a key.
    """

    def __init__(self, columns: Sequence[Column], distinct: Array, scratch: Scratch) -> None:
        self._columns = [scratch.column(np.int32) for _ in columns]
        seats = 0
        for keys, column in zip(columns, self._columns, strict=True):
            starts, seats = _runs(keys.array()[distinct], seats)
            column.append(starts)
        self._starts = [column.array() for column in self._columns]
        self._seats = scratch.column(np.int32).zeros(seats)

    def walk(self) -> Iterator[tuple[int, Array]]:
        """Yield each text that stands in a crowd, in order, and where the seats of its crowds start, (n,) int32."""
        for first in range(0, len(self._starts[0]), _BATCH):
            block = np.stack([starts[first : first + _BATCH] for starts in self._starts], axis=1)
            for at in np.flatnonzero((block >= 0).any(axis=1)).tolist():
                yield first + at, block[at][block[at] >= 0]

    def leaders(self, starts: Array) -> Array:
        """Return the leaders in those crowds, (n,) int32 ascending."""
        counts = self._seats[starts]
        if not counts.any():
            return counts[:0]
        runs = zip(starts.tolist(), counts.tolist(), strict=True)
        return np.unique(np.concatenate([self._seats[start + 1 : start + 1 + count] for start, count in runs]))

    def seat(self, leader: int, starts: Array) -> None:
        """Make a text a leader in its crowds."""
        self._seats[starts] += 1
        self._seats[starts + self._seats[starts]] = leader


class _Election:
    """Finds the leader of each distinct text, in order: the most similar leader before it, else the text itself."""

    def __init__(self, table: Sketches, distinct: Array, text_of: Callable[[int], str], scratch: Scratch) -> None:
        self._distinct = distinct
        self._rows, self._sizes, self._figures = table.rows.array(), table.sizes.array(), table.figures.array()
        self._crowds = _Crowds(table.bands, distinct, scratch)
        rows = self._rows  # and not self, which would hold the mapped files until the collector comes round
        self._features = lru_cache(_REMEMBERED)(lambda at: Features.of(text.terms(text_of(int(rows[distinct[at]])))[0]))

    def run(self) -> Array:
        """Return the leader of each distinct text, (d,) int32: numbers among the distinct texts."""
        leaders = np.arange(len(self._distinct), dtype=np.int32)
        for at, starts in self._crowds.walk():
            leader = self._likest(at, self._crowds.leaders(starts))
            if leader is None:
                self._crowds.seat(at, starts)
            else:
                leaders[at] = leader
        return leaders

    def _likest(self, at: int, asked: Array) -> int | None:
        """Return the one of the leaders ``asked`` that is most like a text, the earliest of equals, if any is near."""
        best, found = 0.0, None
        for other in self._possible(at, asked):
            value = likeness(self._features(at), self._features(other))
            if value >= THRESHOLD and value > best:
                best, found = value, other
        return found

    def _possible(self, at: int, asked: Array) -> list[int]:
        """Return those whose size and figures do not already say that they are not near."""
        if not len(asked):
            return []
        here, there = self._distinct[at], self._distinct[asked]
        size, sizes = self._sizes[here], self._sizes[there]
        figures, others = self._figures[here], self._figures[there]
        fits = np.minimum(size, sizes) / np.maximum(size, sizes) >= THRESHOLD
        fits &= ((figures & ~others) == 0) | ((others & ~figures) == 0)
        found: list[int] = asked[fits].tolist()
        return found


def _first_of_equals(high: Array, low: Array) -> Array:
    """Return for each digest, given in two halves, the place of the first equal one, (n,) int32."""
    order = np.lexsort((low, high))  # stable: equals stay in order
    fresh = _fresh(high[order])
    fresh |= _fresh(low[order])
    begins = np.maximum.accumulate(np.where(fresh, np.arange(len(order), dtype=np.int32), np.int32(0)))
    first = np.empty(len(order), dtype=np.int32)
    first[order] = order[begins]
    return first


def _runs(keys: Array, seats: int) -> tuple[Array, int]:
    """Give each crowd of equal keys its run of seats, from ``seats`` on.

    Returns where the run of each key's crowd starts, (n,) int32, -1 for a key that is alone; and how many seats there
    are now.
    """
    order = np.argsort(keys)
    fresh = _fresh(keys[order])
    crowded = ~fresh
    crowded[:-1] |= ~fresh[1:]
    order, fresh = order[crowded], fresh[crowded]  # mostly few: from here on it is small
    sizes = np.diff(np.append(np.flatnonzero(fresh), len(order))) + 1
    starts = np.full(len(keys), -1, dtype=np.int32)
    starts[order] = np.repeat(seats + np.cumsum(sizes) - sizes, sizes - 1)
    return starts, seats + int(sizes.sum())


def _fresh(ordered: Array) -> Array:
    """Return where a value differs from the one before it, (n,) bool."""
    found = np.ones(len(ordered), dtype=bool)
    np.not_equal(ordered[1:], ordered[:-1], out=found[1:])
    return found


def _bits(figures: Iterable[str]) -> int:
    found = 0
    for figure in figures:
        found |= 1 << (hash(figure) & 63)
    return found

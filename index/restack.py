"""Restacking: the stacks of an index after passages came and went, without stacking everything again.

Stacking everything (``index.stacks``) takes the distinct texts, here *wordings*, in the order of their earliest
passages; each joins the most similar near leader before it, or leads. So a wording changes its leader only where a
near one before it began or ceased to lead. The wordings touched are decided anew in the same order, and where that
changes who leads, the near ones behind are decided, too: the result is that of stacking everything.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING, Protocol

from index.wordings import Passages, Wordings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from index.model import Kind, Place
    from index.wordings import Order, Wording, Words


class Stacked(Passages, Protocol):
    """What must be known of passages and their stacks, as they stand with the passages that came and went."""

    def places(self, rows: Sequence[int]) -> Mapping[int, Place]:
        """Return where each of ``rows`` stands; unknown rows are left out."""

    def stacks(self, rows: Sequence[int]) -> Mapping[int, int]:
        """Return the leader of the stack of each of ``rows`` that is in one; a leader leads itself."""

    def members(self, leaders: Sequence[int]) -> Mapping[int, Sequence[int]]:
        """Return the rows of the stack of each leader, its own too; the leader may be a passage that went."""


def restack(came: Sequence[int], left: Sequence[int], store: Stacked, words: Words) -> list[tuple[int, int | None]]:
    """Return what changes in the stacks: (row, row of its leader, ``None`` for one that is alone now), by row.

    ``came`` are the rows of new passages, which stand in no stack yet; ``left`` those of passages that were stacked
    with one that went and are still there. Their cost is a keyword search each and the texts it brings; where a large
    part of an index is new, stacking everything is quicker.
    """
    rows: dict[Kind, list[int]] = {}
    for row, (_, kind, _) in store.places([*came, *left]).items():
        rows.setdefault(kind, []).append(row)
    changes: list[tuple[int, int | None]] = []
    for kind, touched in rows.items():
        changes += _Restacking(Wordings(kind, store, words), store, set(came)).run(touched)
    return sorted(changes)


class _Restacking:
    """Decides again who leads among the passages of one kind."""

    def __init__(self, wordings: Wordings, store: Stacked, came: set[int]) -> None:
        self._wordings = wordings
        self._store = store
        self._came = came
        self._decided: dict[Wording, int] = {}  # the row of the leader
        self._present: dict[int, int | None] = {}

    def run(self, rows: Sequence[int]) -> list[tuple[int, int | None]]:
        """Return what changes, starting from the passages of ``rows``."""
        waiting = [(wording.order, wording) for wording in self._wordings.plant(rows)]
        heapify(waiting)
        while waiting:
            _, wording = heappop(waiting)
            if wording not in self._decided:
                for behind in self._decide(wording):
                    heappush(waiting, (behind.order, behind))
        return self._changes()

    def _decide(self, wording: Wording) -> list[Wording]:
        """Give a wording its leader; return those that must be decided because of it."""
        near = self._wordings.near(wording)
        self._look_up([*wording.rows, *(other.row for _, other in near)])
        before = self._led(wording)
        leaders = [(-value, other.order) for value, other in near if self._leads(other, wording.order)]
        self._decided[wording] = min(leaders)[1][2] if leaders else wording.row
        after = None if leaders else wording.row
        return [] if before == after else [other for _, other in near if other.order > wording.order]

    def _leads(self, wording: Wording, order: Order) -> bool:
        """Return whether a wording leads and stands before a place; whatever stands before it is decided by now."""
        if wording.order > order:
            return False
        leader = self._decided.get(wording, self._present.get(wording.row))
        return leader is None or leader == wording.row

    def _led(self, wording: Wording) -> int | None:
        """Return the passage of a wording that led until now; equal ones share a leader, so there is one at most."""
        until_now = (row for row in wording.rows if row not in self._came)
        return next((row for row in until_now if self._present[row] in (None, row)), None)

    def _changes(self) -> list[tuple[int, int | None]]:
        wanted: dict[int, int | None] = {
            row: leader for wording, leader in self._decided.items() for row in wording.rows
        }
        touched = {*self._decided.values(), *(leader for row in wanted if (leader := self._present.get(row)))}
        self._look_up(touched)
        led: dict[int, set[int]] = {leader: set() for leader in touched}
        for leader, members in self._store.members(sorted(touched)).items():
            led[leader].update(row for row in members if row not in wanted)
        for row, leader in wanted.items():
            if leader is not None:
                led[leader].add(row)
        for leader, rows in led.items():
            if wanted.get(leader, leader) == leader:
                wanted[leader] = leader if rows - {leader} else None
        return [(row, leader) for row, leader in wanted.items() if self._present.get(row) != leader]

    def _look_up(self, rows: Iterable[int]) -> None:
        unknown = [row for row in rows if row not in self._present]
        found = self._store.stacks(unknown)
        self._present.update((row, found.get(row)) for row in unknown)

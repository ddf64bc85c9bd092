"""Which panes there are in a situation, and where each stands: pure arithmetic, from 60x16 up.

Wide screens set the panes side by side; narrow ones stack hits and article; short ones show one at a time.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDE: Final = 100  # columns from which on panes stand side by side
ROOMY: Final = 150  # columns from which on three panes do
TALL: Final = 20  # lines of the terminal from which on panes are stacked
COUPLE: Final = 72  # columns from which on two articles stand side by side
FILTERS: Final = 34  # columns of the filters
HEADS: Final = 4  # lines of the terminal that are no panes: the query, its rule, facts and keys
WIDEST: Final = 64  # columns of the hits, until the reader says otherwise
LEAST: Final = 0.15
MOST: Final = 0.85
STEP: Final = 0.05


class Pane(StrEnum):
    """The parts that share the room."""

    FILTERS = "filters"
    HITS = "hits"
    DIVIDER = "divider"
    ARTICLE = "article"
    PIN_DIVIDER = "pin-divider"
    PINNED = "pinned"


class Box(NamedTuple):
    """Where a pane stands, in cells."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Situation:
    """What the reader is doing."""

    is_reading: bool = False
    is_filtering: bool = False
    is_pinned: bool = False
    """Whether an article is pinned."""


@dataclass(frozen=True, slots=True)
class Shares:
    """How much of the room the first of two panes has, as the reader wants it; ``None`` until he says so."""

    wide: float | None = None
    """The hits beside the article."""
    narrow: float | None = None
    """The hits above the article."""
    pin: float | None = None
    """The article beside, or above, the one that is pinned."""

    @classmethod
    def of(cls, kept: object) -> Shares:
        """Return the shares that were remembered; raises ``TypeError`` or ``ValueError`` for what holds none."""
        if not isinstance(kept, dict):
            raise TypeError("the layout is no object")
        return cls(**{field.name: _bounded(float(kept[field.name])) for field in fields(cls) if field.name in kept})

    def changed(self, name: str, share: float) -> Shares:
        """Return the shares with one of them set."""
        return replace(self, **{name: _bounded(share)})

    def to_dict(self) -> dict[str, float]:
        """Return what is to be remembered."""
        told = {field.name: getattr(self, field.name) for field in fields(self)}
        return {name: round(share, 4) for name, share in told.items() if share is not None}


def arranged(width: int, height: int, now: Situation, shares: Shares) -> dict[Pane, Box]:
    """Return where the panes stand that are on the screen; the others are not."""
    room = Box(0, 0, width, height)
    if width >= WIDE:
        return dict(_side_by_side(room, now, shares))
    if now.is_reading:
        return dict(_articles(room, now, shares))
    if now.is_filtering:
        return dict(_filtering(room))
    if height + HEADS < TALL:
        return {Pane.HITS: room}
    return dict(_split(room, (Pane.HITS, Pane.DIVIDER, Pane.ARTICLE), shares.narrow or 0.5, is_column=True))


def share_of(divider: Pane, boxes: dict[Pane, Box]) -> str:
    """Return the name of the share that a divider sets."""
    if divider is Pane.PIN_DIVIDER:
        return "pin"
    return "wide" if boxes[divider].width == 1 else "narrow"


def share_at(divider: Pane, place: tuple[int, int], boxes: dict[Pane, Box]) -> float:
    """Return the share that puts a divider at a place, in cells of the panes' room."""
    first = boxes[Pane.HITS if divider is Pane.DIVIDER else Pane.ARTICLE]
    if boxes[divider].width == 1:
        return (place[0] - first.x) / (max(box.x + box.width for box in boxes.values()) - first.x)
    return (place[1] - first.y) / (max(box.y + box.height for box in boxes.values()) - first.y)


def _side_by_side(room: Box, now: Situation, shares: Shares) -> Iterator[tuple[Pane, Box]]:
    is_roomy = room.width >= ROOMY
    if now.is_pinned and now.is_reading and not is_roomy:
        yield from _articles(room, now, shares)
        return
    if now.is_filtering:
        yield Pane.FILTERS, Box(0, 0, FILTERS, room.height)
        room = Box(FILTERS, 0, room.width - FILTERS, room.height)
    share = shares.wide or min(0.4, WIDEST / room.width)
    is_beside = now.is_pinned and is_roomy
    if is_beside and shares.wide is None:
        share = 0.3
    parts = dict(_split(room, (Pane.HITS, Pane.DIVIDER, Pane.ARTICLE), share))
    rest = parts.pop(Pane.ARTICLE)
    yield from parts.items()
    yield from _articles(rest, now, shares) if is_beside else [(Pane.ARTICLE, rest)]


def _articles(room: Box, now: Situation, shares: Shares) -> Iterator[tuple[Pane, Box]]:
    """Yield the article being read, and beside or below it the one that is pinned."""
    both = (Pane.ARTICLE, Pane.PIN_DIVIDER, Pane.PINNED)
    if not now.is_pinned:
        yield Pane.ARTICLE, room
    else:
        yield from _split(room, both, shares.pin or 0.5, is_column=room.width < COUPLE)


def _filtering(room: Box) -> Iterator[tuple[Pane, Box]]:
    if room.height + HEADS < TALL:
        yield Pane.FILTERS, room
        return
    yield Pane.FILTERS, Box(0, 0, FILTERS, room.height)
    yield Pane.HITS, Box(FILTERS, 0, max(room.width - FILTERS, 0), room.height)


def _split(
    room: Box, panes: tuple[Pane, Pane, Pane], share: float, *, is_column: bool = False
) -> Iterator[tuple[Pane, Box]]:
    """Yield a pane, the divider, and a pane in the rest of the room; each pane has a few cells."""
    whole = room.height if is_column else room.width
    least = 3 if is_column else 20
    first = min(max(round(whole * share), least), max(whole - 1 - least, 0))
    rest = max(whole - first - 1, 0)
    at = 0
    for pane, length in zip(panes, (first, 1, rest), strict=True):
        if is_column:
            yield pane, Box(room.x, room.y + at, room.width, length)
        else:
            yield pane, Box(room.x + at, room.y, length, room.height)
        at += length


def _bounded(share: float) -> float:
    return min(max(share, LEAST), MOST)

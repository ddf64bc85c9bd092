"""The list of hits: as long as the answer, with what is folded under a hit as further entries of its row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from textual.cache import LRUCache
from textual.message import Message
from textual.reactive import reactive

from tui.commands import (
    ON_PASSAGES,
    Filters,
    GoBack,
    GroupByArticle,
    NextMatch,
    NextMode,
    NextSort,
    OpenArticle,
    PreviousMatch,
    Similar,
    Unfold,
    WeighMeaning,
    WeighWords,
    Why,
)
from tui.listing import PAGE
from tui.panes import Pane
from tui.widgets.awaited_row import AwaitedRow
from tui.widgets.fold_row import FoldRow
from tui.widgets.hit_row import HitRow
from tui.widgets.keys import bindings
from tui.widgets.long_list import TOP, LongList
from tui.widgets.windowed import Spot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from textual.binding import BindingType

    from search.results import Hit
    from tui.listing import Listing
    from tui.widgets.laid_out import LaidOut

AHEAD: Final = PAGE // 2  # rows above and below those in view that are fetched, too
MADE: Final = 4 * PAGE  # rows whose entries are remembered


class HitList(LongList):
    """Shows the hits of ``listing``; the reader is always at one of them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(OpenArticle, GoBack, GroupByArticle, NextMode, NextSort, Filters, Similar),
        *bindings(Why, Unfold, NextMatch, PreviousMatch, WeighWords, WeighMeaning, *ON_PASSAGES, is_quiet=True),
    ]

    listing: reactive[Listing | None] = reactive(None)
    why: reactive[bool] = reactive(False)
    marks: reactive[frozenset[str]] = reactive(frozenset())
    """Ids of the passages marked."""
    judged: reactive[Mapping[str, bool]] = reactive(dict)
    """What the reader said of passages as answers to the query, by id."""

    @dataclass
    class Shown(Message):
        """The reader has come to this hit, or to something folded under it; ``row`` counts from 0."""

        hit: Hit
        row: int

    @dataclass
    class Chosen(Message):
        """The reader wants to read this hit's article."""

    @dataclass
    class Folded(Message):
        """The reader wants to see what is folded under this hit."""

        hit: Hit

    @dataclass
    class Wanted(Message):
        """These pages of the listing are in view, or nearly so, and are not here; the nearest first."""

        pages: tuple[int, ...]

    @dataclass
    class EndWanted(Message):
        """The reader wants to go to the last hit, and nobody knows yet which that is."""

    def __init__(self) -> None:
        super().__init__()
        self.id = Pane.HITS.value
        self._open: dict[str, tuple[Hit, ...]] = {}
        self._made: LRUCache[int, tuple[LaidOut, ...]] = LRUCache(MADE)
        self._wanted: tuple[object, tuple[int, ...]] = (None, ())

    # Where the reader is

    @property
    def hit(self) -> Hit | None:
        """The hit the reader is at."""
        entry = self.entry
        return entry.hit if isinstance(entry, HitRow | FoldRow) else None

    @property
    def leader(self) -> tuple[Hit, int] | None:
        """The ranked hit the reader is at or under, and its row."""
        hit = self.listing.hit(self.spot.row) if self.listing else None
        return None if hit is None else (hit, self.spot.row)

    @property
    def is_at_fold(self) -> bool:
        """Whether the reader is at an entry that unfolds."""
        return isinstance(self.entry, FoldRow)

    @property
    def has_moved(self) -> bool:
        """Whether the reader is beyond the first hit."""
        return self.spot != TOP

    # What it is made of

    @property
    def length(self) -> int:
        """How many hits there are, as far as that is known."""
        return self.listing.length if self.listing else 0

    def is_here(self, page: int) -> bool:
        """Whether the hits of a page are held."""
        return self.listing is not None and page in self.listing.pages

    def entries(self, row: int) -> tuple[LaidOut, ...]:
        """Return a hit, the entry that unfolds it, and what is unfolded."""
        known = self._made.get(row)
        if known is None:
            hit = self.listing.hit(row) if self.listing else None
            if hit is None:
                return (AwaitedRow(row),)
            known = tuple(self._entries_of(hit))
            self._made[row] = known
        return known

    def _entries_of(self, hit: Hit) -> Iterator[LaidOut]:
        id_ = hit.passage.id
        yield self._signed(HitRow(hit))
        if hit.duplicates or hit.more:
            yield FoldRow(hit, is_open=id_ in self._open)
        for one in self._open.get(id_, ()):
            yield self._signed(HitRow(one, leader_id=id_))

    def _signed(self, row: HitRow) -> HitRow:
        id_ = row.hit.passage.id
        is_explained = self.why and row.leader_id == id_
        row.sign(is_explained=is_explained, is_marked=id_ in self.marks, judged=self.judged.get(id_))
        return row

    # How it changes

    def watch_listing(self, old: Listing | None, new: Listing | None) -> None:
        """Take over another answer, or more of the same; where it is the same query the reader's place is kept."""
        self._made.clear()
        if old is not None and new is not None and old.first is new.first:
            was_here = self.is_here_in(old)
            self.extend()
            if self.spot.row >= max(self.length, 1):  # there are fewer than it seemed
                self.go_to(Spot(self.length - 1))
            elif not was_here and self.hit is not None:
                self.came_to()
            return
        spot, is_same = self._kept(old, new)
        if not is_same:
            self._open.clear()
        self.renew(in_place=is_same)
        self.go_to(spot)

    def is_here_in(self, listing: Listing) -> bool:
        """Whether the hit the reader is at was held in a listing."""
        return listing.hit(self.spot.row) is not None

    def _kept(self, old: Listing | None, new: Listing | None) -> tuple[Spot, bool]:
        """Return where the reader will be, and whether all rows are where they were."""
        if old is None or new is None or old.first.query != new.first.query:
            return TOP, False
        if [hit.passage.id for hit in old.first] == [hit.passage.id for hit in new.first] and not old.is_deep:
            return self.spot, True
        hit = old.hit(self.spot.row)
        if hit is None or not (self.has_moved or self.has_focus):
            return TOP, False
        row = new.row(hit.passage.id)
        return (TOP if row is None else Spot(row)), False

    def watch_why(self) -> None:
        """Add the line to each row, or take it away."""
        self._sign_again()
        self.renew(in_place=True)

    def watch_marks(self) -> None:
        """Put the marks on the rows, or take them off."""
        self._sign_again()

    def watch_judged(self) -> None:
        """Put the judgements on the rows, or take them off."""
        self._sign_again()

    def _sign_again(self) -> None:
        self._made.clear()
        self.redraw()

    def unfold(self) -> None:
        """Show what is folded under the hit, or fold it again."""
        if (found := self.leader) is None:
            return
        hit, row = found
        if self._open.pop(hit.passage.id, None) is not None:
            self.go_to(Spot(row))
            self._changed(row)
        elif hit.duplicates or hit.more:
            self.post_message(self.Folded(hit))

    def lay_open(self, hit: Hit, under: tuple[Hit, ...]) -> None:
        """Show what was folded under a hit, if it is still there."""
        row = self.listing.row(hit.passage.id) if self.listing else None
        if row is not None:
            self._open[hit.passage.id] = under
            self._changed(row)

    def _changed(self, row: int) -> None:
        self._made.discard(row)
        self.remeasure(row)

    # What it says

    def came_to(self) -> None:
        """Say which hit the reader has come to, once it is here."""
        if (hit := self.hit) is not None:
            self.post_message(self.Shown(hit, self.spot.row))

    def choose(self) -> None:
        """Say that the reader wants to read the hit, or unfold it."""
        if self.is_at_fold:
            self.unfold()
        else:
            self.post_message(self.Chosen())

    def looked_at(self, start: int, stop: int) -> None:
        """Ask for the pages that are in view, or will be soon."""
        if self.listing is None:
            return
        missing = self.listing.missing(start - AHEAD, stop + AHEAD)
        middle = (start + stop) / 2 / PAGE - 0.5
        pages = tuple(sorted(missing, key=lambda page: abs(page - middle)))
        if (self.listing, pages) != self._wanted:
            self._wanted = (self.listing, pages)
            self.post_message(self.Wanted(pages))

    def action_last(self) -> None:
        """Go to the last hit, as soon as it is known which that is."""
        if self.listing is not None and not self.listing.is_counted:
            self.post_message(self.EndWanted())
        else:
            super().action_last()

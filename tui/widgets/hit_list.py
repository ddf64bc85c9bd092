"""The list of hits: one option list, whose ids are passage ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import OptionList
from textual.widgets.option_list import Option

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
from tui.widgets.fold_row import FoldRow
from tui.widgets.hit_row import HitRow
from tui.widgets.keys import bindings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Set

    from textual.binding import BindingType

    from search.results import Hit, Results


SEPARATOR: Final = None  # as an option list takes it
MARGIN: Final = 15  # hits before the end at which the next page is wanted
FOLD: Final = "fold "  # before the id of a hit: the row that unfolds it
UNDER: Final = "under "  # before two ids: a row unfolded


class HitList(OptionList):
    """Shows the hits of ``results``; one is always highlighted."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(OpenArticle, GoBack, GroupByArticle, NextMode, NextSort, Filters, Similar),
        *bindings(Why, Unfold, NextMatch, PreviousMatch, WeighWords, WeighMeaning, *ON_PASSAGES, is_quiet=True),
    ]

    results: reactive[Results | None] = reactive(None)
    why: reactive[bool] = reactive(False)
    marks: reactive[frozenset[str]] = reactive(frozenset())
    """Ids of the passages marked."""
    judged: reactive[Mapping[str, bool]] = reactive(dict)
    """What the reader said of passages as answers to the query, by id."""

    @dataclass
    class Shown(Message):
        """The reader has come to this hit."""

        hit: Hit

    @dataclass
    class Chosen(Message):
        """The reader wants to read this hit's article."""

    @dataclass
    class Folded(Message):
        """The reader wants to see what is folded under this hit."""

        hit: Hit

    @dataclass
    class NearEnd(Message):
        """The reader has come near the last hit."""

    def __init__(self) -> None:
        super().__init__()
        self._open: dict[str, tuple[Hit, ...]] = {}

    @property
    def hit(self) -> Hit | None:
        """The hit the reader is at."""
        row = self.highlighted_option.prompt if self.highlighted_option else None
        return row.hit if isinstance(row, HitRow | FoldRow) else None

    @property
    def place(self) -> str | None:
        """The row the reader is at, for ``go_to``."""
        return self.highlighted_option.id if self.highlighted_option else None

    @property
    def is_at_fold(self) -> bool:
        """Whether the reader is at a row that unfolds."""
        return self.highlighted_option is not None and isinstance(self.highlighted_option.prompt, FoldRow)

    @property
    def leader(self) -> tuple[Hit, int] | None:
        """The ranked hit the reader is at or under, and its place from 0."""
        row = self.highlighted_option.prompt if self.highlighted_option else None
        if not isinstance(row, HitRow | FoldRow):
            return None
        id_ = row.leader_id
        return next(((hit, at) for at, hit in enumerate(self.results or ()) if hit.passage.id == id_), None)

    def watch_results(self, old: Results | None, new: Results | None) -> None:
        """Replace the rows, or add to them; over a refresh of the same query the reader's place is kept."""
        same = old is not None and new is not None and old.query == new.query
        if same and old and new and new.hits[: len(old)] == old.hits:
            if len(new) > len(old):
                self.add_options(self._rows(new.hits[len(old) :]))
                return
            if all(one is other for one, other in zip(old, new, strict=True)):
                return
        is_at_top = not self.highlighted and not self.has_focus
        kept = self.place if same and not is_at_top else None
        self._open.clear()
        self._fill()
        self.go_to(kept)

    def watch_why(self) -> None:
        """Add the line to each row, or take it away."""
        self._sign_again(None)

    def watch_marks(self, old: frozenset[str], new: frozenset[str]) -> None:
        """Put the marks on the rows, or take them off."""
        self._sign_again(old ^ new)

    def watch_judged(self, old: Mapping[str, bool], new: Mapping[str, bool]) -> None:
        """Put the judgements on the rows, or take them off."""
        self._sign_again({id_ for id_ in {*old, *new} if old.get(id_) != new.get(id_)})

    def move(self, step: int) -> None:
        """Go ``step`` rows down, as far as there are any."""
        if self.highlighted is not None:
            self.highlighted += step

    def go_to(self, option_id: str | None) -> None:
        """Go to a row, or to the first where there is no such row."""
        is_there = option_id is not None and option_id in self._id_to_option
        self.highlighted = self.get_option_index(option_id) if is_there and option_id is not None else 0

    def unfold(self) -> None:
        """Show what is folded under the hit, or fold it again."""
        found = self.leader
        if found is None:
            return
        hit, _ = found
        if self._open.pop(hit.passage.id, None) is not None:
            self._fill_again(hit.passage.id)
        elif hit.duplicates or hit.more:
            self.post_message(self.Folded(hit))

    def lay_open(self, hit: Hit, under: tuple[Hit, ...]) -> None:
        """Show what was folded under a hit, if it is still there."""
        if hit.passage.id in self._id_to_option:
            self._open[hit.passage.id] = under
            self._fill_again()

    def _fill(self) -> None:
        self.set_options(self._rows(self.results or ()))

    def _fill_again(self, place: str | None = None) -> None:
        """Make the rows anew, with the reader where he is and the list scrolled as it is."""
        place = place or self.place
        y = self.scroll_offset.y
        self._fill()
        self.scroll_to(y=y, animate=False, force=True, immediate=True)
        self.go_to(place)

    def _sign_again(self, ids: Set[str] | None) -> None:
        """Put the signs on the rows of these passages, or of all; no row is made anew, for there may be many."""
        last = None
        for index, option in enumerate(self.options):
            row = option.prompt
            if isinstance(row, HitRow) and (ids is None or row.hit.passage.id in ids):
                self._sign(row)
                last = index, row
        if last is not None:
            self.replace_option_prompt_at_index(*last)  # the same, but now the list knows that heights have changed
            self.scroll_to_highlight()

    def _sign(self, row: HitRow) -> HitRow:
        id_ = row.hit.passage.id
        is_leader = row.leader_id == id_
        row.sign(is_explained=self.why and is_leader, is_marked=id_ in self.marks, judged=self.judged.get(id_))
        return row

    def _rows(self, hits: Iterable[Hit]) -> Iterator[Option | None]:
        for hit in hits:
            id_ = hit.passage.id
            yield Option(self._sign(HitRow(hit)), id=id_)
            if hit.duplicates or hit.more:
                yield Option(FoldRow(hit, is_open=id_ in self._open), id=FOLD + id_)
            for one in self._open.get(id_, ()):
                yield Option(self._sign(HitRow(one, leader_id=id_)), id=f"{UNDER}{id_} {one.passage.id}")
            yield SEPARATOR

    @on(OptionList.OptionHighlighted)
    def _say_shown(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if isinstance(row := event.option.prompt, HitRow | FoldRow):
            self.post_message(self.Shown(row.hit))
        if event.option_index >= self.option_count - MARGIN:
            self.post_message(self.NearEnd())

    @on(OptionList.OptionSelected)
    def _say_chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if isinstance(event.option.prompt, FoldRow):
            self.unfold()
        else:
            self.post_message(self.Chosen())

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Ask for the next page when the last lines come into view by scrolling alone."""
        super().watch_scroll_y(old_value, new_value)
        if self.max_scroll_y and new_value > old_value and self.max_scroll_y - new_value < self.size.height:
            self.post_message(self.NearEnd())

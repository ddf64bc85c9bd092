"""The filters there are, with counts: kinds, sources, authors and more; those in the query are ticked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.binding import Binding
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from index.text import key
from tui import text
from tui.commands import Filters, GoBack
from tui.filters import values
from tui.question import Question
from tui.widgets.keys import bindings
from tui.widgets.laid_out import LaidOut

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.binding import BindingType
    from textual.content import Content

    from search.facets import FacetCount
    from tui.counts import Counts

MOST: Final = 8  # values of a field; what is in the query comes on top of them
TICKED: Final = {True: "[x]", False: "[ ]"}


class FilterRow(LaidOut):
    """One value of a field, ticked or not, and its count."""

    def __init__(self, field: str, value: str, count: int | None, *, is_on: bool) -> None:
        super().__init__()
        self.field, self.value = field, value
        self._count, self._is_on = count, is_on

    def lines(self, width: int) -> Iterator[Content]:
        """Yield its one line."""
        count = "" if self._count is None else f" {self._count:,}"
        room = max(width - len(count), 1)
        name = text.plain(f"{TICKED[self._is_on]} ") + text.line(self.value)
        name = name.truncate(room, ellipsis=True)
        yield name.pad_right(max(room - name.cell_length, 0)) + text.plain(count, text.QUIET)


class FilterList(OptionList):
    """Shows what can be filtered by."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(GoBack, Filters),
        Binding("enter,space", "select", "Tick"),
    ]

    counts: reactive[Counts | None] = reactive(None)
    question: reactive[Question] = reactive(Question())

    @dataclass
    class Toggled(Message):
        """The reader wants a filter in the query, or out of it."""

        field: str
        value: str

    def watch_counts(self) -> None:
        """Show the new counts, with the reader at the filter where he was."""
        kept = self.highlighted_option.id if self.highlighted_option else None
        self.set_options(self._rows())
        is_there = kept is not None and kept in self._id_to_option
        if is_there and kept is not None:
            self.highlighted = self.get_option_index(kept)
        elif self.options:
            self.action_first()

    def watch_question(self) -> None:
        """Tick what is in the query now."""
        self.watch_counts()

    def _rows(self) -> Iterator[Option]:
        counts = self.counts
        if counts is None:
            return
        for title, field, found in (
            ("Kind", "in", counts.kinds),
            ("Source", "source", counts.sources),
            ("Author", "by", counts.authors),
            ("Section", "section", counts.sections),
            ("Place", "place", counts.places),
            ("Topic", "topic", counts.topics),
        ):
            if options := list(self._values(field, found)):
                yield Option(text.plain(title, "bold"), disabled=True)
                yield from options

    def _values(self, field: str, found: tuple[FacetCount, ...]) -> Iterator[Option]:
        chosen = {key(value): value for value in values(self.question.text, field)}
        shown = {key(one.value): (one.value, one.count) for one in found[:MOST]}
        for id_, value in chosen.items():
            shown.setdefault(id_, (value, None))  # type: ignore[arg-type]
        for id_, (value, count) in shown.items():
            yield Option(FilterRow(field, value, count, is_on=id_ in chosen), id=f"{field}:{id_}")

    @on(OptionList.OptionSelected)
    def _say_toggled(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if isinstance(row := event.option.prompt, FilterRow):
            self.post_message(self.Toggled(row.field, row.value))

    @on(OptionList.OptionHighlighted)
    def _stop(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()

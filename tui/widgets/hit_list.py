"""The list of hits: one option list, whose ids are passage ids."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui.commands import GoBack, OpenArticle
from tui.widgets.hit_row import HitRow
from tui.widgets.keys import bindings

if TYPE_CHECKING:
    from textual.binding import BindingType

    from search.results import Hit, Results


SEPARATOR: Final = None  # as an option list takes it


class HitList(OptionList):
    """Shows the hits of ``results``; one is always highlighted."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(OpenArticle, GoBack)

    results: reactive[Results | None] = reactive(None)

    @dataclass
    class Shown(Message):
        """The reader has come to this hit."""

        hit: Hit

    @dataclass
    class Chosen(Message):
        """The reader wants to read this hit's article."""

    def watch_results(self, old: Results | None, new: Results | None) -> None:
        """Replace the rows; over a refresh of the same query the reader's place is kept."""
        same = old is not None and new is not None and old.query == new.query
        kept = self.highlighted_option.id if same and self.highlighted_option else None
        hits = tuple(new or ())
        ids = [hit.passage.id for hit in hits]
        rows = (Option(HitRow(hit), id=hit.passage.id) for hit in hits)
        self.set_options(part for row in rows for part in (row, SEPARATOR))
        self.highlighted = ids.index(kept) if kept in ids else 0

    def move(self, step: int) -> None:
        """Go ``step`` hits down, as far as there are any."""
        if self.highlighted is not None:
            self.highlighted += step

    @on(OptionList.OptionHighlighted)
    def _say_shown(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if isinstance(row := event.option.prompt, HitRow):
            self.post_message(self.Shown(row.hit))

    @on(OptionList.OptionSelected)
    def _say_chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Chosen())

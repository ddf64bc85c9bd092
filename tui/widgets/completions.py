"""The completions of what is being typed, in a small list under the query line; the keys stay with that line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual import on
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from tui import text
from tui.widgets.laid_out import LaidOut

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.content import Content
    from textual.geometry import Offset

    from tui.completing import Offer

WIDTH: Final = 36
GAP: Final = 2  # cells between the text of an offer and what is told of it


class OfferRow(LaidOut):
    """One offer: what it is, and at the end of the line of what kind and how many."""

    def __init__(self, offer: Offer) -> None:
        super().__init__()
        self.offer = offer

    def lines(self, width: int) -> Iterator[Content]:
        """Yield its one line."""
        count = "" if self.offer.count is None else f" {self.offer.count:,}"
        told = text.plain(f"{self.offer.kind}{count}", text.QUIET)
        room = max(width - told.cell_length - GAP, 1)
        said = text.line(self.offer.text).truncate(room, ellipsis=True)
        yield said + text.plain(" " * (width - said.cell_length - told.cell_length)) + told


class Completions(OptionList, can_focus=False):
    """Shows ``offers`` while there are any; one is always highlighted."""

    offers: reactive[tuple[Offer, ...]] = reactive(())

    @dataclass
    class Taken(Message):
        """The reader has clicked an offer."""

    @property
    def offer(self) -> Offer | None:
        """The offer highlighted."""
        row = self.highlighted_option.prompt if self.highlighted_option else None
        return row.offer if isinstance(row, OfferRow) else None

    def watch_offers(self, offers: tuple[Offer, ...]) -> None:
        """Show the new offers, or nothing."""
        self.display = bool(offers)
        self.set_options(Option(OfferRow(offer)) for offer in offers)
        if offers:
            self.highlighted = 0

    def stand_under(self, caret: Offset, room: int) -> None:
        """Stand a line below ``caret``, as far left as ``room`` cells demand."""
        self.styles.offset = max(min(caret.x, room - WIDTH), 0), caret.y + 1

    def go_on(self) -> None:
        """Highlight the next offer, after the last the first."""
        self.action_cursor_down()

    @on(OptionList.OptionHighlighted)
    def _stop(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()

    @on(OptionList.OptionSelected)
    def _say_taken(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.post_message(self.Taken())

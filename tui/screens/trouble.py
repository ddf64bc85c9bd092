"""The screen for an index that cannot answer: what is wrong, and what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Footer, Static

from tui import text
from tui.commands import Quit
from tui.widgets.keys import bindings

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from index.errors import BroadsheetError


class TroubleScreen(Screen[None]):
    """Shows the error's own words; all that can be done is to quit."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Quit)

    def __init__(self, error: BroadsheetError) -> None:
        super().__init__()
        self.error = error

    def compose(self) -> ComposeResult:
        """Show the message."""
        with VerticalScroll():
            yield Static("Broadsheet cannot search yet", id="name")
            yield Static(text.plain(str(self.error)), id="what")
        yield Footer(show_command_palette=False)

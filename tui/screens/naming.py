"""The one-line prompt for the name of a saved search."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from tui import text
from tui.saved import name_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.app import ComposeResult
    from textual.binding import BindingType


class NameScreen(ModalScreen[str]):
    """Asks for a name; one that is ``taken`` is given away only when it is typed in twice.

    Gives the name, or nothing where the reader thinks better of it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss", "Close")]

    def __init__(self, what: str, proposed: str, taken: Iterable[str]) -> None:
        super().__init__()
        self._what, self._proposed = what, proposed
        self._taken = {name.casefold() for name in taken}
        self._confirmed = ""

    def compose(self) -> ComposeResult:
        """Show the line, and above it what is to be named."""
        with Vertical(classes="prompt"):
            yield Static(text.line(f"{self._what} Esc closes."))
            yield Input(name_of(self._proposed), compact=True)

    @on(Input.Submitted)
    def _named(self, event: Input.Submitted) -> None:
        name = name_of(event.value)
        if not name:
            return
        if name.casefold() in self._taken and self._confirmed != name:
            self._confirmed = name
            told = f"There is a search named {name} already: Enter again replaces it."
            self.query_one(Static).update(text.line(told, "bold $text-warning"))
            return
        self.dismiss(name)

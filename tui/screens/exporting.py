"""The one-line prompt for the file an export goes to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from index.errors import UsageError
from index.text import clean
from tui import text
from tui.exporting import check

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType


class ExportScreen(ModalScreen[tuple[Path, bool]]):
    """Asks for a file name; one that is there already is replaced only when it is given twice.

    Gives the path, and whether it may be replaced; nothing where the reader thinks better of it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss", "Close")]

    def __init__(self, what: str) -> None:
        super().__init__()
        self._what = what
        self._confirmed: str | None = None

    def compose(self) -> ComposeResult:
        """Show the line, and above it what is to be done."""
        with Vertical(classes="prompt"):
            yield Static(text.line(f"Export {self._what} to a file: .md, .csv or .jsonl. Esc closes."))
            yield Input(compact=True, placeholder="hits.md")

    @on(Input.Changed)
    def _changed(self) -> None:
        self._confirmed = None

    @on(Input.Submitted)
    def _named(self, event: Input.Submitted) -> None:
        name = " ".join(clean(event.value).splitlines()).strip()
        if not name:
            return
        path = Path(name).expanduser()
        try:
            check(path, replacing=True)
        except (UsageError, OSError, RuntimeError, ValueError) as error:
            self._say(str(error))
            return
        is_there = path.exists()
        if is_there and self._confirmed != event.value:
            self._confirmed = event.value
            self._say(f"{path} is there already: Enter again replaces it.")
            return
        self.dismiss((path, is_there))

    def _say(self, what: str) -> None:
        self.query_one(Static).update(text.line(what, "bold $text-warning"))

"""The help screen: every key, the query language by example, and what the signs mean."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from search.results import Span, SpanKind
from tui import text
from tui.commands import COMMANDS
from tui.widgets.hit_row import SIGNS
from tui.widgets.laid_out import LaidOut, entry
from tui.widgets.notice import examples

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.content import Content

    from tui.commands.keymap import Keymap

COLUMN: Final = 10  # cells for a key


class HelpScreen(ModalScreen[None]):
    """Lies over the screen it was called from; any of its keys puts it away."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "dismiss", "Close"),
        ("f1", "dismiss", "Close"),
        ("q", "dismiss", "Close"),
    ]

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        """Show all of it on one page that scrolls."""
        with VerticalScroll() as page:
            page.border_title = "Help"
            page.border_subtitle = "Esc closes"
            yield Static(HelpPage(self._keymap))

    def on_mount(self) -> None:
        """Let the arrow keys scroll."""
        self.query_one(VerticalScroll).focus()


class HelpPage(LaidOut):
    """What the help screen says."""

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap

    def lines(self, width: int) -> Iterator[Content]:
        """Yield its lines."""
        yield text.plain("Keys", "bold")
        for command in COMMANDS:
            yield from entry(_label(self._keymap.shown(command)), text.plain(command.help()), COLUMN, width)
        yield text.plain("\nWhat you can type", "bold")
        yield from examples(width)
        yield text.plain("\nWhat you see", "bold")
        yield from _legend(width)


def _legend(width: int) -> Iterator[Content]:
    for kind, sign in SIGNS.items():
        yield from entry(_label(sign), text.plain(kind.value), COLUMN, width)
    for lit, meaning in ((SpanKind.WORD, "a word you asked for"), (SpanKind.MEANING, "near in meaning")):
        yield text.plain("  ") + text.lit("like this", [Span(0, 9, lit)]) + text.plain(f"  {meaning}")
    yield text.plain("  All times are UTC.", text.QUIET)


def _label(said: str) -> Content:
    return text.plain(f"  {said}", "bold")

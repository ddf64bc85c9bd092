"""The tour: all that one needs to begin, on one small screen, shown when the program is run for the first time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Static

from tui import text
from tui.commands import (
    CopyCitation,
    CopyPassage,
    Export,
    Filters,
    FocusQuery,
    FollowAnswer,
    Help,
    Mark,
    NextHit,
    NextMatch,
    NextMode,
    NextPane,
    OpenArticle,
    Palette,
    PreviousHit,
    PreviousMatch,
    Similar,
    Sync,
    Tour,
)
from tui.widgets.laid_out import LaidOut, entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual import events
    from textual.app import ComposeResult
    from textual.content import Content

    from tui.commands.keymap import Keymap

STOPS: Final = (
    ((), "Type: words answer each key, meaning joins soon after."),
    ((NextHit, PreviousHit, OpenArticle), "look at hits, read the article"),
    ((NextPane, FocusQuery), "to the hits, where letters are keys; and back"),
    ((NextMatch, PreviousMatch), "from match to match"),
    ((FollowAnswer,), "from a comment to what it answers, and back"),
    ((Filters, NextMode, Similar), "filter; words or meaning; more like this"),
    ((CopyPassage, CopyCitation), "copy the text; copy its citation"),
    ((Mark, Export), "mark hits; write them to a file"),
    ((Sync,), "read what is new in your folders"),
    ((Help, Palette), "all keys; all commands"),
    ((Tour,), "this again"),
)
COLUMN: Final = 13  # cells for keys


class TourScreen(ModalScreen[str]):
    """Goes away with the next key; what is typed is not lost: gives the letter, or nothing."""

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap

    def compose(self) -> ComposeResult:
        """Show all of it."""
        with Vertical() as page:
            page.border_title = "Welcome to Broadsheet"
            page.border_subtitle = "any key begins"
            yield Static(Stops(self._keymap))

    def on_key(self, event: events.Key) -> None:
        """Begin."""
        event.stop()
        event.prevent_default()
        self.dismiss(event.character if event.is_printable and event.character else "")

    def on_paste(self, event: events.Paste) -> None:
        """Begin with what is pasted."""
        event.stop()
        self.dismiss(event.text)

    def on_click(self) -> None:
        """Begin."""
        self.dismiss("")


class Stops(LaidOut):
    """What the tour says."""

    def __init__(self, keymap: Keymap) -> None:
        super().__init__()
        self._keymap = keymap

    def lines(self, width: int) -> Iterator[Content]:
        """Yield its lines."""
        for commands, told in STOPS:
            keys = " ".join(map(self._keymap.shown, commands))
            if keys:
                yield from entry(text.plain(keys, "bold $text-accent"), text.plain(told), COLUMN, width)
            else:
                yield text.plain(told, "bold")

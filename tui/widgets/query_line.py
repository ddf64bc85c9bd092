"""The line where the query is typed; typing asks at once, and a burst of keys in one go asks once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.geometry import Offset
from textual.message import Message
from textual.widgets import Input

from index.text import clean
from search.pieces import prepare
from tui import text
from tui.commands import (
    GoBack,
    NewerQuery,
    NextCompletion,
    NextHit,
    OlderQuery,
    OpenArticle,
    PreviousHit,
    TakeCompletion,
)
from tui.filters import asked
from tui.widgets.colouring import CLASSES, Colouring
from tui.widgets.keys import bindings

if TYPE_CHECKING:
    from textual.binding import BindingType
    from textual.timer import Timer

REST: Final = 0.01  # seconds without a change before the question is asked: a paste is one, two key presses are two


class QueryLine(Input):
    """An input that turns bursts of typing into single questions."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(OpenArticle, NextHit, PreviousHit),
        *bindings(TakeCompletion, NextCompletion, OlderQuery, NewerQuery, GoBack, is_quiet=True),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = set(CLASSES.values())

    @dataclass
    class Typed(Message):
        """The text has changed."""

        query: str

    @dataclass
    class Edited(Message):
        """The reader has changed the text, and may want it completed."""

        before: str
        """The text before the cursor."""

    @dataclass
    class Moved(Message):
        """The cursor has moved."""

    @dataclass
    class PastEnd(Message):
        """The reader wants to go further right than the end."""

    def __init__(self, query: str = "") -> None:
        super().__init__(
            query,
            placeholder="search the articles and their comments",
            compact=True,
            select_on_focus=False,
        )
        self.highlighter = Colouring(self)  # type: ignore[assignment]  # whatever can be called will do
        self._rest: Timer | None = None
        self._placed = query  # what was last put here by others than the reader

    def on_mount(self) -> None:
        """Fetch the parser, which colours what is typed, once there is something to look at."""
        self.call_after_refresh(self._fetch_parser)

    @work(thread=True, exit_on_error=False)
    def _fetch_parser(self) -> None:
        prepare()
        self.app.call_later(self.refresh)

    @property
    def question(self) -> str:
        """What stands here, whether it has been asked or not; a field at the end that has no value yet is not."""
        return asked(self.value)

    @property
    def before(self) -> str:
        """The text before the cursor."""
        return self.value[: self.cursor_position]

    @property
    def is_at_end_of_word(self) -> bool:
        """Whether the cursor stands where a word can go on."""
        return self.selection.is_empty and self.value[self.cursor_position :][:1] in ("", " ", ")")

    def put(self, text: str, cursor: int | None = None) -> None:
        """Put a text in the place of all that stands here, with the cursor at its end unless told otherwise."""
        self._placed = self.value = self.validate_value(text)
        self.cursor_position = len(self.value) if cursor is None else cursor

    def go_on_as(self, before: str) -> None:
        """Put a text in the place of all before the cursor."""
        self.put(before + self.value[self.cursor_position :], len(before))

    def place_of(self, index: int) -> Offset:
        """Return where on the screen a character stands, as (column, row)."""
        region, scrolled = self.content_region, self.scroll_offset.x
        return Offset(region.x + text.cells(self.value[:index]) - scrolled, region.y)

    def watch_selection(self) -> None:
        """Say that the cursor has moved."""
        self.post_message(self.Moved())

    def action_cursor_right(self, select: bool = False) -> None:
        """Go right; at the end of the line say that this was wanted."""
        if self.cursor_at_end and not select:
            self.post_message(self.PastEnd())
        super().action_cursor_right(select)

    def action_end(self, select: bool = False) -> None:
        """Go to the end; there, say that this was wanted."""
        if self.cursor_at_end and not select:
            self.post_message(self.PastEnd())
        super().action_end(select)

    def validate_value(self, value: str) -> str:
        """Drop what could steer the terminal: queries are pasted from the very texts we guard against."""
        return clean(value).replace("\n", " ").replace("\t", " ")

    def ask(self) -> None:
        """Ask what stands here, now."""
        if self._rest is not None:
            self._rest.stop()
            self._rest = None
        self.post_message(self.Typed(self.question))

    @on(Input.Changed)
    def _start_again(self, event: Input.Changed) -> None:
        event.stop()
        if self._rest is not None:
            self._rest.stop()
        self._rest = self.set_timer(REST, self.ask)
        if event.value != self._placed and self.is_at_end_of_word:
            self.post_message(self.Edited(self.before))
        self._placed = ""

"""The line where the query is typed; typing asks at once, and a burst of keys in one go asks once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.message import Message
from textual.widgets import Input

from index.text import clean
from search.pieces import prepare
from tui.commands import NextHit, OpenArticle, PreviousHit
from tui.widgets.colouring import CLASSES, Colouring
from tui.widgets.keys import bindings

if TYPE_CHECKING:
    from textual.binding import BindingType
    from textual.timer import Timer

REST: Final = 0.01  # seconds without a change before the question is asked: a paste is one, two key presses are two


class QueryLine(Input):
    """An input that turns bursts of typing into single questions."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(OpenArticle, NextHit, PreviousHit)
    COMPONENT_CLASSES: ClassVar[set[str]] = set(CLASSES.values())

    @dataclass
    class Typed(Message):
        """The text has changed."""

        query: str

    def __init__(self, query: str = "") -> None:
        super().__init__(
            query,
            placeholder="search the articles and their comments",
            compact=True,
            select_on_focus=False,
        )
        self.highlighter = Colouring(self)  # type: ignore[assignment]  # whatever can be called will do
        self._rest: Timer | None = None

    def on_mount(self) -> None:
        """Fetch the parser, which colours what is typed, once there is something to look at."""
        self.call_after_refresh(self._fetch_parser)

    @work(thread=True, exit_on_error=False)
    def _fetch_parser(self) -> None:
        prepare()
        self.app.call_later(self.refresh)

    @property
    def question(self) -> str:
        """What stands here, whether it has been asked or not."""
        return self.value.strip()

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

"""The line where the query is typed; typing asks at once, and a burst of keys in one go asks once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.message import Message
from textual.widgets import Input

from index.text import clean
from tui.commands import NextHit, OpenArticle, PreviousHit
from tui.widgets.keys import bindings

if TYPE_CHECKING:
    from textual.binding import BindingType
    from textual.timer import Timer

REST: Final = 0.01  # seconds without a change before the question is asked: a paste is one, two key presses are two


class QueryLine(Input):
    """An input that turns bursts of typing into single questions."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(OpenArticle, NextHit, PreviousHit)

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
        self._rest: Timer | None = None

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

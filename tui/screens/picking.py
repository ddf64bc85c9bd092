"""A list to search in and to take one thing from, over whatever screen it was called from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, Generic, TypeVar

from textual import on
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from index.text import clean, key
from tui import text
from tui.widgets.laid_out import LaidOut

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.content import Content

T = TypeVar("T")
GAP: Final = 2  # cells between what a row says and what is told of it


@dataclass(frozen=True, slots=True)
class Choice(Generic[T]):
    """One thing to take: what it says, what is told of it, and itself."""

    said: str
    told: str
    value: T


class ChoiceRow(LaidOut):
    """A choice on one line."""

    def __init__(self, said: str, told: str) -> None:
        super().__init__()
        self._said, self._told = said, told

    def lines(self, width: int) -> Iterator[Content]:
        """Yield the line."""
        said = text.line(self._said)
        told = text.line(self._told, text.QUIET)
        told = told.truncate(max(width // 2, width - said.cell_length - GAP, 1), ellipsis=True)
        said = said.truncate(max(width - told.cell_length - GAP, 1), ellipsis=True)
        yield said + text.plain(" " * max(width - said.cell_length - told.cell_length, 0)) + told


class PickScreen(ModalScreen[T], Generic[T]):
    """Typing narrows the list, the arrows go through it, Enter takes what is highlighted, Esc nothing."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss", "Close"),
        Binding("down", "move(1)", "Next", show=False),
        Binding("up", "move(-1)", "Previous", show=False),
        Binding("pagedown", "move(10)", "Further", show=False),
        Binding("pageup", "move(-10)", "Back", show=False),
    ]
    TITLE = ""
    NOTHING = ""
    """What is said of an empty list."""
    HINTS = ""
    """What can be done, for the lower edge."""

    def __init__(self, choices: tuple[Choice[T], ...]) -> None:
        super().__init__()
        self.choices = choices
        self._shown: tuple[Choice[T], ...] = ()

    def compose(self) -> ComposeResult:
        """Show the line to type in, and the list beneath."""
        with Vertical(classes="pick") as page:
            page.border_title = self.TITLE
            page.border_subtitle = self.HINTS
            yield Input(compact=True, placeholder="type to narrow the list")
            yield OptionList(compact=True)
            yield Static(text.plain(self.NOTHING, text.QUIET), classes="nothing")

    def on_mount(self) -> None:
        """Show everything, and keep the keys with the line."""
        self.query_one(OptionList).can_focus = False
        self.fill()

    @property
    def choice(self) -> Choice[T] | None:
        """What is highlighted."""
        at = self.query_one(OptionList).highlighted
        return self._shown[at] if at is not None and at < len(self._shown) else None

    def fill(self, at: int = 0) -> None:
        """Show the choices that hold every word typed, the ``at``-th highlighted."""
        words = key(clean(self.query_one(Input).value)).split()
        self._shown = tuple(one for one in self.choices if all(word in key(f"{one.said} {one.told}") for word in words))
        listed = self.query_one(OptionList)
        listed.set_options(Option(ChoiceRow(one.said, one.told)) for one in self._shown)
        listed.highlighted = min(at, len(self._shown) - 1) if self._shown else None
        self.set_class(not self.choices, "-nothing")

    def take(self, choice: Choice[T]) -> None:
        """Give what was chosen to whoever called."""
        self.dismiss(choice.value)

    def action_move(self, step: int) -> None:
        """Go ``step`` rows down, as far as there are any."""
        listed = self.query_one(OptionList)
        if listed.highlighted is not None:
            listed.highlighted = min(max(listed.highlighted + step, 0), len(self._shown) - 1)

    @on(Input.Changed)
    def _narrow(self) -> None:
        self.fill()

    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    def _take(self) -> None:
        if self.choice is not None:
            self.take(self.choice)

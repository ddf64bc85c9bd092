"""The saved searches: to open, rename and delete."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Protocol

from textual.binding import Binding

from tui.saved import Saved, told, with_saved, without
from tui.screens.naming import NameScreen
from tui.screens.picking import Choice, PickScreen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.binding import BindingType


class Keeper(Protocol):
    """Keeps what is changed in the list."""

    def rename(self, old: str, new: str) -> object:
        """Give a search another name."""

    def delete(self, name: str) -> object:
        """Keep a search no longer."""


class SavedScreen(PickScreen[Saved]):
    """Gives the search taken; what else is done goes to ``keeper`` at once."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+o", "move(1)", "Next", show=False),
        Binding("f2", "rename", "Rename"),
        Binding("delete", "delete", "Delete", priority=True),
    ]
    TITLE = "Saved searches"
    NOTHING = "None yet: the command Save search keeps one."
    HINTS = "Enter opens · F2 renames · Delete deletes · Esc closes"
    SURELY = "Delete again deletes this search"

    def __init__(self, saved: Iterable[Saved], keeper: Keeper) -> None:
        self._saved = tuple(saved)
        self._keeper = keeper
        self._doomed: str | None = None
        super().__init__(_choices(self._saved))

    def action_rename(self) -> None:
        """Ask for another name of the search highlighted."""
        if (choice := self.choice) is None:
            return
        old = choice.value.name

        def rename(new: str | None) -> None:
            if new is not None and new != old:
                found = Saved(new, choice.value.question)
                self._keeper.rename(old, new)
                self._change(with_saved(without(self._saved, old), found), found)

        others = (one.name for one in without(self._saved, old))
        self.app.push_screen(NameScreen("The new name:", old, others), rename)

    def action_delete(self) -> None:
        """Delete the search highlighted, when the key is pressed twice."""
        if (choice := self.choice) is None:
            return
        if self._doomed != choice.value.name:
            self._doomed = choice.value.name
            self.query_one(".pick").border_subtitle = self.SURELY
            return
        self._keeper.delete(self._doomed)
        self._change(without(self._saved, self._doomed), None)

    def fill(self, at: int = 0) -> None:
        """Show the searches that match; nothing is about to be deleted any more."""
        self._spare()
        super().fill(at)

    def action_move(self, step: int) -> None:
        """Go on in the list."""
        self._spare()
        super().action_move(step)

    def _spare(self) -> None:
        self._doomed = None
        self.query_one(".pick").border_subtitle = self.HINTS

    def _change(self, saved: tuple[Saved, ...], near: Saved | None) -> None:
        """Show other searches, with ``near`` highlighted, or what stands where the reader was."""
        at = self._shown.index(self.choice) if self.choice in self._shown else 0
        self._saved, self.choices = saved, _choices(saved)
        self.fill(at)
        if near is not None:
            self.fill(next((n for n, one in enumerate(self._shown) if one.value == near), at))


def _choices(saved: Iterable[Saved]) -> tuple[Choice[Saved], ...]:
    return tuple(Choice(one.name, _about(one), one) for one in saved)


def _about(saved: Saved) -> str:
    how = told(saved.question)
    query = "" if saved.question.text == saved.name else saved.question.text
    return f"{query} ({how})" if how and query else query or how

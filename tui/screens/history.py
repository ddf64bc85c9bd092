"""What was asked before, to search in and to ask again."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding

from tui import text
from tui.screens.picking import Choice, PickScreen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from textual.binding import BindingType

    from tui.history import Asked


class HistoryScreen(PickScreen[str]):
    """Gives the query taken. ``forget`` is called with one that is to be remembered no longer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+r", "move(1)", "Older", show=False),
        Binding("delete", "forget", "Forget", priority=True),
    ]
    TITLE = "History"
    NOTHING = "Nothing yet: a query comes here when you press Enter or open a hit."
    HINTS = "Enter asks again · Delete forgets · Esc closes"

    def __init__(self, asked: Iterable[Asked], now: datetime, forget: Callable[[str], object]) -> None:
        super().__init__(tuple(Choice(one.query, f"{text.age(one.when, now)} ago", one.query) for one in asked))
        self._forget = forget

    def action_forget(self) -> None:
        """Take the query that is highlighted out of the history."""
        if (gone := self.choice) is not None:
            at = self._shown.index(gone)
            self.choices = tuple(one for one in self.choices if one is not gone)
            self._forget(gone.value)
            self.fill(at)

"""Saved searches in plain mode: listed under numbers, asked again, and saved under a name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.errors import UsageError
from tui.plain.wording import short
from tui.saved import Saved, SavedSearches, name_of, told

if TYPE_CHECKING:
    from tui.plain.asking import Asking
    from tui.plain.terminal import Terminal
    from tui.state import State


class Saving:
    """Lists and asks the searches kept in ``state``, those saved on the full screen too."""

    def __init__(self, state: State, asking: Asking, terminal: Terminal) -> None:
        self._searches = SavedSearches(state)
        self._asking, self._terminal = asking, terminal
        self._listed: tuple[Saved, ...] = ()

    def saved(self, number: str = "") -> None:
        """List the saved searches, or ask the one of that number."""
        if number:
            self._ask(int(number))
            return
        self._listed = self._searches.all()
        if not self._listed:
            raise UsageError("nothing is saved; type a query, then for example: save as harbour")
        self._terminal.tell(f"Saved searches: {len(self._listed):,}.")
        for place, one in enumerate(self._listed, 1):
            how = told(one.question)
            self._terminal.tell(f"{place}. {one.name}: {short(one.question.text)}{f' ({how})' if how else ''}")

    def save(self, name: str) -> None:
        """Save the query with its mode, order and grouping."""
        asked = self._asking.question
        if not asked.text:
            raise UsageError("there is no query to save; type one first")
        found = Saved(name_of(name), asked)
        self._searches.save(found)
        self._terminal.say(f"Saved as {found.name}.")

    def _ask(self, number: int) -> None:
        known = self._listed or self._searches.all()
        if not 0 < number <= len(known):
            raise UsageError(f"there is no saved search {number}; type saved to list them")
        one = known[number - 1]
        how = told(one.question)
        self._terminal.say(f"{one.name}{f', {how}' if how else ''}.")
        self._asking.ask_as(one.question)

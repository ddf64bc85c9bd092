"""Saving searches under names, and opening them again."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual import on, work

from index.errors import BroadsheetError
from tui.messages import SavedRead
from tui.saved import Saved, SavedSearches
from tui.screens.naming import NameScreen
from tui.screens.remembering import Remembering
from tui.screens.rim import attempt
from tui.screens.saved import SavedScreen
from tui.widgets.query_line import QueryLine

if TYPE_CHECKING:
    from tui.engine import Engine
    from tui.question import Question
    from tui.state import State


class Saving(Remembering):
    """The part of the screen that saves searches."""

    def __init__(self, engine: Engine, state: State) -> None:
        super().__init__(engine, state)
        self._saved = SavedSearches(state)

    @work(thread=True, exclusive=True, group="saved", exit_on_error=False)
    def _read_saved(self, asked: Question | None) -> None:
        self.post_message(SavedRead(attempt(self._saved.all), asked))

    @on(SavedRead)
    def _saved_read(self, event: SavedRead) -> None:
        """Go on with what the key was pressed for, now that it is known which searches there are."""
        saved: tuple[Saved, ...] = ()
        if isinstance(event.answer, BroadsheetError):
            self._tell(event.answer)
        else:
            saved = event.answer
        if event.asked is not None:
            self._ask_for_name(event.asked, saved)
        else:
            self.app.push_screen(SavedScreen(saved, self), self._open)

    def action_save_search(self) -> None:
        """Ask for a name, and save the query with its mode, weight, grouping and order."""
        query = self.query_one(QueryLine).question
        if query:
            self._read_saved(replace(self.question, text=query, like=""))

    def _ask_for_name(self, asked: Question, saved: tuple[Saved, ...]) -> None:
        def save(name: str | None) -> None:
            if name is not None:
                self._keep(partial(self._saved.save, Saved(name, asked)), f"Saved as {name}.")

        prompt = NameScreen("Save this search as:", asked.text, (one.name for one in saved))
        self.app.push_screen(prompt, save)

    def action_saved_searches(self) -> None:
        """List the saved searches."""
        self._read_saved(None)

    def _open(self, saved: Saved | None) -> None:
        if saved is not None:
            self.action_focus_query()
            self._trail.clear()
            self.query_one(QueryLine).put(saved.question.text)
            self.ask(saved.question)

    def rename(self, old: str, new: str) -> None:
        """Give a saved search another name."""
        self._keep(partial(self._saved.rename, old, new))

    def delete(self, name: str) -> None:
        """Keep a saved search no longer."""
        self._keep(partial(self._saved.delete, name), f"Deleted {name}.")

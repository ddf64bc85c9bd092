"""Remembering: the history of what was asked, walked through in the query line or searched in a list of its own."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from textual import on, work

from index.errors import BroadsheetError
from tui import text
from tui.history import History, asked_now, with_newest
from tui.messages import Recalled, Settled
from tui.screens.completing import Completing
from tui.screens.history import HistoryScreen
from tui.screens.rim import attempt
from tui.widgets.hit_list import HitList
from tui.widgets.query_line import QueryLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.engine import Engine
    from tui.history import Asked
    from tui.state import State


class Remembering(Completing):
    """The part of the screen that remembers what was asked."""

    def __init__(self, engine: Engine, state: State) -> None:
        super().__init__(engine)
        self._history = History(state)
        self._asked: tuple[Asked, ...] = ()
        self._draft = ""  # what stood in the line before the reader went back in the history
        self._walked = ""  # the query the walk has come to
        self._step = -1  # its place; -1 is the draft

    @work(thread=True, group="remember", exit_on_error=False)
    def read_history(self) -> None:
        """Read what was asked in earlier runs."""
        self.post_message(Recalled(attempt(self._history.all)))

    @on(Recalled)
    def _recalled(self, event: Recalled) -> None:
        if isinstance(event.answer, BroadsheetError):
            self._tell(event.answer)
        else:
            known = {one.query for one in self._asked}
            self._asked = (*self._asked, *(one for one in event.answer if one.query not in known))

    @on(Settled)
    def _settled(self, event: Settled) -> None:
        """Keep a query the reader has acted on."""
        asked = asked_now(event.query)
        is_newest = asked is not None and self._asked and self._asked[0].query == asked.query
        if asked is not None and not is_newest:
            self._asked = with_newest(self._asked, asked)
            self._keep(partial(self._history.add, asked))

    @work(thread=True, group="remember", exit_on_error=False)
    def _keep(self, write: Callable[[], None], done: str = "") -> None:
        """Write something down, and say ``done`` when that is so."""
        answer = attempt(write)
        if isinstance(answer, BroadsheetError):
            self.app.call_later(self._tell, answer)
        elif done:
            self.app.call_later(partial(self.notify, text.said(done), markup=False, timeout=4))

    def _tell(self, error: BroadsheetError) -> None:
        """Say what could not be remembered; searching goes on."""
        self.notify(text.said(str(error)), markup=False, severity="warning", timeout=10)

    # Walking through it

    @property
    def _is_walking(self) -> bool:
        return self._step >= 0 and self.query_one(QueryLine).value == self._walked

    def action_older_query(self) -> None:
        """Put the query asked before into the line."""
        line = self.query_one(QueryLine)
        if not self._is_walking:
            self._draft, self._step = line.value, -1
        self._walk_to(self._step + 1, skipping=line.question, by=1)

    def action_newer_query(self) -> None:
        """Put the query asked after that into the line, at last what stood there."""
        if self._is_walking:
            self._walk_to(self._step - 1, skipping="", by=-1)

    def _walk_to(self, step: int, *, skipping: str, by: int) -> None:
        while 0 <= step < len(self._asked) and self._asked[step].query == skipping:
            step += by
        if step >= len(self._asked):
            return
        self._step = step
        self._walked = self._asked[step].query if step >= 0 else self._draft
        self.query_one(QueryLine).put(self._walked)

    def action_previous_hit(self) -> None:
        """Show the hit before; where none can be, on an empty line or in a walk, the query asked before."""
        line = self.query_one(QueryLine)
        if line.has_focus and not self.query_one(HitList).has_moved and (self._is_walking or not line.question):
            self.action_older_query()
        else:
            super().action_previous_hit()

    # Searching in it

    def action_history(self) -> None:
        """List what was asked before."""

        def ask_again(query: str | None) -> None:
            if query is not None:
                self.action_focus_query()
                self.query_one(QueryLine).put(query)

        self.app.push_screen(HistoryScreen(self._asked, datetime.now(UTC), self._forget), ask_again)

    def _forget(self, query: str) -> None:
        self._asked = tuple(one for one in self._asked if one.query != query)
        self._keep(partial(self._history.forget, query))

"""Renewing: an index that was brought up to date or replaced, by this program or another, is taken up without restart.

A look costs a millisecond and is taken in a thread. New results wait to be taken, as better ones do.
"""

from __future__ import annotations

from contextvars import copy_context
from threading import Thread
from typing import TYPE_CHECKING, Final

from textual import on, work
from textual.reactive import reactive

from index.errors import BroadsheetError
from search.results import Mode
from tui.messages import Acquainted, Renewed
from tui.screens.rim import attempt
from tui.screens.weighing import Weighing

if TYPE_CHECKING:
    from index.protocol import IndexInfo

POLL: Final = 2.0  # seconds between two looks
MOMENT: Final = 0.05  # seconds


class Renewing(Weighing):
    """The part of the screen that follows the index."""

    upkeep: reactive[str] = reactive("")
    """How far a job on the index is."""
    stale: reactive[str] = reactive("")
    """Why the newest state of the index cannot be read."""

    _is_looking = False

    def on_mount(self) -> None:
        """Begin to look."""
        self.set_interval(POLL, self.renew)

    def get_acquainted(self) -> None:
        """Learn what the index holds, and then load the model; a moment is waited for it, so that most see it at once.

        A large index takes a while to count, and the first key is pressed soon.
        """
        asking = Thread(target=copy_context().run, args=(self._ask_info,), name="info", daemon=True)
        asking.start()
        asking.join(MOMENT)

    def _ask_info(self) -> None:
        self.post_message(Acquainted(attempt(self._engine.info)))

    @on(Acquainted)
    def _acquainted(self, event: Acquainted) -> None:
        if isinstance(event.answer, BroadsheetError):
            self.complain(event.answer)
            return
        self.info = event.answer
        self.read_judgements(event.answer.path)
        if self._has_meaning and not self._engine.is_warm:
            self.call_after_refresh(self.warm)

    def renew(self) -> None:
        """Look whether there is anything newer, and take it up."""
        if not self._is_looking:
            self._is_looking = True
            self._renew()

    @work(thread=True, group="renew", exit_on_error=False)
    def _renew(self) -> None:
        def newer() -> IndexInfo | None:
            return self._engine.info() if self._engine.is_stale and self._engine.reload() else None

        self.post_message(Renewed(attempt(newer)))

    @on(Renewed)
    def _renewed(self, event: Renewed) -> None:
        self._is_looking = False
        if isinstance(event.answer, BroadsheetError):
            self.stale = f"the index of before still answers: {event.answer}"
            return
        self.stale = ""
        if event.answer is None:
            return
        self.info = event.answer
        if self._has_meaning and not self._engine.is_warm:
            self.warm()
        if self.question.text or self.question.like:
            self.error = ""
            mode = self.question.mode
            is_cold = mode is Mode.HYBRID and not self._engine.is_warm
            self._start(self._number, self.question, Mode.KEYWORD if is_cold else mode)

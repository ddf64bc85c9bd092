"""Asking: words at once, meaning when it is ready.

Only the newest question's answers count. Rows never move under a reader who has begun to look at them.
"""

from __future__ import annotations

from contextvars import copy_context
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, Final

from textual import on, work
from textual.reactive import reactive
from textual.screen import Screen

from index.errors import BroadsheetError, IndexUnusable
from search.results import Mode
from tui.listing import PAGE, Listing
from tui.messages import Answered, Unusable, Warmed
from tui.question import Question
from tui.screens.rim import attempt
from tui.widgets.hit_list import HitList
from tui.widgets.query_line import QueryLine

if TYPE_CHECKING:
    from textual.timer import Timer

    from index.protocol import IndexInfo
    from search.results import Results
    from tui.engine import Engine

LANES: Final = 2  # searches under way at once: threads cannot be stopped, and stale ones are slow ones
REST: Final = 0.12  # seconds without a new question before its meaning is sought
PATIENCE: Final = 0.5  # seconds before a wait, or an empty answer, is worth showing
LOADING: Final = "words only, loading the model…"


class Asking(Screen[None]):
    """The part of the screen that asks."""

    results: reactive[Results | None] = reactive(None)
    """The first page of what is shown."""
    listing: reactive[Listing | None] = reactive(None)
    """All pages of it that are here."""
    better: reactive[Results | None] = reactive(None)
    """An answer that would move rows the reader is looking at."""
    question: reactive[Question] = reactive(Question())
    """What is being asked."""
    shown: reactive[Question] = reactive(Question())
    """What ``results`` answer."""
    info: reactive[IndexInfo | None] = reactive(None)
    busy: reactive[bool] = reactive(False)
    note: reactive[str] = reactive("")
    error: reactive[str] = reactive("")

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._engine = engine
        self._number = 0  # of the newest question
        self._under_way = 0
        self._next: tuple[int, Question, Mode] | None = None
        self._waiting: Timer | None = None
        self._resting: Timer | None = None

    @property
    def has_moved(self) -> bool:
        """Whether the reader is beyond typing: in the hits or the article, or past the first hit."""
        return not isinstance(self.focused, QueryLine) or self.query_one(HitList).has_moved

    def ask(self, question: Question, *, is_typed: bool = False) -> None:
        """Ask a question; whatever was asked before no longer counts.

        One that is being typed is answered by words first; another can wait for the rows that will stay.
        """
        self._number += 1
        self.question, self.better, self.error = question, None, ""
        self._await(None)
        self._rest(None)
        if not (question.text or question.like):
            self.results = self.listing = None
            return
        self._await(partial(setattr, self, "busy", True))
        is_gradual = question.mode is Mode.HYBRID and not question.like and self._has_meaning
        is_gradual = is_gradual and (is_typed or not self._engine.is_warm)
        self._start(self._number, question, Mode.KEYWORD if is_gradual else question.mode)

    def show(self, question: Question, listing: Listing) -> None:
        """Put the answer to a question on the screen."""
        self.better = None
        self.shown = question
        self.listing = listing
        self.results = listing.first

    @property
    def _has_meaning(self) -> bool:
        """Whether there are vectors, as far as is known."""
        return self.info is None or self.info.model is not None

    def _start(self, number: int, question: Question, mode: Mode) -> None:
        """Search now, or as soon as a lane is free; of those that wait only the newest will ever run."""
        if self._under_way >= LANES:
            self._next = (number, question, mode)
            return
        self._under_way += 1
        self._search(number, question, mode)

    @work(thread=True, group="search", exit_on_error=False)
    def _search(self, number: int, question: Question, mode: Mode) -> None:
        answer = attempt(lambda: question.put_to(self._engine, limit=PAGE, mode=mode))
        self.post_message(Answered(number, mode, answer))

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        self._under_way -= 1
        if self._next is not None:
            waiting, self._next = self._next, None
            self._start(*waiting)
        if event.number != self._number:
            return
        if isinstance(event.answer, BroadsheetError):
            self._await(None)
            self.complain(event.answer)
            return
        is_last = event.mode is self.question.mode or bool(self.question.like) or not self._engine.is_warm
        if not is_last:
            self._rest(partial(self._start, event.number, self.question, self.question.mode))
        if is_last or event.answer:
            self._await(None)
            self._take(event.answer)

    def _take(self, results: Results) -> None:
        """Show an answer, unless the reader is looking at another one to the same question."""
        shown = self.results if self.shown == self.question else None
        if shown and self.has_moved and self._would_move(shown, results):
            self.better = results if results else None
        elif results or not self.results:
            self.show(self.question, Listing.of(results))
        else:
            # The last hits stay for a moment: half a word often finds nothing, and that should not flicker.
            self._await(partial(self.show, self.question, Listing.of(results)))

    def _would_move(self, shown: Results, results: Results) -> bool:
        """Tell whether rows would: those of further pages are not known to be the same."""
        is_deep = self.listing is not None and self.listing.is_deep
        return is_deep or [hit.passage.id for hit in shown] != [hit.passage.id for hit in results]

    def action_take_better(self) -> None:
        """Take the better results; the reader stays at his hit, if it is among them."""
        if self.better is not None:
            self.show(self.question, Listing.of(self.better))

    # The model

    def warm(self) -> None:
        """Load the model, and say so."""
        self.note = LOADING
        # Not a worker: leaving the program waits for workers, and would wait seconds for a model nobody needs.
        Thread(target=copy_context().run, args=(self._load,), name="warm", daemon=True).start()

    def _load(self) -> None:
        self.post_message(Warmed(attempt(self._engine.warm)))

    @on(Warmed)
    def _warmed(self, event: Warmed) -> None:
        self.note = f"words only: {event.error}" if event.error else ""
        if event.error is None and self.question.text and not self.question.like:
            self._start(self._number, self.question, self.question.mode)

    # Waiting and failing

    def complain(self, error: BroadsheetError) -> None:
        """Show why there is no answer."""
        if isinstance(error, IndexUnusable):
            self.post_message(Unusable(error))
        else:
            self.error = str(error)

    def _await(self, late: partial[None] | None) -> None:
        """Call ``late`` if nothing else happens for a while."""
        if self._waiting is not None:
            self._waiting.stop()
        self.busy = False
        self._waiting = self.set_timer(PATIENCE, late) if late else None

    def _rest(self, then: partial[None] | None) -> None:
        """Call ``then`` when the reader has typed nothing for a moment."""
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(REST, then) if then else None

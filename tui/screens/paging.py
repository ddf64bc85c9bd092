"""Paging: the hits in view are fetched in the background, one page after the other, whatever the reader jumps to."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from textual import on, work
from textual.reactive import reactive

from index.errors import BroadsheetError
from tui.listing import PAGE
from tui.messages import EndFound, MoreFound
from tui.screens.asking import Asking
from tui.screens.rim import attempt
from tui.widgets.hit_list import HitList
from tui.widgets.windowed import Spot

if TYPE_CHECKING:
    from search.results import Results
    from tui.engine import Engine
    from tui.question import Question


class Paging(Asking):
    """The part of the screen that fetches further pages."""

    row: reactive[int] = reactive(0)
    """Which hit the reader is at, from 0."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._wish: tuple[int, ...] = ()  # pages in view, the nearest first
        self._is_fetching = False
        self._leaving: Spot | None = None  # where the reader was when he asked for the end

    @on(HitList.Wanted)
    def _wanted(self, event: HitList.Wanted) -> None:
        self._wish = event.pages
        self._fetch_next()

    def _fetch_next(self) -> None:
        """Fetch what is wished most now; one page at a time, for the reader may be on his way."""
        if self._wish and not self._is_fetching and self.listing is not None:
            page, *rest = self._wish
            self._wish = tuple(rest)
            self._is_fetching = True
            self._fetch(self.shown, self.listing.first, page)

    @work(thread=True, group="more", exit_on_error=False)
    def _fetch(self, question: Question, first: Results, page: int) -> None:
        answer = attempt(
            lambda: question.put_to(self._engine, limit=PAGE, offset=page * PAGE, mode=first.mode),
        )
        self.post_message(MoreFound(first, page, answer))

    @on(MoreFound)
    def _more_found(self, event: MoreFound) -> None:
        self._is_fetching = False
        if self.listing is not None and self.listing.first is event.first:
            if isinstance(event.answer, BroadsheetError):
                self._wish = ()
                self.complain(event.answer)
            else:
                self.listing = self.listing.with_page(event.page, event.answer)
        self._fetch_next()

    @on(HitList.EndWanted)
    def _end_wanted(self) -> None:
        if self.listing is not None and self._leaving is None:
            self._leaving = self.query_one(HitList).spot
            self._await(partial(setattr, self, "busy", True))
            self._seek_end(self.shown, self.listing.first)

    @work(thread=True, group="more", exit_on_error=False)
    def _seek_end(self, question: Question, first: Results) -> None:
        """Find out how many hits there are by asking for one that cannot be there, then fetch the last of them."""

        def seek() -> tuple[int, Results]:
            beyond = sum(self._engine.info().passages.values())
            in_all = question.put_to(self._engine, limit=1, offset=beyond, mode=first.mode).in_all or 0
            last = max(in_all - 1, 0) // PAGE
            answer = question.put_to(self._engine, limit=PAGE, offset=last * PAGE, mode=first.mode)
            return last, replace(answer, in_all=in_all)

        self.post_message(EndFound(first, attempt(seek)))

    @on(EndFound)
    def _end_found(self, event: EndFound) -> None:
        hits, left = self.query_one(HitList), self._leaving
        self._leaving = None
        if self.listing is None or self.listing.first is not event.first:
            return
        self._await(None)
        if isinstance(event.answer, BroadsheetError):
            self.complain(event.answer)
            return
        self.listing = self.listing.with_page(*event.answer)
        if hits.spot == left:  # else the reader has gone elsewhere meanwhile
            hits.go_to(Spot(self.listing.length - 1))

"""Filtering: counts of what was found, whose filters go into the text of the query, where they can be seen."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from textual import on, work
from textual.reactive import reactive

from index.errors import BroadsheetError
from tui.counts import count
from tui.filters import put, toggled
from tui.messages import Counted
from tui.screens.acting import Acting
from tui.screens.rim import attempt
from tui.widgets.filter_list import FilterList
from tui.widgets.hit_list import HitList
from tui.widgets.query_line import QueryLine
from tui.widgets.time_strip import TimeStrip

if TYPE_CHECKING:
    from search.results import Mode
    from tui.counts import Counts
    from tui.engine import Engine
    from tui.listing import Listing
    from tui.question import Question


class Filtering(Acting):
    """The part of the screen that filters."""

    counts: reactive[Counts | None] = reactive(None)

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._countings = 0

    @property
    def is_filtering(self) -> bool:
        """Whether the filters are on the screen."""
        return self.situation.is_filtering

    def watch_results(self) -> None:
        """Leave the filters when there is nothing to filter: they are not on the screen then."""
        super().watch_results()
        if not self.results and isinstance(self.focused, FilterList | TimeStrip):
            self.action_focus_query()

    def action_filters(self) -> None:
        """Show the filters, or put them away."""
        if self.is_filtering:
            self._put_away()
        elif self.results is not None and not self.shown.like:
            self.situation = replace(self.situation, is_filtering=True)
            self._count_again()
            self.query_one(FilterList).focus()

    def action_go_back(self) -> None:
        """Go back from the filters to the hits, else where it leads otherwise."""
        if isinstance(self.focused, FilterList | TimeStrip):
            self._put_away()
        else:
            super().action_go_back()

    def show(self, question: Question, listing: Listing) -> None:
        """Put an answer on the screen, and count anew what was found."""
        super().show(question, listing)
        if self.is_filtering:
            self._count_again()

    def _put_away(self) -> None:
        self.situation = replace(self.situation, is_filtering=False)
        if self.results:
            self.query_one(HitList).focus()
        else:
            self.action_focus_query()

    def _count_again(self) -> None:
        if self.results is not None and not self.shown.like:
            self._countings += 1
            self._count(self._countings, self.shown.text, self.results.mode)

    @work(thread=True, exclusive=True, group="count", exit_on_error=False)
    def _count(self, number: int, query: str, mode: Mode) -> None:
        self.post_message(Counted(number, attempt(lambda: count(self._engine, query, mode))))

    @on(Counted)
    def _counted(self, event: Counted) -> None:
        if event.number != self._countings:
            return
        if isinstance(event.answer, BroadsheetError):
            self.complain(event.answer)
        else:
            self.counts = event.answer

    @on(FilterList.Toggled)
    def _toggled(self, event: FilterList.Toggled) -> None:
        self._rewrite(toggled(self.query_one(QueryLine).value, event.field, event.value))

    @on(TimeStrip.Narrowed)
    def _narrowed(self, event: TimeStrip.Narrowed) -> None:
        query = self.query_one(QueryLine).value
        wanted = event.filters
        for field in ("on", "after", "before"):
            query = put(query, field, wanted.get(field))
        self._rewrite(query)

    def _rewrite(self, query: str) -> None:
        line = self.query_one(QueryLine)
        line.put(query)
        line.ask()

"""The search screen: a query line, the hits, and the article of the one highlighted."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Horizontal, Vertical
from textual.widgets import Footer, Static

from tui.commands import (
    FocusQuery,
    Help,
    Narrower,
    NextPane,
    Pin,
    Quit,
    SavedSearches,
    SaveSearch,
    SearchHistory,
    Wider,
)
from tui.panes import Pane
from tui.screens.placing import Placing
from tui.state import State
from tui.widgets.article_pane import ArticlePane
from tui.widgets.completions import Completions
from tui.widgets.filter_list import FilterList
from tui.widgets.hit_list import HitList
from tui.widgets.keys import bindings
from tui.widgets.notice import Notice
from tui.widgets.panes import Divider, Panes
from tui.widgets.pinned_pane import PinnedPane
from tui.widgets.query_line import QueryLine
from tui.widgets.status_line import StatusLine
from tui.widgets.time_strip import TimeStrip

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tui.engine import Engine


class MainScreen(Placing):
    """Lays the parts out, and turns what is typed into questions."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(FocusQuery, NextPane, Pin, Narrower, Wider, Help, Quit),
        *bindings(SearchHistory, SaveSearch, SavedSearches, is_quiet=True),
    ]

    def __init__(self, engine: Engine, query: str = "", state: State | None = None) -> None:
        super().__init__(engine, state or State())
        self._initial_query = query

    def compose(self) -> ComposeResult:
        """Lay out the parts, each bound to the state it shows."""
        here = MainScreen
        with Horizontal(id="head"):
            yield Static("Broadsheet", id="name")
            yield QueryLine(self._initial_query)
        yield Notice().data_bind(here.results, here.info)
        with Panes(id="panes").data_bind(here.shares, now=here.situation):
            with Vertical(id=Pane.FILTERS):
                yield TimeStrip().data_bind(here.counts)
                yield FilterList().data_bind(here.counts, here.question)
            yield HitList().data_bind(here.listing, here.why, here.marks, here.judged)
            yield Divider(Pane.DIVIDER)
            yield ArticlePane().data_bind(here.page)
            yield Divider(Pane.PIN_DIVIDER)
            yield PinnedPane().data_bind(page=here.pinned)
        yield (
            StatusLine()
            .data_bind(here.results, here.shown, here.better, here.marks, here.info, here.busy, here.note, here.error)
            .data_bind(here.upkeep, here.stale, here.row)
        )
        yield Footer(show_command_palette=False)
        yield Completions().data_bind(here.offers)

    def on_mount(self) -> None:
        """Put the reader in the query line, and load the model once there is something to look at."""
        self.query_one(QueryLine).focus()
        self.watch_results()
        self.read_history()
        self.get_acquainted()
        if self._initial_query:
            self.query_one(QueryLine).ask()

    @on(QueryLine.Typed)
    def _typed(self, event: QueryLine.Typed) -> None:
        if event.query != self.question.text:
            self._trail.clear()
            is_typed = isinstance(self.focused, QueryLine)
            self.ask(replace(self.question, text=event.query, like=""), is_typed=is_typed)

    def action_group_by_article(self) -> None:
        """Gather the hits by article, or no longer."""
        self.ask(self.question.regrouped())

    def action_next_mode(self) -> None:
        """Search in the next mode."""
        self.ask(self.question.next_mode())

    def action_next_sort(self) -> None:
        """Sort in the next order."""
        self.ask(self.question.next_sort())

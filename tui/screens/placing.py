"""Placing: how much room each pane has, and the article that is pinned beside the others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from textual import on
from textual.reactive import reactive

from index.errors import BroadsheetError
from tui.panes import Shares
from tui.screens.renewing import Renewing
from tui.screens.rim import attempt
from tui.widgets.article_pane import ArticlePane
from tui.widgets.panes import Panes
from tui.widgets.pinned_pane import PinnedPane

if TYPE_CHECKING:
    from textual.timer import Timer

    from tui.engine import Engine, Page
    from tui.state import State

NOUN: Final = "layout"
REST: Final = 0.5  # seconds without a change before the shares are written down


class Placing(Renewing):
    """The part of the screen that shares out the room."""

    pinned: reactive[Page | None] = reactive(None)
    shares: reactive[Shares] = reactive(Shares())

    def __init__(self, engine: Engine, state: State) -> None:
        super().__init__(engine, state)
        self._state = state
        self._keeping: Timer | None = None

    def on_mount(self) -> None:
        """Give panes the room they had in the last run."""
        kept = attempt(lambda: self._state.read(NOUN, Shares.of))
        if isinstance(kept, BroadsheetError):
            self._tell(kept)
        elif kept is not None:
            self.shares = kept

    def action_pin(self) -> None:
        """Pin the article being read; let go of the one that is pinned where that is being read, or shown already."""
        is_same = self.page is not None and self.pinned is not None and self.page.article.id == self.pinned.article.id
        is_at_pin = isinstance(self.focused, PinnedPane)
        if is_at_pin or is_same:
            self.pinned = None
        elif self.page is not None:
            self.pinned = self.page
        if is_at_pin:
            self.query_one(ArticlePane).focus()

    def watch_pinned(self, pinned: Page | None) -> None:
        """Make room for it."""
        self.situation = replace(self.situation, is_pinned=pinned is not None)

    def action_move_divider(self, direction: int) -> None:
        """Give the hits more room, or less."""
        self.query_one(Panes).move_divider(direction)

    @on(Panes.Resized)
    def _resized(self, event: Panes.Resized) -> None:
        self.shares = event.shares
        if event.is_final:
            if self._keeping is not None:
                self._keeping.stop()
            self._keeping = self.set_timer(REST, self._keep_shares)

    def _keep_shares(self) -> None:
        shares = self.shares.to_dict()
        self._keep(lambda: self._state.change(NOUN, Shares.of, lambda _: shares))

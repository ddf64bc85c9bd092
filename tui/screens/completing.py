"""Completing what is typed: asked for in a pause between keys, one question at a time, never waited for."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from textual import on, work
from textual.reactive import reactive

from index.errors import BroadsheetError
from search.suggest import ending
from tui.completing import FIELD, narrowed, offers
from tui.messages import Offered
from tui.screens.filtering import Filtering
from tui.screens.rim import attempt
from tui.widgets.completions import Completions
from tui.widgets.query_line import QueryLine

if TYPE_CHECKING:
    from textual.timer import Timer

    from tui.completing import Offer
    from tui.engine import Engine

PAUSE: Final = 0.15  # seconds without a key before anything is offered: fluent typing never sees a list
WITH_OFFERS: Final = ("take_completion", "next_completion")


class Completing(Filtering):
    """The part of the screen that completes."""

    offers: reactive[tuple[Offer, ...]] = reactive(())
    """What may complete the text before the cursor."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._typed_last = ""  # what offers are wanted for
        self._offered_for = ""  # what those shown go on from
        self._is_offering = False
        self._pausing: Timer | None = None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Leave the keys of completion to others while nothing is offered."""
        return bool(self.offers) if action in WITH_OFFERS else super().check_action(action, parameters)

    @on(QueryLine.Edited)
    def _edited(self, event: QueryLine.Edited) -> None:
        self._typed_last = event.before
        if self._pausing is not None:
            self._pausing.stop()
        self._pausing = self.set_timer(PAUSE, self._offer)

    @on(QueryLine.Moved)
    def _moved(self) -> None:
        line = self.query_one(QueryLine)
        if not line.is_at_end_of_word:
            self.offers = ()
        elif line.before != self._offered_for:
            self.offers = narrowed(self.offers, line.before)

    def _offer(self) -> None:
        if not self._is_offering:  # who comes meanwhile is heard when that answer is there
            self._is_offering = True
            self._look_up(self._typed_last)

    @work(thread=True, group="complete", exit_on_error=False)
    def _look_up(self, typed: str) -> None:
        found = attempt(partial(offers, self._engine, typed, datetime.now(UTC)))
        self.post_message(Offered(typed, found))

    @on(Offered)
    def _offered(self, event: Offered) -> None:
        self._is_offering = False
        line = self.query_one(QueryLine)
        if event.typed != self._typed_last:
            self._offer()
        elif event.typed == line.before and line.has_focus and not isinstance(event.answer, BroadsheetError):
            at = len(ending(event.typed).head)
            self.query_one(Completions).stand_under(line.place_of(at), self.size.width)
            self._offered_for = event.typed
            self.offers = event.answer

    @on(QueryLine.PastEnd)
    @on(Completions.Taken)
    def action_take_completion(self) -> None:
        """Put the completion into the query line."""
        offer, line = self.query_one(Completions).offer, self.query_one(QueryLine)
        if offer is None:
            return
        self._put_offers_away()
        if line.before != self._offered_for and not offer.query.startswith(line.before):
            return  # typing was faster than the list
        line.go_on_as(offer.query)
        if offer.kind == FIELD:
            self._typed_last = offer.query
            self._offer()

    def action_next_completion(self) -> None:
        """Go to the next completion."""
        self.query_one(Completions).go_on()

    def action_go_back(self) -> None:
        """Put the completions away, if there are any."""
        if self.offers:
            self._put_offers_away()
        else:
            super().action_go_back()

    def action_next_hit(self) -> None:
        """Show the next hit."""
        self._put_offers_away()
        super().action_next_hit()

    def action_previous_hit(self) -> None:
        """Show the hit before."""
        self._put_offers_away()
        super().action_previous_hit()

    def on_descendant_blur(self) -> None:
        """Put the completions away when the query line is left."""
        self._put_offers_away()

    def on_resize(self) -> None:
        """Put the completions away when the place they stood at is gone."""
        self._put_offers_away()

    def action_open_article(self) -> None:
        """Go into the article."""
        self._put_offers_away()
        super().action_open_article()

    def _put_offers_away(self) -> None:
        self._typed_last = ""
        self.offers = ()

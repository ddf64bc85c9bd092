"""Reading: the article of the highlighted hit, the ways into it and through it, and the way back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from textual import on, work
from textual.reactive import reactive

from index.errors import BroadsheetError
from tui.engine import folded, read_page
from tui.messages import PageRead, Settled, Unfolded
from tui.panes import Situation
from tui.screens.paging import Paging
from tui.screens.rim import attempt
from tui.widgets.article_pane import ArticlePane
from tui.widgets.hit_list import HitList
from tui.widgets.query_line import QueryLine

if TYPE_CHECKING:
    from textual.widget import Widget

    from search.results import Hit
    from tui.engine import Engine, Page
    from tui.listing import Listing
    from tui.question import Question
    from tui.widgets.windowed import Spot


@dataclass(frozen=True, slots=True)
class Stop:
    """A list of hits the reader has left for another, and where he was in it."""

    question: Question
    listing: Listing
    spot: Spot


class Reading(Paging):
    """The part of the screen that reads."""

    page: reactive[Page | None] = reactive(None)
    situation: reactive[Situation] = reactive(Situation())
    """What the reader is doing, as far as panes depend on it."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._reads = 0
        self._opening: str | None = None  # the query whose article is to be read once it is answered
        self._back: Widget | None = None
        self._trail: list[Stop] = []

    def watch_results(self) -> None:
        """Show the panes when there are hits, and the notice when there are none."""
        self.set_class(not self.results, "-empty")
        if not self.results:
            self._reads += 1
            self.page = None
            if isinstance(self.focused, HitList | ArticlePane):
                self.action_focus_query()
        elif self._opening == self.shown.text == self.query_one(QueryLine).question:
            self.call_after_refresh(self.action_open_article)

    @on(HitList.Shown)
    def _shown(self, event: HitList.Shown) -> None:
        self._reads += 1
        self.row = event.row
        hit, page = event.hit, self.page
        if self.results is None:
            return
        if page and page.article.id == hit.article.id and page.query == self.shown.words:
            self.page = replace(page, passage_id=hit.passage.id)
        else:
            self._read(self._reads, self.shown.words, hit)

    @work(thread=True, exclusive=True, group="read", exit_on_error=False)
    def _read(self, number: int, query: str, hit: Hit) -> None:
        self.post_message(PageRead(number, attempt(lambda: read_page(self._engine, query, hit))))

    @on(PageRead)
    def _page_read(self, event: PageRead) -> None:
        if event.number != self._reads:
            return
        if isinstance(event.answer, BroadsheetError):
            self.page = None
            self.complain(event.answer)
        else:
            self.page = event.answer

    # Into the article, and back

    @on(HitList.Chosen)
    def action_open_article(self) -> None:
        """Go into the article; if its search is still under way, as soon as it is there."""
        self._opening = None
        hits = self.query_one(HitList)
        if hits.has_focus and hits.is_at_fold:
            hits.unfold()
            return
        query_line, pane = self.query_one(QueryLine), self.query_one(ArticlePane)
        self.post_message(Settled(query_line.question))
        if self.results is None or self.shown.text != query_line.question:
            self._opening = query_line.question
            query_line.ask()
        elif self.results and self.focused is not pane:
            self._back = self.focused
            self.situation = replace(self.situation, is_reading=True)
            pane.return_to_hit()
            pane.focus()

    def action_go_back(self) -> None:
        """Go from the article to where the reader came from, from the hits to those before, or to the query."""
        in_article = isinstance(self.focused, ArticlePane)
        self.situation = replace(self.situation, is_reading=False)
        if in_article and self._back is not None:
            self._back.focus()
        elif isinstance(self.focused, HitList) and self._trail:
            self._return_to(self._trail.pop())
        else:
            self.action_focus_query()

    def _return_to(self, stop: Stop) -> None:
        self._number += 1  # what is still being asked is no longer wanted
        self.question, self.error = stop.question, ""
        self.show(stop.question, stop.listing)
        self.query_one(HitList).go_to(stop.spot)

    def action_focus_query(self) -> None:
        """Go to the query line."""
        self.query_one(QueryLine).focus()

    def action_next_hit(self) -> None:
        """Show the next hit."""
        self.query_one(HitList).move(1)

    def action_previous_hit(self) -> None:
        """Show the hit before."""
        self.query_one(HitList).move(-1)

    def on_descendant_focus(self) -> None:
        """Give the article the room, on small screens, while it is being read."""
        self.situation = replace(self.situation, is_reading=isinstance(self.focused, ArticlePane))

    @property
    def pane(self) -> ArticlePane:
        """The article the reader is in, else the one of the hit."""
        return self.focused if isinstance(self.focused, ArticlePane) else self.query_one(ArticlePane)

    # Within the article

    def action_next_match(self) -> None:
        """Go to the next passage with matches."""
        self.pane.step(1)

    def action_previous_match(self) -> None:
        """Go to the passage before with matches."""
        self.pane.step(-1)

    def action_follow_answer(self) -> None:
        """Go from a comment to its paragraph, from a paragraph to its next comment."""
        if not self.pane.follow_answer():
            self.notify("No answer is known from here.", markup=False)

    # What is folded under a hit

    @on(HitList.Folded)
    def _folded(self, event: HitList.Folded) -> None:
        self._unfold(self.shown.words, event.hit)

    def action_unfold(self) -> None:
        """Unfold what lies under the hit, or fold it again."""
        self.query_one(HitList).unfold()

    @work(thread=True, group="unfold", exit_on_error=False)
    def _unfold(self, query: str, hit: Hit) -> None:
        self.post_message(Unfolded(hit, attempt(lambda: folded(self._engine, query, hit))))

    @on(Unfolded)
    def _unfolded(self, event: Unfolded) -> None:
        if isinstance(event.answer, BroadsheetError):
            self.complain(event.answer)
        else:
            self.query_one(HitList).lay_open(event.hit, event.answer)

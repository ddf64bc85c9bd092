"""The search screen: a query line, the hits, and the article of the one highlighted."""

from __future__ import annotations

from contextvars import copy_context
from dataclasses import replace
from functools import partial
from threading import Thread
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.containers import Container, Horizontal
from textual.reactive import reactive
from textual.screen import Screen
from textual.widgets import Footer, Static
from textual.worker import get_current_worker

from index.errors import BroadsheetError, IndexUnusable
from search.results import Mode
from tui.commands import FocusQuery, Help, NextMatch, NextPane, PreviousMatch, Quit
from tui.engine import read_page
from tui.messages import Answered, PageRead, Warmed
from tui.screens.rim import attempt
from tui.screens.trouble import TroubleScreen
from tui.widgets.article_pane import ArticlePane
from tui.widgets.hit_list import HitList
from tui.widgets.keys import bindings
from tui.widgets.notice import Notice
from tui.widgets.query_line import QueryLine
from tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.timer import Timer
    from textual.widget import Widget

    from index.protocol import IndexInfo
    from search.results import Hit, Results
    from tui.engine import Engine, Page

LIMIT: Final = 50  # rows in the list: more cost time with every key press, and nobody reads them
PATIENCE: Final = 0.5  # seconds before a wait, or an empty answer, is worth showing
LOADING: Final = "words only, loading the model…"


class MainScreen(Screen[None]):
    """Asks what is typed and shows the answers; only the newest question's answer counts."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(FocusQuery, NextMatch, PreviousMatch, NextPane, Help, Quit)

    results: reactive[Results | None] = reactive(None)
    page: reactive[Page | None] = reactive(None)
    info: reactive[IndexInfo | None] = reactive(None)
    busy: reactive[bool] = reactive(False)
    note: reactive[str] = reactive("")
    error: reactive[str] = reactive("")

    def __init__(self, engine: Engine, query: str = "") -> None:
        super().__init__()
        self._engine = engine
        self._query = ""
        self._initial_query = query
        self._searches = self._reads = 0
        self._waiting: Timer | None = None
        self._opening: str | None = None  # the query whose article is to be read once it is answered
        self._back: Widget | None = None

    def compose(self) -> ComposeResult:
        """Lay out the parts, each bound to the state it shows."""
        with Horizontal(id="head"):
            yield Static("Broadsheet", id="name")
            yield QueryLine(self._initial_query)
        yield Notice().data_bind(MainScreen.results, MainScreen.info)
        with Container(id="panes"):
            yield HitList().data_bind(MainScreen.results)
            yield ArticlePane().data_bind(MainScreen.page)
        yield StatusLine().data_bind(MainScreen.results, MainScreen.busy, MainScreen.note, MainScreen.error)
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Put the reader in the query line, and load the model once there is something to look at."""
        self.query_one(QueryLine).focus()
        self.watch_results()
        info = attempt(self._engine.info)
        if isinstance(info, BroadsheetError):
            self._complain(info)
        else:
            self.info = info
            if info.model is not None and not self._engine.is_warm:
                self.note = LOADING
                self.call_after_refresh(self._warm)
        if self._initial_query:
            self.query_one(QueryLine).ask()

    # Asking

    @on(QueryLine.Typed)
    def _typed(self, event: QueryLine.Typed) -> None:
        if event.query != self._query:
            self._query = event.query
            self._ask()

    def _ask(self) -> None:
        """Ask the current query anew; whatever was asked before no longer counts."""
        self._searches += 1
        self._await(None)
        if not self._query:
            self.results, self.error = None, ""
            return
        self._await(partial(setattr, self, "busy", True))
        self._search(self._searches, self._query, Mode.HYBRID if self._engine.is_warm else Mode.KEYWORD)

    @work(thread=True, exclusive=True, group="search", exit_on_error=False)
    def _search(self, number: int, query: str, mode: Mode) -> None:
        answer = attempt(lambda: self._engine.search(query, limit=LIMIT, mode=mode))
        if not get_current_worker().is_cancelled:
            self.post_message(Answered(number, answer))

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        if event.number != self._searches:
            return
        self._await(None)
        if isinstance(event.answer, BroadsheetError):
            self._complain(event.answer)
        else:
            self._show(event.answer)

    def _show(self, results: Results) -> None:
        self.error = ""
        if results or not self.results:
            self.results = results
        else:
            # The last hits stay for a moment: half a word often finds nothing, and that should not flicker.
            self._await(partial(setattr, self, "results", results))

    def _await(self, late: partial[None] | None) -> None:
        """Call ``late`` if nothing else happens for a while."""
        if self._waiting is not None:
            self._waiting.stop()
        self.busy = False
        self._waiting = self.set_timer(PATIENCE, late) if late else None

    def _complain(self, error: BroadsheetError) -> None:
        if isinstance(error, IndexUnusable):
            self.app.push_screen(TroubleScreen(error))
        else:
            self.error = str(error)

    # The model

    def _warm(self) -> None:
        # Not a worker: leaving the program waits for workers, and would wait seconds for a model nobody needs.
        Thread(target=copy_context().run, args=(self._load,), name="warm", daemon=True).start()

    def _load(self) -> None:
        self.post_message(Warmed(attempt(self._engine.warm)))

    @on(Warmed)
    def _warmed(self, event: Warmed) -> None:
        self.note = f"words only: {event.error}" if event.error else ""
        if event.error is None and self._query:
            self._ask()

    # Reading

    def watch_results(self) -> None:
        """Show the panes when there are hits, and the notice when there are none."""
        self.set_class(not self.results, "-empty")
        if not self.results:
            self._reads += 1
            self.page = None
            if isinstance(self.focused, HitList | ArticlePane):
                self.action_focus_query()
        elif self._opening == self.results.query == self.query_one(QueryLine).question:
            self.call_after_refresh(self.action_open_article)

    @on(HitList.Shown)
    def _shown(self, event: HitList.Shown) -> None:
        self._reads += 1
        hit, page = event.hit, self.page
        if self.results is None:
            return
        if page and page.article.id == hit.article.id and page.query == self.results.query:
            self.page = replace(page, passage_id=hit.passage.id)
        else:
            self._read(self._reads, self.results.query, hit)

    @work(thread=True, exclusive=True, group="read", exit_on_error=False)
    def _read(self, number: int, query: str, hit: Hit) -> None:
        answer = attempt(lambda: read_page(self._engine, query, hit))
        if not get_current_worker().is_cancelled:
            self.post_message(PageRead(number, answer))

    @on(PageRead)
    def _page_read(self, event: PageRead) -> None:
        if event.number != self._reads:
            return
        if isinstance(event.answer, BroadsheetError):
            self.page = None
            self._complain(event.answer)
        else:
            self.page = event.answer

    # What the reader does

    @on(HitList.Chosen)
    def action_open_article(self) -> None:
        """Go into the article; if its search is still under way, as soon as it is there."""
        self._opening = None
        query_line, pane = self.query_one(QueryLine), self.query_one(ArticlePane)
        if self.results is None or self.results.query != query_line.question:
            self._opening = query_line.question
            query_line.ask()
        elif self.results and self.focused is not pane:
            self._back = self.focused
            self.add_class("-reading")
            pane.return_to_hit()
            pane.focus()

    def action_go_back(self) -> None:
        """Go from the article to where the reader came from, and from the hits to the query."""
        in_article = isinstance(self.focused, ArticlePane)
        self.remove_class("-reading")
        if in_article and self._back is not None:
            self._back.focus()
        else:
            self.action_focus_query()

    def action_focus_query(self) -> None:
        """Go to the query line."""
        self.query_one(QueryLine).focus()

    def action_next_hit(self) -> None:
        """Show the next hit."""
        self.query_one(HitList).move(1)

    def action_previous_hit(self) -> None:
        """Show the hit before."""
        self.query_one(HitList).move(-1)

    def action_next_match(self) -> None:
        """Go to the next passage with matches."""
        self.query_one(ArticlePane).step(1)

    def action_previous_match(self) -> None:
        """Go to the passage before with matches."""
        self.query_one(ArticlePane).step(-1)

    def on_descendant_focus(self) -> None:
        """Give the article the room, on small screens, while it is being read."""
        self.set_class(isinstance(self.focused, ArticlePane), "-reading")

"""The article: only the lines in view are drawn, so an article with a thousand comments costs no more."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.geometry import Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from tui import text
from tui.commands import ON_PASSAGES, FollowAnswer, GoBack, NextMatch, PreviousMatch, Similar
from tui.panes import Pane
from tui.widgets.keys import bindings
from tui.widgets.sheet import Sheet, set_sheet

if TYPE_CHECKING:
    from textual.binding import BindingType

    from tui.engine import Page

MARK: Final = "▌ "
MARGIN: Final = "  "
EDGE: Final = 1  # cells kept free beside the scrollbar


class ArticlePane(ScrollView, can_focus=True):
    """Shows ``page``, its current passage marked and in view."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(GoBack, NextMatch, PreviousMatch, FollowAnswer),
        *bindings(Similar, *ON_PASSAGES, is_quiet=True),
    ]

    page: reactive[Page | None] = reactive(None)
    current: reactive[str | None] = reactive(None)
    """Id of the marked passage: the hit, until the reader moves on."""

    def __init__(self, pane: Pane = Pane.ARTICLE) -> None:
        super().__init__(id=pane.value)
        self._sheet = Sheet((), {})
        self._set_for: tuple[object, int] = (None, 0)
        self._turns: dict[str, int] = {}  # which of a paragraph's answers comes next

    def watch_page(self, old: Page | None, new: Page | None) -> None:
        """Show the new page at its passage."""
        if old is None or new is None or old.article.id != new.article.id:
            self.scroll_to(y=0, animate=False, force=True)
            self._turns.clear()
        self._set()
        self.current = new.passage_id if new else None
        self._bring_into_view()

    def watch_current(self) -> None:
        """Move the mark."""
        self.refresh()

    def on_resize(self) -> None:
        """Set the page anew for the new width, and keep the current passage in view."""
        self._set()
        self._bring_into_view()

    def notify_style_update(self) -> None:
        """Draw anew when the theme changes."""
        super().notify_style_update()
        self.refresh()

    def return_to_hit(self) -> None:
        """Go back to the passage the page was opened at."""
        if self.page is not None:
            self._go_to(self.page.passage_id)

    def step(self, direction: int) -> None:
        """Go to the next (1) or previous (-1) passage with matches, around the ends."""
        stops = [
            passage_id for passage_id, place in self._sheet.places.items() if place.is_lit or passage_id == self.current
        ]
        if self.current in stops:
            self._go_to(stops[(stops.index(self.current) + direction) % len(stops)])

    def follow_answer(self) -> bool:
        """Go from a comment to the paragraph it answers, from a paragraph to its next answer; tell if there was one."""
        page, here = self.page, self.current
        if page is None or here is None:
            return False
        there = page.answers.get(here)
        if comments := page.answered_by.get(here):
            turn = self._turns.get(here, 0)
            self._turns[here] = turn + 1
            there = comments[turn % len(comments)]
        if there is None or there not in self._sheet.places:
            return False
        self._go_to(there)
        return True

    def render_line(self, y: int) -> Strip:
        """Return the line that stands at ``y`` of the window."""
        style, width = self.visual_style, self.scrollable_content_region.width
        number = y + self.scroll_offset.y
        if number >= len(self._sheet.lines):
            return Strip.blank(width, style.rich_style)
        line = self._sheet.lines[number]
        marked = line.passage_id is not None and line.passage_id == self.current
        gutter = text.plain(MARK, "bold $text-accent") if marked else text.plain(MARGIN)
        strips = Visual.to_strips(self, gutter + line.content, width, 1, style)
        return strips[0].crop_extend(0, width, style.rich_style)

    def _set(self) -> None:
        """Lay the page out, unless it is the one laid out already."""
        page, width = self.page, self.scrollable_content_region.width
        spans = page.spans if page else None
        if self._set_for[0] is spans and self._set_for[1] == width:
            return
        self._set_for = (spans, width)
        self._sheet = set_sheet(page, width - len(MARGIN) - EDGE) if page and width else Sheet((), {})
        self.virtual_size = Size(width, len(self._sheet.lines))
        self.refresh()

    def _go_to(self, passage_id: str) -> None:
        self.current = passage_id
        self._bring_into_view()

    def _bring_into_view(self) -> None:
        """Scroll, if need be, so that the current passage begins in view and its first match shows."""
        place = self._sheet.places.get(self.current or "")
        if place is None:
            return
        height, top = self.scrollable_content_region.height, self.scroll_offset.y
        if top <= place.start and max(place.lit + 1, min(place.end, place.start + height)) <= top + height:
            return
        y = place.start - 1
        if place.lit >= y + height - 1:  # the passage is too long for that: its match matters more than its start
            y = place.lit - height // 3
        self.scroll_to(y=max(y, 0), animate=False, force=True, immediate=True)

"""Rows of which only those in view are made, measured and drawn; nothing moves in view when others come or go.

A row is one or more entries, one below the other: a hit, and what is unfolded under it.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, ClassVar, Final, NamedTuple

from textual.cache import LRUCache
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.visual import Visual

from tui.listing import PAGE
from tui.widgets.ruler import Ruler

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.css.styles import RulesMap

    from tui.widgets.laid_out import LaidOut

MARGIN: Final = 1  # cells left and right of an entry
GAP: Final = 1  # blank lines behind a row
NO_RULES: Final[RulesMap] = {}
DRAWN: Final = 256  # entries whose lines are remembered


class Spot(NamedTuple):
    """An entry: the row, and which entry of the row."""

    row: int
    entry: int = 0


class Windowed(ScrollView):
    """Shows ``length`` rows of entries."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {"windowed--entry", "windowed--cursor", "windowed--hover"}

    def __init__(self) -> None:
        super().__init__()
        self._ruler = Ruler()
        self._drawn: LRUCache[tuple[Spot, str], list[Strip]] = LRUCache(DRAWN)

    # What a list is made of

    @property
    def length(self) -> int:
        """How many rows there are."""
        raise NotImplementedError

    def entries(self, row: int) -> Sequence[LaidOut]:
        """Return the entries of a row; one that stands for it while the row is not here."""
        raise NotImplementedError

    def is_here(self, page: int) -> bool:
        """Whether the rows of a page are here."""
        raise NotImplementedError

    def looked_at(self, start: int, stop: int) -> None:
        """Take notice that rows ``[start, stop)`` are in view."""

    def look_of(self, spot: Spot) -> str:
        """Return the component class of an entry that looks otherwise than others, else nothing."""
        raise NotImplementedError

    @property
    def held_row(self) -> int:
        """The row that stays on its line of the screen, if it is in view."""
        raise NotImplementedError

    # Making it anew

    def renew(self, *, in_place: bool) -> None:
        """Take it that all rows may have changed; the reader sees the same place if they did so ``in_place``."""
        if not in_place:
            self._ruler = Ruler(self.length)
            self._drawn.clear()
            self._fit()
            self.scroll_to(y=0, animate=False, force=True, immediate=True)
        else:
            with self.anchored():
                self._ruler = Ruler(self.length)
                self._drawn.clear()
                self._settle_page(self.held_row // PAGE)
        self.settle()

    def extend(self) -> None:
        """Take it that rows have come or gone beyond those in view."""
        with self.anchored():
            self._ruler.resize(self.length)
            self._drawn.clear()
        self.settle()

    def remeasure(self, row: int) -> None:
        """Take it that the entries of a row have changed."""
        with self.anchored():
            self._drawn.clear()
            self._settle_page(row // PAGE, again=True)
        self.settle()

    def redraw(self) -> None:
        """Take it that entries look different, and are as high as before."""
        self._drawn.clear()
        self.refresh()

    @contextmanager
    def anchored(self) -> Iterator[None]:
        """Keep the reader's row, or the first that can be read where that is elsewhere, on its line of the screen."""
        y = self.scroll_offset.y
        row = self._anchor(y)
        distance = self._ruler.top(row) - y
        yield
        self._fit()
        there = self._ruler.top(min(row, max(self.length - 1, 0))) - distance
        self.scroll_to(y=max(there, 0), animate=False, force=True, immediate=True)

    def _anchor(self, y: int) -> int:
        row = self.held_row
        if y <= self._ruler.top(row) < y + self.window_height:
            return row
        start, stop = self._in_view()
        return next((row for row in range(start, stop) if self._ruler.is_measured(row // PAGE)), start)

    def settle(self) -> None:
        """Measure what has come into view, and tell what that is."""
        if not self.length or not self.window_height:
            self.refresh()
            return
        while fresh := [page for page in self._pages_in_view() if self._is_fresh(page)]:
            with self.anchored():
                for page in fresh:
                    self._settle_page(page)
        start, stop = self._in_view()
        self.looked_at(start, stop)
        self.refresh()

    # Where things are

    @property
    def window_height(self) -> int:
        """Lines in view."""
        return self.scrollable_content_region.height

    def lines_of(self, spot: Spot) -> tuple[int, int]:
        """Return the line where an entry begins, and that where it ends."""
        heights = [self._height(entry) for entry in self.entries(spot.row)]
        start = self._ruler.top(spot.row) + sum(heights[: spot.entry])
        return start, start + heights[min(spot.entry, len(heights) - 1)]

    def _in_view(self) -> tuple[int, int]:
        y = self.scroll_offset.y
        return self._ruler.at(y)[0], self._ruler.at(y + self.window_height - 1)[0] + 1

    def _pages_in_view(self) -> range:
        start, stop = self._in_view()
        return range(start // PAGE, (stop - 1) // PAGE + 1)

    def _is_fresh(self, page: int) -> bool:
        return self.is_here(page) and not self._ruler.is_measured(page)

    def _settle_page(self, page: int, *, again: bool = False) -> None:
        if self._is_fresh(page) or (again and self.is_here(page)):
            rows = range(page * PAGE, min((page + 1) * PAGE, self.length))
            self._ruler.measure(page, [sum(map(self._height, self.entries(row))) + GAP for row in rows])

    def _height(self, entry: LaidOut) -> int:
        return entry.get_height(NO_RULES, self._entry_width)

    @property
    def _entry_width(self) -> int:
        return max(self.scrollable_content_region.width - 2 * MARGIN, 1)

    def _fit(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, max(self._ruler.height - GAP, 0))

    # Drawing

    def render_line(self, y: int) -> Strip:
        """Return the line that stands at ``y`` of the window."""
        line, width = y + self.scroll_offset.y, self.scrollable_content_region.width
        if self.length and line < self._ruler.height:
            row, within = self._ruler.at(line)
            for number in range(len(self.entries(row))):
                lines = self._lines(Spot(row, number))
                if within < len(lines):
                    return lines[within]
                within -= len(lines)
        return Strip.blank(width, self.get_visual_style("windowed--entry").rich_style)

    def _lines(self, spot: Spot) -> list[Strip]:
        look = self.look_of(spot)
        known = self._drawn.get((spot, look))
        if known is None:
            style = self.get_visual_style("windowed--entry", *([look] if look else []))
            entry, width = self.entries(spot.row)[spot.entry], self._entry_width
            edge = Strip.blank(MARGIN, style.rich_style)
            known = [
                Strip.join([edge, strip.extend_cell_length(width, style.rich_style), edge]).apply_meta({"spot": spot})
                for strip in Visual.to_strips(self, entry, width, None, style)
            ]
            self._drawn[(spot, look)] = known
        return known

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Measure what has come into view."""
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self.settle()

    def on_resize(self) -> None:
        """Lay it out anew for the new size."""
        self.renew(in_place=True)

    def notify_style_update(self) -> None:
        """Draw anew when the theme or the focus changes."""
        super().notify_style_update()
        self.redraw()

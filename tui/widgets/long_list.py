"""A list of any length with a reader in it, who goes by key and mouse from entry to entry."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding
from textual.reactive import reactive

from tui.widgets.windowed import Spot, Windowed

if TYPE_CHECKING:
    from textual import events
    from textual.binding import BindingType

    from tui.widgets.laid_out import LaidOut

TOP: Final = Spot(0)


class LongList(Windowed, can_focus=True):
    """Rows of entries, at one of which is the reader."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "step(-1)", "Up", show=False),
        Binding("down", "step(1)", "Down", show=False),
        Binding("pageup", "leaf(-1)", "Page up", show=False),
        Binding("pagedown", "leaf(1)", "Page down", show=False),
        Binding("home", "first", "First", show=False),
        Binding("end", "last", "Last", show=False),
    ]

    spot: reactive[Spot] = reactive(TOP, always_update=True)
    """Where the reader is."""
    hover: reactive[Spot | None] = reactive(None)
    """The entry under the mouse."""

    def came_to(self) -> None:
        """Do what is due when the reader has come to another entry."""

    def choose(self) -> None:
        """Do what is due when the reader has chosen the entry he is at."""

    @property
    def held_row(self) -> int:
        """The row of the reader."""
        return self.spot.row

    def look_of(self, spot: Spot) -> str:
        """Return how an entry looks that the reader or the mouse is at."""
        if spot == self.spot:
            return "windowed--cursor"
        return "windowed--hover" if spot == self.hover else ""

    @property
    def entry(self) -> LaidOut | None:
        """The entry the reader is at."""
        if not self.length:
            return None
        entries = self.entries(self.spot.row)
        return entries[min(self.spot.entry, len(entries) - 1)]

    def go_to(self, spot: Spot) -> None:
        """Go to an entry, and bring it into view."""
        self.spot = spot

    def move(self, step: int) -> None:
        """Go ``step`` entries down or, below 0, up, as far as there are any."""
        row, entry = self.spot
        for _ in range(abs(step)):
            entry += 1 if step > 0 else -1
            if entry >= len(self.entries(row)):
                if row + 1 >= self.length:
                    break
                row, entry = row + 1, 0
            elif entry < 0:
                if not row:
                    break
                row, entry = row - 1, len(self.entries(row - 1)) - 1
        self._go_if_there(Spot(row, entry))

    def validate_spot(self, spot: Spot) -> Spot:
        """Keep the reader within the list."""
        row = min(max(spot.row, 0), max(self.length - 1, 0))
        return Spot(row, spot.entry if row == spot.row else 0)

    def watch_spot(self) -> None:
        """Bring the entry into view."""
        self._bring_into_view()
        self.refresh()
        self.came_to()

    def _go_if_there(self, spot: Spot) -> None:
        if self.length and spot != self.spot:
            entries = len(self.entries(spot.row))
            self.spot = Spot(spot.row, min(max(spot.entry, 0), entries - 1))

    def _bring_into_view(self) -> None:
        if not self.length or not self.window_height:
            return
        for _ in range(2):  # what comes into view is measured, and then the entry may stand elsewhere
            start, end = self.lines_of(self.spot)
            y, height = self.scroll_offset.y, self.window_height
            wanted = start if start < y or end - start > height else max(y, end - height)
            if wanted != y:
                self.scroll_to(y=wanted, animate=False, force=True, immediate=True)
            self.settle()

    def on_resize(self) -> None:
        """Keep the reader's entry in view."""
        super().on_resize()
        self._bring_into_view()

    def watch_hover(self) -> None:
        """Light the entry under the mouse."""
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Choose the entry that is clicked."""
        if isinstance(spot := event.style.meta.get("spot"), Spot):
            self.spot = spot
            self.choose()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """See which entry the mouse is over."""
        self.hover = event.style.meta.get("spot")

    def on_leave(self) -> None:
        """Forget the mouse: it is elsewhere."""
        self.hover = None

    def action_step(self, step: int) -> None:
        """Go an entry up or down."""
        self.move(step)

    def action_leaf(self, direction: int) -> None:
        """Go a windowful up or down."""
        if self.length:
            line = self.lines_of(self.spot)[0] + direction * self.window_height
            self._go_if_there(Spot(self._ruler.at(max(line, 0))[0]))

    def action_first(self) -> None:
        """Go to the first entry."""
        self._go_if_there(TOP)

    def action_last(self) -> None:
        """Go to the last row."""
        self._go_if_there(Spot(self.length - 1))

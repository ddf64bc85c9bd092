"""The room that filters, hits and articles share, and the dividers between them, which the mouse can move."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.containers import Container
from textual.geometry import Offset, Region, Spacing
from textual.layout import Layout, WidgetPlacement
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tui import text
from tui.panes import STEP, Pane, Shares, Situation, arranged, share_at, share_of

if TYPE_CHECKING:
    from textual import events
    from textual.content import Content
    from textual.geometry import Size
    from textual.layout import ArrangeResult

    from tui.panes import Box


class Divider(Widget):
    """One line between two panes; ``pane`` says which."""

    is_dragged: reactive[bool] = reactive(False, toggle_class="-lit")
    is_lit: reactive[bool] = reactive(False, toggle_class="-lit")
    """Whether the reader is in the article it stands before."""

    @dataclass
    class Dragged(Message):
        """The reader wants the divider at this place of the screen; for good, if he has let go of it."""

        pane: Pane
        place: Offset
        is_final: bool = False

    def __init__(self, pane: Pane) -> None:
        super().__init__(id=pane.value)
        self._pane = pane

    def render(self) -> Content:
        """Return a rule as long as the room; a heavy one beside what is being read."""
        width, height = self.size
        across, down = "━┃" if self.is_lit else "─│"
        return text.plain(across * width if width > 1 else "\n".join(down * height))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Take hold of it."""
        self.capture_mouse()
        self.is_dragged = True
        event.stop()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Follow the mouse."""
        if self.is_dragged:
            self.post_message(self.Dragged(self._pane, event.screen_offset))
            event.stop()

    def on_mouse_up(self, event: events.MouseUp) -> None:
        """Let go of it."""
        if self.is_dragged:
            self.is_dragged = False
            self.release_mouse()
            self.post_message(self.Dragged(self._pane, event.screen_offset, is_final=True))
            event.stop()


class PanesLayout(Layout):
    """Puts each child where its pane stands."""

    name = "panes"

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        """Return the children that have a place now."""
        boxes = parent.boxes(size) if isinstance(parent, Panes) else {}
        return [
            WidgetPlacement(Region(*boxes[pane]), Offset(), Spacing(), child)
            for child in children
            if (pane := Pane(child.id or "")) in boxes
        ]


class Panes(Container):
    """Shows those of its children, known by their ids, that the situation asks for."""

    LAYOUT: ClassVar[PanesLayout] = PanesLayout()

    now: reactive[Situation] = reactive(Situation())
    shares: reactive[Shares] = reactive(Shares())

    @dataclass
    class Resized(Message):
        """The reader has changed the shares; ``is_final`` once he is done with it."""

        shares: Shares
        is_final: bool

    @property
    def layout(self) -> Layout:
        """How the children are arranged."""
        return self.LAYOUT

    def boxes(self, size: Size) -> dict[Pane, Box]:
        """Return where the panes stand in a room."""
        return arranged(size.width, size.height, self.now, self.shares)

    def watch_now(self) -> None:
        """Show what the situation asks for."""
        self._show(self.size)
        for divider in self.query(Divider):
            divider.is_lit = self.now.is_reading

    def watch_shares(self) -> None:
        """Give each its share."""
        self._arrange_again()

    def on_resize(self, event: events.Resize) -> None:
        """Show what there is room for."""
        self._show(event.size)

    def move_divider(self, direction: int) -> None:
        """Give the pane before the divider a little more room (1), or less (-1)."""
        boxes = self.boxes(self.size)
        for divider in (Pane.DIVIDER, Pane.PIN_DIVIDER):
            if divider in boxes:
                self._set(divider, Offset(boxes[divider].x, boxes[divider].y), direction * STEP)
                return

    @on(Divider.Dragged)
    def _dragged(self, event: Divider.Dragged) -> None:
        event.stop()
        self._set(event.pane, event.place - self.region.offset, is_final=event.is_final)

    def _set(self, divider: Pane, place: Offset, more: float = 0.0, *, is_final: bool = True) -> None:
        boxes = self.boxes(self.size)
        if divider in boxes:
            shares = self.shares.changed(share_of(divider, boxes), share_at(divider, place, boxes) + more)
            self.post_message(self.Resized(shares, is_final))

    def _show(self, size: Size) -> None:
        if not size:
            return
        boxes = self.boxes(size)
        for child in self.children:
            child.display = Pane(child.id or "") in boxes
        self._arrange_again()

    def _arrange_again(self) -> None:
        for child in self.children:  # whoever asks for a layout makes its parents forget theirs, but not itself
            child.refresh(layout=True)

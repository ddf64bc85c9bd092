"""Matches over time: articles on one line, comments on the next, periods chosen with the arrow keys or the mouse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from tui import text
from tui.commands import Filters, GoBack
from tui.counts import following
from tui.widgets.keys import bindings

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from textual import events
    from textual.binding import BindingType
    from textual.content import Content

    from tui.counts import Counts, Period

BLOCKS: Final = " ▁▂▃▄▅▆▇█"
POINTER: Final = "▲"
LABEL: Final = 9  # cells before the bars


class TimeStrip(Static, can_focus=True):
    """Shows when what was found was written."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings(GoBack, Filters),
        Binding("left", "move(-1)", "Earlier", show=False),
        Binding("right", "move(1)", "Later", show=False),
        Binding("shift+left", "stretch(-1)", "From earlier", show=False),
        Binding("shift+right", "stretch(1)", "Till later", show=False),
        Binding("enter,space", "narrow", "Only then"),
        Binding("backspace", "widen", "All times"),
    ]

    counts: reactive[Counts | None] = reactive(None, layout=True)
    chosen: reactive[int] = reactive(0)
    """Place of the period chosen."""
    other: reactive[int | None] = reactive(None)
    """Place of the other end, where several periods are chosen."""

    @dataclass
    class Narrowed(Message):
        """The reader wants these filters of time in his query, by field, and no others."""

        filters: Mapping[str, str | None]

    def __init__(self) -> None:
        super().__init__()
        self._is_held = False

    def watch_counts(self) -> None:
        """Choose the fullest period of the new ones."""
        periods = self._periods
        sizes = [period.articles + period.comments for period in periods]
        self.chosen, self.other = (sizes.index(max(sizes)) if sizes else 0), None

    def action_move(self, step: int) -> None:
        """Choose the period before or after."""
        self.other = None
        self._choose(self.chosen + step)

    def action_stretch(self, step: int) -> None:
        """Choose one more period, or one less, with those chosen."""
        if self.other is None:
            self.other = self.chosen
        self._choose(self.chosen + step)

    def action_narrow(self) -> None:
        """Ask for the chosen periods only."""
        if not self._periods:
            return
        first, last = self._ends
        start, behind = self._periods[first].name, following(self._periods[last].name)
        filters = {"on": start} if first == last else {"after": start, "before": behind}
        self.post_message(self.Narrowed(filters))

    def action_widen(self) -> None:
        """Ask for all times."""
        self.post_message(self.Narrowed({}))

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Choose the period that is pressed; one that was chosen already is asked for."""
        if (place := self._place_at(event)) is None:
            return
        if place == self.chosen and self.other is None:
            self.action_narrow()
            return
        self.chosen, self.other = place, None
        self._is_held = True
        self.capture_mouse()

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Choose all periods the mouse is drawn over."""
        if self._is_held and (place := self._place_at(event)) is not None and place != self.chosen:
            self.action_stretch(place - self.chosen)

    def on_mouse_up(self) -> None:
        """Ask for the periods the mouse was drawn over."""
        if self._is_held:
            self._is_held = False
            self.release_mouse()
            if self.other is not None:
                self.action_narrow()

    def render(self) -> Content:
        """Return four lines: articles, comments, pointers to the chosen periods, and what these hold."""
        periods = self._periods
        if not periods:
            return text.plain("No dates.", text.QUIET)
        start, stop = self._window
        shown = periods[start:stop]
        first, last = self._ends
        left, right = max(first - start, 0), min(last, stop - 1) - start
        lines = [
            _line("articles", [period.articles for period in shown]),
            _line("comments", [period.comments for period in shown]),
            text.plain(" " * (LABEL + left) + POINTER * (right - left + 1), "bold $text-accent"),
            text.line(told(periods[first : last + 1]), "bold" if self.has_focus else ""),
        ]
        return text.join(lines, "\n")

    @property
    def _periods(self) -> tuple[Period, ...]:
        return self.counts.periods if self.counts else ()

    @property
    def _ends(self) -> tuple[int, int]:
        other = self.chosen if self.other is None else self.other
        return min(self.chosen, other), max(self.chosen, other)

    @property
    def _window(self) -> tuple[int, int]:
        """The places of the first period in view, and of the one behind the last."""
        room = max(self.content_size.width - LABEL, 1)
        first = min(max(self.chosen - room // 2, 0), max(len(self._periods) - room, 0))
        return first, first + room

    def _place_at(self, event: events.MouseEvent) -> int | None:
        cell = event.get_content_offset_capture(self).x - LABEL
        place = self._window[0] + cell
        return place if cell >= 0 and place < len(self._periods) else None

    def _choose(self, place: int) -> None:
        self.chosen = min(max(place, 0), max(len(self._periods) - 1, 0))


def told(periods: Sequence[Period]) -> str:
    """Return which periods these are, and what they hold: ``2014-06-28 to 07-04: 12 + 30``."""
    first, last = periods[0].name.split("-"), periods[-1].name.split("-")
    name = "-".join(first)
    if first != last:
        differs = next(place for place, (one, other) in enumerate(zip(first, last, strict=True)) if one != other)
        name += f" to {'-'.join(last[differs:])}"
    articles, comments = sum(one.articles for one in periods), sum(one.comments for one in periods)
    return f"{name}: {articles:,} + {comments:,}"


def _line(name: str, sizes: Sequence[int]) -> Content:
    return text.plain(name.ljust(LABEL), text.QUIET) + text.plain(bar(sizes))


def bar(sizes: Sequence[int]) -> str:
    """Return one block a size, the largest the fullest; whatever is not nothing shows."""
    most = max(sizes, default=0)
    top = len(BLOCKS) - 1
    return "".join(BLOCKS[-(-size * top // most)] if most else BLOCKS[0] for size in sizes)

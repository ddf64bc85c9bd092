"""Matches over time: articles on one line, comments on the next, a period chosen with the arrow keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Static

from tui import text
from tui.commands import Filters, GoBack
from tui.widgets.keys import bindings

if TYPE_CHECKING:
    from collections.abc import Sequence

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
        Binding("enter,space", "narrow", "Only then"),
        Binding("backspace", "widen", "All times"),
    ]

    counts: reactive[Counts | None] = reactive(None, layout=True)
    chosen: reactive[int] = reactive(0)
    """Place of the period chosen."""

    @dataclass
    class Narrowed(Message):
        """The reader wants one period only, or all of them (``None``)."""

        period: str | None

    def watch_counts(self) -> None:
        """Choose the fullest period of the new ones."""
        periods = self._periods
        sizes = [period.articles + period.comments for period in periods]
        self.chosen = sizes.index(max(sizes)) if sizes else 0

    def action_move(self, step: int) -> None:
        """Choose the period before or after."""
        self.chosen = min(max(self.chosen + step, 0), max(len(self._periods) - 1, 0))

    def action_narrow(self) -> None:
        """Ask for the chosen period only."""
        if self._periods:
            self.post_message(self.Narrowed(self._periods[self.chosen].name))

    def action_widen(self) -> None:
        """Ask for all times."""
        self.post_message(self.Narrowed(None))

    def render(self) -> Content:
        """Return four lines: articles, comments, a pointer to the chosen period, and what it holds."""
        periods = self._periods
        if not periods:
            return text.plain("No dates.", text.QUIET)
        room = max(self.content_size.width - LABEL, 1)
        first = min(max(self.chosen - room // 2, 0), max(len(periods) - room, 0))
        shown, at = periods[first : first + room], self.chosen - first
        one = periods[self.chosen]
        lines = [
            _line("articles", [period.articles for period in shown]),
            _line("comments", [period.comments for period in shown]),
            text.plain(" " * (LABEL + at) + POINTER, "bold $text-accent"),
            text.line(f"{one.name}: {one.articles:,} + {one.comments:,} comments", "bold" if self.has_focus else ""),
        ]
        return text.join(lines, "\n")

    @property
    def _periods(self) -> tuple[Period, ...]:
        return self.counts.periods if self.counts else ()


def _line(name: str, sizes: Sequence[int]) -> Content:
    return text.plain(name.ljust(LABEL), text.QUIET) + text.plain(bar(sizes))


def bar(sizes: Sequence[int]) -> str:
    """Return one block a size, the largest the fullest; whatever is not nothing shows."""
    most = max(sizes, default=0)
    top = len(BLOCKS) - 1
    return "".join(BLOCKS[-(-size * top // most)] if most else BLOCKS[0] for size in sizes)

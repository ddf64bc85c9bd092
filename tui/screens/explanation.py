"""Why a hit stands where it stands: the numbers that add up to its score."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Final

from textual.containers import VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Static

from search.explain import ordinal
from tui import text
from tui.widgets.laid_out import LaidOut

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.content import Content

    from search.results import Hit

NUMBER: Final = "{:9.4f}"


class ExplanationScreen(ModalScreen[None]):
    """Lies over the hits; any of its keys puts it away."""

    BINDINGS: ClassVar[list[BindingType]] = [
        ("escape", "dismiss", "Close"),
        ("e", "dismiss", "Close"),
        ("q", "dismiss", "Close"),
    ]

    def __init__(self, hit: Hit, place: int) -> None:
        super().__init__()
        self._hit, self._place = hit, place

    def compose(self) -> ComposeResult:
        """Show the numbers on one page that scrolls."""
        with VerticalScroll() as page:
            page.border_title = "Why this hit"
            page.border_subtitle = "Esc closes"
            yield Static(Reckoning(self._hit, self._place))

    def on_mount(self) -> None:
        """Let the arrow keys scroll."""
        self.query_one(VerticalScroll).focus()

    def weigh(self, hit: Hit) -> None:
        """Show what each word adds, now that it is known."""
        if hit.passage.id == self._hit.passage.id:
            for shown in self.query(Static):  # none where the screen was put away meanwhile
                shown.update(Reckoning(hit, self._place))


class Reckoning(LaidOut):
    """What the screen says."""

    def __init__(self, hit: Hit, place: int) -> None:
        super().__init__()
        self._hit, self._place = hit, place

    def lines(self, width: int) -> Iterator[Content]:
        """Yield its lines."""
        hit, told = self._hit, self._hit.explain()
        yield text.line(hit.article.title or "Untitled", "bold").truncate(width, ellipsis=True)
        yield text.line(f"{hit.passage.id} · {ordinal(self._place)} in the list", text.QUIET)
        if hit.why:
            yield text.line(hit.why)
        yield text.plain(" ")
        for part in told.parts:
            yield text.line(part.name, "bold")
            sum_ = f"{NUMBER.format(part.value)} = {part.weight:.3g} × {part.share:.4f}  (raw {part.raw:.4g})"
            yield text.plain(f"  {sum_}")
        if told.parts:
            yield text.plain("  " + "─" * len(NUMBER.format(0)))
        yield text.plain(f"  {NUMBER.format(told.score)}   score, by {told.method.value}", "bold")
        yield from _words(told.words)


def _words(words: tuple[tuple[str, float], ...]) -> Iterator[Content]:
    if words:
        yield text.plain("\nWhat each word adds to BM25", "bold")
    for word, score in words:
        yield text.plain(f"  {NUMBER.format(score)}  ") + text.line(word)

"""How a hit looks in the list: headline, origin, and two lines of the passage with its matches lit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from index.model import Kind
from search.results import kind_of
from tui import text
from tui.widgets.laid_out import LaidOut

if TYPE_CHECKING:
    from textual.content import Content

    from search.results import Hit

SIGNS: Final = {Kind.HEADLINE: "H", Kind.CAPTION: "K", Kind.PARAGRAPH: "¶", Kind.COMMENT: "“", Kind.FURNITURE: "·"}
"""What stands before a hit of each kind; told apart without colour."""
INDENT: Final = "  "
SNIPPET_LINES: Final = 2


class HitRow(LaidOut):
    """One hit."""

    def __init__(self, hit: Hit) -> None:
        super().__init__()
        self.hit = hit

    def lines(self, width: int) -> list[Content]:
        """Return the lines of the row, none wider than ``width``."""
        room = max(width - len(INDENT), 1)
        sign = text.plain(f"{SIGNS[self.hit.passage.found_as]} ", "bold $text-accent")
        first, *rest = _lines(self.hit, room)
        return [sign + first, *(text.plain(INDENT) + part for part in rest)]


def _lines(hit: Hit, room: int) -> list[Content]:
    origin = text.line(_origin(hit), text.QUIET).truncate(room, ellipsis=True)
    is_headline = hit.passage.kind is Kind.HEADLINE
    snippet = text.lit(hit.snippet.text, hit.snippet.spans, "bold" if is_headline else "", flat=True)
    shown = text.excerpt(snippet, room, SNIPPET_LINES)
    if is_headline:  # said once is enough
        return [*shown, origin]
    title = text.line(hit.article.title or "Untitled", "bold")
    return [title.truncate(room, ellipsis=True), origin, *shown]


def _origin(hit: Hit) -> str:
    copies = f"also in {len(hit.duplicates)} more" if hit.duplicates else ""
    parts = (kind_of(hit.passage), hit.author, text.stamp(hit.when), copies)
    return " · ".join(part for part in parts if part)

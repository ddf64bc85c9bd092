"""How a hit looks in the list: headline, origin, and two lines of the passage with its matches lit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from index.model import Kind
from search.results import kind_of
from tui import clock, text
from tui.widgets.laid_out import LaidOut

if TYPE_CHECKING:
    from textual.content import Content
    from textual.css.styles import RulesMap

    from search.results import Hit

SIGNS: Final = {Kind.HEADLINE: "H", Kind.CAPTION: "K", Kind.PARAGRAPH: "¶", Kind.COMMENT: "“", Kind.FURNITURE: "·"}
"""What stands before a hit of each kind; told apart without colour."""
JUDGED: Final = {True: "[+]", False: "[-]"}
MARKED: Final = "[x]"
INDENT: Final = "  "
UNDER: Final = "    "  # before a hit that was folded under another
SNIPPET_LINES: Final = 2


class HitRow(LaidOut):
    """One hit; ``leader_id`` is the one it was folded under."""

    def __init__(self, hit: Hit, *, leader_id: str = "", is_explained: bool = False) -> None:
        super().__init__()
        self.hit = hit
        self.leader_id = leader_id or hit.passage.id
        self._margin = UNDER if leader_id else ""
        self._cells: int | None = None
        self._why, self._signs = "", ""
        self.sign(is_explained=is_explained)

    def sign(self, *, is_explained: bool, is_marked: bool = False, judged: bool | None = None) -> None:
        """Put signs on the row, or take them off."""
        self._laid_out = None
        self._why = self.hit.why if is_explained else ""
        signs = (MARKED if is_marked else "", "" if judged is None else JUDGED[judged])
        self._signs = " ".join(sign for sign in signs if sign)

    def lines(self, width: int) -> list[Content]:
        """Return the lines of the row, none wider than ``width``."""
        room = self._room(width)
        sign = text.plain(f"{self._margin}{SIGNS[self.hit.passage.found_as]} ", "bold $text-accent")
        first, *rest = self._lines(room)
        if self._why:
            rest.append(text.line(f"= {self._why}", "italic").truncate(room, ellipsis=True))
        return [sign + first, *(text.plain(self._margin + INDENT) + part for part in rest)]

    def get_height(self, rules: RulesMap, width: int) -> int:
        """Return the number of lines at ``width``: by counting only, as ten thousand rows are asked for theirs."""
        if self._is_headline:
            return super().get_height(rules, width)
        if self._cells is None:
            self._cells = self._snippet.cell_length
        return 2 + (1 if self._cells <= self._room(width) else SNIPPET_LINES) + bool(self._why)

    @property
    def _is_headline(self) -> bool:
        return self.hit.passage.kind is Kind.HEADLINE

    @property
    def _snippet(self) -> Content:
        snippet = self.hit.snippet
        return text.lit(snippet.text, snippet.spans, "bold" if self._is_headline else "", flat=True)

    def _room(self, width: int) -> int:
        return max(width - len(self._margin + INDENT), 1)

    def _lines(self, room: int) -> list[Content]:
        origin = text.line(self._origin(), text.QUIET).truncate(room, ellipsis=True)
        shown = text.excerpt(self._snippet, room, SNIPPET_LINES)
        if self._is_headline:  # said once is enough
            return [*shown, origin]
        title = text.line(self.hit.article.title or "Untitled", "bold")
        return [title.truncate(room, ellipsis=True), origin, *shown]

    def _origin(self) -> str:
        hit = self.hit
        age = text.ago(hit.when, clock.now()) if hit.when else ""
        facts = [kind_of(hit.passage), hit.author, text.stamp(hit.when), age]
        facts.insert(1 if self._margin else len(facts), hit.article.source)  # first what tells reprints apart
        parts = facts
        told = " · ".join(part for part in parts if part)
        return f"{self._signs} {told}" if self._signs else told

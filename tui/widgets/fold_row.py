"""The row under a hit that says what is folded there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui import text
from tui.widgets.laid_out import LaidOut

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.content import Content

    from search.results import Hit


class FoldRow(LaidOut):
    """How many reprints a hit has, or how many further passages its article."""

    def __init__(self, hit: Hit, *, is_open: bool) -> None:
        super().__init__()
        self.hit = hit
        self.leader_id = hit.passage.id
        self._is_open = is_open

    def lines(self, width: int) -> Iterator[Content]:
        """Yield its one line."""
        told = []
        if self.hit.duplicates:
            told.append(f"also in {len(self.hit.duplicates):,}")
        if self.hit.more:
            told.append(f"{len(self.hit.more):,} more of this article")
        sign = "▾" if self._is_open else "▸"
        yield text.plain(f"  {sign} {', '.join(told)}", "italic").truncate(width, ellipsis=True)

    def get_height(self, rules: object, width: int) -> int:
        """Return 1."""
        return 1

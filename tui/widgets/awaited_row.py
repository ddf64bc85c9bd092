"""What stands for a hit that is being fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui import text
from tui.widgets.laid_out import LaidOut
from tui.widgets.ruler import USUAL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.content import Content


class AwaitedRow(LaidOut):
    """The place of the hit in the list; ``row`` counts from 0."""

    def __init__(self, row: int) -> None:
        super().__init__()
        self._row = row

    def lines(self, width: int) -> Iterator[Content]:
        """Yield its place, and as many lines as a hit usually has."""
        yield text.plain(f"  {self._row + 1:,} …", text.QUIET).truncate(width, ellipsis=True)
        yield from [text.plain(" ")] * (USUAL - 2)

    def get_height(self, rules: object, width: int) -> int:
        """Return the usual height."""
        return USUAL - 1

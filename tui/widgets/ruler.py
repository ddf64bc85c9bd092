"""Where the rows of a long list stand: rows of a page that was not measured yet are taken to be of usual height."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from tui.listing import PAGE

if TYPE_CHECKING:
    from collections.abc import Iterable

USUAL: Final = 5  # lines of a hit: headline, origin, two of text, and a blank one


class Ruler:
    """Lines and rows count from 0. Heights are kept by page: a small number for each row that was ever seen."""

    def __init__(self, length: int = 0) -> None:
        self.length = length
        self._tops: dict[int, list[int]] = {}  # of a measured page: where each row begins in it, and where it ends
        self._pages: list[int] = []  # those measured, ascending
        self._excess: list[int] = [0]  # lines by which the first n of them differ from the usual

    @property
    def height(self) -> int:
        """The lines of all rows."""
        return self.top(self.length)

    def resize(self, length: int) -> None:
        """Take it that there are more rows, or fewer."""
        self.length = length
        for page in [page for page, tops in self._tops.items() if len(tops) - 1 != min(PAGE, length - page * PAGE)]:
            del self._tops[page]
        self._add_up()

    def is_measured(self, page: int) -> bool:
        """Whether the heights of a page are known."""
        return page in self._tops

    def measure(self, page: int, heights: Iterable[int]) -> None:
        """Take over the heights of the rows of a page."""
        self._tops[page] = [0, *accumulate(heights)]
        self._add_up()

    def top(self, row: int) -> int:
        """Return the line where a row begins; for the row behind the last, where the list ends."""
        page, place = divmod(row, PAGE)
        start = page * PAGE * USUAL + self._excess[bisect_left(self._pages, page)]
        tops = self._tops.get(page)
        if tops is None:
            return start + place * USUAL
        known = min(place, len(tops) - 1)
        return start + tops[known] + (place - known) * USUAL

    def at(self, line: int) -> tuple[int, int]:
        """Return the row that a line belongs to, and which of its lines it is; beyond the end, of the last row."""
        pages = range(-(-self.length // PAGE))
        page = max(bisect_right(pages, line, key=lambda number: self.top(number * PAGE)) - 1, 0)
        rows = range(page * PAGE, min((page + 1) * PAGE, self.length))
        row = rows.start + max(bisect_right(rows, line, key=self.top) - 1, 0)
        return row, line - self.top(row)

    def _add_up(self) -> None:
        self._pages = sorted(self._tops)
        self._excess = [0, *accumulate(map(self._beyond, self._pages))]

    def _beyond(self, page: int) -> int:
        tops = self._tops[page]
        return tops[-1] - (len(tops) - 1) * USUAL

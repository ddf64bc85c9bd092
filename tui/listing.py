"""The hits of one answer, as many as there may be: a few pages of them are held, the others can be fetched."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from search.results import Hit, Results

PAGE: Final = 50  # hits in a page: what a key press waits for
MOST: Final = 30  # pages held


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """An answer and the pages of it that are held; a value, so that a change of it can be seen."""

    first: Results
    """What was answered first: the hits of page 0, and the facts of the whole."""
    pages: Mapping[int, tuple[Hit, ...]]
    length: int
    """Hits there are, as far as that is known; more may turn up while ``is_counted`` is false."""
    is_counted: bool

    @classmethod
    def of(cls, results: Results) -> Listing:
        """Return the listing of an answer's first page."""
        in_all = len(results) if len(results) < PAGE else results.in_all
        length = max(results.total, len(results)) if in_all is None else in_all
        return cls(results, {0: results.hits}, length, in_all is not None)

    @property
    def is_deep(self) -> bool:
        """Whether anything beyond the first page is held."""
        return len(self.pages) > 1

    def hit(self, row: int) -> Hit | None:
        """Return the hit of a row, counted from 0; ``None`` where it is not held."""
        page = self.pages.get(row // PAGE, ())
        return page[row % PAGE] if row % PAGE < len(page) else None

    def row(self, passage_id: str) -> int | None:
        """Return the row of a passage, if it is held."""
        for number, hits in self.pages.items():
            for place, hit in enumerate(hits):
                if hit.passage.id == passage_id:
                    return number * PAGE + place
        return None

    def missing(self, start: int, stop: int) -> tuple[int, ...]:
        """Return the pages that rows ``[start, stop)`` need and that are not held; the next one where it may exist."""
        more = 0 if self.is_counted else 1
        last = -(-min(stop, self.length + more) // PAGE)
        return tuple(page for page in range(max(start, 0) // PAGE, last) if page not in self.pages)

    def with_page(self, number: int, answer: Results) -> Listing:
        """Return the listing with one more page; the one farthest from it is let go where there are too many."""
        in_all = answer.in_all
        if in_all is None and len(answer) < PAGE:
            in_all = number * PAGE + len(answer) if answer else min(self.length, number * PAGE)
        pages = {**self.pages, number: answer.hits} if answer else dict(self.pages)
        if len(pages) > MOST:
            del pages[max(pages, key=lambda page: (page > 0, abs(page - number)))]  # the first page stays
        length = max(self.length, number * PAGE + len(answer)) if in_all is None else in_all
        return replace(self, pages=pages, length=length, is_counted=self.is_counted or in_all is not None)

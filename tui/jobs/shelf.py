"""Where the index stands: opened when there is one, and again when another has taken its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from search.searcher import Searcher


class Shelf:
    """The directory of an index, which may not be there yet, and the searchers opened on it."""

    def __init__(self, index_dir: Path) -> None:
        self.index_dir = index_dir
        self._opened: list[Searcher] = []

    def open(self) -> Searcher:
        """Open the index; raises ``IndexUnusable``."""
        from search.searcher import Searcher

        searcher = Searcher.open(self.index_dir)
        self._opened.append(searcher)
        return searcher

    def close(self) -> None:
        """Close all that was opened."""
        while self._opened:
            self._opened.pop().close()

"""The full screen from its settings: opened on an index, or on the offer to build one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.errors import IndexUnusable

if TYPE_CHECKING:
    from index.settings import Settings
    from search.searcher import Searcher
    from tui.jobs.shelf import Shelf


def launch(used: Settings, query: str) -> int:
    """Run the program until the reader leaves; return its exit code."""
    from index.settings import state_dir
    from tui.app import run
    from tui.jobs.shelf import Shelf
    from tui.state import State

    state = State(state_dir() if used.keeps_state else None)
    shelf = Shelf(used.index_dir)
    try:
        return run(_opened(shelf), query, state, shelf)
    finally:
        shelf.close()


def _opened(shelf: Shelf) -> Searcher | IndexUnusable:
    """Return what searches, or why there is none: the screen then offers to build an index."""
    try:
        return shelf.open()
    except IndexUnusable as error:
        return error

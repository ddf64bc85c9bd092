"""The full screen from its settings: opened on an index, or on the offer to build one."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from index.errors import IndexUnusable
from tui.stray import kept_off

if TYPE_CHECKING:
    from index.settings import Settings
    from search.searcher import Searcher
    from tui.jobs.shelf import Shelf


def launch(used: Settings, query: str) -> int:
    """Run the program until the reader leaves; return its exit code."""
    gc.disable()  # until there is something to look at: half a million objects are made, and none of them is garbage
    from index.settings import state_dir
    from tui.app import run
    from tui.commands.keymap import in_force
    from tui.jobs.shelf import Shelf
    from tui.state import State

    state = State(state_dir() if used.keeps_state else None)
    keymap, shelf = in_force(), Shelf(used.index_dir)
    try:
        searcher = _opened(shelf)
        with kept_off():
            return run(searcher, query, state, shelf, keymap)
    finally:
        shelf.close()


def settle() -> None:
    """Look for garbage from now on, but not among what is there already: that stays, and looking takes long."""
    gc.freeze()
    gc.enable()


def _opened(shelf: Shelf) -> Searcher | IndexUnusable:
    """Return what searches, or why there is none: the screen then offers to build an index."""
    try:
        return shelf.open()
    except IndexUnusable as error:
        return error

"""Whether the tour was shown in an earlier run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from index.errors import StateDamaged

if TYPE_CHECKING:
    from tui.state import State

NOUN: Final = "tour"


def was_greeted(state: State) -> bool:
    """Return whether the tour was shown; where that cannot be read it was not."""
    try:
        return state.read(NOUN, bool) or False
    except StateDamaged:
        return False


def keep_greeted(state: State) -> None:
    """Keep that the tour was shown; raises ``UsageError``, ``StateDamaged``."""
    state.change(NOUN, bool, lambda _known: True)

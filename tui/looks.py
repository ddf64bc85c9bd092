"""How the screen looked last: its theme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tui.state import State

NOUN: Final = "looks"
THEME: Final = "theme"


class Looks:
    """The looks kept in ``state``."""

    def __init__(self, state: State) -> None:
        self._state = state

    def theme(self) -> str | None:
        """Return the name of the last theme, ``None`` where there was none; raises ``StateDamaged``."""
        return (self._state.read(NOUN, _shaped) or {}).get(THEME)

    def keep_theme(self, name: str) -> None:
        """Keep the name of a theme; raises ``UsageError``, ``StateDamaged``."""
        self._state.change(NOUN, _shaped, lambda known: {**(known or {}), THEME: name})


def _shaped(table: object) -> dict[str, str]:
    if not isinstance(table, dict) or not all(isinstance(value, str) for value in table.values()):
        raise TypeError("it is no table of texts")
    return table

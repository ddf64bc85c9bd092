"""Which keys call which command: those of its class, or those a user has set in the TOML file under ``[keys]``."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from index import settings
from index.errors import UsageError
from tui.commands.catalogue import COMMANDS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tui.commands.command import Command

_MODIFIERS: Final = re.compile(r"(?:(?:ctrl|alt|shift|super|meta)[+-])*", re.IGNORECASE)
_WORD: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_ARROWS: Final = {"up": "↑", "down": "↓", "left": "←", "right": "→"}
_SPELT: Final = {"escape": "Esc", "pageup": "PgUp", "pagedown": "PgDn"}
_NAMED: Final = frozenset(
    {*_ARROWS, *_SPELT, "home", "end", "insert", "delete", "backspace", "enter", "tab", "space"}
    | {f"f{number}" for number in range(1, 25)}
)
_ALIASES: Final = {"esc": "escape", "return": "enter", "del": "delete", "ins": "insert", "pgup": "pageup"}
_CHARACTERS: Final = {  # as Textual names them; the others have their Unicode names
    "/": "slash", "\\": "backslash", "@": "at", "-": "minus", "+": "plus", "_": "underscore", " ": "space",
    "<": "less_than_sign", ">": "greater_than_sign",
}  # fmt: skip
_ALIKE: Final = {"ctrl+i": "Tab", "ctrl+m": "Enter", "ctrl+left_square_bracket": "Esc", "ctrl+h": "Backspace"}
"""What terminals cannot tell from another key."""
EDITING: Final = frozenset({
    "left", "right", "home", "end", "backspace", "delete", "ctrl+a", "ctrl+c", "ctrl+d", "ctrl+e", "ctrl+k", "ctrl+u",
    "ctrl+v", "ctrl+w", "ctrl+x", "ctrl+left", "ctrl+right", "shift+left", "shift+right", "shift+home", "shift+end",
})  # fmt: skip
"""What edits the query line, and so cannot call anything while one types."""


@dataclass(frozen=True, slots=True)
class Keymap:
    """The keys in force."""

    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The keys set by the user, by the name of the command's class."""

    def keys(self, command: type[Command]) -> tuple[str, ...]:
        """Return the keys of a command, as Textual names them."""
        return self.chosen.get(command.__name__, (command.key,))

    def shown(self, command: type[Command]) -> str:
        """Return the keys of a command as people write them."""
        return " ".join(map(shown, self.keys(command)))


def read(table: Mapping[str, tuple[str, ...]]) -> Keymap:
    """Return the keymap of ``[keys]``: names of commands, and their keys; raises ``UsageError``."""
    known = {name_of(command): command for command in COMMANDS}
    chosen: dict[str, tuple[str, ...]] = {}
    for name, typed in table.items():
        if name not in known:
            raise UsageError(f"no command {name!r}; `broadsheet config keys` lists them")
        keys = tuple(dict.fromkeys(_key(name, one) for one in typed))
        _check_typing(known[name], keys)
        chosen[known[name].__name__] = keys
    keymap = Keymap(chosen)
    _check_conflicts(keymap)
    return keymap


def in_force() -> Keymap:
    """Return the keymap of the user's TOML file; raises ``UsageError``, which names it."""
    try:
        return read(settings.keys())
    except UsageError as error:
        raise UsageError(f"{settings.config_path()}, [keys]: {error}") from error


def name_of(command: type[Command]) -> str:
    """Return the name of a command in the TOML file, as ``next-mode``."""
    return _WORD.sub("-", command.__name__).lower()


def shown(key: str) -> str:
    """Return a key as people write it, as ``Ctrl-T``, ``↓`` or ``.``."""
    *modifiers, base = key.split("+")
    said = _ARROWS.get(base) or _SPELT.get(base) or _character(base)
    if said is None:
        said = base.capitalize()
    elif modifiers and len(said) == 1:
        said = said.upper()
    return "-".join([*(modifier.capitalize() for modifier in modifiers), said])


def is_typed(key: str) -> bool:
    """Return whether a key puts a character into a line of text."""
    return "+" not in key and (key == "space" or _character(key) is not None)


def _character(key: str) -> str | None:
    """Return the character of a key's name, ``None`` where it has none."""
    if len(key) == 1:
        return key
    if key in _NAMED:
        return None
    for character, name in _CHARACTERS.items():
        if key == name:
            return character
    try:
        return unicodedata.lookup(key.replace("_", " "))
    except KeyError:
        return "-" if key == "hyphen_minus" else None


def _key(name: str, typed: str) -> str:
    """Return the name Textual has for a key as a user writes it; raises ``UsageError`` where there is no such key."""
    said = typed.strip() or typed
    prefix = _MODIFIERS.match(said)
    at = prefix.end() if prefix and prefix.end() < len(said) else 0
    modifiers, base = re.split("[+-]", said[:at].lower())[:-1] if at else [], said[at:]
    if modifiers == ["shift"] and len(base) == 1:
        modifiers, base = [], base.upper()
    if modifiers and len(base) == 1:
        base = base.lower()
    key = "+".join([*dict.fromkeys(modifiers), _base(base)])
    if not _base(base):
        raise UsageError(f"{name}: no key {typed!r}; write one as in x, ctrl+x, f5, pagedown")
    if key in _ALIKE:
        raise UsageError(f"{name}: terminals send the same for {typed} and {_ALIKE[key]}; choose another key")
    return key


def _base(said: str) -> str:
    """Return the name of a key without modifiers, empty where there is no such key."""
    if len(said) == 1:
        if said.isalnum():
            return said
        return _CHARACTERS.get(said) or unicodedata.name(said, "").lower().replace("-", "_").replace(" ", "_")
    lower = _ALIASES.get(said.lower(), said.lower())
    return lower if lower in _NAMED or _character(lower) is not None else ""


def _check_typing(command: type[Command], keys: tuple[str, ...]) -> None:
    """Raise ``UsageError`` where a command that is called while one types could not be called any more."""
    if is_typed(command.key):
        return
    free = [key for key in keys if not is_typed(key)]
    name = name_of(command)
    if not free:
        raise UsageError(f"{name} is called while you type, so one of its keys must not be a character; add another")
    for key in free:
        if key in EDITING and key != command.key:
            raise UsageError(f"{name}: {shown(key)} edits the query line; choose another key")


def _check_conflicts(keymap: Keymap) -> None:
    """Raise ``UsageError`` where two commands have one key that are not made to share one."""
    callers: defaultdict[str, list[type[Command]]] = defaultdict(list)
    for command in COMMANDS:
        for key in keymap.keys(command):
            callers[key].append(command)
    for key, commands in callers.items():
        if len({command.key for command in commands}) > 1:
            names = " and ".join(map(name_of, commands))
            raise UsageError(f"{shown(key)} calls {names}; give all but one of them another key")

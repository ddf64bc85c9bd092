"""A line for the name of a file or folder, completed as shells do it."""

from __future__ import annotations

import asyncio
import os
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from textual.binding import Binding
from textual.suggester import Suggester
from textual.widgets import Input

from index.text import clean

if TYPE_CHECKING:
    from textual.binding import BindingType

MOST: Final = 5_000  # names looked at in a folder


class PathInput(Input):
    """An input whose suggestion is a file or folder that is there; Tab takes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "submit", "Build"),
        Binding("tab", "complete", "Complete"),
    ]

    def __init__(self, value: str = "", placeholder: str = "") -> None:
        super().__init__(
            value,
            placeholder=placeholder,
            compact=True,
            select_on_focus=False,
            suggester=PathSuggester(),
        )

    @property
    def path(self) -> Path | None:
        """What is named, ``None`` where that is nothing, or the home of somebody unknown."""
        return named(self.value)

    def validate_value(self, value: str) -> str:
        """Drop what could steer the terminal: paths are pasted, too."""
        return clean(value).replace("\n", " ").replace("\t", " ")

    async def action_complete(self) -> None:
        """Take what is suggested, or go on to the next part of the screen."""
        found = await asyncio.to_thread(completed, self.value)
        if found is None or found == self.value:
            self.screen.focus_next()
        else:
            self.value = found
            self.cursor_position = len(found)


class PathSuggester(Suggester):
    """Suggests the first name that begins so; folders come before files."""

    def __init__(self) -> None:
        super().__init__(use_cache=False, case_sensitive=True)

    async def get_suggestion(self, value: str) -> str | None:
        """Return the whole path, beginning with what is typed."""
        return await asyncio.to_thread(completed, value)


def named(value: str) -> Path | None:
    """Return the absolute path that a user means."""
    if not value.strip():
        return None
    try:
        return Path(value.strip()).expanduser().absolute()
    except (RuntimeError, OSError, ValueError):
        return None


def completed(value: str) -> str | None:
    """Return the first path that is there and begins with ``value``, ``None`` where none does.

    Behind a slash only folders are offered: the folder itself is what is usually meant. Hidden files are meant only
    where a dot is typed; names that could not be shown as they are, never.
    """
    head, slash, tail = value.rpartition("/")
    folder = named(head + slash) if slash else Path.cwd()
    if not value or folder is None:
        return None
    try:
        with os.scandir(folder) as entries:
            found = [
                (not entry.is_dir(), entry.name)
                for entry in islice(entries, MOST)
                if entry.name.startswith(tail)
                and (tail or (entry.is_dir() and not entry.name.startswith(".")))
                and _is_plain(entry.name)
            ]
    except (OSError, ValueError):
        return None
    if not found:
        return None
    is_file, name = min(found)
    return f"{head}{slash}{name}{'' if is_file else '/'}"


def _is_plain(name: str) -> bool:
    return clean(name) == name and "\n" not in name and "\t" not in name

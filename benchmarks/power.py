"""What a disk may hold after the power failed: a recorded run replayed on a model of files and of their names.

A file's bytes are sure once the file was synced; a name, its removal or its renaming once its folder was. What was not
synced may be there or not: ``Loss`` says which.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from benchmarks.shim import Call, Kind

if TYPE_CHECKING:
    import random
    from collections.abc import Iterable
    from pathlib import Path


class Loss(StrEnum):
    """Which of what was not synced is lost."""

    ALL = "all"
    BYTES = "bytes"
    """All names are as they last were, but unsynced bytes are not there."""
    SOME = "some"
    """Of each folder's changes the first few are there, of each file's writes a few, one of them in part."""


@dataclass(slots=True)
class File:
    """A file: what it holds, what of that is sure, and the writes since (place, bytes; ``None`` for a new length)."""

    sure: bytes = b""
    since: list[tuple[int, bytes | None]] = field(default_factory=list)

    def content(self, chosen: Iterable[tuple[int, bytes | None]]) -> bytes:
        """Return the sure bytes with some writes done."""
        made = bytearray(self.sure)
        for place, data in chosen:
            if data is None:
                made[:] = made[:place].ljust(place, b"\0")
            else:
                made[:] = made.ljust(place, b"\0")
                made[place : place + len(data)] = data
        return bytes(made)

    def sync(self) -> None:
        """Make all of it sure."""
        self.sure, self.since = self.content(self.since), []


@dataclass(slots=True)
class Folder:
    """A folder: its names as they are, as they surely are, and as they were after each change since."""

    now: dict[str, File | Folder] = field(default_factory=dict)
    sure: dict[str, File | Folder] = field(default_factory=dict)
    since: list[dict[str, File | Folder]] = field(default_factory=list)

    def change(self, name: str, there: File | Folder | None) -> None:
        """Give a name to something else, or to nothing."""
        self.now = {key: value for key, value in self.now.items() if key != name}
        if there is not None:
            self.now[name] = there
        self.since.append(self.now)

    def sync(self) -> None:
        """Make all names sure."""
        self.sure, self.since = self.now, []


class Disk:
    """A folder tree, from how it was before on."""

    def __init__(self, root: Path, before: Path) -> None:
        """Begin with what ``before`` holds, under the name that ``root`` had in the recording."""
        self._root = str(root)
        self._top = _read(before) if before.exists() else Folder()

    def do(self, call: Call) -> None:
        """Do what a call did."""
        folder, name = self._at(call.path)
        there = folder.now.get(name) if name else folder
        match call.kind:
            case Kind.CREATE | Kind.WRITE | Kind.CUT:
                _filled(folder, name, there, call)
            case Kind.FOLDER if name:  # the root itself is taken for durable
                folder.change(name, Folder())
            case Kind.REMOVE:
                folder.change(name, None)
            case Kind.RENAME:
                target, new = self._at(call.other)
                folder.change(name, None)
                target.change(new, there)
            case Kind.SYNC if there is not None:
                there.sync()

    def write(self, root: Path, loss: Loss, chance: random.Random) -> None:
        """Write what the disk may hold to a new folder ``root``; nothing where that is not even there."""
        _written(self._top, root, loss, chance)

    def _at(self, path: str) -> tuple[Folder, str]:
        """Return the folder of a path and the name in it; no name for the root itself."""
        *between, name = path.removeprefix(self._root).strip("/").split("/")
        folder = self._top
        for part in between:
            inner = folder.now[part]
            assert isinstance(inner, Folder)
            folder = inner
        return folder, name


def _filled(folder: Folder, name: str, there: File | Folder | None, call: Call) -> None:
    """Do what a call did to what a file holds, or to whether it is there."""
    if there is None:
        there = File()
        folder.change(name, there)
    if not isinstance(there, File):
        return  # a file without a name was made in a folder
    if call.kind is Kind.WRITE:
        there.since.append((call.offset, call.data))
    elif call.kind is Kind.CREATE:
        there.since += [(0, None)] * bool(call.flags & os.O_TRUNC)
    elif not call.flags or len(there.content(there.since)) < call.offset:
        there.since.append((call.offset, None))


def _read(path: Path) -> Folder:
    found = Folder()
    for inner in sorted(path.iterdir()):
        found.now[inner.name] = _read(inner) if inner.is_dir() else File(inner.read_bytes())
    found.sync()
    return found


def _written(folder: Folder, to: Path, loss: Loss, chance: random.Random) -> None:
    to.mkdir(mode=0o700)
    for name, there in _names(folder, loss, chance).items():
        if isinstance(there, Folder):
            _written(there, to / name, loss, chance)
        else:
            (to / name).write_bytes(there.content(_writes(there, loss, chance)))


def _names(folder: Folder, loss: Loss, chance: random.Random) -> dict[str, File | Folder]:
    match loss:
        case Loss.ALL:
            return folder.sure
        case Loss.BYTES:
            return folder.now
        case Loss.SOME:
            return chance.choice([folder.sure, *folder.since, folder.now])


def _writes(file: File, loss: Loss, chance: random.Random) -> list[tuple[int, bytes | None]]:
    if loss is not Loss.SOME:
        return []
    kept = [one for one in file.since if chance.random() < 0.5]
    if kept and kept[-1][1]:
        place, data = kept[-1]
        kept[-1] = place, (data or b"")[: chance.randrange(len(data or b"") + 1)]
    return kept

"""An index directory holds plain files in folders of its own: whatever leads elsewhere or never ends is refused.

A directory that somebody else made may hold links to files of the reader's, which a writer would change, or pipes and
devices, which would hang whoever opens them.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from index.errors import IndexDamaged

if TYPE_CHECKING:
    from pathlib import Path

_DEEPEST: Final = 3
"""Folders within a snapshot: ``keyword/stories`` is the deepest there is."""


def check_folder(folder: Path) -> None:
    """Raise ``IndexDamaged`` where ``folder``, not looking into its folders, holds a link, a pipe or a device."""
    _check(str(folder), 0)


def check_snapshot(folder: Path) -> None:
    """Raise ``IndexDamaged`` where a snapshot is not a folder, or holds a link, a pipe or a device anywhere."""
    if folder.is_symlink() or folder.parent.is_symlink():
        raise IndexDamaged(_told(str(folder)))
    _check(str(folder), _DEEPEST)


def _check(folder: str, deeper: int) -> None:
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    if deeper:
                        _check(entry.path, deeper - 1)
                elif not entry.is_file(follow_symlinks=False):
                    raise IndexDamaged(_told(entry.path))
    except FileNotFoundError:
        pass  # another process swept it; who opens the snapshot next finds that out


def _told(path: str) -> str:
    return f"{path} is a link, a pipe or a device, which no index holds; remove it and run `broadsheet index rebuild`"

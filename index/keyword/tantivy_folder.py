"""Tantivy's folder where nobody may write: tantivy opens none without a lock in it, and is given a stand-in."""

from __future__ import annotations

import os
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def stand_in(path: Path) -> TemporaryDirectory[str] | None:
    """Return a folder of links to the files in ``path``, to be held as long as they are read; ``None`` for no need."""
    if os.access(path, os.W_OK):
        return None
    folder = TemporaryDirectory(prefix="broadsheet-")
    for file in path.iterdir():
        if file.is_file() and file.suffix != ".lock":
            os.symlink(file.absolute(), os.path.join(folder.name, file.name))  # noqa: PTH211, PTH118
    return folder

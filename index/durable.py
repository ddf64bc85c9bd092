"""Files that outlive a crash: replaced as a whole or not at all, journals of whole lines, their names made durable."""

from __future__ import annotations

import os
import sys
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def write_durably(path: Path, content: str) -> None:
    """Replace a file so that after a crash it holds the old content or the new, never a part."""
    beside = unfinished(path)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sync_file(path: Path) -> None:
    """Make what was written to a file outlive a crash."""
    descriptor = os.open(path, os.O_RDWR)  # which Windows needs for it
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def append_durably(path: Path, line: str, is_whole: Callable[[bytes], bool]) -> None:
    """Append a line so that after a crash it is there or it is not; where writing fails, it is not.

    Behind the last line there may be one that was cut off, which nobody was told is kept: it is removed, unless
    ``is_whole`` tells that only its end is missing.
    """
    is_new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "ab+", buffering=0) as file:
        _mend(file, is_whole)
        size = file.seek(0, os.SEEK_END)
        try:
            told = memoryview(line.encode("utf-8"))
            while told:
                told = told[file.write(told) :]
            os.fsync(file.fileno())
        except BaseException:
            file.truncate(size)
            raise
    if is_new:
        sync_folder(path.parent)


def _mend(file: IO[bytes], is_whole: Callable[[bytes], bool]) -> None:
    """End the last line where it has no end, or remove it where it was cut off."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(size - 1, 0))
    if file.read(1) in (b"", b"\n"):
        return
    file.seek(0)
    content = file.read()
    tail = content.rpartition(b"\n")[2]
    if is_whole(tail):
        file.write(b"\n")
    else:
        file.truncate(len(content) - len(tail))


def unfinished(path: Path) -> Path:
    """Return the file beside ``path`` in which its next content is written."""
    return path.with_name(path.name + ".new")


def sync_folder(folder: Path) -> None:
    """Make the names in a folder outlive a crash."""
    if sys.platform == "win32":
        return  # directories cannot be synced there; the rename itself is journalled
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

"""The commands of ``broadsheet index`` as processes: the very code that runs here, wherever it lies."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROOT: Final = Path(__file__).resolve().parents[2]
# -P and this: the current folder, which may hold anything, is never imported from, and stays the current folder.
_CODE: Final = (
    "import sys; sys.path.insert(0, sys.argv.pop(1)); from index.commands import index; index(prog_name='broadsheet')"
)


def rebuild(index_dir: Path, sources: Sequence[Path]) -> list[str]:
    """Return the command that builds an index from sources, or from those of the last time."""
    return _kindly(_program("rebuild", "--events", "--index", str(index_dir.absolute()), *_named(sources)))


def sync(index_dir: Path) -> list[str]:
    """Return the command that brings an index up to date."""
    return _kindly(_program("sync", "--events", "--index", str(index_dir.absolute())))


def repair(index_dir: Path) -> list[str]:
    """Return the command that makes an index anew from the texts it holds."""
    return _kindly(_program("rebuild", "--from-index", "--events", "--index", str(index_dir.absolute())))


def preview(source: Path, limit: int) -> list[str]:
    """Return the command that shows what would be read."""
    return _program("preview", "--limit", str(limit), *_named([source]))


def _program(*arguments: str) -> list[str]:
    return [sys.executable, "-P", "-c", _CODE, str(_ROOT), *arguments]


def _named(sources: Sequence[Path]) -> list[str]:
    """Return sources as no command takes for a flag, nor for standard input."""
    return ["--", *(str(source.absolute()) for source in sources)]


def _kindly(command: list[str]) -> list[str]:
    """Let the screen go first where both want the processor."""
    nice = shutil.which("nice")
    return [nice, "-n", "10", *command] if nice else command

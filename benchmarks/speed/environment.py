"""The environment of the rivals: a virtual environment of their own, made when it is first needed."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Final

from index.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PINNED: Final = "benchmarks/speed/rivals.txt"
_LINES: Final = 5


def python(root: Path, folder: Path, tell: Callable[[str], None]) -> Path:
    """Return the interpreter of the rivals, everything of ``PINNED`` installed; raises ``UsageError``."""
    pinned = root / PINNED
    done = folder / ".installed"
    interpreter = folder / "bin" / "python"
    if done.is_file() and done.read_text("utf-8") == pinned.read_text("utf-8") and interpreter.exists():
        return interpreter
    tell(f"installing the rivals of {PINNED} into {folder.relative_to(root)}; this downloads about a gigabyte")
    _run([sys.executable, "-m", "venv", str(folder)])
    _run([str(interpreter), "-m", "pip", "install", "--quiet", "--requirement", str(pinned)])
    done.write_text(pinned.read_text("utf-8"), encoding="utf-8")
    return interpreter


def _run(command: list[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        told = (done.stderr or done.stdout).strip().splitlines()[-_LINES:]
        raise UsageError(f"the rivals could not be installed: {' / '.join(told)}")

"""What libraries write to the terminal by themselves, past the screen: it would lie across it, so it goes nowhere.

A panic in the keyword engine prints where it happened, a browser what it dislikes, a model runtime its warnings. What
goes wrong reaches the reader as an error anyway. The screen itself, and Python, go on writing to the terminal.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

STDERR: Final = 2


@contextmanager
def kept_off() -> Iterator[None]:
    """Let only Python write to the terminal through stderr, from here to the end of the block."""
    before = sys.stderr, sys.__stderr__
    with (
        os.fdopen(os.dup(STDERR), "w", encoding="utf-8", errors="backslashreplace", buffering=1) as terminal,
        Path(os.devnull).open("w") as nowhere,
    ):
        sys.stderr = terminal  # what Textual draws on is the other one
        sys.__stderr__ = terminal  # type: ignore[misc]
        os.dup2(nowhere.fileno(), STDERR)
        try:
            yield
        finally:
            terminal.flush()
            os.dup2(terminal.fileno(), STDERR)
            sys.stderr, sys.__stderr__ = before  # type: ignore[misc]

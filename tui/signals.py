"""Signals from outside: asked to end, the program puts the terminal in order; its terminal gone, it says no word."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tui.app import BroadsheetApp

SECONDS: Final = 1.0  # between two looks for the terminal
TERMINATED: Final = 128 + 15  # the exit code of a program ended so


def heed(app: BroadsheetApp) -> None:
    """Let signals end ``app`` in order; called where its loop runs."""
    loop = asyncio.get_running_loop()
    with suppress(NotImplementedError, AttributeError):  # Windows has neither
        loop.add_signal_handler(signal.SIGTERM, app.exit, None, TERMINATED)
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            loop.add_signal_handler(signal.SIGHUP, _hung_up, app)
    if _has_terminal():  # else it is drawn for a browser or a test, and there is none to lose
        app.set_interval(SECONDS, lambda: None if _has_terminal() else _hung_up(app))


def _has_terminal() -> bool:
    """Whether the terminal is there: not every one that goes says so by a signal."""
    if keyboard := sys.__stdin__:
        try:
            import termios
        except ImportError:  # Windows
            return True
        try:
            termios.tcgetattr(keyboard.fileno())
        except (termios.error, OSError, ValueError):
            return False
    return True


def _hung_up(app: BroadsheetApp) -> None:
    """End now: whatever was written to the terminal, even to put it in order, would fail."""
    if app.job is not None:
        app.job.close()
    with suppress(NotImplementedError):
        asyncio.get_running_loop().remove_signal_handler(signal.SIGHUP)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    os.kill(os.getpid(), signal.SIGHUP)

"""A rebuild or sync under way: a process whose events a thread reads, so that nothing here ever waits for it.

It cannot outlive the screen by more than what it does between two events: then its pipe is broken, and it ends. The
index bears being left anywhere.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import threading
import time
from contextlib import suppress
from enum import StrEnum
from typing import IO, TYPE_CHECKING, Final

from index.errors import UsageError
from tui.jobs.course import Course, after

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PATIENCE: Final = 5.0
"""Seconds a job has to end when it is stopped."""
_LONGEST: Final = 1 << 20  # bytes of an event; the report of a job is a few thousand
_LAST_WORDS: Final = 8_192  # bytes of what it said to people


class Outcome(StrEnum):
    """How a job ended."""

    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"


class Job:
    """Runs a command of ``tui.jobs.program``; ``on_end`` is called from another thread."""

    def __init__(self, title: str, command: Sequence[str], on_end: Callable[[], object]) -> None:
        self.title = title
        self.course = Course(since=time.monotonic())
        self.outcome: Outcome | None = None
        self.why = ""
        """What went wrong, and what to do."""
        self._command = command
        self._on_end = on_end
        self._is_stopped = False
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self.outcome is None

    @property
    def is_stopping(self) -> bool:
        """Whether it was told to stop."""
        return self._is_stopped

    def start(self) -> None:
        """Start; raises ``UsageError`` where no process can be started."""
        said = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the thread that reads it
        try:
            # A group of its own: Ctrl-C in a pager that has the terminal is not meant for it.
            self._process = subprocess.Popen(
                self._command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=said,
                process_group=0,
            )
        except OSError as error:
            said.close()
            raise UsageError(f"no process can be started ({error.strerror}); close other programs") from error
        threading.Thread(target=self._follow, args=(self._process, said), name="job", daemon=True).start()

    def stop(self) -> None:
        """Let it tidy up and end; the index stays as it was, or as it became last."""
        if self.is_running and not self._is_stopped:
            self._is_stopped = True
            self._signal(signal.SIGINT)
            late = threading.Timer(PATIENCE, self._signal, [signal.SIGKILL])
            late.daemon = True
            late.start()

    def close(self) -> None:
        """End it now, and wait for its end."""
        if self._process is not None and self._process.poll() is None:
            self._is_stopped = True
            self._signal(signal.SIGINT)
            try:
                self._process.wait(PATIENCE / 5)
            except subprocess.TimeoutExpired:
                self._signal(signal.SIGKILL)
                self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        process = self._process
        if process is not None and process.poll() is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, number)

    def _follow(self, process: subprocess.Popen[bytes], said: IO[bytes]) -> None:
        """Hear all its events, then how it ended."""
        with said:
            if process.stdout is not None:
                with process.stdout as events:
                    while line := events.readline(_LONGEST):
                        self.course = after(self.course, line, time.monotonic())
            code = process.wait()
            self.why = "" if code == 0 else _last_words(said, code)
        if code == 0:
            self.outcome = Outcome.DONE
        else:
            self.outcome = Outcome.STOPPED if self._is_stopped else Outcome.FAILED
        self._on_end()


def _last_words(said: IO[bytes], code: int) -> str:
    """Return the last thing said to people: for what can be expected, that is the message."""
    said.seek(max(said.seek(0, os.SEEK_END) - _LAST_WORDS, 0))
    lines = [line.strip() for line in said.read().decode("utf-8", "replace").splitlines() if line.strip()]
    told = next((line for line in reversed(lines) if line.startswith("broadsheet: ")), lines[-1] if lines else "")
    how = f"by signal {-code}" if code < 0 else f"with exit code {code}"
    return told.removeprefix("broadsheet: ") or f"it ended {how}; try again, or run `broadsheet index verify`"

"""The keyword engine of a rebuild: written beside the reading by a process of its own, or afterwards if that is little.

Analysing text and reading it take about as long, and in Python only processes do two things at once.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, Final

from index import errors, settling, text
from index.errors import BroadsheetError
from index.spool import spooled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.progress import Progress
    from index.snapshot import SnapshotPaths
    from index.store_writer import StoreWriter

WORTH: Final = 10_000
"""Passages from which on a process is worth its start."""
_ROOT: Final = Path(__file__).resolve().parents[1]  # where this very package lies, installed or not
_PAUSE: Final = 0.1
_LOOK: Final = 0.02  # seconds between two looks for more
_END_SECONDS: Final = 10.0


class Words:
    """Writes the engine of that name into a snapshot whose store is being filled."""

    def __init__(self, store: StoreWriter, snapshot: SnapshotPaths, engine: str) -> None:
        self._store = store
        self._snapshot = snapshot
        self._engine = engine
        self._beside: _Beside | None = None

    def grow(self, passages: int) -> None:
        """Tell that the store has so many passages by now; raises what went wrong beside."""
        if self._beside is not None:
            self._beside.check()
        elif passages >= WORTH:
            self._beside = _Beside(self._snapshot, self._engine)

    def complete(self) -> None:
        """Tell that all is read, judged and committed."""
        if self._beside is not None:
            self._beside.complete()

    def exacts(self) -> Iterator[tuple[int, list[str]]] | None:
        """Return each row and the exact forms of its text, by row, where somebody analyses texts anyway.

        Rows come as they are written; to be asked for when all is read, and once.
        """
        return None if self._beside is None else self._beside.exacts(self._store)

    def finish(self, progress: Progress) -> None:
        """Write what is not written yet, or wait until it is; raises what went wrong."""
        if self._beside is None:
            settling.write_all(self._store, self._snapshot, self._engine, progress)
        else:
            self._beside.wait(progress, self._store.number("next_row"))

    def close(self) -> None:
        """End what is under way; harmless after ``finish``."""
        if self._beside is not None:
            self._beside.close()


class _Beside:
    """``index.words_worker`` from outside, and a thread that hears it."""

    def __init__(self, snapshot: SnapshotPaths, engine: str) -> None:
        self._spool = TemporaryFile(dir=snapshot.root)  # noqa: SIM115 - ``close`` closes it
        names = str(snapshot.store.absolute()), str(snapshot.keyword.absolute()), engine
        number = self._spool.fileno()
        try:
            # In a session of its own, so that an interrupt at the terminal ends it by the end of its input.
            self._process = subprocess.Popen(
                [sys.executable, "-m", "index.words_worker", *names, str(number)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=_ROOT,
                pass_fds=(number,),
                start_new_session=True,
            )
        except OSError as fault:
            self._spool.close()
            raise BroadsheetError(f"no process can be started ({fault.strerror}); close other programs") from fault
        self._row = 1
        self._is_done = False
        self._fault: BroadsheetError | None = None
        self._listener = threading.Thread(target=self._hear, args=(self._process.stdout,), name="words", daemon=True)
        self._listener.start()

    def check(self) -> None:
        """Raise what went wrong, if anything did."""
        if self._fault is not None:
            raise self._fault

    def complete(self) -> None:
        """Tell that all is read."""
        if self._process.stdin is not None:
            with suppress(OSError):  # it ended, and ``wait`` says why
                self._process.stdin.write(b"all\n")
                self._process.stdin.flush()

    def exacts(self, store: StoreWriter) -> Iterator[tuple[int, list[str]]]:
        """Yield what ``Words.exacts`` tells; raises what went wrong."""

        def wait() -> bool:
            self._listener.join(_LOOK)
            return self._listener.is_alive()

        for row, words in spooled(self._spool, store.number("next_row") - 1, wait):
            yield row, text.terms(store.text(row))[0] if words is None else words
        self.check()

    def wait(self, progress: Progress, end: int) -> None:
        """Wait until every passage before row ``end`` is written; only what was left is counted."""
        told = self._row
        progress.start("words", end - told, "passage")
        while self._listener.is_alive():
            self._listener.join(_PAUSE)
            row = self._row
            progress.advance(row - told)
            told = row
        progress.finish()
        self.check()

    def close(self) -> None:
        """End the process, at once where it is not done."""
        if not self._is_done:
            self._process.kill()
        if self._process.stdin is not None:
            with suppress(OSError):
                self._process.stdin.close()
        self._listener.join()
        self._spool.close()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _hear(self, told: IO[bytes]) -> None:
        """Take in what the process tells, to the end of it."""
        with told, suppress(ValueError):  # a line that was cut off by its end
            for line in told:
                self._take(json.loads(line))
        if not self._is_done and self._fault is None:
            code = self._process.wait()
            how = f"signal {-code}" if code < 0 else f"exit code {code}"
            self._fault = BroadsheetError(
                f"the process that writes the keyword engine was ended ({how}); free memory and run it again"
            )

    def _take(self, told: dict[str, Any]) -> None:
        if "fault" in told:
            kind = getattr(errors, told["fault"], None)
            if kind is None:
                kind, told["why"] = BroadsheetError, f"words cannot be written ({told['why']}); run it again"
            self._fault = kind(told["why"])
        self._row = told.get("row", self._row)
        self._is_done |= told.get("done", False)

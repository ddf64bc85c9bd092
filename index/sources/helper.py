"""A process of ours that reads pages: asked one at a time, never waited for longer than told, never left behind."""

from __future__ import annotations

import os
import selectors
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from index.sources import wire
from index.sources.unpacking import PIECE

if TYPE_CHECKING:
    from index.sources.jsonl import Record

_ROOT: Final = Path(__file__).resolve().parents[2]  # where this very package lies, installed or not
_START_SECONDS: Final = 60.0
_END_SECONDS: Final = 2.0
_LONGEST_ANSWER: Final = 1 << 30
_BROKE: Final = "broke the reader of HTML pages"
_NOT_STARTED: Final = "the reader of HTML pages could not be started"


class HelperLate(Exception):
    """The process did not answer in time; it is to be closed."""


class HelperGone(Exception):
    """The process ended without an answer, or could not be started; the message says which."""


class Helper:
    """The process that reads HTML pages, with ``memory`` bytes of address space."""

    def __init__(self, memory: int) -> None:
        self.memory = memory
        try:
            # Started where the package lies, so that it is the same code whatever the current folder holds; in a
            # session of its own, so that an interrupt at the terminal ends it by the end of its input.
            self._process = subprocess.Popen(
                [sys.executable, "-m", "index.sources.worker", str(memory)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                cwd=_ROOT,
                start_new_session=True,
            )
        except OSError as fault:
            raise HelperGone(f"{_NOT_STARTED}: {fault.strerror}") from None
        self._started = False
        if self._process.stdin is None or self._process.stdout is None:
            raise HelperGone(_NOT_STARTED)
        self._stdin, self._stdout = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._stdin, False)
        os.set_blocking(self._stdout, False)

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return self._process.poll() is None

    @property
    def pid(self) -> int:
        """The process id."""
        return self._process.pid

    def ask(self, request: Record, seconds: float) -> Record:
        """Return the answer to a request; raises ``HelperLate`` and ``HelperGone``, after which it is of no use."""
        if not self._started:
            try:
                self._exchange(b"", _START_SECONDS)
            except (HelperLate, HelperGone):
                raise HelperGone(_NOT_STARTED) from None
            self._started = True
        return self._exchange(wire.packed(request), seconds)

    def close(self, *, at_once: bool = False) -> None:
        """End the process: by the end of its input, or the hard way."""
        if at_once:
            self._process.kill()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            self._process.wait(_END_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _exchange(self, message: bytes, seconds: float) -> Record:
        """Send while the other side takes it, and receive one answer, both within ``seconds``."""
        deadline = time.monotonic() + seconds
        unsent, answer = memoryview(message), bytearray()
        with selectors.DefaultSelector() as ready:
            ready.register(self._stdout, selectors.EVENT_READ)
            if unsent:
                ready.register(self._stdin, selectors.EVENT_WRITE)
            while (missing := _missing(answer)) > 0:
                events = ready.select(deadline - time.monotonic())
                if not events and time.monotonic() >= deadline:
                    raise HelperLate
                for key, _ in events:
                    if key.fd == self._stdout:
                        answer += self._received(missing)
                    else:
                        unsent = unsent[self._sent(unsent) :]
                        if not unsent:
                            ready.unregister(self._stdin)
        return _message(answer)

    def _sent(self, data: memoryview) -> int:
        try:
            return os.write(self._stdin, data[:PIECE])
        except BlockingIOError:
            return 0
        except OSError:
            raise HelperGone(_BROKE) from None

    def _received(self, size: int) -> bytes:
        data = os.read(self._stdout, min(size, PIECE))
        if not data:
            raise HelperGone(_BROKE)
        return data


def _missing(answer: bytearray) -> int:
    """Return how many bytes an answer still lacks."""
    if len(answer) < wire.LENGTH.size:
        return wire.LENGTH.size - len(answer)
    (length,) = wire.LENGTH.unpack_from(answer)
    if length > _LONGEST_ANSWER:
        raise HelperGone(_BROKE)
    return int(length) + wire.LENGTH.size - len(answer)


def _message(answer: bytearray) -> Record:
    try:
        return wire.unpacked(bytes(answer[wire.LENGTH.size :]))
    except ValueError:
        raise HelperGone(_BROKE) from None

"""Locks between processes, which say who holds them: they end with their holder, however it ends."""

from __future__ import annotations

import json
import os
import sys
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING

from index.errors import IndexLocked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def held(path: Path, seconds: float, what: str) -> Iterator[None]:
    """Hold the lock in ``path``, waiting for it up to ``seconds``; raises ``IndexLocked`` with who writes ``what``."""
    from filelock import FileLock, Timeout  # readers never need it

    holder = path.with_name(path.name + ".holder")
    lock = FileLock(path, timeout=seconds, mode=0o600, poll_interval=0.02)
    try:
        lock.acquire()
    except Timeout as error:
        raise IndexLocked(f"{_told(holder)} is writing {what}; wait until it is done and try again") from error
    try:
        with suppress(OSError):  # a full disk: nobody will be told who it is
            _tell(holder)
        yield
    finally:
        with suppress(OSError):
            holder.unlink(missing_ok=True)
        lock.release()


def share(mark: IO[bytes]) -> None:
    """Hold a file's lock together with others, until it is closed."""
    if sys.platform != "win32":
        import fcntl  # POSIX only

        with suppress(OSError):  # a file system without locks: the worst case is an early sweep
            fcntl.flock(mark, fcntl.LOCK_SH)


@contextmanager
def unshared(path: Path) -> Iterator[bool]:
    """Tell whether nobody shares a file's lock, and keep it so for as long."""
    if sys.platform == "win32" or not path.exists():
        yield True
        return
    import fcntl

    with path.open("rb") as mark:
        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True


def _host() -> str:
    import socket  # readers never need it

    return socket.gethostname()


def _tell(holder: Path) -> None:
    since = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    descriptor = os.open(holder, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({"pid": os.getpid(), "host": _host(), "since": since}, file)


def _told(holder: Path) -> str:
    """Return who holds a lock, as far as that is known: what was killed before it leaves its word behind."""
    try:
        with holder.open("rb") as file:
            found = json.loads(file.read(1024))
        pid, host, since = int(found["pid"]), str(found["host"]), datetime.fromisoformat(found["since"])
    except (OSError, ValueError, TypeError, KeyError):
        return "another process"
    if host != _host():
        return f"process {pid} on another machine, since {since:%Y-%m-%d %H:%M:%S} UTC,"
    if sys.platform != "win32":
        try:
            os.kill(pid, 0)
        except ProcessLookupError:
            return "another process"
        except (PermissionError, OverflowError):
            pass  # another user's, and alive
    return f"process {pid}, since {since:%Y-%m-%d %H:%M:%S} UTC,"

"""What the system refuses is told as that, and damage is not."""

from __future__ import annotations

import errno
import sqlite3
from typing import TYPE_CHECKING

import pytest

from index.errors import IndexUnreachable
from index.refusals import refusal, told

if TYPE_CHECKING:
    from pathlib import Path

NATIVE = "An IO error occurred: 'No space left on device (os error 28)'"
LOCKFILE = (
    'Failed to acquire Lockfile: IoError(Os { code: 24, kind: TooManyOpenFiles, message: "Too many open files" })'
)


def of_sqlite(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("told by SQLite")
    error.sqlite_errorcode = code  # type: ignore[misc]
    return error


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (OSError(errno.ENOSPC, ""), ("No space left", "free some space")),
        (OSError(errno.EROFS, ""), ("Read-only", "--index")),
        (OSError(errno.EFBIG, ""), ("File too large", "ulimit -f")),
        (OSError(errno.EIO, ""), ("Input/output error", "index verify")),
        (OSError(errno.EMFILE, ""), ("Too many open files", "ulimit -n")),
        (ValueError(NATIVE), ("No space left", "free some space")),
        (ValueError(LOCKFILE), ("Too many open files", "ulimit -n")),
        (ValueError("An error occurred in a thread: 'Worker thread failed.. panicked.'"), ("Input/output error",)),
        (of_sqlite(sqlite3.SQLITE_FULL), ("No space left", "free some space")),
        (of_sqlite(sqlite3.SQLITE_IOERR_FSYNC), ("Input/output error",)),
    ],
)
def test_a_refused_file_is_named_with_what_to_do(tmp_path: Path, error: Exception, words: tuple[str, ...]) -> None:
    found = refusal(tmp_path / "store.sqlite", error)
    assert isinstance(found, IndexUnreachable)
    assert found.exit_code == 3
    for word in (str(tmp_path / "store.sqlite"), *words):
        assert word in str(found)


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOENT, ""),
        ValueError("Data corrupted: 'checksum'"),
        sqlite3.DatabaseError("file is not a database"),
        of_sqlite(sqlite3.SQLITE_IOERR_SHORT_READ),
        of_sqlite(sqlite3.SQLITE_READONLY),  # what a flipped bit in the head of a file looks like
        of_sqlite(sqlite3.SQLITE_CORRUPT),
    ],
)
def test_damage_is_no_refusal(tmp_path: Path, error: Exception) -> None:
    path = tmp_path / "store.sqlite"
    path.touch()
    assert refusal(path, error) is None


def test_the_file_that_an_error_names_is_told(tmp_path: Path) -> None:
    with pytest.raises(IndexUnreachable, match="/elsewhere/scratch"), told(tmp_path):
        raise OSError(errno.ENOSPC, "full", "/elsewhere/scratch")
    with pytest.raises(IndexUnreachable, match=str(tmp_path)), told(tmp_path):
        raise OSError(errno.ENOSPC, "full")
    with pytest.raises(BrokenPipeError), told(tmp_path):
        raise BrokenPipeError(errno.EPIPE, "gone")

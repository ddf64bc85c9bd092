"""What the system refuses, a full disk or a folder nobody may write to, told as an error of ours.

It must not be taken for damage: what is refused today may be whole, and rebuilding it would be the wrong advice.
"""

from __future__ import annotations

import errno
import os
import re
import sqlite3
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from index.errors import IndexUnreachable

if TYPE_CHECKING:
    from collections.abc import Iterator

_SPACE: Final = "free some space"
_RIGHTS: Final = "see who may write there, or choose another directory with --index"
_HANDLES: Final = "close other programs, or allow more open files (`ulimit -n`)"
_ADVICE: Final = {
    errno.ENOSPC: _SPACE,
    errno.EDQUOT: _SPACE,
    errno.EFBIG: "allow greater files (`ulimit -f`), or choose another directory with --index",
    errno.EIO: "the disk may be failing: copy the index to another one, and run `broadsheet index verify` on it",
    errno.EROFS: _RIGHTS,
    errno.EACCES: _RIGHTS,
    errno.EPERM: _RIGHTS,
    errno.EMFILE: _HANDLES,
    errno.ENFILE: _HANDLES,
    errno.ENOMEM: "close other programs, or give this one more memory",
}
_SQLITE: Final = {
    sqlite3.SQLITE_FULL: errno.ENOSPC,
    sqlite3.SQLITE_NOMEM: errno.ENOMEM,
    sqlite3.SQLITE_IOERR: errno.EIO,
    sqlite3.SQLITE_READONLY: 0,  # also what SQLite makes of a damaged head of a file
    sqlite3.SQLITE_PERM: 0,
    sqlite3.SQLITE_CANTOPEN: 0,
}
_PLAIN: Final = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_NOMEM}
_SHORT: Final = {sqlite3.SQLITE_IOERR_SHORT_READ, sqlite3.SQLITE_IOERR_CORRUPTFS}
_NATIVE: Final = re.compile(r"\(os error ([0-9]+)\)|code: ([0-9]+), kind")
_WORKER: Final = "Worker thread failed"  # what tantivy tells of a thread that could not write
_NO_OPENING: Final = "unable to open database"
_PROBE: Final = 65_536  # bytes
_HELD: Final = 16  # files at once, which is what a database or a segment being written takes


def refusal(path: Path, error: BaseException) -> IndexUnreachable | None:
    """Return what to raise for a file that the system refused; ``None`` where it was not that."""
    number = _number(path, error)
    if number not in _ADVICE:
        return None
    return IndexUnreachable(
        f"the system refuses {path} ({os.strerror(number)}); {_ADVICE[number]}, then do the same again"
    )


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Tell refused files as ``IndexUnreachable``: the one an error names, else ``path``."""
    try:
        yield
    except OSError as error:
        named = error.filename if isinstance(error.filename, str) else path
        if found := refusal(Path(named), error):
            raise found from error
        raise
    except sqlite3.Error as error:
        if found := refusal(path, error):
            raise found from error
        raise


def _number(path: Path, error: BaseException) -> int:
    """Return the system's number of an error, 0 where it has none."""
    match error:
        case OSError():
            return error.errno or 0
        case sqlite3.Error():
            code = getattr(error, "sqlite_errorcode", 0)
            if _NO_OPENING in str(error):  # a new database of VACUUM has the code of any error
                code = sqlite3.SQLITE_CANTOPEN
            known = _SQLITE.get(code & 0xFF)
            if known is None or code in _SHORT:
                return 0
            return known if code in _PLAIN else _probed(path) or known
        case _:
            if _WORKER in str(error):
                return _probed(path) or errno.EIO
            found = _NATIVE.search(str(error))
            return int(found[1] or found[2]) if found else 0


def _probed(path: Path) -> int:
    """Return why a file cannot be opened, or none made and written beside it, where a library does not tell."""
    from tempfile import TemporaryFile  # only where something went wrong

    there = path if path.exists() else path.parent
    try:
        with ExitStack() as handles:
            for _ in range(_HELD):
                handles.callback(os.close, os.open(there, os.O_RDONLY))
        with TemporaryFile(dir=there if there.is_dir() else there.parent, buffering=0) as file:
            file.write(bytes(_PROBE))
    except OSError as error:
        return error.errno if error.errno in _ADVICE else 0
    return 0

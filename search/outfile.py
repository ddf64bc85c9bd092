"""A file given to the user: whole or not at all, never over another one unless asked, readable by its owner only."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from index.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable


def check(path: Path, *, replace: bool) -> None:
    """Raise ``UsageError`` where ``write`` could not put a file; costs nothing, so that one is told at once."""
    if path.is_symlink() or path.exists():
        if not path.is_file():
            raise UsageError(f"{path} is not a file; choose another name")
        if not replace:
            raise _there_already(path)
    elif not path.absolute().parent.is_dir():
        raise UsageError(f"{path}: there is no folder {path.absolute().parent}; make it first")


def write(path: Path, records: Iterable[str], *, replace: bool) -> int:
    """Write records, a line end behind each, and return how many; raises ``UsageError``.

    They go to a temporary name in the same folder, which becomes ``path`` when all are on disk: readers never see
    half a file, and a failure leaves none.
    """
    check(path, replace=replace)
    try:
        return _write(path, records, replace=replace)
    except FileExistsError:
        raise _there_already(path) from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror or error}); choose another name") from error


def _write(path: Path, records: Iterable[str], *, replace: bool) -> int:
    handle, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=".broadsheet-", suffix=".part")  # mode 0600
    count = 0
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            for count, record in enumerate(records, 1):  # noqa: B007 - the last one counts them
                file.write(record + "\n")
            file.flush()
            os.fsync(file.fileno())
        _publish(Path(name), path, replace=replace)
    finally:
        Path(name).unlink(missing_ok=True)
    return count


def _publish(temporary: Path, path: Path, *, replace: bool) -> None:
    """Give the file its name; a link fails where a file of that name has come to be meanwhile, a rename does not."""
    if not replace:
        try:
            os.link(temporary, path)
        except FileExistsError:
            raise
        except OSError:  # file systems without hard links
            check(path, replace=False)
        else:
            return
    temporary.replace(path)


def _there_already(path: Path) -> UsageError:
    return UsageError(f"{path} is there already; choose another name, or replace it with --force")

"""Whoosh's folder: opened with our schema, written durably, and every fault of its files told as ours."""

from __future__ import annotations

import os
import re
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, Final

from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC, FileIndex, LockError

from index.errors import BroadsheetError, IndexDamaged, IndexLocked, IndexUnreachable
from index.keyword import whoosh_trust
from index.keyword.whoosh_documents import schema
from index.refusals import refusal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NAME: Final = "MAIN"
_SEGMENT: Final = re.compile(r"[a-z0-9]{16}")


class DurableStorage(FileStorage):  # type: ignore[misc]  # Whoosh has no types
    """A folder whose table of contents is replaced only when all it names has reached the disk."""

    def __init__(self, folder: Path) -> None:
        super().__init__(str(folder))
        self._fresh: set[str] = set()
        self._opened: list[Any] = []

    def open_file(self, name: str, **kwargs: Any) -> Any:
        """Open a file and remember it: Whoosh leaves it open where what is in it is refused."""
        self._opened.append(super().open_file(name, **kwargs))
        return self._opened[-1]

    def close_opened(self) -> None:
        """Close the files opened so far, those that are closed already too."""
        for file in self._opened:
            if not file.is_closed:
                file.close()
        self._opened.clear()

    def create_file(self, name: str, **kwargs: Any) -> Any:
        """Create a file and remember it."""
        self._fresh.add(name)
        return super().create_file(name, **kwargs)

    def rename_file(self, oldname: str, newname: str, safe: bool = False) -> None:
        """Rename a file once everything written before is durable: the last step of a commit."""
        for name in sorted(self._fresh):
            if self.file_exists(name):
                _sync(self._fpath(name))
        self._fresh.clear()
        super().rename_file(oldname, newname, safe=safe)
        _sync(self.folder)


@contextmanager
def told(path: Path) -> Iterator[None]:
    """Tell whatever goes wrong while Whoosh reads or writes its files as an error of the index."""
    try:
        yield
    except BroadsheetError:
        raise
    except LockError as error:
        raise IndexLocked(f"another process is writing to {path}; wait until it is done and try again") from error
    except Exception as error:  # over damaged files Whoosh raises anything, a bare Exception too
        reason = f"{type(error).__name__}: {error}"
        raise _refused(path, error) or IndexDamaged(
            f"the keyword index in {path} cannot be read or written ({reason}); run `broadsheet index rebuild`"
        ) from error


def _refused(path: Path, error: BaseException) -> IndexUnreachable | None:
    """Return what to raise where the system refused a file: Whoosh's tidying up may fail over what failed first."""
    first: BaseException | None = error
    while first is not None:
        if found := first if isinstance(first, IndexUnreachable) else refusal(path, first):
            return found
        first = first.__context__
    return None


def open_files(path: Path, *, create: bool = False) -> FileIndex:
    """Return Whoosh's index in a folder, its segments looked at; raises ``IndexDamaged``."""
    whoosh_trust.guard()
    storage = DurableStorage(path)
    with told(path), ExitStack() as undo:
        undo.callback(storage.close_opened)
        if create:
            path.mkdir(mode=0o700)
            TOC.create(storage, schema(), _NAME)
        opened = FileIndex(storage, schema=schema(), indexname=_NAME)
        for segment in opened._segments():
            # Files are opened by these names, so they must not lead out of the folder.
            if segment.indexname != _NAME or not _SEGMENT.fullmatch(segment.segid):
                raise IndexDamaged(f"{path} names a segment that is none; run `broadsheet index rebuild`")
        undo.pop_all()
        return opened


def _sync(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

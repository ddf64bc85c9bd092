"""The words of passages on their way from the process that analyses them to the one that stacks them.

They go through a file without a name, so that neither waits for the other and a kill leaves nothing. A record is the
row, the length of what follows and the exact forms in order, joined by spaces; -1 for words that this cannot tell.
"""

from __future__ import annotations

import os
from struct import Struct
from typing import IO, TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from index.text import Analysis

_HEAD: Final = Struct("<qi")
_BLOCK: Final = 1 << 20


class SpoolWriter:
    """Writes to a spool from its start."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._last = 0

    def add(self, row: int, found: Analysis) -> None:
        """Write the words of a passage, unless they were written before; rows ascend."""
        if row <= self._last:
            return
        self._last = row
        if found.exacts.count(" ") >= max(found.size, 1):  # of a few letters the exact form holds a space itself
            self._file.write(_HEAD.pack(row, -1))
            return
        told = found.exacts.encode("utf-8", "surrogatepass")
        self._file.write(_HEAD.pack(row, len(told)) + told)

    def flush(self) -> None:
        """Let the reader see what was added."""
        self._file.flush()


def spooled(file: IO[bytes], last: int, wait: Callable[[], bool]) -> Iterator[tuple[int, list[str] | None]]:
    """Yield each row and its words, ``None`` where the spool cannot tell them, up to row ``last``.

    ``wait`` waits a little for more, and returns whether more may still come.
    """
    left, offset, is_open = b"", 0, True
    while True:
        block = os.pread(file.fileno(), _BLOCK, offset)  # where the writer stands in the file is not touched
        offset += len(block)
        left += block
        at = 0
        while (end := at + _HEAD.size) <= len(left):
            row, size = _HEAD.unpack_from(left, at)
            if end + size > len(left):
                break
            at = end + max(size, 0)
            yield row, None if size < 0 else left[end:at].decode("utf-8", "surrogatepass").split(" ")
            if row >= last:
                return
        left = left[at:]
        if not block:
            if not is_open:
                return
            is_open = wait()

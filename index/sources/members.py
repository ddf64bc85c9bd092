"""A member of an archive: its name as a label, and either its bytes or the reason why it is not read."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from index.sources.records import NotRead

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer


@dataclass(frozen=True, slots=True)
class Member:
    """One member, to be read before the next one is asked for; ``file`` is ``None`` where ``reason`` says why."""

    name: str
    file: io.RawIOBase | None = None
    reason: str = ""


class Part(io.RawIOBase):
    """The next ``size`` bytes of a file; fewer are a fault, named by ``kind``.

    With an ``offset`` the file is sought to the place before each reading, so that others may use it in between.
    """

    def __init__(self, file: IO[bytes], size: int, kind: str, offset: int | None = None) -> None:
        super().__init__()
        self._file, self._kind, self._at = file, kind, offset
        self.left = size

    def readable(self) -> bool:
        """Return true."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill the buffer as far as the part goes; raises ``NotRead`` where the file ends within it."""
        view = memoryview(buffer).cast("B")[: self.left]
        if self._at is not None:
            self._file.seek(self._at)
        piece = self._file.read(len(view))
        view[: len(piece)] = piece
        self.left -= len(piece)
        if self._at is not None:
            self._at += len(piece)
        if not piece and self.left:
            raise NotRead(f"damaged or truncated {self._kind}")
        return len(piece)

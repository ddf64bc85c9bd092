"""Columns of numbers in files, mapped into memory: there at once, and read where they are looked at."""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from index.errors import IndexDamaged
from index.refusals import refusal

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    Numbers = npt.NDArray[Any]

RESIDENT: Final = 512 << 20  # bytes of one file that may stay in a process's memory
_AROUND: Final = 64 << 10  # bytes that one look brings with it


class Mapped:
    """A file of rows of numbers."""

    def __init__(self, path: Path, dtype: str, shape: tuple[int, ...]) -> None:
        """Map the first rows of a file; raises ``IndexDamaged`` where it is shorter than they are."""
        self._map: mmap.mmap | None = None
        self._looks = 0
        self.all: Numbers = np.empty(shape, dtype=dtype)
        """All rows; reading many of them brings them into memory."""
        if not self.all.size:
            return
        size = self.all.nbytes
        try:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise refusal(path, error) or IndexDamaged(
                f"{path} is missing or shorter than the store says ({error}); run `broadsheet index rebuild`"
            ) from error
        self.all = np.frombuffer(self._map, dtype=dtype).reshape(shape)
        if size > RESIDENT:
            self._advise("MADV_RANDOM")  # rows are looked at here and there: reading ahead would read it all

    def take(self, places: npt.NDArray[np.intp]) -> Numbers:
        """Return the rows at ``places``, copied; what many such looks bring into memory is let go of again.

        The system keeps the file in its own cache as long as it likes: the next look costs no reading.
        """
        taken = self.all[places]
        self._looks += len(places)
        if self.all.nbytes > RESIDENT and self._looks * _AROUND > RESIDENT:
            self._looks = 0
            self._advise("MADV_DONTNEED")
        return taken

    def _advise(self, name: str) -> None:
        """Tell the system how the file is used, where it takes such advice."""
        if self._map is not None and hasattr(mmap, name):
            self._map.madvise(getattr(mmap, name))

"""Columns of numbers in files, mapped into memory: there at once, and read where they are looked at."""

from __future__ import annotations

import math
import mmap
import os
import weakref
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from index.errors import IndexDamaged
from index.refusals import refusal

if TYPE_CHECKING:
    from pathlib import Path

    import numpy.typing as npt

    Numbers = npt.NDArray[Any]

RESIDENT: Final = 512 << 20  # bytes of one file that may come to stay in a process's memory


class Mapped:
    """A file of rows of numbers."""

    def __init__(self, path: Path, dtype: str, shape: tuple[int, ...]) -> None:
        """Map the first rows of a file; raises ``IndexDamaged`` where it is shorter than they are."""
        self._path = path
        self._file: int | None = None
        self.all: Numbers = np.empty(0, dtype=dtype).reshape(0, *shape[1:])
        """All rows; reading many of them brings them into memory."""
        size = math.prod(shape) * self.all.itemsize
        if not shape[0]:
            return
        try:
            with path.open("rb") as file:
                told = mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ)
                if size > RESIDENT and hasattr(os, "pread"):
                    self._file = os.dup(file.fileno())
                    weakref.finalize(self, os.close, self._file)
        except (OSError, ValueError, OverflowError) as error:
            raise refusal(path, error) or IndexDamaged(
                f"{path} is missing or shorter than the store says ({error}); run `broadsheet index rebuild`"
            ) from error
        self.all = np.frombuffer(told, dtype=dtype).reshape(shape)

    def take(self, places: npt.NDArray[np.intp]) -> Numbers:
        """Return the rows at ``places``, copied.

        A look at a mapped file may bring megabytes around it into this process: a large one is read row by row, out of
        what the system holds of it.
        """
        if self._file is None:
            return np.take(self.all, places, axis=0)
        size = self.all.strides[0]
        try:
            rows = b"".join([os.pread(self._file, size, place * size) for place in places.tolist()])
        except OSError as error:
            raise refusal(self._path, error) or IndexDamaged(f"{self._path} cannot be read ({error})") from error
        if len(rows) != size * len(places):
            raise IndexDamaged(f"{self._path} has become shorter; run `broadsheet index rebuild`")
        return np.frombuffer(rows, dtype=self.all.dtype).reshape(len(places), *self.all.shape[1:])

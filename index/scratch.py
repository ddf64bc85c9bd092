"""Columns of numbers on disk: what a batch job needs of every passage, in memory only where it is being read."""

from __future__ import annotations

import os
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    import numpy.typing as npt

    Array = npt.NDArray[Any]


class Scratch:
    """Columns in a folder, or where temporary files go; the files have no names, so that a kill leaves nothing."""

    def __init__(self, folder: Path | None) -> None:
        self._folder = folder
        self._files = ExitStack()

    def column(self, dtype: type[np.generic]) -> Column:
        """Return a new column of numbers of one type."""
        return Column(self._files.enter_context(TemporaryFile(dir=self._folder)), np.dtype(dtype))

    def __enter__(self) -> Scratch:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._files.close()


class Column:
    """Numbers of one type, appended first, then mapped."""

    def __init__(self, file: IO[bytes], dtype: np.dtype[Any]) -> None:
        self._file = file
        self._dtype = dtype

    def append(self, values: Array) -> None:
        """Write ``values`` behind the others."""
        self._file.write(np.ascontiguousarray(values, dtype=self._dtype).data)

    def array(self) -> Array:
        """Return everything written, (n,), mapped read-only."""
        return self._mapped("r")

    def zeros(self, length: int) -> Array:
        """Return ``length`` zeros in place of what was written, (length,), mapped to be written to."""
        size = length * self._dtype.itemsize
        self._file.truncate(size)
        if size and hasattr(os, "posix_fallocate"):  # a full disk is an error now, not the end of the process later
            os.posix_fallocate(self._file.fileno(), 0, size)
        return self._mapped("r+")

    def _mapped(self, mode: str) -> Array:
        self._file.flush()
        if not self._file.seek(0, 2):  # an empty file cannot be mapped
            return np.empty(0, dtype=self._dtype)
        return np.asarray(np.memmap(self._file, dtype=self._dtype, mode=mode))  # type: ignore[call-overload]

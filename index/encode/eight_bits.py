"""The default model's matrices at eight bits, made from its own weights and kept in the cache directory.

Each run of ``BLOCK`` weights is divided by a scale that takes its greatest to 127, and rounded. Every step is exact in
IEEE arithmetic, so that all machines make the same bytes: what is kept is believed only where it has their sha256.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from index import settings
from index.encode import hashes
from index.encode.question_graph import BLOCK, matrices

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy.typing as npt

    Array = npt.NDArray[np.float32]
    Bytes = npt.NDArray[np.uint8]

NAME: Final = "questions-1.bin"
SHA256: Final = "320f67cb06e45f3273d2315fdcdc8f439419f88e1861b6e74b21f3b57b758384"
_GREATEST: Final = 127
_MIDDLE: Final = 128  # what stands for 0
_FLOAT: Final = 4


def eight_bits(exact: Callable[[], Mapping[str, Array]]) -> dict[str, npt.NDArray[Any]]:
    """Return the codes and scales of every matrix, by the names the graph gives them.

    Codes are (numbers out, blocks, ``BLOCK``) uint8, scales (numbers out * blocks,) float32. ``exact`` gives the
    matrices, (numbers in, numbers out) each; it is asked only where they were not made here before.
    """
    path = settings.cache_dir() / NAME
    told = _kept(path)
    if told is None:
        told = made(exact())
        _keep(path, told)
    return _parts(told)


def made(exact: Mapping[str, Array]) -> Bytes:
    """Make the bytes of all matrices: their codes one after the other, then their scales."""
    codes, scales = [], []
    for name in matrices():
        runs = np.ascontiguousarray(exact[name].T).reshape(-1, BLOCK)
        scale = np.maximum(np.abs(runs).max(axis=1), np.float32(1e-12)) / np.float32(_GREATEST)
        codes.append((np.rint(runs / scale[:, None]) + _MIDDLE).astype(np.uint8).ravel())
        scales.append(scale.astype("<f4").view(np.uint8))
    return np.concatenate([*codes, *scales])


def _parts(told: Bytes) -> dict[str, npt.NDArray[Any]]:
    found: dict[str, npt.NDArray[Any]] = {}
    at = 0
    for name, (rows, columns) in matrices().items():
        found[f"{name}.codes"] = told[at : at + rows * columns].reshape(columns, rows // BLOCK, BLOCK)
        at += rows * columns
    for name, (rows, columns) in matrices().items():
        size = columns * rows // BLOCK * _FLOAT
        found[f"{name}.scales"] = told[at : at + size].view("<f4")
        at += size
    return found


def _kept(path: Path) -> Bytes | None:
    """Return the bytes that are kept, ``None`` where there are none or others than expected."""
    try:
        return np.fromfile(path, np.uint8) if hashes.sha256(path) == SHA256 else None
    except OSError:
        return None


def _keep(path: Path, told: Bytes) -> None:
    with contextlib.suppress(OSError):  # nowhere to keep them: they are made each time
        import tempfile  # once in the life of a cache

        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".new", delete=False) as file:
            file.write(told.tobytes())
            file.flush()
            os.fsync(file.fileno())
        Path(file.name).replace(path)

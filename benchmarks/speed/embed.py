"""The vectors of the prepared passages: real ones of the first few thousand, made-up ones from there on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from benchmarks.speed.data import DIMENSION, QUERY_VECTORS, VECTORS
from benchmarks.speed.prepare import synthetic

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.speed.data import Data
    from index.encode.protocol import Encoder

REAL: Final = 5_000
"""Passages whose vectors are the model's own."""
_PIECE: Final = 500
_BLOCK: Final = 10_000
_ROW: Final = DIMENSION * 4


def embed(data: Data, encoder: Encoder, tell: Callable[[str], None], real: int = REAL) -> None:
    """Write the vectors that are missing, going on where it was stopped; ``real`` of them are encoded."""
    asked = data.folder / QUERY_VECTORS
    if not asked.is_file():
        encoder.encode(data.queries()).astype("<f4").tofile(asked)
    target = data.folder / VECTORS
    target.touch()
    done = min(target.stat().st_size // _ROW, data.size)
    if done >= data.size:
        return
    with target.open("r+b") as file:
        file.truncate(done * _ROW)
        file.seek(done * _ROW)
        if done < min(real, data.size):
            texts = list(data.texts())[: min(real, data.size)]
            for start in range(done, len(texts), _PIECE):
                tell(f"encoding {start:,} of {len(texts):,}")
                file.write(encoder.encode(texts[start : start + _PIECE]).astype("<f4").tobytes())
                file.flush()
            done = len(texts)
        base = np.fromfile(target, dtype="<f4", count=min(real, done) * DIMENSION).reshape(-1, DIMENSION)
        for block in range(done // _BLOCK, -(-data.size // _BLOCK)):
            begin, end = max(done - block * _BLOCK, 0), min(data.size - block * _BLOCK, _BLOCK)
            file.write(synthetic(base, block, _BLOCK)[begin:end].astype("<f4").tobytes())

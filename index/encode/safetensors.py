"""The numbers of a safetensors file, as they lie there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from index.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path

    from index.encode.protocol import Vectors

_HEADER_BYTES: Final = 1 << 20


def tensors(path: Path) -> dict[str, Vectors]:
    """Return the float32 tensors of a safetensors file, mapped and not copied; raises ``ModelError``."""
    raw = np.memmap(path, dtype=np.uint8, mode="r")
    size = int(raw[:8].view("<u8")[0])
    if size > min(len(raw) - 8, _HEADER_BYTES):
        raise ModelError(f"{path} is no safetensors file; reinstall the model")
    header: dict[str, Any] = json.loads(bytes(raw[8 : 8 + size]))
    found: dict[str, Vectors] = {}
    for name, entry in header.items():
        if entry.get("dtype") == "F32":
            start, end = entry["data_offsets"]
            found[name] = raw[8 + size + start : 8 + size + end].view("<f4").reshape(entry["shape"])
    return found

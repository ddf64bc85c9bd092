"""ONNX Runtime, loaded so that it tells nobody anything: of late it keeps a device id and reports to its maker."""

from __future__ import annotations

from typing import Any

from index import settings


def onnx() -> Any:
    """Return the module ``onnxruntime``."""
    settings.silence_runtime()
    import onnxruntime

    return onnxruntime

"""Milliseconds per step of one search."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

Took = dict[str, float]


@contextmanager
def timed(took: Took, step: str) -> Iterator[None]:
    """Add the milliseconds spent inside to ``took[step]``."""
    began = time.perf_counter()
    yield
    took[step] = took.get(step, 0.0) + (time.perf_counter() - began) * 1000

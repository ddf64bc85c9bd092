"""Milliseconds per step of one search."""

from __future__ import annotations

import time

Took = dict[str, float]


class timed:
    """Add the milliseconds spent inside to ``took[step]``, unless that ends in an error."""

    __slots__ = ("_began", "_step", "_took")

    def __init__(self, took: Took, step: str) -> None:
        self._took, self._step = took, step

    def __enter__(self) -> None:
        self._began = time.perf_counter()

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None:
            spent = (time.perf_counter() - self._began) * 1000
            self._took[self._step] = self._took.get(self._step, 0.0) + spent

"""Work beside other work: what the interpreter's lock does not hold up, on threads of its own.

Compiled code lets go of the lock while it works: numpy's loops, the keyword engine, the model. Threads are started for
the moment, which takes some hundredth of a millisecond, so that nothing outlives a question.
"""

from __future__ import annotations

import os
import threading
from itertools import pairwise
from typing import TYPE_CHECKING, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")
R = TypeVar("R")
MOST: Final = 4  # threads: beyond that memory is what is waited for


class Beside(threading.Thread, Generic[R]):
    """One call on another thread, begun at once."""

    def __init__(self, work: Callable[[], R]) -> None:
        super().__init__(name=getattr(work, "__name__", "beside"), daemon=True)
        self._work = work
        self._fault: BaseException | None = None
        self.start()

    def run(self) -> None:
        """Do the work; what goes wrong is raised by ``result``."""
        try:
            self._told = self._work()
        except BaseException as fault:  # noqa: BLE001 - it is raised again where somebody waits for it
            self._fault = fault

    def result(self) -> R:
        """Wait for the work and return what it made, or raise what it raised."""
        self.join()
        if self._fault is not None:
            raise self._fault
        return self._told


def in_shares(work: Callable[[Sequence[T]], object], things: Sequence[T], least: int) -> None:
    """Let ``work`` take all ``things``, in shares of at least ``least``, one to a processor; wait for all of them."""
    shares = max(1, min(processors(), MOST, len(things) // least))
    ends = [len(things) * share // shares for share in range(shares + 1)]
    first, *others = (things[start:end] for start, end in pairwise(ends))
    helpers = [Beside(lambda share=share: work(share)) for share in others]  # type: ignore[misc]
    try:
        work(first)
    finally:
        for helper in helpers:
            helper.join()
    for helper in helpers:
        helper.result()


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

"""Work beside other work: what the interpreter's lock does not hold up, on threads of its own.

Compiled code lets go of the lock while it works: numpy's loops, the keyword engine, the model. A few threads wait for
such work as long as the process lives: to start one for each question would cost it a quarter of a millisecond.
Nothing is lost where all of them are busy: who needs the result then does the work himself.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from functools import lru_cache
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

T = TypeVar("T")
R = TypeVar("R")
MOST: Final = 4  # threads: beyond that memory is what is waited for


class Beside(Generic[R]):
    """One call on another thread, begun as soon as one is free."""

    def __init__(self, work: Callable[[], R]) -> None:
        self._work = work
        self._begun, self._ended = threading.Lock(), threading.Lock()
        self._ended.acquire()
        self._fault: BaseException | None = None
        _awaited(os.getpid()).put(self)

    def run(self) -> None:
        """Do the work, unless somebody has begun it; what goes wrong is raised by ``result``."""
        if not self._begun.acquire(blocking=False):
            return
        try:
            self._told = self._work()
        except BaseException as fault:  # noqa: BLE001 - it is raised again where somebody waits for it
            self._fault = fault
        finally:
            self._ended.release()

    def join(self) -> None:
        """Wait until the work is done, or do it."""
        self.run()
        with self._ended:
            pass

    def result(self) -> R:
        """Return what the work made, once it is done, or raise what it raised."""
        self.join()
        if self._fault is not None:
            raise self._fault
        return self._told


@lru_cache(maxsize=1)
def _awaited(_process: int) -> SimpleQueue[Beside[Any]]:
    """Return where the threads of a process await work, having started them: no fork takes them along."""
    works: SimpleQueue[Beside[Any]] = SimpleQueue()
    for _ in range(max(1, min(processors(), MOST) - 1)):
        threading.Thread(target=_help, args=(works,), name="beside", daemon=True).start()
    return works


def _help(works: SimpleQueue[Beside[Any]]) -> None:
    while True:
        works.get().run()


def in_shares(work: Callable[[Iterable[T]], object], things: Sequence[T], least: int) -> None:
    """Let ``work`` take all ``things``, on as many processors as have ``least`` of them to do; wait for all of them.

    Each takes the next thing when it is ready for one: who begins late, or is held up, leaves more to the others.
    """
    left = deque(things)
    others = min(processors(), MOST, len(things) // least) - 1
    helpers = [Beside(lambda: work(_next_of(left))) for _ in range(others)]
    try:
        work(_next_of(left))
    finally:
        for helper in helpers:
            helper.join()
    for helper in helpers:
        helper.result()


def _next_of(left: deque[T]) -> Iterator[T]:
    """Yield what is left, as long as others leave anything."""
    while True:
        try:
            thing = left.popleft()
        except IndexError:
            return
        yield thing


def pieces(count: int, size: int) -> list[slice]:
    """Return the places from 0 to ``count`` in pieces of ``size`` at most."""
    return [slice(start, start + size) for start in range(0, count, size)]


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1

"""What was heard on the last questions: legs do not depend on how their scores are mixed, paged or explained.

So another weight, the next page or an explanation of the same question asks the index nothing it was asked before.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final, TypeVar, cast

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

T = TypeVar("T")

REMEMBERED: Final = 8  # questions; each takes a few arrays as long as what was considered


class Memory:
    """The answers to one question, by what was asked; whoever gets them leaves them as they are."""

    def __init__(self) -> None:
        self._known: dict[Hashable, object] = {}

    def recall(self, key: Hashable, ask: Callable[[], T]) -> T:
        """Return what ``ask`` returned when it was asked for ``key`` first. Two threads at once may both ask."""
        if key not in self._known:
            self._known[key] = ask()
        return cast("T", self._known[key])

    def knows(self, key: Hashable) -> bool:
        """Whether ``recall`` would ask nobody for ``key``."""
        return key in self._known


class Memories:
    """The memories of the last questions put to one edition; safe to use from several threads."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Memory] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, question: Hashable) -> Memory:
        """Return the memory of a question, a new one where it was not asked lately."""
        with self._lock:
            memory = self._kept.setdefault(question, Memory())
            self._kept.move_to_end(question)
            if len(self._kept) > REMEMBERED:
                self._kept.popitem(last=False)
            return memory

"""Asking an open system everything: latencies, filters, what it finds by meaning; and several clients at once."""

from __future__ import annotations

import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from benchmarks.speed import dense, measure
from benchmarks.speed.data import EVERYTHING, SHARES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.speed.data import Data
    from benchmarks.speed.systems.protocol import System

LIMIT: Final = 10
CLIENTS: Final = (1, 4)
WARM_UP: Final = 5
_WARM, _FILTERED, _CLIENTS = 7, 3, (4, 5, 6)
"""How far the words of the questions are moved on; a mode's own place is its number, from 0."""


@dataclass(frozen=True, slots=True)
class Asking:
    """What is asked of one system; ``budget`` is roughly how many seconds one measurement takes."""

    system: System
    data: Data
    budget: float

    def figures(self) -> dict[str, Any]:
        """Return all figures of one client; memory is told before what it finds is held against exact answers."""
        told: dict[str, Any] = {
            "latency": {mode: self._latency(mode, turn) for turn, mode in enumerate(self.system.MODES)},
            "filtered": self._filtered(),
            **measure.memory(),
        }
        if hasattr(self.system, "nearest"):
            told["dense"] = {"ours": self._dense()}
        if "semantic" in self.system.MODES:
            told["nearest"] = {str(share): self._nearest(share) for share in (EVERYTHING, *SHARES)}
        return told

    def clients(self) -> dict[str, Any]:
        """Return what one and four threads get out of the plainest and the richest mode."""
        return {mode: self._clients(mode) for mode in dict.fromkeys((self.system.MODES[0], self.richest))}

    @property
    def richest(self) -> str:
        """The mode that does most."""
        return self.system.MODES[-1]

    def _latency(self, mode: str, turn: int) -> dict[str, float]:
        answer = partial(self._answer, mode)
        for question in rotated(self.data.queries(), _WARM)[:WARM_UP]:
            answer(question)
        worked = measure.cpu_seconds()
        taken = measure.timed(answer, rotated(self.data.queries(), turn), self.budget)
        spent = (measure.cpu_seconds() - worked) / len(taken)
        return measure.told(taken) | {"cpu": round(spent * 1000, 3)}

    def _filtered(self) -> dict[str, Any]:
        """Return latencies under each filter, all of them and none asked in turn, each with words moved otherwise."""
        shares = sorted({EVERYTHING, *SHARES}, reverse=True)
        asked = {share: rotated(self.data.queries(), _FILTERED + place) for place, share in enumerate(shares)}
        ask: Callable[[int, int], object] = lambda place, share: self._answer(self.richest, asked[share][place], share)  # noqa: E731
        taken = measure.in_turn(ask, range(len(asked[EVERYTHING])), shares, 2 * self.budget)
        return {"mode": self.richest, **{str(share): measure.told(each) for share, each in taken.items()}}

    def _clients(self, mode: str) -> dict[str, Any]:
        """Return what one and four threads get out of it, or why that fails."""
        questions = [question for turn in _CLIENTS for question in rotated(self.data.queries(), turn)]
        found: dict[str, Any] = {}
        for threads in CLIENTS:
            try:
                told: Any = measure.clients(partial(self._answer, mode), questions, threads, self.budget / 2)
            except Exception as fault:  # noqa: BLE001 - what a library raises when several threads ask it is the figure
                told = {"failed": f"{type(fault).__name__}: {fault}"[:200]}
            found[str(threads)] = told
        return found

    def _dense(self) -> dict[str, float]:
        """Return the latencies of dense search alone."""
        vectors = self.data.query_vectors()
        ask: Callable[[int], object] = lambda place: self._system_nearest(vectors[place], LIMIT, EVERYTHING)  # noqa: E731
        return measure.told(measure.timed(ask, range(len(vectors)), self.budget))

    def _nearest(self, share: int) -> list[list[int]]:
        """Return the nearest passages among those allowed, of the first questions that fit in the budget.

        Of rivals the first ten by meaning; of a system with a dense search of its own the first hundred of that.
        """
        answers: list[list[int]] = []
        end = time.perf_counter() + self.budget
        vectors = self.data.query_vectors() if hasattr(self.system, "nearest") else None
        for place, question in enumerate(self.data.queries()[: dense.COMPARED]):
            if place >= measure.FEWEST and time.perf_counter() > end:
                break
            if vectors is None:
                found = self.system.semantic(question, LIMIT, share)
            else:
                found = self._system_nearest(vectors[place], dense.DEEP, share)
            answers.append([int(number) for number in found])
        return answers

    def _system_nearest(self, vector: dense.Vectors, limit: int, share: int) -> Sequence[int]:
        found: Sequence[int] = self.system.nearest(vector, limit, share)  # type: ignore[attr-defined]
        return found

    def _answer(self, mode: str, question: str, share: int = EVERYTHING) -> Sequence[int]:
        found: Sequence[int] = getattr(self.system, mode)(question, LIMIT, share)
        return found


def rotated(questions: Sequence[str], places: int) -> list[str]:
    """Return questions with their words moved on: the same words, a text nobody remembers a vector of."""
    split = [question.split() for question in questions]
    return [" ".join(words[places % len(words) :] + words[: places % len(words)]) for words in split]

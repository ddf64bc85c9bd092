"""A command set up to be interrupted: its index before and after, and what to ask of it however it was interrupted."""

from __future__ import annotations

import os
import shutil
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

from benchmarks import scenes, shim
from benchmarks.scenes import SCENES, Died, Scene, forked

if TYPE_CHECKING:
    import ctypes
    from collections.abc import Callable, Iterator
    from pathlib import Path

FINE: Final = ("before", "after")


class Stage:
    """One scene set up in ``folder``; ``calls`` is how many calls that change files it takes, recorded in ``log``."""

    def __init__(self, scene: Scene, folder: Path, caught: ctypes.CDLL) -> None:
        self.scene, self._caught = scene, caught
        self.root, self.base, self.log = folder / "index", folder / "before", folder / "log"
        self._source = folder / "articles.jsonl"
        forked(lambda: str(scenes.prepare(scene, folder)))
        self.root.rename(self.base)
        if scene.is_first:
            shutil.rmtree(self.base)
        with self.copied():
            self.before = self._state()
            began = time.monotonic()
            self.calls: int = forked(self._recorded)
            self.seconds = time.monotonic() - began
            self.after = self._state()
            forked(self._next)
            self.final = self._state()

    @contextmanager
    def copied(self) -> Iterator[None]:
        """Put the index as it was before in place, for a while."""
        if self.base.exists():
            shutil.copytree(self.base, self.root)
        with self.cleared():
            yield

    @contextmanager
    def cleared(self) -> Iterator[None]:
        """Remove whatever is in place after a while."""
        try:
            yield
        finally:
            shutil.rmtree(self.root, ignore_errors=True)

    def run(self, plan: shim.Plan | None = None) -> None:
        """Run the command, its calls caught by a plan: in a child only."""
        if plan is not None:
            shim.watch(self._caught, plan)
        self.scene.run(self.root, self._source)

    def outcome(self, interrupted: Callable[[], bool], *, is_verified_first: bool = True) -> str:
        """Return ``before`` or ``after``, which is what the index says after an interruption, or what went wrong.

        ``interrupted`` does it and tells whether the command had told that it was done.
        """
        try:
            is_told = interrupted()
            wrong = self._faults() if is_verified_first else []  # reading puts right what verification only looks at
            found = self._state()
            wrong += [] if is_verified_first else self._faults()
            if found not in (self.before, self.after):
                return f"says neither: {_difference(found, self.before)}; {_difference(found, self.after)}"
            if is_told and found != self.after:
                return "was told done and is lost"
            return f"verify: {wrong}" if wrong else self._mended(found)
        except Died as error:
            return str(error)

    def _mended(self, found: dict[str, Any]) -> str:
        """Write again, and look whether all is as if nothing had happened."""
        forked(self._next if found else self.run)
        if left := scenes.leftovers(self.root):
            return f"left over: {left}"
        if found == self.before != self.after and not self.scene.has_news:
            forked(self.run)
            forked(self._next)
        final = self._state()
        if final != self.final:
            return f"ends differently: {_difference(final, self.final)}"
        wrong = self._faults()
        return f"verify, at the end: {wrong}" if wrong else FINE[found == self.after]

    def _state(self) -> dict[str, Any]:
        found: dict[str, Any] = forked(lambda: scenes.state(self.root))
        return found

    def _faults(self) -> list[str]:
        found: list[str] = forked(lambda: scenes.faults(self.root))
        return found

    def _recorded(self) -> int:
        self.run(shim.plan(self.root, log=os.open(self.log, os.O_WRONLY | os.O_CREAT, 0o600)))
        return sum(1 for _ in shim.calls(self.log))

    def _next(self) -> None:
        SCENES["sync"].run(self.root, self._source)


def _difference(found: dict[str, Any], wanted: dict[str, Any]) -> str:
    return ", ".join(sorted(key for key in found.keys() | wanted.keys() if found.get(key) != wanted.get(key)))

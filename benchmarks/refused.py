"""Every command that writes, refused by the system: an error that says what to do, and nothing is lost.

``python -m benchmarks.refused N [SEED [COMMAND…]]`` does N trials: from some call on the disk is full, every write or
every ``fsync`` fails, the folder can only be read, no file can be opened any more. The command ends with an error of
ours that says which file and what to do, the index says what it said before or after, and once the fault is gone the
next write succeeds and tidies up.
"""

from __future__ import annotations

import errno
import random
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks import shim
from benchmarks.scenes import SCENES, Scene, forked
from benchmarks.shim import Kind
from benchmarks.stage import FINE, Stage
from index.errors import IndexUnreachable

if TYPE_CHECKING:
    import ctypes
    from collections.abc import Iterator

MAKING: Final = Kind.CREATE | Kind.WRITE | Kind.FOLDER | Kind.CUT
FAULTS: Final = {
    "disk full": (errno.ENOSPC, MAKING),
    "writes fail": (errno.EIO, Kind.WRITE),
    "fsync fails": (errno.EIO, Kind.SYNC),
    "read only": (errno.EROFS, MAKING | Kind.RENAME),
    "too many files": (errno.EMFILE, Kind.CREATE),
}
GIVEN: Final = ("350", "1")


@dataclass(frozen=True, slots=True)
class Trial:
    """One fault, from one call on."""

    fault: str
    at: int

    def on(self, stage: Stage) -> str:
        """Return its outcome, ``before`` or ``after``, or what went wrong."""
        told: str = ""

        def refused() -> bool:
            nonlocal told
            told = forked(lambda: self._refused(stage))
            return bool(told == "done")

        with stage.copied():
            outcome = stage.outcome(refused)
        is_ours = told == "done" or (str(stage.root) in told and "; " in told)
        return outcome if is_ours else f"ends with {told or outcome}"

    def _refused(self, stage: Stage) -> str:
        number, kinds = FAULTS[self.fault]
        plan = shim.plan(stage.root, fail_from=self.at, fail_kinds=kinds, fail_errno=number)
        try:
            stage.run(plan)
        except IndexUnreachable as error:
            return str(error)
        return "done"  # also where only the last tidying failed, as of SQLite's log: the next that opens it does that


def trials(calls: int, count: int, chance: random.Random) -> Iterator[Trial]:
    """Yield trials, spread evenly over the calls of a command."""
    for place in range(count):
        yield Trial(list(FAULTS)[place % len(FAULTS)], 1 + (place * calls + chance.randrange(calls)) // count)


def tried(scene: Scene, count: int, seed: int, caught: ctypes.CDLL) -> list[tuple[Trial, str]]:
    """Return trials of one command with their outcomes."""
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(scene, Path(folder), caught)
        return [(trial, trial.on(stage)) for trial in trials(stage.calls, count, random.Random(seed))]


def main() -> int:
    count, seed = map(int, (*sys.argv[1:3], *GIVEN[len(sys.argv[1:3]) :]))
    chosen = [SCENES[name] for name in sys.argv[3:]] or list(SCENES.values())
    caught, failed = shim.library(), 0
    for scene in chosen:
        results = tried(scene, count // len(chosen), seed, caught)
        told = Counter(f"{trial.fault} {outcome if outcome in FINE else 'WRONG'}" for trial, outcome in results)
        print(f"{scene.name:22}", *(f"{what} {number}" for what, number in sorted(told.items())), sep="  ", flush=True)
        wrong = [(trial, outcome) for trial, outcome in results if outcome not in FINE]
        failed += len(wrong)
        for trial, outcome in wrong:
            print("   ", trial, outcome)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())

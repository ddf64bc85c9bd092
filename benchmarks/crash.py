"""Every command that writes, killed for real and cut off from power: nothing that was told done is lost.

``python -m benchmarks.crash KILLS LOSSES [SEED [COMMAND…]]`` spreads so many trials of each kind over the commands of
``benchmarks.scenes``. A kill comes before one of the system calls that change files, half of the write at hand done in
every fourth, or at a moment of its own; a loss of power leaves what a disk may hold then (``benchmarks.power``).
After each the index says what it said before or what it says after (the latter where the command had told that it was
done), verification finds nothing wrong, the next write succeeds and tidies up, and the outcome is as if nothing had
happened.
"""

from __future__ import annotations

import random
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks import shim
from benchmarks.power import Disk, Loss
from benchmarks.scenes import SCENES, Died, Scene, forked
from benchmarks.stage import FINE, Stage

if TYPE_CHECKING:
    import ctypes
    from collections.abc import Iterator

KILLS: Final = ("kill", "kill", "torn", "moment")
GIVEN: Final = ("600", "300", "1")


@dataclass(frozen=True, slots=True)
class Trial:
    """One interruption: how, and before which call, counted from 1, or after which share of the time."""

    how: str
    at: int = 0
    share: float = 0.0
    seed: int = 0

    def on(self, stage: Stage) -> str:
        """Return its outcome."""
        if self.how in set(Loss):
            with stage.cleared():
                return stage.outcome(lambda: self._cut_off(stage), is_verified_first=bool(self.seed % 2))
        with stage.copied():
            return stage.outcome(lambda: self._killed(stage), is_verified_first=bool(self.at % 2))

    def _cut_off(self, stage: Stage) -> bool:
        """Leave what a disk may hold; return whether the command was done."""
        disk = Disk(stage.root, stage.base)
        for call, _ in zip(shim.calls(stage.log), range(self.at - 1), strict=False):
            disk.do(call)
        disk.write(stage.root, Loss(self.how), random.Random(self.seed))
        return self.at > stage.calls

    def _killed(self, stage: Stage) -> bool:
        """Kill the command; return whether it had told that it was done."""
        plan = shim.plan(stage.root, kill_at=self.at, torn=self.how == "torn")
        try:
            forked(lambda: stage.run(plan), None if self.at else self.share * stage.seconds)
        except Died as error:
            if "status 9" not in str(error):
                raise
            return False
        return True


def trials(calls: int, kills: int, losses: int, chance: random.Random) -> Iterator[Trial]:
    """Yield trials, spread evenly over the calls of a command."""
    for place in range(kills):
        how, at = KILLS[place % len(KILLS)], 1 + (place * calls + chance.randrange(calls)) // kills
        yield Trial(how, share=chance.uniform(0, 1.2)) if how == "moment" else Trial(how, at)
    for place in range(losses):
        at = 1 + (place * calls + chance.randrange(calls)) // losses
        yield Trial(list(Loss)[place % len(Loss)], at, seed=chance.getrandbits(32))
    if losses:
        yield Trial(Loss.ALL, calls + 1)


def tried(scene: Scene, kills: int, losses: int, seed: int, caught: ctypes.CDLL) -> list[tuple[Trial, str]]:
    """Return trials of one command with their outcomes."""
    with tempfile.TemporaryDirectory() as folder:
        stage = Stage(scene, Path(folder), caught)
        return [(trial, trial.on(stage)) for trial in trials(stage.calls, kills, losses, random.Random(seed))]


def main() -> int:
    kills, losses, seed = map(int, (*sys.argv[1:4], *GIVEN[len(sys.argv[1:4]) :]))
    chosen = [SCENES[name] for name in sys.argv[4:]] or list(SCENES.values())
    caught, failed = shim.library(), 0
    for scene in chosen:
        results = tried(scene, kills // len(chosen), losses // len(chosen), seed, caught)
        told = Counter(f"{trial.how} {outcome if outcome in FINE else 'WRONG'}" for trial, outcome in results)
        print(f"{scene.name:22}", *(f"{what} {count}" for what, count in sorted(told.items())), sep="  ", flush=True)
        wrong = [(trial, outcome) for trial, outcome in results if outcome not in FINE]
        failed += len(wrong)
        for trial, outcome in wrong:
            print("   ", trial, outcome)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())

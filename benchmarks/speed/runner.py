"""Running cells: each in a process of its own, in the environment of its system, one after the other."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from benchmarks.speed.catalogue import OURS, SCAN, SYSTEMS
from benchmarks.speed.cells import JUDGED, Cell, Result
from benchmarks.speed.measure import median
from benchmarks.speed.worker import Task

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_STARTS: Final = 6  # cold starts of one mode, of which the first only warms the page cache
_FEWEST: Final = 3
_ENOUGH: Final = 15.0  # seconds of starts after which the fewest will do
_SLOW: Final = 20.0  # seconds: a start that takes longer is measured once
_LAST: Final = 300  # characters of an error


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where everything is: the project, prepared data, indexes, and the interpreter of the rivals, if there is one."""

    root: Path
    data: Path
    judged: Path
    indexes: Path
    rivals: Path | None
    absent: str = ""
    """Why there is no interpreter of the rivals."""

    def index(self, cell: Cell) -> Path:
        """Return the folder of the index a cell is about."""
        return self.indexes / f"{cell.system}-{cell.size}"


@dataclass(frozen=True, slots=True)
class Runner:
    """Runs cells; ``seconds`` is how long one may take, ``budget`` roughly how long one measurement does."""

    places: Places
    seconds: float
    budget: float

    def run(self, cell: Cell) -> Result:
        """Return the figures of a cell, or what went wrong."""
        if cell.system in SYSTEMS and cell.size > SYSTEMS[cell.system].most:
            return Result(cell, {}, f"left out: {SYSTEMS[cell.system].why}")
        if self._interpreter(cell) is None:
            return Result(cell, {}, self.places.absent)
        if cell.stage in ("build", "quality"):
            shutil.rmtree(self.places.index(cell), ignore_errors=True)
        elif cell.stage in ("ask", "clients", "cold") and not self.places.index(cell).is_dir():
            return Result(cell, {}, "it has no index of that size")
        is_done = False
        try:
            figures = self._starts(cell) if cell.stage == "cold" else self._figures(cell)
            is_done = True
        except subprocess.TimeoutExpired:
            return Result(cell, {}, f"stopped after {self.seconds:.0f} s")
        except _Failed as fault:
            return Result(cell, {}, self._without_places(str(fault)))
        finally:
            if cell.stage == "build" and not is_done:  # nobody is to ask half an index
                shutil.rmtree(self.places.index(cell), ignore_errors=True)
        return Result(cell, figures)

    def _without_places(self, told: str) -> str:
        """Return what went wrong without the folders of this machine: it is published."""
        places = self.places
        for folder in (places.indexes, places.judged, places.data, places.root):
            told = told.replace(f"{folder}{os.sep}", "")
        return told

    def _figures(self, cell: Cell) -> dict[str, Any]:
        done = subprocess.run(
            self._command(cell),
            capture_output=True,
            text=True,
            check=False,
            timeout=self.seconds,
            cwd=self.places.root,
            env=_environment(),
        )
        return _answer(done.returncode, done.stdout, done.stderr)

    def _starts(self, cell: Cell) -> dict[str, Any]:
        """Return the seconds from starting a process to its first answer, told by the line it prints."""
        taken: list[float] = []
        while not _are_enough(taken):
            taken.append(self._start(cell))
        counted = taken[1:] or taken
        return {"seconds": round(median(counted), 4), "fastest": round(min(counted), 4), "count": len(counted)}

    def _start(self, cell: Cell) -> float:
        began = time.perf_counter()
        with subprocess.Popen(
            self._command(cell),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self.places.root,
            env=_environment(),
        ) as process:
            assert process.stdout is not None
            last = threading.Timer(self.seconds, process.kill)
            last.start()
            try:
                line = process.stdout.readline()
                taken = time.perf_counter() - began
                _, errors = process.communicate()
            finally:
                last.cancel()
        _answer(process.returncode, line, errors)
        return taken

    def _command(self, cell: Cell) -> list[str]:
        task = Task(
            system=cell.system,
            stage=cell.stage,
            data=str(self.places.judged if cell.size == JUDGED else self.places.data),
            index=str(self.places.index(cell)),
            size=cell.size or _lines(self.places.judged / "passages.txt"),
            mode=cell.mode,
            budget=self.budget,
        )
        return [str(self._interpreter(cell)), "-m", "benchmarks.speed.worker", json.dumps(asdict(task))]

    def _interpreter(self, cell: Cell) -> Path | str | None:
        """Return what runs a cell; scans do without the rivals' libraries if need be, and say which are not there."""
        if cell.system == OURS:
            return sys.executable
        return self.places.rivals or (sys.executable if cell.system == SCAN else None)


def planned(systems: Sequence[str], sizes: Sequence[int], *, judged: bool) -> Iterator[Cell]:
    """Yield the cells of a run, one size after the other, and of each system one stage after the other."""
    if judged:
        yield from (Cell(system, JUDGED, "quality") for system in systems)
    for size in sizes:
        yield Cell(SCAN, size, "scan")
        for system in systems:
            yield Cell(system, size, "build")
            yield Cell(system, size, "ask")
            yield Cell(system, size, "clients")
            for mode in dict.fromkeys((SYSTEMS[system].modes[0], SYSTEMS[system].modes[-1])):
                yield Cell(system, size, "cold", mode)


def _are_enough(taken: Sequence[float]) -> bool:
    wanted = _FEWEST if sum(taken) > _ENOUGH else _STARTS
    return len(taken) >= (1 if taken and taken[0] > _SLOW else wanted)


class _Failed(Exception):
    """A process that gave no figures."""


def _answer(code: int, output: str, errors: str) -> dict[str, Any]:
    lines = output.strip().splitlines()
    if code or not lines:
        said = (errors or output).strip().splitlines()
        last = next((line for line in reversed(said) if line.strip()), "it said nothing")
        if code < 0:
            raise _Failed(f"killed by {signal.Signals(-code).name}")
        raise _Failed(f"ended with {code}: {last[-_LAST:]}")
    figures: dict[str, Any] = json.loads(lines[-1])
    return figures


def _environment() -> dict[str, str]:
    """Return an environment in which nothing is looked for on the network, nor in anybody's settings."""
    found = os.environ | {"HF_HUB_OFFLINE": "1", "BROADSHEET_CONFIG": os.devnull}
    found.pop("PYTHONDONTWRITEBYTECODE", None)  # who installs a program keeps it compiled, as the rivals are here
    return found


def _lines(path: Path) -> int:
    with path.open("rb") as file:
        return sum(1 for _ in file)

"""One stage of one system, in a process of its own: a task comes as JSON, its figures go out as the last line.

    python -m benchmarks.speed.worker '{"system": "tantivy", "stage": "ask", …}'

Runs in the environment of the rivals too. In a cold start the time until the first answer counts, so that nothing is
imported here that the system does not need.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks.speed import measure
from benchmarks.speed.catalogue import SYSTEMS, versions
from benchmarks.speed.data import EVERYTHING, Data

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.speed.asking import Asking
    from benchmarks.speed.systems.protocol import System

LIMIT: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What to do; ``data`` and ``index`` are folders."""

    system: str
    stage: str
    data: str
    index: str
    size: int
    mode: str = ""
    budget: float = 4.0
    """Seconds a measurement may take, more or less."""


def main() -> int:
    task = Task(**json.loads(sys.argv[1]))
    print(json.dumps(STAGES[task.stage](task)), flush=True)
    return 0


def build(task: Task) -> dict[str, Any]:
    """Build in an empty folder."""
    system, data, index = _given(task)
    index.mkdir(parents=True)
    began, worked = time.perf_counter(), measure.cpu_seconds()
    with measure.Watch() as watch:
        system.build(data, index)
    seconds, cpu = time.perf_counter() - began, measure.cpu_seconds() - worked
    return {
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu, 2),
        "per_second": round(task.size / seconds),
        "disk_mb": measure.disk(index),
        "files_mb": {path.name: _size(path) for path in sorted(index.iterdir())},
        "peak_mb": watch.peak_mb,
        "versions": versions(SYSTEMS[task.system]),
    }


def cold(task: Task) -> dict[str, Any]:
    """Open and answer one question."""
    system, data, index = _given(task)
    system.open(data, index)
    found = getattr(system, task.mode)(data.queries()[0], LIMIT, EVERYTHING)
    return {"hits": len(found)}


def ask(task: Task) -> dict[str, Any]:
    """Ask everything that can be asked of an index that is there."""
    asking, opened = _opened(task)
    return {"open_seconds": opened, **asking.figures()}


def clients(task: Task) -> dict[str, Any]:
    """Ask from several threads; apart from all else, because it kills some systems."""
    asking, _ = _opened(task)
    return asking.clients()


def quality(task: Task) -> dict[str, Any]:
    """Build, and return the first ten documents of every question by each mode."""
    system, data, index = _given(task)
    index.mkdir(parents=True)
    system.build(data, index)
    system.open(data, index)
    asked = data.queries()
    return {
        mode: [[int(number) for number in getattr(system, mode)(question, LIMIT, EVERYTHING)] for question in asked]
        for mode in system.MODES
    }


def scan(task: Task) -> dict[str, Any]:
    """Return the exact answers by meaning, and what scans by themselves cost."""
    from benchmarks.speed import dense

    data = Data(Path(task.data), task.size)
    vectors = data.query_vectors()
    wanted = dense.exact(data, vectors[: dense.COMPARED])
    return {"exact": wanted, "dense": dense.scans(data, vectors, wanted[str(EVERYTHING)], task.budget)}


def _opened(task: Task) -> tuple[Asking, float]:
    """Return a system that is open, and how many seconds that took."""
    from benchmarks.speed.asking import Asking

    system, data, index = _given(task)
    began = time.perf_counter()
    system.open(data, index)
    return Asking(system, data, task.budget), round(time.perf_counter() - began, 3)


def _given(task: Task) -> tuple[System, Data, Path]:
    return SYSTEMS[task.system].create(), Data(Path(task.data), task.size), Path(task.index)


def _size(path: Path) -> float:
    return measure.disk(path) if path.is_dir() else round(path.stat().st_size / (1 << 20), 1)


STAGES: Final[dict[str, Callable[[Task], dict[str, Any]]]] = {
    "build": build,
    "cold": cold,
    "ask": ask,
    "clients": clients,
    "quality": quality,
    "scan": scan,
}

if __name__ == "__main__":
    sys.exit(main())

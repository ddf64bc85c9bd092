"""Times, memory and disk as they are told; nothing here needs numpy, since a cold start is measured with it."""

from __future__ import annotations

import os
import time
from contextlib import suppress
from pathlib import Path
from threading import Barrier, Event, Thread
from typing import TYPE_CHECKING, Any, Final, Self, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

T = TypeVar("T")

FEWEST: Final = 10
"""Questions asked whatever time they take."""
_TOLD: Final = (50, 95, 99)
_MIB: Final = 1 << 20
_PAUSE: Final = 0.1  # seconds between two looks at memory


def percentile(values: Sequence[float], percent: float) -> float:
    """Return a percentile, between the two nearest values in proportion; raises ``ValueError`` where there are none."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    place = (len(ordered) - 1) * percent / 100
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def median(values: Sequence[float]) -> float:
    """Return the middle value."""
    return percentile(values, 50)


def told(seconds: Sequence[float]) -> dict[str, float]:
    """Return percentiles in milliseconds, and of how many times."""
    return {f"p{each}": round(percentile(seconds, each) * 1000, 3) for each in _TOLD} | {"count": len(seconds)}


def timed(ask: Callable[[T], object], questions: Iterable[T], budget: float) -> list[float]:
    """Return the seconds of each question, of as many as begin within ``budget`` seconds, at least ten."""
    taken: list[float] = []
    began = time.perf_counter()
    for question in questions:
        start = time.perf_counter()
        if len(taken) >= FEWEST and start - began > budget:
            break
        ask(question)
        taken.append(time.perf_counter() - start)
    return taken


def in_turn(
    ask: Callable[[T, int], object], questions: Iterable[T], choices: Sequence[int], budget: float
) -> dict[int, list[float]]:
    """Return the seconds of each question under each choice, all choices of a question one after the other."""
    taken: dict[int, list[float]] = {choice: [] for choice in choices}
    began = time.perf_counter()
    for turn, question in enumerate(questions):
        if turn >= FEWEST and time.perf_counter() - began > budget:
            break
        for place in range(len(choices)):
            choice = choices[(place + turn) % len(choices)]
            start = time.perf_counter()
            ask(question, choice)
            taken[choice].append(time.perf_counter() - start)
    return taken


def clients(ask: Callable[[str], object], questions: Sequence[str], threads: int, seconds: float) -> dict[str, float]:
    """Return questions a second and their latencies, asked by some threads at once, each its own part of them."""
    taken: list[list[float]] = [[] for _ in range(threads)]
    faults: list[BaseException] = []
    barrier = Barrier(threads)

    def client(place: int) -> None:
        mine = questions[place::threads]
        try:
            barrier.wait()
            end = time.perf_counter() + seconds
            while (start := time.perf_counter()) < end:
                ask(mine[len(taken[place]) % len(mine)])
                taken[place].append(time.perf_counter() - start)
        except BaseException as fault:  # noqa: BLE001 - raised again below, in the thread that waits
            faults.append(fault)
            barrier.abort()

    workers = [Thread(target=client, args=(place,)) for place in range(threads)]
    began = time.perf_counter()
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    if faults:
        raise faults[0]
    every = [second for part in taken for second in part]
    return {"per_second": round(len(every) / (time.perf_counter() - began), 2)} | told(every)


def memory() -> dict[str, float]:
    """Return the peak resident memory of this process and its children in MiB, and the part that is no file now."""
    peak, private = 0, 0
    for process in _family("self"):
        lines = _lines(Path("/proc") / process / "status")
        fields = {name: value for name, _, value in (line.partition(":") for line in lines)}
        peak += int(fields.get("VmHWM", "0 kB").split()[0])
        private += int(fields.get("RssAnon", "0 kB").split()[0])
    return {"peak_mb": round(peak / 1024, 1), "private_mb": round(private / 1024, 1)}


class Watch(Thread):
    """Follows memory while something runs that starts processes of its own, which may end before it does."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._end = Event()
        self.peak_mb = 0.0

    def run(self) -> None:
        """Look every so often."""
        while not self._end.wait(_PAUSE):
            with suppress(OSError):  # a child that ended under our eyes
                self.peak_mb = max(self.peak_mb, memory()["peak_mb"])

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self.join()
        self.peak_mb = max(self.peak_mb, memory()["peak_mb"])


def cpu_seconds() -> float:
    """Return the processor time of this process and of the children that ended."""
    ended = os.times()
    return time.process_time() + ended.children_user + ended.children_system


def disk(folder: Path) -> float:
    """Return what lies in a folder in MiB."""
    return round(sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file()) / _MIB, 1)


def machine() -> dict[str, Any]:
    """Return what is known of the machine: nothing that names it."""
    import platform

    lines = _lines(Path("/proc/cpuinfo"))
    models = [
        value.strip() for name, _, value in (line.partition(":") for line in lines) if name.strip() == "model name"
    ]
    flags = next((line for line in lines if line.startswith("flags")), "").split()
    total = next((line.split()[1] for line in _lines(Path("/proc/meminfo")) if line.startswith("MemTotal")), "0")
    return {
        "cpu": models[0] if models else platform.machine(),
        "cores": os.cpu_count(),
        "vector_units": [name for name in ("avx2", "avx512f", "avx512_vnni", "avx_vnni") if name in flags],
        "memory_gb": round(int(total) / _MIB),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def _family(process: str) -> list[str]:
    """Return a process and all below it; threads and children may end while they are looked at."""
    found = [process]
    for task in (Path("/proc") / process / "task").iterdir():
        with suppress(OSError):
            for child in (task / "children").read_text().split():
                found += _family(child)
    return found


def _lines(path: Path) -> list[str]:
    return path.read_text().splitlines() if path.is_file() else []

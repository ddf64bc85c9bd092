"""What a rebuild without a model costs, stage by stage.

``python -m benchmarks.rebuild [--in-turn] SOURCE…`` builds an index of the sources in a temporary folder and prints
passages a second and microseconds a passage for each stage, and the greatest memory of this process and of the one
that writes words beside it. With ``--in-turn`` words are written after the reading, in this process, so that each
stage's cost is its own; and that cost is told in processor time, too, which says most where others use the machine.
The sources are then read once more without an index: what reading costs beyond that is the store and furniture.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from index import words
from index.build import Rebuild
from index.progress import Silent
from index.snapshot import IndexPaths
from index.sources.records import Limits
from index.sources.walk import read_sources

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def main(arguments: Sequence[str]) -> int:
    """Measure one rebuild and print what it took."""
    sources = [Path(name) for name in arguments if name != "--in-turn"]
    if not sources:
        print(__doc__, file=sys.stderr)
        return 2
    in_turn = "--in-turn" in arguments
    if in_turn:
        words.WORTH = sys.maxsize  # type: ignore[misc]  # a constant to everybody else
    cost, stages = _Cost(), _Stages()
    with tempfile.TemporaryDirectory(prefix="broadsheet-") as folder, cost.counted():
        rebuild = Rebuild(paths=IndexPaths(Path(folder)), sources=sources, encoder=None, progress=stages)
        report = rebuild.run()
    count = sum(report.passages.values())
    print(f"{count:,} passages, {report.articles:,} articles")
    _table("by the clock", {**report.seconds, "in all": cost.wall}, count)
    if in_turn:
        _table("processor time", _parted(stages.seconds, sources), count)
    print(f"\nCPU: {cost.own / count * 1e6:.0f} µs a passage here, {cost.beside / count * 1e6:.0f} beside")
    print(f"greatest memory: {_peak(resource.RUSAGE_SELF)} MB here, {_peak(resource.RUSAGE_CHILDREN)} MB beside")
    return 0


def _table(what: str, seconds: dict[str, float], count: int) -> None:
    print(f"\n| {what} | seconds | passages/s | µs a passage |\n|---|---:|---:|---:|")
    for stage, spent in seconds.items():
        rate = f"{count / spent:,.0f}" if spent > 0 else ""
        print(f"| {stage} | {spent:.2f} | {rate} | {spent / count * 1e6:.0f} |")


def _parted(seconds: dict[str, float], sources: Sequence[Path]) -> dict[str, float]:
    """Return the processor time of each stage, that of reading in two parts."""
    began = time.process_time()
    for _ in read_sources(sources, Limits(), lambda _event: None):
        pass
    alone = time.process_time() - began
    rest = {stage: spent for stage, spent in seconds.items() if stage != "reading"}
    return {"sources read": alone, "store and furniture": max(0.0, seconds["reading"] - alone), **rest}


class _Stages(Silent):
    """Takes the processor time of this process from the start of each stage to its end."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._stage, self._began = "", 0.0

    def start(self, stage: str, total: int | None, unit: str) -> None:
        """Begin a stage."""
        del total, unit
        self._stage, self._began = stage, time.process_time()

    def finish(self) -> None:
        """End the stage."""
        self.seconds[self._stage] = self.seconds.get(self._stage, 0.0) + time.process_time() - self._began


class _Cost:
    """Seconds by the clock, and of the processors: in this process and in those it waited for."""

    wall = own = beside = 0.0

    @contextmanager
    def counted(self) -> Iterator[None]:
        began, own, beside = time.perf_counter(), _cpu(resource.RUSAGE_SELF), _cpu(resource.RUSAGE_CHILDREN)
        yield
        self.wall = time.perf_counter() - began
        self.own, self.beside = _cpu(resource.RUSAGE_SELF) - own, _cpu(resource.RUSAGE_CHILDREN) - beside


def _cpu(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def _peak(who: int) -> int:
    unit = 1 if sys.platform == "darwin" else 1024  # macOS tells bytes
    return resource.getrusage(who).ru_maxrss * unit // 1_000_000


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

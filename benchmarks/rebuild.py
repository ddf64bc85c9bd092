"""What a rebuild without a model costs, stage by stage.

``python -m benchmarks.rebuild [--in-turn] SOURCE…`` builds an index of the sources in a temporary folder and prints
passages a second and microseconds a passage for each stage, and the greatest memory of this process and of the one
that writes words beside it. With ``--in-turn`` words are written after the reading, in this process, so that each
stage's cost is its own.
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
from index.snapshot import IndexPaths

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def main(arguments: Sequence[str]) -> int:
    """Measure one rebuild and print what it took."""
    sources = [Path(name) for name in arguments if name != "--in-turn"]
    if not sources:
        print(__doc__, file=sys.stderr)
        return 2
    if "--in-turn" in arguments:
        words.WORTH = sys.maxsize  # type: ignore[misc]  # a constant to everybody else
    cost = _Cost()
    with tempfile.TemporaryDirectory(prefix="broadsheet-") as folder, cost.counted():
        report = Rebuild(paths=IndexPaths(Path(folder)), sources=sources, encoder=None).run()
    count = sum(report.passages.values())
    print(f"{count:,} passages, {report.articles:,} articles\n")
    print("| stage | seconds | passages/s | µs a passage |\n|---|---:|---:|---:|")
    for stage, seconds in (*report.seconds.items(), ("in all", cost.wall)):
        print(f"| {stage} | {seconds:.2f} | {count / seconds:,.0f} | {seconds / count * 1e6:.0f} |")
    print(f"\nCPU: {cost.own / count * 1e6:.0f} µs a passage here, {cost.beside / count * 1e6:.0f} beside")
    print(f"greatest memory: {_peak(resource.RUSAGE_SELF)} MB here, {_peak(resource.RUSAGE_CHILDREN)} MB beside")
    return 0


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

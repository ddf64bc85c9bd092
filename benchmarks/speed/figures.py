"""The figures of a run, found by system and size; what was not measured is ``None``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from benchmarks.speed import dense
from benchmarks.speed.catalogue import SCAN, SYSTEMS
from benchmarks.speed.cells import JUDGED, Cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from benchmarks.speed.cells import Result


@dataclass(frozen=True, slots=True)
class Figures:
    """Results by cell."""

    results: dict[Cell, Result]

    @classmethod
    def of(cls, results: Iterable[Result]) -> Figures:
        """Return the figures of some results."""
        return cls({result.cell: result for result in results})

    @property
    def sizes(self) -> list[int]:
        """The sizes that were measured."""
        return sorted({cell.size for cell in self.results if cell.size != JUDGED})

    @property
    def systems(self) -> list[str]:
        """The systems that were asked for, in the order of the catalogue."""
        asked = {cell.system for cell in self.results}
        return [name for name in SYSTEMS if name in asked]

    @property
    def days(self) -> str:
        """The day of the measurements, or the first and the last."""
        days = sorted({result.day for result in self.results.values() if result.day})
        return " to ".join(dict.fromkeys((days[0], days[-1]))) if days else ""

    @property
    def loads(self) -> list[float]:
        """The machine's load averages when figures were taken, ascending."""
        return sorted(result.load for result in self.results.values() if result.load)

    def get(self, cell: Cell, *path: str) -> Any:
        """Return one figure of a cell by its names, ``None`` where there is none."""
        result = self.results.get(cell)
        found: Any = None if result is None else result.figures
        for name in path:
            found = found.get(name) if isinstance(found, dict) else None
        return found

    def latency(self, system: str, size: int, mode: str, percentile: str = "p50") -> float | None:
        """Return a latency in milliseconds: p50, p95, p99, or cpu, the processor time of a question in the mean."""
        return self._number(Cell(system, size, "ask"), "latency", mode, percentile)

    def rounds(self, system: str, size: int, mode: str) -> list[float]:
        """Return the median latency in milliseconds of each round, in order; of one round none."""
        result = self.results.get(Cell(system, size, "ask"))
        told = [] if result is None else [each["latency"].get(mode, {}).get("p50") for each in result.rounds]
        return [] if None in told else told

    def cold(self, system: str, size: int, mode: str) -> float | None:
        """Return the seconds from starting a process to its first answer."""
        return self._number(Cell(system, size, "cold", mode), "seconds")

    def built(self, system: str, size: int, name: str) -> float | None:
        """Return a figure of building: seconds, per_second, disk_mb, peak_mb."""
        return self._number(Cell(system, size, "build"), name)

    def asked(self, system: str, size: int, *path: str) -> float | None:
        """Return a figure of asking: peak_mb, private_mb, open_seconds, filtered."""
        return self._number(Cell(system, size, "ask"), *path)

    def recall(self, system: str, size: int, share: int, depth: int = dense.LIMIT) -> float | None:
        """Return the part of the exact nearest that search by meaning finds, among a share of the passages.

        The rivals were asked for ten.
        """
        found = self.get(Cell(system, size, "ask"), "nearest", str(share))
        wanted = self.get(Cell(SCAN, size, "scan"), "exact", str(share))
        return dense.recall(found, wanted, depth) if found and wanted else None

    def quality(self, system: str, mode: str) -> float | None:
        """Return nDCG@10."""
        return self._number(Cell(system, JUDGED, "quality"), mode)

    def fastest_rival(self, of: Sequence[tuple[str, float | None]]) -> tuple[str, float] | None:
        """Return the rival with the least of some figures, and that figure."""
        known = [(value, name) for name, value in of if value is not None and not SYSTEMS[name].is_ours]
        return None if not known else (min(known)[1], min(known)[0])

    def failures(self) -> list[Result]:
        """Return what could not be measured."""
        return [result for result in self.results.values() if result.failed]

    def _number(self, cell: Cell, *path: str) -> float | None:
        found = self.get(cell, *path)
        return float(found) if isinstance(found, int | float) else None

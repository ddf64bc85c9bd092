"""Cells: one stage of one system at one size, its figures kept as a file, so that a run goes on where it stopped."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field, replace
from statistics import median_low
from typing import TYPE_CHECKING, Any, Final

from index.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

JUDGED: Final = 0  # stands for the judged collection, in place of a size
_UNITS: Final = {"k": 1_000, "m": 1_000_000}


@dataclass(frozen=True, slots=True)
class Cell:
    """What is measured at once; ``mode`` tells cold starts apart."""

    system: str
    size: int
    stage: str
    mode: str = ""

    @property
    def key(self) -> str:
        """The name of its file."""
        return "-".join(part for part in (self.system, str(self.size), self.stage, self.mode) if part)

    @property
    def shown(self) -> str:
        """The name of it for people."""
        return f"{self.system}, {size_shown(self.size)}, {self.stage} {self.mode}".rstrip()


@dataclass(frozen=True, slots=True)
class Result:
    """The figures of a cell, or why there are none."""

    cell: Cell
    figures: dict[str, Any]
    failed: str = ""
    day: str = ""
    """When it was measured."""
    load: float = 0.0
    """The machine's load average then: how many processes wanted a core, this one among them."""
    rounds: list[dict[str, Any]] = field(default_factory=list)
    """The figures of each round, the middle of which ``figures`` are; empty where there was one."""

    @property
    def count(self) -> int:
        """How often it was measured."""
        return len(self.rounds) or 1

    def and_then(self, later: Result) -> Result:
        """Return what both say; where either failed, the later one."""
        if self.failed or later.failed:
            return later
        rounds = [*(self.rounds or [self.figures]), *(later.rounds or [later.figures])]
        return replace(later, figures=_middle(rounds), rounds=rounds)


@dataclass(frozen=True, slots=True)
class Cells:
    """The results so far, in a folder."""

    folder: Path

    def get(self, cell: Cell) -> Result | None:
        """Return what was measured, ``None`` where nothing was or its file is broken."""
        return _read(self.folder / f"{cell.key}.json")

    def put(self, result: Result) -> None:
        """Keep a result, whole or not at all."""
        self.folder.mkdir(parents=True, exist_ok=True)
        target = self.folder / f"{result.cell.key}.json"
        written = target.with_suffix(".new")
        written.write_text(json.dumps(asdict(result), indent=1), encoding="utf-8")
        written.replace(target)

    def all(self) -> Iterator[Result]:
        """Yield every result there is."""
        for path in sorted(self.folder.glob("*.json")):
            if (result := _read(path)) is not None:
                yield result


def size_of(text: str) -> int:
    """Return the number a size stands for: 5k, 1M, 200000; raises ``UsageError``."""
    number, unit = (text[:-1], _UNITS[text[-1].lower()]) if text[-1:].lower() in _UNITS else (text, 1)
    if not number.isdigit() or not int(number):
        raise UsageError(f"no size {text!r}; write passages as 5k, 200k or 1M")
    return int(number) * unit


def size_shown(size: int) -> str:
    """Return a size as people write it."""
    if size == JUDGED:
        return "judged"
    for unit, count in (("M", 1_000_000), ("k", 1_000)):
        if size % count == 0:
            return f"{size // count}{unit}"
    return f"{size:,}"


def _read(path: Path) -> Result | None:
    try:
        told = json.loads(path.read_text("utf-8"))
        return Result(**{"rounds": [], **told, "cell": Cell(**told["cell"])})
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _middle(rounds: Sequence[Any]) -> Any:
    """Return the middle of each figure, the lower of two, name by name; what is no figure as it was last."""
    last = rounds[-1]
    if isinstance(last, dict):
        return {name: _middle([each[name] for each in rounds if name in each]) for name in last}
    return median_low(rounds) if isinstance(last, int | float) else last

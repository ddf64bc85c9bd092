"""``make bench``: install the rivals, measure them and us, write docs/benchmarks.md.

    python -m benchmarks.speed [--sizes 5k,50k,200k,1M] [--systems NAME,…] [--data FOLDER] [--minutes N]

All are asked in rounds, for machines are quicker at one time than at another: the middle of each figure is told.
Each figure is kept in .bench/cells as soon as it is there, so that a run that was stopped, or that ``--minutes`` ended,
goes on where it was; ``--again`` measures the systems asked for anew. The report tells all figures there are.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from benchmarks.speed import environment, judged, report
from benchmarks.speed.catalogue import OURS, SYSTEMS
from benchmarks.speed.cells import JUDGED, Cell, Cells, Result, size_of
from benchmarks.speed.embed import embed
from benchmarks.speed.figures import Figures
from benchmarks.speed.prepare import prepare
from benchmarks.speed.runner import Places, Runner, planned
from index import console
from index.encode import open_encoder
from index.errors import BroadsheetError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from benchmarks.speed.data import Data
    from search.collection import Collection

ROOT: Final = Path(__file__).parents[2]
UNFINISHED: Final = 3
_MINUTE: Final = 60


@dataclass(frozen=True, slots=True)
class Bench:
    """One run: what was asked for, and where things are."""

    asked: argparse.Namespace
    places: Places
    cells: Cells
    data: Data
    collection: Collection | None

    def run(self) -> bool:
        """Measure what is not measured yet; return whether all is, or time was up before."""
        end = time.monotonic() + self.asked.minutes * _MINUTE
        runner = Runner(self.places, self.asked.limit, self.asked.budget)
        missing = [*self._missing()]
        for place, (turn, cell) in enumerate(missing, 1):
            if time.monotonic() > end:
                console.say(f"{len(missing) - place + 1} cells are left; the same command goes on")
                return False
            console.say(f"{place}/{len(missing)}: {cell.shown}{f', round {turn + 1}' if turn else ''}")
            result = self._measured(runner, cell)
            if result.failed:
                console.say(f"  not measured: {result.failed}")
            result = replace(result, day=f"{datetime.now(UTC):%Y-%m-%d}", load=round(os.getloadavg()[0], 1))
            before = self.cells.get(cell) if turn else None
            self.cells.put(before.and_then(result) if before else result)
        return True

    def _missing(self) -> Iterator[tuple[int, Cell]]:
        """Yield what is not measured yet, round after round; only asking is worth several."""
        cells = [*planned(self.asked.systems, self.asked.sizes, judged=self.collection is not None)]
        cells = [cell for cell in cells if not self.asked.stages or cell.stage in self.asked.stages]
        kept = {} if self.asked.again else {cell: found for cell in cells if (found := self.cells.get(cell))}
        done = {cell: self.asked.rounds if found.failed else found.count for cell, found in kept.items()}
        for turn in range(self.asked.rounds):
            for cell in cells:
                if done.get(cell, 0) <= turn and (cell.stage == "ask" or not turn):
                    yield turn, cell

    def _measured(self, runner: Runner, cell: Cell) -> Result:
        if cell.size != JUDGED:
            return runner.run(cell)
        assert self.collection is not None
        if SYSTEMS[cell.system].is_ours:
            return judged.ours(self.collection, open_encoder(), self.asked.work / "eval")
        return judged.scored(runner.run(cell), self.collection, self.places.judged)


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _arguments(arguments)
    try:
        bench = _prepared(asked)
        is_done = bench.run()
        figures = Figures.of(bench.cells.all())
        report.write(figures, report.about(bench.data.about(), figures), asked.output)
    except BroadsheetError as error:
        console.say(f"benchmarks: {error}")
        return error.exit_code
    print(asked.output)
    return 0 if is_done else UNFINISHED


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.speed", description="Measure speed.")
    parser.add_argument("--sizes", type=_sizes, default=_sizes("5k,50k,200k,1M"), metavar="5k,1M")
    parser.add_argument("--systems", type=_systems, default=list(SYSTEMS), metavar="NAME,…", help=", ".join(SYSTEMS))
    parser.add_argument("--stages", type=lambda text: text.split(","), default=[], metavar="STAGE,…")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="holds the collections")
    parser.add_argument("--work", type=Path, default=ROOT / ".bench", help="where all that is made is kept")
    parser.add_argument("--output", type=Path, default=ROOT / "docs" / "benchmarks.md", metavar="FILE")
    parser.add_argument("--minutes", type=float, default=float("inf"), help="begin no cell after so many")
    parser.add_argument("--limit", type=float, default=900.0, metavar="SECONDS", help="stop a cell after so many")
    parser.add_argument("--budget", type=float, default=4.0, metavar="SECONDS", help="one measurement, roughly")
    parser.add_argument(
        "--rounds", type=int, default=3, metavar="N", help="ask all in turn so often; the middle counts"
    )
    parser.add_argument("--again", action="store_true", help="measure anew what was measured before")
    return parser.parse_args(arguments)


def _prepared(asked: argparse.Namespace) -> Bench:
    """Return a run with all that it needs: passages, vectors, the rivals' environment."""
    encoder = open_encoder()
    data = prepare(asked.data, asked.work / "data" / "news", max(asked.sizes), console.say)
    embed(data, encoder, console.say)
    judgements = asked.work / "data" / "judged"
    collection = None
    if not asked.stages or "quality" in asked.stages:
        try:
            collection = judged.read(asked.data)
            judged.prepare(collection, judgements, encoder, console.say)
        except UsageError as error:
            console.say(f"left out how good the answers are: {error}")
    rivals, absent = _rivals(asked)
    places = Places(
        root=ROOT,
        data=data.folder,
        judged=judgements,
        indexes=asked.work / "indexes",
        rivals=rivals,
        absent=absent,
    )
    return Bench(asked, places, Cells(asked.work / "cells"), data, collection)


def _rivals(asked: argparse.Namespace) -> tuple[Path | None, str]:
    """Return the rivals' interpreter, or why there is none: then, or if nobody else is asked for, we stand alone."""
    if asked.systems == [OURS]:
        return None, "not asked for"
    try:
        return environment.python(ROOT, asked.work / "env", console.say), ""
    except UsageError as error:
        console.say(str(error))
        return None, str(error)


def _sizes(text: str) -> list[int]:
    try:
        return [size_of(part) for part in text.split(",")]
    except UsageError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def _systems(text: str) -> list[str]:
    names = text.split(",")
    for name in names:
        if name not in SYSTEMS:
            raise argparse.ArgumentTypeError(f"no system {name!r}; there are: {', '.join(SYSTEMS)}")
    return names


if __name__ == "__main__":
    sys.exit(main())

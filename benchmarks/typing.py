"""How the screen keeps up with somebody who types: frames, and the time from a key press to its results.

    python -m benchmarks.typing FOLDER [--model hash] [--size 120x36] [--cache DIR]

FOLDER holds articles as `index rebuild` reads them. Sixty characters are typed at 20 a second from a thread of their
own into the program as it runs, which draws for a terminal that takes everything; it is asked to draw 60 times a
second, so that every gap between two frames beyond 17 ms is a moment at which it could not. Times count from when a
key was due.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import sys
import threading
import time
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from textual import events
from textual.drivers.headless_driver import HeadlessDriver

import tui
from index import console
from index.build import Rebuild
from index.encode import open_encoder
from index.errors import BroadsheetError
from index.snapshot import IndexPaths
from search.evaluate import default_cache
from search.searcher import Searcher
from tui import app as program
from tui.app import BroadsheetApp
from tui.screens.main import MainScreen
from tui.widgets.query_line import QueryLine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from search.results import Results
    from tui.engine import Engine

TYPED: Final = "oil prices fall as opec ministers meet in vienna on production quotas"[:60]
PACE: Final = 0.05  # seconds between two keys
FRAMES: Final = 60  # frames a second that are asked for
PATIENCE: Final = 20.0  # seconds for the last answer
NAMES: Final = {" ": "space"}


@dataclass(frozen=True, slots=True)
class Frame:
    """What stood on the screen when it was drawn."""

    at: float
    spent: float
    """Seconds of processor time that the thread which draws has used so far."""
    typed: str
    """The query line."""
    results: Results | None
    rows: Results | None
    """What the rows are made of."""


@dataclass(slots=True)
class Record:
    """What was seen; seconds of ``time.perf_counter``."""

    keys: list[float] = field(default_factory=list, repr=False)
    """When each key was due."""
    frames: list[Frame] = field(default_factory=list, repr=False)

    def gaps(self) -> list[float]:
        """Return the seconds between frames, from the first key to a second after the last."""
        return _steps([frame.at for frame in self._meanwhile()])

    def spent(self) -> list[float]:
        """Return the seconds of its own that the thread which draws needed from frame to frame."""
        return _steps([frame.spent for frame in self._meanwhile()])

    def _meanwhile(self) -> list[Frame]:
        return [frame for frame in self.frames if self.keys[0] <= frame.at <= self.keys[-1] + 1]

    def echoes(self) -> list[float]:
        """Return, for each key, the seconds until it could be read."""
        return [self._until(number, lambda frame: len(frame.typed)) for number in range(len(self.keys))]

    def answers(self) -> list[float]:
        """Return, for each key, the seconds until results stood there for what was typed by then, or later."""
        return [self._until(number, lambda frame: _length(frame.results)) for number in range(len(self.keys))]

    def answered(self) -> set[int]:
        """Return the lengths of the queries whose results were ever shown."""
        return {_length(frame.results) for frame in self.frames if frame.results is not None}

    def faults(self, text: str = TYPED) -> list[str]:
        """Return what was shown that should not have been: answers older than one shown before, or to nothing typed."""
        found, newest = [], 0
        for frame in self.frames:
            if frame.results is None:
                continue
            query, length = frame.results.query, _length(frame.results)
            if frame.rows is not frame.results:
                found.append(f"rows of another answer beside {query!r}")
            if query != text[:length].strip() or length > len(frame.typed):
                found.append(f"an answer to {query!r} when {frame.typed!r} was typed")
            if length < newest:
                found.append(f"an answer to {query!r} after one to {text[:newest]!r}")
            newest = max(newest, length)
        return found

    def _until(self, number: int, length: Callable[[Frame], int]) -> float:
        """Return the seconds from a key to what was wanted by then: none for a space whose word was answered."""
        wanted = len(TYPED[: number + 1].strip())
        return max(next((f.at for f in self.frames if length(f) >= wanted), float("inf")) - self.keys[number], 0.0)


def _steps(times: list[float]) -> list[float]:
    return [after - before for before, after in pairwise(times)]


def _length(results: Results | None) -> int:
    return 0 if results is None else len(results.query)


class NullDriver(HeadlessDriver):
    """A terminal that takes everything: what is drawn is rendered, encoded and written, and seen by nobody."""

    @property
    def is_headless(self) -> bool:
        """Draw as for somebody."""
        return False

    def write(self, data: str) -> None:
        """Write it to the null device."""
        with Path(os.devnull).open("wb") as sink:
            sink.write(data.encode())


class Watched(BroadsheetApp):
    """The program, and what stood on its screen at every frame."""

    CSS_PATH = str(Path(tui.__file__).with_name("broadsheet.tcss"))

    def __init__(self, engine: Engine, record: Record) -> None:
        super().__init__(engine)
        self._record = record

    def post_display_hook(self) -> None:
        """Note the frame."""
        screen = self.screen_stack[0] if self.screen_stack else None
        if isinstance(screen, MainScreen) and screen.query(QueryLine):
            line, listing = screen.query_one(QueryLine), screen.listing
            rows = None if listing is None else listing.first
            self._record.frames.append(Frame(time.perf_counter(), time.thread_time(), line.value, screen.results, rows))


async def watch(engine: Engine, size: tuple[int, int], *, is_drawn: bool = True, text: str = TYPED) -> Record:
    """Type ``text`` into the program and return what was seen; drawn for a terminal or only laid out."""
    record = Record()
    app = Watched(engine, record)
    if is_drawn:
        app.driver_class = NullDriver
        program.heed = lambda app: None  # type: ignore[attr-defined]  # there is no terminal that could go away
    async with app.run_test(headless=not is_drawn, size=size) as pilot:
        await pilot.pause()
        screen = app.screen
        assert isinstance(screen, MainScreen)
        line = screen.query_one(QueryLine)
        app.set_interval(1 / FRAMES, line.refresh)
        typist = threading.Thread(target=_type, args=(app, record, text), daemon=True)
        typist.start()
        deadline = time.perf_counter() + len(text) * PACE + PATIENCE
        while time.perf_counter() < deadline and not _is_done(screen, typist, text):
            await asyncio.sleep(0.05)
        await asyncio.sleep(1)
    return record


def _is_done(screen: MainScreen, typist: threading.Thread, text: str) -> bool:
    results = screen.results
    is_settled = results is not None and results.query == text.strip() and results.mode is screen.question.mode
    return not typist.is_alive() and (is_settled or bool(screen.error))


def _type(app: BroadsheetApp, record: Record, text: str) -> None:
    start = time.perf_counter() + 0.5
    for number, letter in enumerate(text):
        due = start + number * PACE
        time.sleep(max(due - time.perf_counter(), 0))
        record.keys.append(due)
        app.post_message(events.Key(NAMES.get(letter, letter), letter))


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _arguments(arguments)
    width, _, height = asked.size.partition("x")
    try:
        with Searcher.open(_index(asked)) as searcher:
            if searcher.info().model is not None:
                searcher.warm()
            searcher.search(TYPED)
            passages = sum(searcher.info().passages.values())
            record = asyncio.run(watch(searcher, (int(width), int(height))))
    except BroadsheetError as error:
        console.say(f"benchmarks: {error}")
        return error.exit_code
    print(f"{passages:,} passages, model {asked.model}, {asked.size}, {len(TYPED)} keys at {1 / PACE:.0f} a second")
    print("\n".join(report(record)))
    return 1 if record.faults() else 0


def report(record: Record) -> Iterator[str]:
    """Yield the table, and what was wrong."""
    yield ""
    yield "| milliseconds | p50 | p95 | p99 | longest |"
    yield "|---|---|---|---|---|"
    for name, values in (
        ("between two frames", record.gaps()),
        ("of that, processor time of the thread that draws", record.spent()),
        ("from a key press to its letter", record.echoes()),
        ("from a key press to results", record.answers()),
    ):
        figures = [*np.percentile(values, (50, 95, 99)).tolist(), max(values)]
        yield f"| {name} | " + " | ".join(f"{figure * 1000:.0f}" for figure in figures) + " |"
    yield ""
    yield f"{len(record.answered())} of {len(record.keys)} queries were answered on the screen before the next came."
    faults = record.faults()
    yield f"Stale results shown: {len(faults)}" + (f", first {faults[0]}" if faults else "")


def _index(asked: argparse.Namespace) -> Path:
    """Return the index of the folder, built where there is none."""
    root: Path = (asked.cache or default_cache()) / f"typing-{asked.folder.name}-{asked.model}"
    if not (root / "CURRENT").is_file():
        console.say(f"building an index in {root}")
        encoder = None if asked.model == "none" else open_encoder(asked.model)
        Rebuild(paths=IndexPaths(root), sources=[asked.folder], encoder=encoder).run()
    return root


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.typing", description="Measure the screen under typing.")
    parser.add_argument("folder", type=Path, help="articles, as index rebuild reads them")
    parser.add_argument("--model", default="hash", metavar="NAME", help="none for words only")
    parser.add_argument("--size", default="120x36", metavar="COLUMNSxLINES")
    parser.add_argument("--cache", type=Path, default=None, metavar="DIR", help="where the index is kept")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())

"""Many readers and a writer at once, for as long as is wished: one committed state each, no error, flat memory.

``python -m benchmarks.soak --seconds N`` has a writer sync without a pause, and compact, rebuild, remove and repair in
between, while processes of several threads search, reload and open anew. Every article of a state says which state it
is of, and how many articles a state has follows from that: a reader that saw two states, or half of one, would tell.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from benchmarks import damage
from index import build, compact, removal, repair, sync
from index.encode.hashing import HashEncoder
from index.snapshot import IndexPaths
from search.searcher import Searcher

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT: Final = Path(__file__).parents[1]
FEWEST: Final = 12
SPREAD: Final = 7
EVERY: Final = {"compact": 4, "remove": 5, "rebuild": 7, "repair": 9}
WARM_UP: Final = 0.3  # of the time: caches fill, allocators settle


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What came of it."""

    seconds: float
    writes: dict[str, int]
    reads: dict[str, int]
    errors: list[str]
    memory: dict[str, tuple[float, float, float]]
    """By process: MB after the warm-up, at the end, and the growth of the line between in MB an hour."""
    handles: dict[str, tuple[int, int]]
    """By process: open files after the warm-up, and at the end."""
    snapshots: int
    """Left at the end."""


def count_of(state: int) -> int:
    """Return how many articles a state has."""
    return FEWEST + state % SPREAD


def write_state(path: Path, state: int) -> None:
    """Write the articles of a state."""
    told: list[dict[str, object]] = [
        {
            "id": f"a{number}",
            "title": f"Harbour story {number}",
            "paragraphs": [f"This is state s{state} of the story.", f"The tide came in at pier {number % 5}."],
            "comments": [{"id": "c1", "author": "Bo", "text": f"Comment upon state s{state}."}],
        }
        for number in range(count_of(state))
    ]
    damage.write(path, [*told, {"id": "spare", "title": "Spare", "paragraphs": ["Nothing to see at the quay."]}])


def checked(searcher: Searcher) -> None:
    """Search what is live now; raises ``AssertionError`` where what it says is of no one state."""
    with searcher.steady() as asked:
        first = asked.search("state of the story", mode="keyword", limit=200, stacks=False, comments=None)
        found = {word for hit in first for word in _states(hit.passage.text)}
        assert len(found) == 1, f"says {sorted(found)} at once"
        state = found.pop()
        count = count_of(int(state[1:]))
        names = {hit.passage.article_id for hit in first}
        assert names == {f"a{number}" for number in range(count)}, f"{state} has {sorted(names)}"
        assert asked.info().articles in (count, count + 1)
        near = asked.search("the tide at the pier", mode="hybrid", limit=50, stacks=False)
        assert {word for hit in near for word in _states(hit.passage.text)} <= {state}
        last = asked.article(f"a{count - 1}")
        assert state in last.paragraphs[0], f"{state} against {last.paragraphs[0]}"
        assert state in last.comments[0].text
        asked.facets("harbour")


def _states(text: str) -> list[str]:
    return re.findall(r"\bs[0-9]+\b", text)


@dataclass(slots=True)
class Reader:
    """Searches in several threads until it is told to end, on standard input."""

    root: Path
    done: threading.Event = field(default_factory=threading.Event)
    counts: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)

    def run(self, threads: int) -> None:
        """Read; what came of it goes to standard output."""
        with Searcher.open(self.root, encoder=HashEncoder()) as searcher:
            works = [threading.Thread(target=self._loop, args=(self._search, searcher)) for _ in range(threads)]
            works += [threading.Thread(target=self._loop, args=(work, searcher)) for work in (self._reload, self._open)]
            for work in works:
                work.start()
            print("ready", flush=True)
            _until_closed(self.done)
            for work in works:
                work.join()
            searcher.reload()
            checked(searcher)
        print(json.dumps({"counts": self.counts, "errors": self.errors[:20]}))

    def _loop(self, work: Callable[[Searcher], None], searcher: Searcher) -> None:
        while not self.done.is_set():
            try:
                work(searcher)
            except BaseException as error:  # noqa: BLE001 - anything is what this looks for
                self.errors.append(f"{type(error).__name__}: {error}"[:300])

    def _search(self, searcher: Searcher) -> None:
        checked(searcher)
        self.counts["searches"] += 3

    def _reload(self, searcher: Searcher) -> None:
        if searcher.is_stale:
            self.counts["reloads"] += searcher.reload()
        self.done.wait(0.05)

    def _open(self, _searcher: Searcher) -> None:
        with Searcher.open(self.root, encoder=HashEncoder()) as searcher:
            checked(searcher)
        self.counts["openings"] += 1
        self.done.wait(0.05)


class Writer:
    """Writes without a pause until it is told to end, on standard input."""

    def __init__(self, root: Path, source: Path, rounds: int) -> None:
        """Write to an index from its articles; so many rounds, or 0 for until it is told."""
        self._paths, self._source, self._rounds = IndexPaths(root), source, rounds
        self._state = 0
        self._counts: Counter[str] = Counter()

    def run(self) -> None:
        """Write; what came of it goes to standard output."""
        done = threading.Event()
        threading.Thread(target=_until_closed, args=(done,), daemon=True).start()
        errors: list[str] = []
        while not done.is_set() and (not self._rounds or self._state < self._rounds):
            try:
                self._round()
            except BaseException as error:  # noqa: BLE001 - the same
                errors.append(f"writer: {type(error).__name__}: {error}"[:300])
        print(json.dumps({"counts": self._counts, "errors": errors[:20]}))

    def _round(self) -> None:
        self._state += 1
        write_state(self._source, self._state)
        self._did("sync", sync.Sync(paths=self._paths, encoder=HashEncoder()).run)
        for name, every in EVERY.items():
            if self._state % every == 0:
                self._did(name, getattr(self, f"_{name}"))

    def _did(self, name: str, work: Callable[[], object]) -> None:
        work()
        self._counts[name] += 1

    def _compact(self) -> None:
        compact.Compaction(paths=self._paths).run()

    def _rebuild(self) -> None:
        build.Rebuild(paths=self._paths, sources=[self._source], encoder=HashEncoder()).run()

    def _repair(self) -> None:
        repair.Repair(paths=self._paths, encoder=HashEncoder()).run()

    def _remove(self) -> None:
        removal.Removal(paths=self._paths, ids=["spare"], encoder=HashEncoder()).run()
        removal.restore(self._paths, ["spare"])


def _until_closed(done: threading.Event) -> None:
    sys.stdin.read()
    done.set()


def soak(seconds: float, readers: int, threads: int, rounds: int = 0) -> Told:
    """Let them loose on a new index for so long, or until it was written to so often; return what came of it."""
    with tempfile.TemporaryDirectory() as folder:
        root, source = Path(folder) / "index", Path(folder) / "articles.jsonl"
        write_state(source, 0)
        build.Rebuild(paths=IndexPaths(root), sources=[source], encoder=HashEncoder()).run()
        works = {f"reader {number}": _started("reader", root, source, threads) for number in range(readers)}
        for work in works.values():
            assert work.stdout is not None
            assert work.stdout.readline() == "ready\n"
        works["writer"] = _started("writer", root, source, rounds)
        began, seen = time.monotonic(), []
        while time.monotonic() - began < seconds and all(work.poll() is None for work in works.values()):
            time.sleep(min(1.0, seconds / 20))
            seen.append({name: _facts(work.pid) for name, work in works.items()})
        seconds = time.monotonic() - began
        told = {name: _ended(work) for name, work in works.items()}
        snapshots = len(list((root / "snapshots").iterdir()))
    counts: Counter[str] = sum((Counter(one["counts"]) for name, one in told.items() if name != "writer"), Counter())
    first, last = seen[int(len(seen) * WARM_UP)], seen[max(0, len(seen) - 2)]  # in the last one a process may be gone
    return Told(
        seconds=seconds,
        writes=told["writer"]["counts"],
        reads=dict(counts),
        errors=[error for one in told.values() for error in one["errors"]],
        memory={
            name: (first[name][0], last[name][0], _slope([one[name][0] for one in seen], seconds)) for name in works
        },
        handles={name: (first[name][1], last[name][1]) for name in works},
        snapshots=snapshots,
    )


def _started(role: str, root: Path, source: Path, number: int) -> subprocess.Popen[str]:
    given = [sys.executable, "-m", "benchmarks.soak", "--role", role, "--number", str(number), str(root), str(source)]
    return subprocess.Popen(given, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def _ended(work: subprocess.Popen[str]) -> dict[str, Any]:
    told = work.communicate()[0]
    if work.returncode:
        return {"counts": {}, "errors": [f"a process ended with {work.returncode}"]}
    found: dict[str, Any] = json.loads(told)
    return found


def _facts(pid: int) -> tuple[float, int]:
    """Return the memory of a process in MB, and how many files it has open; zeros where it ended."""
    try:
        status = Path(f"/proc/{pid}/status").read_text("utf-8")
        return int(re.findall(r"VmRSS:\s+([0-9]+)", status)[0]) / 1e3, len(os.listdir(f"/proc/{pid}/fd"))  # noqa: PTH208
    except (OSError, IndexError):
        return 0.0, 0


def _slope(memory: Sequence[float], seconds: float) -> float:
    """Return by how many MB an hour memory grows, by least squares after the warm-up."""
    kept = memory[int(len(memory) * WARM_UP) :]
    return float(np.polyfit(np.arange(len(kept)) * seconds / len(memory), kept, 1)[0] * 3600) if len(kept) > 2 else 0.0


def main() -> int:
    given = argparse.ArgumentParser()
    given.add_argument("--seconds", type=float, default=60)
    given.add_argument("--readers", type=int, default=2)
    given.add_argument("--threads", type=int, default=2)
    given.add_argument("--number", type=int, default=0, help=argparse.SUPPRESS)
    given.add_argument("--role", choices=("writer", "reader"), help=argparse.SUPPRESS)
    given.add_argument("where", nargs="*", type=Path, help=argparse.SUPPRESS)
    asked = given.parse_args()
    if asked.role == "writer":
        Writer(asked.where[0], asked.where[1], asked.number).run()
        return 0
    if asked.role == "reader":
        Reader(asked.where[0]).run(asked.number)
        return 0
    told = soak(asked.seconds, asked.readers, asked.threads)
    print(json.dumps(asdict(told), indent=1))
    return int(bool(told.errors))


if __name__ == "__main__":
    sys.exit(main())

"""Damage at random places of every file of an index: harmless, refused, or named by verify; never anything else.

``python -m benchmarks.damage N [SEED]`` does N trials on an index of invented articles and prints what became of them.
In every other one the engine's files count as too great to be checked when an index is opened, as those of a large one
are: then only the engine, the answers and verify can tell.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import closing
from dataclasses import asdict, dataclass
from itertools import cycle
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

QUERIES: Final = (
    ("harbour dredging", "hybrid", None),
    ("tide", "keyword", None),
    ('"harbour dredging" OR ferr*', "keyword", None),
    ("in:comment pier", "keyword", None),
    ("by:bo", "keyword", None),
    ("ships and grain in the storm", "semantic", None),
    ("council vote", "hybrid", "article"),
    ("in:furniture", "keyword", None),
)
WORDS: Final = (
    *("harbour", "dredging", "council", "vote", "grain", "ships", "tide", "marine", "panel", "crane", "storm"),
    *("ferry", "pier", "mayor", "budget", "museum", "bridge", "river", "fish", "market", "lamp", "rail", "school"),
)
KINDS: Final = ("flip", "flip", "flip", "burst", "zero", "truncate", "delete", "empty")
ROOT: Final = Path(__file__).parents[1]
NO_LOSS: Final = "weights.json"  # an index without it is one that was never tuned
LARGE: Final = 0.5  # of the trials
FINE: Final = ("harmless", "refused", "named")


@dataclass(frozen=True, slots=True)
class Trial:
    """One file damaged in one way; ``seed`` chooses the place."""

    file: str
    kind: str
    seed: int
    is_large: bool = False

    def damage(self, root: Path) -> None:
        """Do it."""
        path, chance = root / self.file, random.Random(self.seed)
        size = path.stat().st_size
        match self.kind:
            case "delete":
                path.unlink()
            case "empty":
                path.write_bytes(b"")
            case "truncate":
                os.truncate(path, chance.randrange(size))
            case _:
                content = bytearray(path.read_bytes())
                place = chance.randrange(size)
                length = {"flip": 1, "burst": 16, "zero": 512}[self.kind]
                for at in range(place, min(place + length, size)):
                    content[at] = {
                        "flip": content[at] ^ (1 << chance.randrange(8)),
                        "burst": chance.randrange(256),
                        "zero": 0,
                    }[self.kind]
                path.write_bytes(content)


def make(folder: Path, articles: int = 40, engine: str = "tantivy") -> Path:
    """Build an index with all there is: comments, links, stacks, furniture, a sync, a removal; return its directory."""
    from index.build import Rebuild
    from index.encode.hashing import HashEncoder
    from index.removal import Removal
    from index.snapshot import IndexPaths
    from index.sync import Sync
    from search import weights
    from search.searcher import Searcher

    chance = random.Random(4)
    told = [article(number, chance) for number in range(articles)]
    source, paths = folder / "articles.jsonl", IndexPaths(folder / "index")
    write(source, told[: articles - 5])
    Rebuild(paths=paths, sources=[source], encoder=HashEncoder(), engine=engine).run()
    write(source, [*told[3:], told[0] | {"title": "Another harbour"}])
    Sync(paths=paths, encoder=HashEncoder()).run()
    Removal(paths=paths, ids=["a5", "a6#c1"], encoder=HashEncoder()).run()
    (paths.root / weights.FILE).write_text(weights.saved(weights.Weights(alpha=0.6)), encoding="utf-8")
    with Searcher.open(paths.root, encoder=HashEncoder()) as searcher:
        searcher.judge("harbour", "a7#p2", relevant=True)
    return paths.root


def trials(root: Path, count: int, seed: int = 1) -> Iterator[Trial]:
    """Yield trials, every file in turn, each in every way that can be done to it."""
    chance = random.Random(seed)
    files = sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    for file, _ in zip(cycle(files), range(count), strict=False):
        kind = chance.choice(KINDS)
        if not (root / file).stat().st_size:
            kind = "delete"
        elif file == NO_LOSS and kind == "delete":
            kind = "empty"
        yield Trial(file, kind, chance.randrange(2**32), is_large=chance.random() < LARGE)


def answers(root: Path) -> str:
    """Return all that an index answers, as one text; raises what searching raises."""
    from index.encode.hashing import HashEncoder
    from search.searcher import Searcher

    found: list[object] = []
    with Searcher.open(root, encoder=HashEncoder()) as searcher:
        for query, mode, grouping in QUERIES:
            results = searcher.search(query, mode=mode, group_by=grouping, limit=20)
            found += [results.total, results.hits]
            found += [searcher.article(hit.passage.article_id) for hit in results.hits[:3]]
        found += [searcher.facets("harbour"), searcher.suggest("ha")]
    return repr(found)


def outcome(root: Path, trial: Trial, expected: str) -> str:
    """Return what becomes of an index that is damaged so; the copy in ``root`` is spoilt by it."""
    from index import checksums
    from index.errors import BroadsheetError
    from index.snapshot import IndexPaths
    from index.verify import Verification

    checksums.SMALL = -1 if trial.is_large else 1 << 20  # type: ignore[misc]
    trial.damage(root)
    try:
        found = answers(root)
    except BroadsheetError:
        return "refused"
    except BaseException as error:  # noqa: BLE001 - anything else is what this looks for
        return f"traceback in searching: {type(error).__name__}: {error}"[:200]
    try:
        is_sound = Verification(paths=IndexPaths(root)).run().is_sound
    except BroadsheetError:
        is_sound = False
    except BaseException as error:  # noqa: BLE001 - the same
        return f"traceback in verify: {type(error).__name__}: {error}"[:200]
    if not is_sound:
        return "named" if found != expected else "named, answers equal"
    return "harmless" if found == expected else "SILENT"


def worker() -> int:
    """Do the trials read from standard input, one a line; each result is a line."""
    given = json.loads(sys.stdin.readline())
    for line in sys.stdin:
        trial = Trial(**json.loads(line))
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder) / "index"
            shutil.copytree(given["root"], copy)
            told = outcome(copy, trial, given["expected"])
        print(json.dumps(told), flush=True)
    return 0


class Pool:
    """One process that does trials; it is started again when one kills it."""

    def __init__(self, root: Path, expected: str) -> None:
        self._given = json.dumps({"root": str(root), "expected": expected}) + "\n"
        self._process: subprocess.Popen[str] | None = None

    def run(self, trial: Trial) -> str:
        """Return the outcome of a trial; that of one which ends the process is ``died``."""
        process = self._process or self._started()
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(asdict(trial)) + "\n")
        process.stdin.flush()
        line = process.stdout.readline()
        if line:
            return str(json.loads(line))
        self.close()
        return f"died with {process.returncode}"

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            with self._process as process:
                assert process.stdin is not None
                process.stdin.close()
            self._process = None

    def _started(self) -> subprocess.Popen[str]:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.damage", "--worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=ROOT,
        )
        assert self._process.stdin is not None
        self._process.stdin.write(self._given)
        return self._process


def judged(root: Path, chosen: Sequence[Trial]) -> list[tuple[Trial, str]]:
    """Return each trial with its outcome."""
    expected = answers(root)
    with closing(Pool(root, expected)) as pool:
        return [(trial, pool.run(trial)) for trial in chosen]


def is_fine(told: str) -> bool:
    """Tell whether an outcome is one that may be."""
    return told.startswith(FINE)


def main() -> int:
    if sys.argv[1:] == ["--worker"]:
        return worker()
    count = int(sys.argv[1]) if sys.argv[1:] else 1000
    seed = int(sys.argv[2]) if sys.argv[2:] else 1
    with tempfile.TemporaryDirectory() as folder:
        root = make(Path(folder))
        results = judged(root, list(trials(root, count, seed)))
    for told, number in Counter(told if is_fine(told) else told.split(":")[0] for _, told in results).most_common():
        print(f"{number:6} {told}")
    for trial, told in results:
        if not is_fine(told):
            print(trial, told)
    return int(any(not is_fine(told) for _, told in results))


def article(number: int, chance: random.Random) -> dict[str, object]:
    """Return an invented article."""

    def said(length: int) -> str:
        return " ".join(chance.choices(WORDS, k=length)).capitalize() + "."

    paragraphs = ["The harbour dredging began at noon, the council said in the old town hall.", said(14), said(30)]
    comments = [
        {"id": f"c{place}", "author": chance.choice(["Bo", "Cy"]), "text": said(9), "parent": "c0" if place else None}
        for place in range(3)
    ]
    return {
        "id": f"a{number}",
        "title": said(4),
        "published": f"2024-03-{number % 28 + 1:02}T10:00:00Z",
        "source": "The Gull",
        "authors": ["Ann Reed"],
        "topics": ["harbour"],
        "paragraphs": ["Sign up for our letter", *paragraphs],
        "comments": comments,
    }


def write(path: Path, told: list[dict[str, object]]) -> None:
    """Write articles as JSON Lines, at a time of writing that is never the same."""
    path.write_text("".join(json.dumps(each) + "\n" for each in told), encoding="utf-8")
    os.utime(path, ns=(0, random.randrange(10**18)))


if __name__ == "__main__":
    sys.exit(main())

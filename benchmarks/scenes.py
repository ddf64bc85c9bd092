"""Every command that writes, as something to be interrupted: where it starts, what it does, what an index says after.

Each runs in a forked child, so that engines' threads never meet a fork, and that a child can be killed.
"""

from __future__ import annotations

import importlib
import json
import os
import random
import signal
import sys
from contextlib import closing, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from benchmarks import damage
from index import build, compact, learnt, purge, removal, repair, sync, vector_check, vector_codes, verify
from index.encode.hashing import HashEncoder
from index.errors import IndexMissing, NotFound
from index.keyword.clause import Everything
from index.local import LocalIndex
from index.snapshot import IndexPaths
from search import judgements, tuning, weights
from search.searcher import Searcher

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

ARTICLES: Final = 9
vector_codes.BLOCK = vector_check.BLOCK = 16  # type: ignore[misc, attr-defined]  # so that a small index has some
WORDS: Final = ("harbour dredging", "tide OR storm", "in:comment pier", "by:bo council", "in:furniture letter")
NEAR: Final = "ships and grain in the storm"
BESIDE: Final = {
    *("CURRENT", "lock", "embeddings.sqlite", "deletions.jsonl", "judgements.jsonl", "judgements.lock"),
    # What a killed one leaves of these is written over by the next.
    *("judgements.lock.holder", "weights.json.new", "weights.previous.json.new", "furniture.json.new"),
    *("furniture.json", "weights.json", "weights.previous.json", "snapshots"),
}
INSIDE: Final = {
    *("manifest.json", "store.sqlite", "store.sqlite-wal", "store.sqlite-shm", "keyword", "readers"),
    *("vectors.f32", "vectors.rows", "vectors.sums", "vectors.codes"),
}


@dataclass(frozen=True, slots=True)
class Scene:
    """One command over one index."""

    name: str
    run: Callable[[Path, Path], object]
    """Given the index directory and the file of articles."""
    engine: str = "tantivy"
    is_first: bool = False
    """Whether there is no index before."""
    has_news: bool = False
    """Whether the articles change before it runs."""


def _rebuild(engine: str = "tantivy") -> Callable[[Path, Path], object]:
    def run(root: Path, source: Path) -> object:
        return build.Rebuild(paths=IndexPaths(root), sources=[source], encoder=HashEncoder(), engine=engine).run()

    return run


def _sync(root: Path, _source: Path) -> object:
    return sync.Sync(paths=IndexPaths(root), encoder=HashEncoder()).run()


def _remove(root: Path, _source: Path) -> object:
    return removal.Removal(paths=IndexPaths(root), ids=["a4", "a7#c1"], encoder=HashEncoder()).run()


def _restore(root: Path, _source: Path) -> object:
    with suppress(NotFound):  # off the list already, the second time
        removal.restore(IndexPaths(root), ["a5"])
    return _sync(root, _source)


def _compact(root: Path, _source: Path) -> object:
    return compact.Compaction(paths=IndexPaths(root)).run()


def _purge(root: Path, source: Path) -> object:
    _compact(root, source)
    return purge.purge(IndexPaths(root), HashEncoder())


def _repair(root: Path, _source: Path) -> object:
    return repair.Repair(paths=IndexPaths(root), encoder=HashEncoder()).run()


def _judge(root: Path, _source: Path) -> object:
    with Searcher.open(root, encoder=HashEncoder()) as searcher:
        return searcher.judge("tide", "a6#p1", relevant=True)


def _tune(root: Path, _source: Path) -> object:
    found = tuning.Tuning(before=weights.load(root), after=weights.Weights(alpha=0.3), judged=12, usable=12)
    tuning.adopt(root, found)
    return None


def _keep(root: Path, _source: Path) -> object:
    with closing(LocalIndex.open(root)) as index:
        line = learnt.learnt(index._store.read, None, 1)[0]
    learnt.keep(IndexPaths(root), line)
    return None


SCENES: Final = {
    scene.name: scene
    for scene in (
        Scene("first rebuild", _rebuild(), is_first=True),
        Scene("rebuild", _rebuild(), has_news=True),
        Scene("sync", _sync, has_news=True),
        Scene("remove", _remove),
        Scene("restore", _restore),
        Scene("compact", _compact),
        Scene("compact --purge", _purge),
        Scene("rebuild --from-index", _repair),
        Scene("judge", _judge),
        Scene("tune", _tune),
        Scene("furniture --keep", _keep),
        Scene("rebuild, whoosh", _rebuild("whoosh"), engine="whoosh", has_news=True),
        Scene("sync, whoosh", _sync, engine="whoosh", has_news=True),
        Scene("compact, whoosh", _compact, engine="whoosh"),
    )
}


class Died(Exception):
    """A child ended without an answer."""


def forked(work: Callable[[], object], kill_after: float | None = None) -> Any:
    """Run ``work`` in a child and return what it returned, as JSON knows it; raises ``Died``, with why.

    ``kill_after`` so many seconds it is killed, unless it was done.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        _told(work, writing)
    os.close(writing)
    if kill_after is not None:
        signal.sigtimedwait([signal.SIGCHLD], kill_after)
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    with open(reading, encoding="utf-8") as pipe:  # noqa: PTH123 - a descriptor
        told = pipe.read()
    status = os.waitpid(child, 0)[1]
    if not told:
        raise Died(f"ended with status {status}")
    answer = json.loads(told)
    if "error" in answer:
        raise Died(answer["error"])
    return answer["value"]


def _told(work: Callable[[], object], writing: int) -> None:
    """Run ``work`` and end this process."""
    try:
        answer = {"value": work()}
    except BaseException as error:  # noqa: BLE001 - told to the parent
        answer = {"error": f"{type(error).__name__}: {error}"}
    os.write(writing, json.dumps(answer, default=lambda _value: None).encode())
    os._exit(0)


def warm(folder: Path) -> None:
    """Import here whatever writing and reading import, so that no child has to: it takes longer than they do."""

    def loaded() -> list[str]:
        root = prepare(SCENES["sync"], folder)
        for name in ("sync", "remove", "compact --purge", "rebuild, whoosh"):
            SCENES[name].run(root, folder / "articles.jsonl")
        state(root)
        faults(root)
        return [name for name in sys.modules if name.partition(".")[0] not in ("__main__", "__mp_main__")]

    for name in forked(loaded):
        with suppress(ImportError):
            importlib.import_module(name)


def prepare(scene: Scene, folder: Path) -> Path:
    """Make the index that a scene starts from in ``folder``, and its articles; return its directory."""
    root, source = damage.make(folder, ARTICLES, scene.engine), folder / "articles.jsonl"
    chance = random.Random(8)
    if scene.has_news or scene.is_first:
        damage.write(source, [damage.article(number, chance) for number in range(3, ARTICLES + 4)])
    return root


def state(root: Path) -> dict[str, Any]:
    """Return all that an index says, in an order of its own; raises what reading it raises."""
    try:
        searcher = Searcher.open(root, encoder=HashEncoder())
    except IndexMissing:
        return {}
    with searcher:
        with closing(LocalIndex.open(root)) as index:
            passages = index.passages(index.matching(Everything()).tolist())
            assert len(passages) == index.size, "the engine and the store disagree"
            told: dict[str, Any] = {"size": index.size, "vectors": index.info.vectors > 0}
            rows = list(passages)
            names = {row: passage.id for row, passage in passages.items()}
            told["stacks"] = sorted((names[row], names[leader]) for row, leader in index.stacks(rows).items())
            told["links"] = sorted((names[row], names[found]) for row, (found, _) in index.answers(rows).items())
            told["places"] = sorted((passage.id, passage.kind.value) for passage in passages.values())
        articles = sorted({passage.article_id for passage in passages.values()})
        told["articles"] = {name: repr(searcher.article(name)) for name in articles}
        for query in WORDS:
            results = searcher.search(query, mode="keyword", limit=500, stacks=False, comments=None)
            told[query] = [results.total, sorted(hit.passage.id for hit in results)]
        near = searcher.search(NEAR, mode="semantic", limit=500, stacks=False, comments=None)
        told["near"] = sorted([hit.passage.id, round(hit.score, 5)] for hit in near)
        told["facets"] = repr(searcher.facets("harbour"))
    kept = judgements.Judgements.beside(root).all()
    told["judgements"] = sorted([one.query, one.passage_id, one.grade] for one in kept)
    told["weights"] = weights.load(root).alpha
    told["kept lines"] = sorted(learnt.kept(IndexPaths(root)))
    told_again: dict[str, Any] = json.loads(json.dumps(told))
    return told_again


def faults(root: Path) -> list[str]:
    """Return what verification finds wrong with an index; nothing where there is none."""
    try:
        found = verify.Verification(paths=IndexPaths(root)).run()
    except IndexMissing:
        return []
    return [f"{fault.file}: {fault.what}" for fault in found.faults]


def leftovers(root: Path) -> list[str]:
    """Return what lies in an index directory and belongs to no live snapshot."""
    found = [path.name for path in root.iterdir() if path.name not in BESIDE]
    live = root / "snapshots" / (root / "CURRENT").read_text("utf-8").strip()
    found += [f"snapshots/{path.name}" for path in (root / "snapshots").iterdir() if path != live]
    found += [path.name for path in live.iterdir() if path.name not in INSIDE]
    for meta in live.rglob("meta.json"):
        held = {one["segment_id"].replace("-", "") for one in json.loads(meta.read_text("utf-8"))["segments"]}
        for path in meta.parent.iterdir():
            if path.is_file() and path.suffix not in ("", ".json", ".lock") and path.name.split(".")[0] not in held:
                found.append(f"keyword/{path.name}")
            if path.name.startswith(".tmp"):
                found.append(f"keyword/{path.name}")
    return sorted(found)

"""Four ways to rank, measured on a judged collection: each leg, reciprocal rank fusion, and the product's own fusion.

The index of a collection is kept in a cache, and built anew only where the collection, the model or the format of
indexes has changed; embeddings outlive even that.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from index import settings
from index.build import Rebuild
from index.errors import IndexUnusable, UsageError
from index.local import LocalIndex
from index.progress import Silent
from index.snapshot import IndexPaths
from search import measures
from search.edition import of_one_edition
from search.furniture import planned
from search.fuse import COSINE_FLOOR, Fusion
from search.group import Arrangement
from search.query import Query
from search.results import Mode, Sort
from search.retrieve import ordered
from search.searcher import Searcher

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.encode.protocol import Encoder
    from index.progress import Progress
    from search.collection import Collection
    from search.measures import Values

DEPTH: Final = 100
RUNS: Final[dict[str, tuple[Mode, Fusion | None]]] = {
    "keyword": (Mode.KEYWORD, None),
    "semantic": (Mode.SEMANTIC, None),
    "rrf": (Mode.HYBRID, Fusion(rrf=True, floor=COSINE_FLOOR)),
    "hybrid": (Mode.HYBRID, None),
}
LEGS: Final = ("keyword", "semantic")
_UNSAFE: Final = re.compile(r"[^\w.-]+")

Means = dict[str, dict[str, float]]
Rankings = dict[str, dict[str, tuple[str, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """What was measured; arrays are (n,) and aligned with ``queries``."""

    queries: dict[str, str]
    """Id -> text, in the order of the values."""
    values: dict[str, dict[str, Values]]
    """Run -> measure -> value of each query."""
    about: dict[str, Any] = field(default_factory=dict)
    """Collection, model, index, settings: what one must know to repeat it."""

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures, the one that counts first."""
        return tuple(next(iter(self.values.values())))

    @property
    def better_leg(self) -> str:
        """The leg that is better by itself."""
        first = self.measures[0]
        return max(LEGS, key=lambda leg: float(self.values[leg][first].mean()))

    def means(self) -> Means:
        """Return the mean of each measure over all judged queries, by run."""
        return {
            run: {measure: float(values.mean()) for measure, values in by_measure.items()}
            for run, by_measure in self.values.items()
        }


class Ranker(Searcher):
    """Ranks as ``Searcher.search`` does and stops there: snippets of a hundred hits are most of what those cost."""

    @of_one_edition
    def documents(self, query: Query, mode: Mode, fusion: Fusion | None = None) -> tuple[str, ...]:
        """Return the ids of the ``DEPTH`` best articles, best first."""
        parsed = self._parsed(query)
        asked = planned(self._index, parsed, self._here.weights.story)
        legs = self._legs(asked, mode, {}, by_article=True)
        arrangement = Arrangement(stacks=False, comments=None, by_article=True, shares=self._here.weights.shares)
        how = (fusion or self._here.fusion(parsed.meaning), arrangement)
        ranking = ordered(legs, asked.constraint, Sort.RELEVANCE, DEPTH, how)
        rows = ranking.rows[:DEPTH].tolist()
        passages = self._index.passages(rows)
        return tuple(passages[row].article_id for row in rows if row in passages)

    def holds_any(self, documents: Iterable[str]) -> bool:
        """Whether at least one of the documents is in the index."""
        return bool(self._index.articles(sorted(documents)))


def evaluate(
    collection: Collection, encoder: Encoder, cache: Path, progress: Progress | None = None, *, fresh: bool = False
) -> Evaluation:
    """Measure the four runs on a collection, its index built in ``cache`` where it is not there yet."""
    measures.library()  # told before hours of encoding, not after
    told = progress or Silent()
    root = index_dir(collection, encoder, cache)
    if fresh or not _is_current(root, encoder):
        _build(collection, encoder, root, told)
    with Ranker.open(root, encoder=encoder) as ranker:
        _check(ranker, collection)
        found = rankings(ranker, collection, told)
        about = _about(collection, encoder, ranker)
    return Evaluation(
        queries=collection.queries,
        values={run: measures.per_query(found[run], collection.judgements, collection.measures) for run in RUNS},
        about=about,
    )


def rankings(ranker: Ranker, collection: Collection, progress: Progress) -> Rankings:
    """Return the ids of the documents found, by run and query."""
    found: Rankings = {run: {} for run in RUNS}
    progress.start("asking", len(collection.queries), "question")
    for name, words in collection.queries.items():
        query = Query.of_words(words)
        for run, (mode, fusion) in RUNS.items():
            found[run][name] = ranker.documents(query, mode, fusion)
        progress.advance()
    progress.finish()
    return found


def default_cache() -> Path:
    """Return the folder that indexes of collections are kept in."""
    return settings.cache_dir() / "eval"


def index_dir(collection: Collection, encoder: Encoder, cache: Path) -> Path:
    """Return where the index of a collection is kept: another file, task or model has another place."""
    status = collection.source.stat()
    parts = (collection.task.value, status.st_size, status.st_mtime_ns, encoder.card.identity)
    key = hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]
    return cache / f"{_UNSAFE.sub('_', collection.name)[:40]}-{key}"


def _is_current(root: Path, encoder: Encoder) -> bool:
    """Whether there is an index that this version can read."""
    try:
        index = LocalIndex.open(root)
    except IndexUnusable:
        return False
    index.close()
    return index.manifest.model == encoder.card


def _build(collection: Collection, encoder: Encoder, root: Path, progress: Progress) -> None:
    """Build the index from a copy of the documents that is gone afterwards."""
    try:
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        IndexPaths(root).current.unlink(missing_ok=True)  # a damaged one would stop its own repair
        with tempfile.TemporaryDirectory(dir=root, prefix="documents-") as folder:
            copy = Path(folder) / "documents.jsonl"
            with copy.open("w", encoding="utf-8") as file:
                file.writelines(json.dumps(document) + "\n" for document in collection.documents())
            Rebuild(paths=IndexPaths(root), sources=[copy], encoder=encoder, progress=progress).run()
    except OSError as error:
        raise UsageError(f"{root} cannot be written ({error.strerror or error}); choose another --cache") from error


def _check(ranker: Ranker, collection: Collection) -> None:
    """Raise ``UsageError`` where the judgements are about other documents than those of the collection."""
    relevant = {doc for judged in collection.judgements.values() for doc, grade in judged.items() if grade > 0}
    if relevant and not ranker.holds_any(relevant):
        raise UsageError(
            f"no document that is judged relevant is in {collection.source}; choose the judgements that belong to it "
            "with --qrels FILE"
        )


def _about(collection: Collection, encoder: Encoder, ranker: Ranker) -> dict[str, Any]:
    """Return what the numbers are of."""
    from importlib.metadata import version

    info = ranker.info()
    return {
        "version": version("broadsheet"),
        "collection": collection.name,
        "task": collection.task.value,
        "queries": len(collection.queries),
        "queries_without_text": collection.unknown,
        "model": asdict(encoder.card),
        "index": {
            "engine": info.engine,
            "format": info.format_version,
            "text_version": info.text_version,
            "articles": info.articles,
            "passages": {kind.value: count for kind, count in info.passages.items()},
            "vectors": info.vectors,
        },
        "settings": {"depth": DEPTH, "group_by": "article", "stacks": False},
    }

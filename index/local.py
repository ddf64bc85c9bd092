"""The index on this machine: one live snapshot, opened for reading. Every hit is resolved through the store."""

from __future__ import annotations

from contextlib import ExitStack, closing
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Final

from index import checksums
from index import snapshot as snapshots
from index.errors import IndexDamaged, IndexLocked, NotFound
from index.keyword.clause import Group, Only
from index.keyword.engines import open_engine
from index.places import PlaceTable
from index.protocol import IndexInfo
from index.refusals import told
from index.store import Store

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path
    from typing import IO

    from index.keyword.clause import Clause, Facet, Field
    from index.keyword.protocol import Candidates, KeywordIndex, Rows, Scores
    from index.manifest import Manifest
    from index.model import Article, ArticleInfo, Passage
    from index.places import Places
    from index.protocol import Vector
    from index.shown import Shown
    from index.snapshot import SnapshotPaths
    from index.tally import Tally
    from index.vectors import VectorIndex

_TRIES: Final = 100


class LocalIndex:
    """Implements ``index.protocol.Index`` over one snapshot; safe to use from several threads."""

    def __init__(self, root: Path, paths: SnapshotPaths, manifest: Manifest, mark: IO[bytes] | None = None) -> None:
        self._root = root
        self._paths = paths
        self._manifest = manifest
        self._mark = mark
        for path in (paths.store, paths.keyword):
            if not path.exists():
                raise IndexDamaged(f"{path} is missing; run `broadsheet index rebuild`")
        checksums.check_small(paths.root, manifest.files, checksums.SMALL)
        with ExitStack() as undo:
            self._store, self._keyword, self._facts = _agreed(paths, manifest.engine)
            undo.callback(self._store.close)
            undo.callback(self._keyword.close)
            self._vectors = self._open_vectors()
            self._hidden = self._unsettled()
            undo.pop_all()

    @classmethod
    def open(cls, root: Path) -> LocalIndex:
        """Open the live snapshot of an index directory; raises ``IndexUnusable``.

        What a killed writer left half done is done first, where that can be: until then some passages are not found.
        """
        index = cls._opened(root)
        if index._is_behind:
            from index.settling import catch_up  # a crash is rare

            if catch_up(snapshots.IndexPaths(root)):
                index.close()
                return cls._opened(root)
        return index

    @classmethod
    def _opened(cls, root: Path) -> LocalIndex:
        with told(root):
            paths, manifest, mark = snapshots.open_live(snapshots.IndexPaths(root))
            try:
                return cls(root, paths, manifest, mark)
            except BaseException:
                mark.close()
                raise

    @property
    def root(self) -> Path:
        """The index directory."""
        return self._root

    @property
    def manifest(self) -> Manifest:
        """What the snapshot says of itself."""
        return self._manifest

    @property
    def info(self) -> IndexInfo:
        """Return facts of this index."""
        articles, undated, kinds = self._store.counts()
        model = self._manifest.model
        return IndexInfo(
            path=self._root,
            snapshot=self._paths.root.name,
            built=datetime.fromisoformat(self._manifest.built),
            synced=datetime.fromisoformat(self._manifest.synced) if self._manifest.synced else None,
            format_version=self._manifest.format,
            text_version=self._manifest.text_version,
            engine=self._manifest.engine,
            model=None if model is None else model.name,
            awaits=self._manifest.awaits,
            dimension=0 if model is None else model.dimension,
            articles=articles,
            passages=kinds,
            vectors=self._facts.get("vectors", 0),
            undated=undated,
            bytes=snapshots.size(self._paths),
            is_exact=self._vectors is None or self._vectors.is_exact,
        )

    @property
    def size(self) -> int:
        """Return the number of passages."""
        return self._facts.get("passages", 0)

    @property
    def is_live(self) -> bool:
        """Whether this index still reads what was published last."""
        if snapshots.live_name(snapshots.IndexPaths(self._root)) != self._paths.root.name:
            return False
        with closing(Store(self._paths.store)) as now:
            return now.numbers() == self._facts

    def check(self) -> None:
        """Raise ``IndexDamaged`` where the parts of the snapshot disagree on what there is."""
        passages = sum(self._store.counts()[2].values())
        held = self._keyword.documents
        if held != passages or self.size != passages:
            raise IndexDamaged(
                f"{self._paths.keyword} holds {held} passages, the store {passages}; run `broadsheet index rebuild`"
            )
        wanted = self._store.text_count()
        if self._vectors is not None and len(self._vectors) != wanted:
            raise IndexDamaged(
                f"{self._paths.root} has vectors of {len(self._vectors)} passages, not of {wanted}; "
                "run `broadsheet index rebuild`"
            )

    def match(self, clause: Clause, limit: int) -> Candidates:
        """Return the best passages by words."""
        return self._keyword.search(self._shown(clause), limit)

    def nearest(self, vector: Vector, limit: int, allowed: Rows | None = None) -> Candidates:
        """Return the best passages by cosine similarity, among the ``allowed`` rows (ascending) if given."""
        return self._dense().nearest(vector, limit, allowed)

    def score(self, clause: Clause, rows: Rows) -> Scores:
        """Return the keyword score of given rows, (n,) float32; 0 where the clause does not match."""
        return self._keyword.score(self._shown(clause), rows)

    def similarity(self, vector: Vector, rows: Rows) -> Scores:
        """Return the cosine similarity of given rows, (n,) float32."""
        return self._dense().similarity(vector, rows)

    def matching(self, clause: Clause, limit: int | None = None) -> Rows:
        """Return every row that matches, ascending, or the first ``limit`` of them."""
        return self._keyword.matching(self._shown(clause), limit)

    def count(self, clause: Clause) -> int:
        """Return how many passages match."""
        return self._keyword.count(self._shown(clause))

    def frequency(self, field: Field, term: str) -> int:
        """Return in how many passages a term occurs."""
        return self._keyword.frequency(field, term)

    def completions(self, field: Field | Facet, prefix: str, limit: int) -> list[tuple[str, int]]:
        """Return terms (or metadata keys) with that prefix and their passage counts, commonest first."""
        return self._keyword.completions(field, prefix, limit)

    def passages(self, rows: Sequence[int]) -> dict[int, Passage]:
        """Return the passages of rows; rows unknown to the store are left out."""
        return self._store.passages(rows)

    def articles(self, ids: Sequence[str]) -> dict[str, ArticleInfo]:
        """Return the articles of those ids, without their text."""
        return self._store.articles(ids)

    def article(self, article_id: str) -> Article:
        """Return a whole article; raises ``NotFound``."""
        return self._store.article(article_id)

    def passages_of(self, article_id: str) -> list[Passage]:
        """Return all passages of an article in reading order; raises ``NotFound``."""
        passages = self._store.passages_of(article_id)
        if not passages:
            raise NotFound(f"no article {article_id!r} in this index; `broadsheet search` lists ids that exist")
        return passages

    def row(self, passage_id: str) -> int:
        """Return the row of a passage; raises ``NotFound``."""
        return self._store.row(passage_id)

    def shown(self, rows: Sequence[int], named: Sequence[int] = ()) -> Shown:
        """Return what a page shows of those rows, and the ids of those that are ``named`` besides."""
        return self._store.shown(rows, named)

    def article_ids(self, numbers: Sequence[int]) -> dict[int, str]:
        """Return the id of each article of those numbers."""
        return self._store.article_ids(numbers)

    def places(self, rows: Rows) -> Places:
        """Return where each row stands."""
        return self._places.of(rows)

    def tally(self, rows: Rows) -> Tally:
        """Return how many of the rows have each value of the metadata, and each time."""
        return self._store.tally(rows)

    def times(self, rows: Sequence[int]) -> dict[int, int | None]:
        """Return the time of each row in seconds since the epoch, ``None`` where unknown."""
        return self._store.times(rows)

    def stacks(self, rows: Sequence[int]) -> dict[int, int]:
        """Return the leader of each row that is in a stack."""
        return self._store.stacks(rows)

    def members(self, leaders: Sequence[int]) -> dict[int, list[int]]:
        """Return the rows of the stack of each leader, its own too, the earliest first."""
        return self._store.members(leaders)

    def answers(self, rows: Sequence[int]) -> dict[int, tuple[int, float]]:
        """Return (row of the paragraph, score) of each comment that answers one."""
        return self._store.answers(rows)

    def answered_by(self, rows: Sequence[int]) -> dict[int, list[int]]:
        """Return the rows of the comments that answer each paragraph, in order."""
        return self._store.answered_by(rows)

    def vector(self, row: int) -> Vector | None:
        """Return the first vector of a passage, ``None`` where it has none."""
        return None if self._vectors is None else self._vectors.vector(row)

    def close(self) -> None:
        """Release files and the mark that keeps the snapshot from being swept."""
        self._keyword.close()
        self._store.close()
        self._vectors = None  # maps keep their files open
        if self._mark is not None:
            self._mark.close()

    @cached_property
    def _places(self) -> PlaceTable:
        return PlaceTable(self._store.read)

    def _open_vectors(self) -> VectorIndex | None:
        model = self._manifest.model
        if model is None:
            return None
        from index.vectors import VectorIndex  # an index of words only needs none

        return VectorIndex(self._paths.root, model.dimension, self._facts.get("vectors", 0), self._store.masked)

    def _unsettled(self) -> tuple[int, ...]:
        """Return the rows the engine must not show: what a writer has yet to put right, or a crash left there."""
        behind = self._keyword.rows_from(self._facts.get("next_row", 1))
        return tuple(sorted({*self._store.unsettled(), *behind}))

    @property
    def _is_behind(self) -> bool:
        """Whether a passage is hidden because its keyword document is yet to be written anew."""
        return bool(self._hidden) and bool(self._store.places(self._hidden))

    def _shown(self, clause: Clause) -> Clause:
        """Return the clause for those rows that may be shown."""
        return Group(must=(clause,), must_not=(Only(self._hidden),)) if self._hidden else clause

    def _dense(self) -> VectorIndex:
        if self._vectors is None:
            raise IndexDamaged(
                f"the index in {self._root} has words only; run `broadsheet index rebuild --model all-MiniLM-L6-v2`"
            )
        return self._vectors


def _agreed(paths: SnapshotPaths, engine: str) -> tuple[Store, KeywordIndex, dict[str, int]]:
    """Open the store and the engine of one moment: between the two a writer may have moved on."""
    for _ in range(_TRIES):
        with ExitStack() as undo:
            store = Store(paths.store)
            undo.callback(store.close)
            facts = store.numbers()
            keyword = open_engine(engine, paths.keyword)
            undo.callback(keyword.close)
            with closing(Store(paths.store)) as later:
                if later.numbers() == facts:
                    undo.pop_all()
                    return store, keyword, facts
    raise IndexLocked(f"{paths.root} is being written to without a pause; try again")

"""Rebuild: sources become a new snapshot, verified, then published. The only place that runs the whole line.

Reading, analysis and storing come first and are quick; encoding comes second and knows how much there is to do;
what needs all passages and their vectors, stacks and links, comes last.
"""

from __future__ import annotations

import time
from collections import Counter
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Final

import numpy as np

from index import answers, passages, snapshot
from index.cache import EmbeddingCache
from index.errors import SourceError
from index.keyword.tantivy_engine import TantivyWriter
from index.local import LocalIndex
from index.model import Kind
from index.progress import BYTES, Silent
from index.sources.records import Limits, Note, Skip
from index.sources.walk import read_sources, source_files
from index.stacks import stacks
from index.store_writer import StoreWriter
from index.vectors import VectorIndex, VectorWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from index.encode.protocol import Encoder
    from index.keyword.protocol import Rows
    from index.model import Article
    from index.progress import Progress
    from index.snapshot import IndexPaths, SnapshotPaths

BLOCK: Final = 128  # passages encoded between two commits of the cache: what a kill can cost


@dataclass(slots=True)
class BuildReport:
    """What a rebuild did; filled while it runs."""

    snapshot: str = ""
    articles: int = 0
    duplicates: int = 0
    """Articles met a second time under the same id."""
    passages: Counter[Kind] = field(default_factory=Counter)
    skipped: list[Skip] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    texts: int = 0
    """Windows of text that needed a vector."""
    encoded: int = 0
    """Those the model had to be asked for; the others were known."""
    stacks: int = 0
    stacked: int = 0
    """Passages that stand in a stack, the leaders among them."""
    linked: int = 0
    """Comments tied to the paragraph they answer."""
    seconds: dict[str, float] = field(default_factory=dict)
    """Per stage: read, encode, link, publish."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuild:
    """One rebuild: where to, from what, with which encoder (``None`` for words only)."""

    paths: IndexPaths
    sources: Sequence[Path]
    encoder: Encoder | None
    progress: Progress = field(default_factory=Silent)
    on_event: Callable[[Skip | Note], None] = lambda _event: None

    def run(self) -> BuildReport:
        """Build, verify and publish; raises ``SourceError`` where nothing at all could be read.

        Until the last step the snapshot that was live stays live; whatever fails or is killed before changes
        nothing but a folder that the next writer sweeps.
        """
        report = BuildReport()
        with snapshot.writing(self.paths):
            snapshot.sweep(self.paths)
            made = snapshot.new(self.paths)
            try:
                self._fill(made, report)
            except BaseException:
                snapshot.discard(made)
                raise
            snapshot.sweep(self.paths)
            report.snapshot = made.root.name
        return report

    def _fill(self, made: SnapshotPaths, report: BuildReport) -> None:
        with _timed(report, "read"):
            self._read(made, report)
        if self.encoder is not None:
            with _timed(report, "encode"):
                self._encode(self.encoder, made, report)
        with _timed(report, "link"):
            self._link(made, report)
        with _timed(report, "publish"):
            self._publish(made)

    def _read(self, made: SnapshotPaths, report: BuildReport) -> None:
        """Read every article once, and put its passages into the store and the keyword engine."""

        def heard(event: Skip | Note) -> None:
            _record(event, report)
            self.on_event(event)

        size = sum(source.size for source in source_files(self.sources, lambda _event: None))
        self.progress.start("reading", size, BYTES)
        with (
            closing(StoreWriter.create(made.store)) as store,
            closing(TantivyWriter(made.keyword, create=True)) as keyword,
        ):
            store.begin()
            row = 1
            for article in read_sources(self.sources, Limits(), heard, self.progress.advance):
                known = report.duplicates
                row += self._add(article, row, store, keyword, report)
                if report.duplicates > known:
                    heard(Note(article.path or article.id, f"left out: article {article.id!r} was read before"))
            if not report.articles:
                raise SourceError(_nothing_read(self.sources, report))
            keyword.commit()
            store.commit()
        self.progress.finish()

    @staticmethod
    def _add(article: Article, row: int, store: StoreWriter, keyword: TantivyWriter, report: BuildReport) -> int:
        """Add one article from ``row`` on; return how many rows it took, 0 where it is there already."""
        number = store.add_article(article)
        if number is None:
            report.duplicates += 1
            return 0
        cut = list(enumerate(passages.cut(article), row))
        store.add_passages(number, article, cut)
        keyword.add(passages.document(at, passage, article) for at, passage in cut)
        report.articles += 1
        report.passages.update(passage.kind for _, passage in cut)
        return len(cut)

    def _encode(self, encoder: Encoder, made: SnapshotPaths, report: BuildReport) -> None:
        """Give every passage its vectors, from the cache where its text was encoded before."""
        card = encoder.card
        with (
            closing(StoreWriter(made.store)) as store,
            closing(EmbeddingCache(self.paths.cache, card.identity, card.dimension)) as cache,
            closing(VectorWriter(made.root, card.dimension)) as vectors,
        ):
            self.progress.start("encoding", store.passage_count(), "passage")
            for block in _blocks(store.texts()):
                owners, windows = _windows(encoder, block)
                known = cache.get(windows)
                unknown = sorted(set(windows) - known.keys(), key=lambda words: (len(words), words))
                if unknown:
                    fresh = encoder.encode(unknown)
                    cache.put(unknown, fresh)
                    known |= dict(zip(unknown, fresh, strict=True))
                vectors.append(owners, np.stack([known[words] for words in windows]))
                report.texts += len(windows)
                report.encoded += len(unknown)
                self.progress.advance(len(block))
            store.begin()
            store.set_meta("vectors", str(report.texts))
            store.commit()
        self.progress.finish()

    def _link(self, made: SnapshotPaths, report: BuildReport) -> None:
        """Stack passages that are near-identical, and tie comments to the paragraphs they answer."""
        with closing(StoreWriter(made.store)) as store:
            store.begin()
            self._stack(store, made.root, report)
            dimension = 0 if self.encoder is None else self.encoder.card.dimension
            self._answer(store, VectorIndex(made.root, dimension, report.texts) if dimension else None, report)
            store.commit()

    def _stack(self, store: StoreWriter, scratch: Path, report: BuildReport) -> None:
        self.progress.start("stacking", report.passages.total(), "passage")

        def counted(members: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
            for row, leader in members:
                report.stacked += 1
                report.stacks += row == leader
                yield row, leader

        for kind in Kind:
            store.stack(counted(stacks(self._told(store.dated_texts(kind)), store.text, scratch)))
        self.progress.finish()

    def _answer(self, store: StoreWriter, vectors: VectorIndex | None, report: BuildReport) -> None:
        self.progress.start("linking", report.passages[Kind.COMMENT], "comment")
        found: list[tuple[int, int, float]] = []
        for thread in store.threads():
            found += answers.links(thread, vectors)
            self.progress.advance(sum(kind is Kind.COMMENT for _, kind, _ in thread))
        store.link(found)
        report.linked = len(found)
        self.progress.finish()

    def _told(self, stream: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
        """Pass a stream of passages on, telling the progress of each."""
        for passed in stream:
            self.progress.advance()
            yield passed

    def _publish(self, made: SnapshotPaths) -> None:
        manifest = snapshot.Manifest(
            engine="tantivy",
            model=None if self.encoder is None else self.encoder.card,
            built=datetime.now(UTC).isoformat(timespec="seconds"),
            sources=tuple(str(source.absolute()) for source in self.sources),
            files=snapshot.checksums(made),
        )
        with closing(LocalIndex(self.paths.root, made, manifest)) as finished:
            finished.check()
        snapshot.seal(made, manifest)
        snapshot.publish(self.paths, made)


def _blocks(texts: Iterable[tuple[int, str]]) -> Iterator[list[tuple[int, str]]]:
    stream = iter(texts)
    while block := list(islice(stream, BLOCK)):
        yield block


def _windows(encoder: Encoder, block: Sequence[tuple[int, str]]) -> tuple[Rows, list[str]]:
    """Return the row of each window, (n,) int64 ascending, and its text."""
    owners: list[int] = []
    windows: list[str] = []
    for (row, words), spans in zip(block, encoder.windows([words for _, words in block]), strict=True):
        owners += [row] * len(spans)
        windows += [words[start:end] for start, end in spans]
    return np.array(owners, dtype=np.int64), windows


def _record(event: Skip | Note, report: BuildReport) -> None:
    if isinstance(event, Skip):
        report.skipped.append(event)
    else:
        report.notes.append(event)


def _nothing_read(sources: Sequence[Path], report: BuildReport) -> str:
    names = ", ".join(str(source) for source in sources) or "nothing"
    reasons = "; ".join(f"{skip.path}: {skip.reason}" for skip in report.skipped[:3])
    return f"no article could be read from {names}" + (f" ({reasons})" if reasons else "") + "; name other sources"


@contextmanager
def _timed(report: BuildReport, stage: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    report.seconds[stage] = time.perf_counter() - began

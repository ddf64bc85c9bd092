"""Rebuild: sources become a new snapshot, verified, then published.

The keyword engine is written and passages are encoded beside the reading, by those who follow the store; stacks, which
need all passages, come after it, and links last, which also need all vectors.
"""

from __future__ import annotations

from collections import Counter
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from index import furniture, learnt, linking, snapshot
from index.deletions import Deletions
from index.embed import Lane
from index.errors import SourceError
from index.files import Files
from index.intake import Intake, nothing_read
from index.keyword.engines import DEFAULT
from index.local import LocalIndex
from index.manifest import Manifest
from index.model import Kind
from index.progress import BYTES, Silent
from index.refusals import told
from index.report import BuildReport
from index.sources import html_door
from index.sources.records import STDIN, Limits, Note
from index.sources.walk import source_files
from index.store_writer import StoreWriter
from index.vectors import VectorIndex
from index.words import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from index.embed import Stopgap
    from index.encode.protocol import Encoder
    from index.progress import Progress
    from index.snapshot import IndexPaths, SnapshotPaths
    from index.sources.records import Skip

_COMMIT_EVERY: Final = 2000  # passages: how far words and encoding may lag behind the reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuild:
    """One rebuild: where to, from what, with which encoder (``None`` for words only)."""

    paths: IndexPaths
    sources: Sequence[Path]
    encoder: Encoder | None
    stopgap: Stopgap | None = None
    """What is published with first where the encoder would take long; ``None`` where that may take what it takes."""
    engine: str = DEFAULT
    """The keyword engine: one of ``index.keyword.engines.ENGINES``."""
    progress: Progress = field(default_factory=Silent)
    on_event: Callable[[Skip | Note], None] = lambda _event: None

    def run(self) -> BuildReport:
        """Build, verify and publish; raises ``SourceError`` where nothing at all could be read.

        Until the last step the snapshot that was live stays live; whatever fails or is killed before changes
        nothing but a folder that the next writer sweeps. Where the stopgap gave the vectors, that snapshot is published
        and then made anew with the encoder; what was encoded by then is kept if that is broken off.
        """
        report = BuildReport(on_event=self.on_event)
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
        if report.awaits is not None:
            self._complete(report)
        return report

    def _complete(self, report: BuildReport) -> None:
        """Encode what the stopgap gave its vectors, and publish it again."""
        from index.repair import Repair  # not every rebuild needs it

        text = f"can be searched now, by meaning roughly; encoding with {report.awaits} goes on, then it is replaced"
        report.hear(Note(str(self.paths.root), text))
        repair = Repair(paths=self.paths, encoder=self.encoder, progress=self.progress, on_event=self.on_event)
        report.complete(repair.run())

    def _fill(self, made: SnapshotPaths, report: BuildReport) -> None:
        with (
            told(made.store),
            closing(StoreWriter.create(made.store)) as store,
            closing(Words(store, made, self.engine)) as words,
            self._encoding(made) as lane,
        ):
            with report.timed("read"):
                self._read(store, words, report)
            words.complete()
            with report.timed("link"):
                self._stack(store, words, made, report)
            if lane is None:  # while the words are still being written
                self._answer(store, made, report, None)
            with report.timed("words"):
                words.finish(self.progress)
            if lane is not None:
                with report.timed("encode"):
                    lane.finish(self.progress, store.text_count())
                report.texts, report.encoded = lane.texts, lane.encoded
                self._answer(store, made, report, lane.encoder)
        encoder = None if lane is None else lane.encoder
        if self.encoder is not None and encoder is not self.encoder:
            report.awaits = self.encoder.card.name
        with report.timed("publish"):
            self._publish(made, encoder, report.awaits)

    @contextmanager
    def _encoding(self, made: SnapshotPaths) -> Iterator[Lane | None]:
        if self.encoder is None:
            yield None
            return
        lane = Lane(self.encoder, self.paths.cache, made.root, made.store, self.stopgap)
        lane.start()
        try:
            yield lane
        finally:
            lane.abandon()

    def _read(self, store: StoreWriter, words: Words, report: BuildReport) -> None:
        """Read every article once into the store, and learn what is furniture."""
        sources = list(source_files(self.sources, report.hear))
        self.progress.start("reading", sum(source.size for source in sources), BYTES)
        store.begin()
        store.load()
        learner = furniture.Furniture(store.connection)
        learner.keep(learnt.kept_numbers(self.paths))
        intake = Intake(
            store=store,
            files=Files(store),
            learner=learner,
            deletions=Deletions(self.paths),
            report=report,
            round=1,
            next_row=1,
            limits=Limits(),
        )
        intake.between = _committing(intake, words)
        with html_door.held():
            for source in sources:
                intake.take_file(source, self.progress.advance)
        if not report.articles:
            raise SourceError(nothing_read(self.sources, report))
        store.loaded()
        changed = learner.judge()
        store.furnish(changed)
        store.done()  # no keyword document is written yet
        report.learnt = len(changed)
        report.passages = Counter(store.reader.counts()[2])
        _set_numbers(store, intake)
        store.commit()
        self.progress.finish()

    def _stack(self, store: StoreWriter, words: Words, made: SnapshotPaths, report: BuildReport) -> None:
        """Stack passages that are near-identical."""
        store.begin()
        linking.stack(store, self.progress, report, made.root, words.exacts())
        store.commit()

    def _answer(self, store: StoreWriter, made: SnapshotPaths, report: BuildReport, encoder: Encoder | None) -> None:
        """Tie comments to the paragraphs they answer, by words and, if there are any, by the vectors of ``encoder``."""
        with report.timed("link"):
            store.begin()
            store.set_number("vectors", report.texts)
            vectors = None
            if encoder is not None:
                vectors = VectorIndex(made.root, encoder.card.dimension, report.texts, store.masked())
            comments = report.passages[Kind.COMMENT]
            linking.answer(store, store.threads(), vectors, self.progress, report, comments)
            store.commit()

    def _publish(self, made: SnapshotPaths, encoder: Encoder | None, awaits: str | None) -> None:
        manifest = Manifest(
            engine=self.engine,
            model=None if encoder is None else encoder.card,
            awaits=awaits,
            built=datetime.now(UTC).isoformat(timespec="seconds"),
            # Standard input cannot be read again, and the rest without it would be another index: none is named.
            sources=() if STDIN in self.sources else tuple(str(source.absolute()) for source in self.sources),
            files=snapshot.checksums(made),
        )
        with closing(LocalIndex(self.paths.root, made, manifest)) as finished:
            finished.check()
        snapshot.seal(made, manifest)
        snapshot.publish(self.paths, made)


def _committing(intake: Intake, words: Words) -> Callable[[], None]:
    """Return what commits from time to time, so that words and encoding can follow; nobody else sees the store yet."""
    committed = intake.next_row

    def commit() -> None:
        nonlocal committed
        if intake.next_row - committed >= _COMMIT_EVERY:
            committed = intake.next_row
            intake.store.commit()
            words.grow(intake.passages)
            intake.store.begin()

    return commit


def _set_numbers(store: StoreWriter, intake: Intake) -> None:
    store.set_number("next_row", intake.next_row)
    store.set_number("passages", intake.passages)

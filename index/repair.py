"""Repair: a new snapshot from the store of the live one alone, for when its sources are gone.

The articles are the store's. All else, the keyword engine, the vectors, furniture, stacks and links, is made anew;
embeddings come from the cache where their text is known there. Articles that are damaged themselves are left out by
name, and their files are read again by the next sync, if they are still there.
"""

from __future__ import annotations

from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from index import learnt, linking, settling, snapshot, sums
from index.embed import append_vectors
from index.errors import IndexDamaged, IndexMissing
from index.files import Files
from index.keyword.engines import DEFAULT
from index.manifest import Manifest
from index.progress import Silent
from index.refusals import refusal, told
from index.relearning import relearn
from index.renewal import copy_store, publish
from index.report import BuildReport
from index.snapshot import SnapshotPaths
from index.sources.records import Skip
from index.store import UNREADABLE
from index.store_writer import StoreWriter
from index.vectors import VectorIndex

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.encode.protocol import Encoder
    from index.progress import Progress
    from index.snapshot import IndexPaths
    from index.sources.records import Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """One repair; rows and ids stay as they are."""

    paths: IndexPaths
    encoder: Encoder | None
    """The encoder of the snapshot, ``None`` for one of words only."""
    progress: Progress = field(default_factory=Silent)
    on_event: Callable[[Skip | Note], None] = lambda _event: None

    def run(self) -> BuildReport:
        """Write the snapshot anew and publish it; raises ``IndexDamaged`` where not even the store can be read."""
        report = BuildReport(on_event=self.on_event)
        with snapshot.writing(self.paths):
            with ExitStack() as stack:
                live, manifest = self._live(stack)
                made = snapshot.new(self.paths)
                try:
                    self._fill(live, made, manifest, report)
                except UNREADABLE as error:
                    snapshot.discard(made)
                    raise refusal(made.store, error) or IndexDamaged(
                        f"{live.store} is damaged beyond repair ({error}); run `broadsheet index rebuild SOURCE…`"
                    ) from error
                except BaseException:
                    snapshot.discard(made)
                    raise
            snapshot.sweep(self.paths)
        report.snapshot = made.root.name
        return report

    def _live(self, stack: ExitStack) -> tuple[SnapshotPaths, Manifest]:
        """Return the live snapshot; where nothing says any more which it is, or what it is, the latest there is."""
        try:
            live, manifest, mark = snapshot.open_live(self.paths)
            stack.enter_context(mark)
        except (IndexDamaged, IndexMissing):
            found = sorted(path.parent for path in self.paths.snapshots.glob("*/store.sqlite"))
            if not found:
                raise
            built = datetime.now(UTC).isoformat(timespec="seconds")
            return SnapshotPaths(found[-1]), Manifest(engine=DEFAULT, model=None, built=built, sources=(), files={})
        return live, manifest

    def _fill(self, live: SnapshotPaths, made: SnapshotPaths, manifest: Manifest, report: BuildReport) -> None:
        with report.timed("read"):
            copy_store(live, made)
        with told(made.store), closing(StoreWriter(made.store)) as store:
            store.begin()
            with report.timed("read"):
                self._mend(store, report)
            if self.encoder is not None:
                with report.timed("encode"):
                    report.texts, report.encoded = append_vectors(
                        self.encoder, store, self.paths.cache, made.root, 0, self.progress
                    )
            with report.timed("words"):
                settling.write_all(store, made, manifest.engine, self.progress)
            with report.timed("link"):
                self._link(store, made, report)
            store.commit()
        with report.timed("publish"):
            model = None if self.encoder is None else self.encoder.card
            publish(self.paths, made, replace(manifest, model=model, awaits=None))

    def _mend(self, store: StoreWriter, report: BuildReport) -> None:
        """Leave out what is damaged, and put right the numbers of what is left."""
        db = store.connection
        db.execute("REINDEX")
        articles, tables = sums.damaged_articles(db), sums.damaged_tables(db)
        sums.suspend(db)
        for number in articles:
            _leave_out(store, number, report)
        store.unstack()
        store.place_anew()
        db.execute("UPDATE passages SET answers = NULL, answers_score = NULL WHERE answers IS NOT NULL")
        if "files" in tables:
            db.execute("UPDATE files SET mark = ''")
        if "meta" in tables:
            _count_anew(store)
        relearn(store, learnt.kept_numbers(self.paths))
        store.set_number("passages", db.execute("SELECT count(*) FROM passages").fetchone()[0])
        store.set_number("vectors", 0)
        store.forget_gone()
        store.done()
        sums.renew(db)
        report.passages.update(store.reader.counts()[2])
        report.articles = store.reader.counts()[0]

    def _link(self, store: StoreWriter, made: SnapshotPaths, report: BuildReport) -> None:
        linking.stack(store, self.progress, report, made.root)
        vectors = None
        if self.encoder is not None:
            dimension = self.encoder.card.dimension
            vectors = VectorIndex(made.root, dimension, store.number("vectors"), store.masked())
        linking.answer(store, store.threads(), vectors, self.progress, report)


def _leave_out(store: StoreWriter, number: int, report: BuildReport) -> None:
    """Take a damaged article out, by name, and have its file read again."""
    wanted = "SELECT CAST(id AS BLOB), file, CAST(path AS BLOB) FROM articles WHERE number = ?"
    found = store.connection.execute(wanted, (number,)).fetchone()
    store.remove_article(number)
    name, file, path = found or (b"", None, b"")
    if isinstance(file, int):
        Files(store).unread(file)
    shown = (name or b"number %d" % number).decode("utf-8", "replace")
    place = (path or b"").decode("utf-8", "replace")
    report.hear(Skip(place or shown, f"article {shown!r} is damaged in the index; sync reads it again"))


def _count_anew(store: StoreWriter) -> None:
    """Work out the numbers of a snapshot whose own are damaged; what no row tells is made safely too great."""
    db = store.connection
    used = "SELECT row FROM passages UNION ALL SELECT row FROM gone UNION ALL SELECT row FROM furniture_places"
    last = db.execute(f"SELECT coalesce(max(row), 0) FROM ({used})").fetchone()[0]
    seen = db.execute("SELECT coalesce(max(seen), 1) FROM articles").fetchone()[0]
    db.execute("DELETE FROM meta")
    store.set_number("next_row", last + 1)
    store.set_number("generation", seen + 1)

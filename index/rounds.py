"""One round of changes to the live snapshot, in place: what sync and remove share.

Vectors are appended and made durable, new words are committed to the keyword engine, then one transaction of the
store makes all of it true at once; only then does the engine forget what was removed. Killed anywhere, the index
says what it said before or what it says after, and the next writer tidies up.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Final

from index import furniture, learnt, linking, settling, snapshot
from index.cache import take_back
from index.deletions import Deletions
from index.embed import append_vectors
from index.files import Files
from index.intake import Intake
from index.keyword.engines import open_engine, open_writer
from index.refusals import told
from index.store_writer import StoreWriter
from index.vectors import VectorIndex

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.encode.protocol import Encoder
    from index.manifest import Manifest
    from index.progress import Progress
    from index.report import BuildReport
    from index.snapshot import IndexPaths, SnapshotPaths

_WORTH: Final = 15  # restacking a passage costs as much as stacking so many


@dataclass(slots=True, kw_only=True)
class Round:
    """The live snapshot, open for one round of changes; its store is in a transaction."""

    paths: IndexPaths
    live: SnapshotPaths
    manifest: Manifest
    store: StoreWriter
    intake: Intake
    first: int
    """The row of the first passage that comes in."""
    progress: Progress
    report: BuildReport

    def finish(self, encoder: Encoder | None) -> None:
        """Make the changes true; ``encoder`` gives new passages their vectors, where the index has any."""
        store, report = self.store, self.report
        changed = self.intake.learner.judge()
        store.furnish(changed)
        report.learnt = sum(is_furniture for _, is_furniture in changed)
        store.set_number("next_row", self.intake.next_row)
        store.set_number("passages", store.number("passages") + self.intake.passages)
        store.set_number("generation", self.intake.round)
        if encoder is not None and store.text_count(self.first - 1):
            with report.timed("encode"):
                report.texts, report.encoded = append_vectors(
                    encoder, store, self.paths.cache, self.live.root, self.first - 1, self.progress
                )
        engine = self.manifest.engine
        with report.timed("words"), closing(open_writer(engine, self.live.keyword)) as keyword:
            settling.write_new(store, keyword, self.first)
            keyword.commit()
        with report.timed("link"):
            self._link([row for row, _ in changed])
        with report.timed("publish"):
            store.commit()
            settling.settle(store, self.live, engine)
            store.begin()

    def _link(self, flipped: Sequence[int]) -> None:
        """Stack passages anew, and tie comments to paragraphs where either is new or turned into something else."""
        store = self.store
        self._stack(flipped)
        touched = store.articles_of([row for row in flipped if row < self.first])
        for number in touched:
            store.unlink(number)
        threads = chain(store.threads(self.first - 1), *(store.thread(number) for number in sorted(touched)))
        if touched or self.intake.next_row > self.first:
            linking.answer(store, threads, self._vectors(), self.progress, self.report)

    def _stack(self, flipped: Sequence[int]) -> None:
        """Stack what came and what was acquitted of being furniture, and whatever stood with what went."""
        store = self.store
        gone = store.unstacked([row for row in flipped if row < self.first])
        left = store.members_of(self.intake.stacks | gone)
        came = [*flipped, *range(self.first, self.intake.next_row)]
        if (len(came) + len(left)) * _WORTH > store.number("passages"):
            linking.stack(store, self.progress, self.report, self.live.root)
            return
        with closing(open_engine(self.manifest.engine, self.live.keyword)) as keyword:
            linking.restack(store, keyword, came, left, self.report)

    def _vectors(self) -> VectorIndex | None:
        model = self.manifest.model
        if model is None:
            return None
        return VectorIndex(self.live.root, model.dimension, self.store.number("vectors"), self.store.masked())


@contextmanager
def begun(paths: IndexPaths, progress: Progress, report: BuildReport) -> Iterator[Round]:
    """Open the live snapshot for a round; raises ``IndexUnusable``, or ``IndexLocked`` where another writer is at it.

    What was not finished by the end of the block is dropped.
    """
    with snapshot.writing(paths):
        snapshot.sweep(paths)
        take_back(paths.cache)
        live, manifest, mark = snapshot.open_live(paths)
        with closing(mark), told(live.store), closing(StoreWriter.open(live.store)) as store:
            settling.recover(store, live, manifest.engine)
            store.begin()
            learner = furniture.Furniture(store.connection)
            learner.keep(learnt.kept_numbers(paths))
            first = store.number("next_row")
            intake = Intake(
                store=store,
                files=Files(store),
                learner=learner,
                deletions=Deletions(paths),
                report=report,
                round=store.number("generation") + 1,
                next_row=first,
            )
            report.snapshot = live.root.name
            yield Round(
                paths=paths,
                live=live,
                manifest=manifest,
                store=store,
                intake=intake,
                first=first,
                progress=progress,
                report=report,
            )

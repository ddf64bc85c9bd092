"""Sync: the live snapshot follows its sources, in place.

What is new comes in, what changed is replaced, what is gone goes, and nothing else is touched.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from index import rounds, snapshot
from index.errors import UsageError
from index.inventory import take_stock
from index.progress import BYTES, Silent
from index.report import BuildReport
from index.sources import html_door
from index.sources.records import STDIN

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from index.encode.protocol import Encoder
    from index.intake import Intake
    from index.inventory import Inventory
    from index.manifest import Manifest
    from index.progress import Progress
    from index.snapshot import IndexPaths
    from index.sources.records import Note, Skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Sync:
    """One sync of the live snapshot with ``sources``, or with those it was built from where there are none.

    Sources are absolute paths, or ``STDIN``.
    """

    paths: IndexPaths
    sources: Sequence[Path] = ()
    encoder: Encoder | None
    """The encoder of the snapshot, ``None`` for one of words only."""
    keep_missing: bool = False
    """Leave articles in that are gone from the sources."""
    progress: Progress = field(default_factory=Silent)
    on_event: Callable[[Skip | Note], None] = lambda _event: None

    def run(self) -> BuildReport:
        """Bring the index up to date; raises ``IndexUnusable`` where there is none to bring up to date."""
        report = BuildReport(on_event=self.on_event)
        with rounds.begun(self.paths, self.progress, report) as begun:
            self._check(begun.manifest)
            known = tuple(map(Path, begun.manifest.sources))
            with report.timed("read"), html_door.held():
                self._take(begun.intake, self.sources or known)
            if report.articles or report.removed or not begun.intake.learner.is_settled:
                begun.finish(self.encoder)
            elif report.files:
                begun.store.set_number("generation", begun.intake.round)
            begun.store.commit()
            lasting = (source for source in self.sources if source != STDIN)
            snapshot.amend(begun.live, begun.manifest, tuple(dict.fromkeys((*known, *lasting))))
        return report

    def _check(self, manifest: Manifest) -> None:
        given = None if self.encoder is None else self.encoder.card
        if given != manifest.model:
            raise UsageError("this index was built with another model; run `broadsheet index rebuild` to change it")

    def _take(self, intake: Intake, sources: Sequence[Path]) -> None:
        """Read what changed, and take out what is gone."""
        stock = take_stock(sources, intake.files, intake.report)
        intake.gone |= set() if self.keep_missing else stock.gone.keys()
        self.progress.start("reading", sum(source.size for source in stock.to_read), BYTES)
        for source in stock.to_read:
            intake.take_file(source, self.progress.advance)
        self._take_missing(intake, stock)
        for number in intake.gone:
            intake.files.forget(number)
        self.progress.finish()

    def _take_missing(self, intake: Intake, stock: Inventory) -> None:
        """Take out the articles that were not met again; of those with an echo elsewhere, the echo takes the place."""
        missing = dict(intake.missing())
        if self.keep_missing:
            intake.report.kept += len(missing)
            return
        echoes: dict[int, set[str]] = {}
        for number, article_id in missing.items():
            intake.drop(number)
            for file in intake.files.echoing(article_id):
                if file not in intake.gone:
                    echoes.setdefault(file, set()).add(article_id)
        found = 0
        for file, ids in sorted(echoes.items()):
            found += intake.take_echoes(file, stock.as_before[file], ids) if file in stock.as_before else 0
        intake.report.removed += len(missing) - found

"""What needs all passages and their vectors: stacks of near-identical ones, and comments tied to paragraphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index import answers
from index.model import Kind
from index.stacks import Stacker

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from index.progress import Progress
    from index.report import BuildReport
    from index.store_writer import StoreWriter
    from index.vectors import VectorIndex


def stack(store: StoreWriter, progress: Progress, report: BuildReport, total: int) -> None:
    """Stack all passages that are near-identical."""
    progress.start("stacking", total, "passage")

    def told(stream: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
        for passed in stream:
            progress.advance()
            yield passed

    store.unstack()
    for kind in Kind:
        joined = list(Stacker(store.text).feed(told(store.dated_texts(kind))))
        leaders = {leader for _, leader in joined}
        store.stack([*joined, *((leader, leader) for leader in leaders)])
        report.stacks += len(leaders)
        report.stacked += len(leaders) + len(joined)
    progress.finish()


def answer(
    store: StoreWriter,
    threads: Iterable[list[tuple[int, Kind, str]]],
    vectors: VectorIndex | None,
    progress: Progress,
    report: BuildReport,
    total: int | None = None,
) -> None:
    """Tie the comments of ``threads`` to the paragraphs they answer."""
    progress.start("linking", total, "comment")
    found: list[tuple[int, int, float]] = []
    for thread in threads:
        found += answers.links(thread, vectors)
        progress.advance(sum(kind is Kind.COMMENT for _, kind, _ in thread))
    store.link(found)
    report.linked += len(found)
    progress.finish()

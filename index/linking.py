"""What needs all passages and their vectors: stacks of near-identical ones, and comments tied to paragraphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index import answers
from index.model import Kind
from index.stacks import stacks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from index.keyword.protocol import KeywordIndex
    from index.progress import Progress
    from index.report import BuildReport
    from index.store_writer import StoreWriter
    from index.vectors import VectorIndex


def stack(store: StoreWriter, progress: Progress, report: BuildReport, scratch: Path) -> None:
    """Stack all passages that are near-identical; ``scratch`` is a folder for what does not fit in memory."""
    progress.start("stacking", store.number("passages"), "passage")

    def told(stream: Iterable[tuple[int, str]]) -> Iterator[tuple[int, str]]:
        for passed in stream:
            progress.advance()
            yield passed

    store.unstack()
    for kind in Kind:
        joined = list(stacks(told(store.dated_texts(kind)), store.text, scratch))
        store.stack(joined)
        report.stacks += sum(row == leader for row, leader in joined)
        report.stacked += len(joined)
    progress.finish()


def restack(
    store: StoreWriter, keyword: KeywordIndex, came: Sequence[int], left: Sequence[int], report: BuildReport
) -> None:
    """Stack what came, and what was stacked with something that went; all else stays as it is."""
    from index.restack import restack as changed_stacks  # only changes in place need it

    changes = changed_stacks(came, left, store.reader, keyword)
    store.stack(changes)
    report.stacked += sum(leader is not None for _, leader in changes)


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

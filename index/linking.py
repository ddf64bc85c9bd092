"""What needs all passages and their vectors: stacks of near-identical ones, and comments tied to paragraphs."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from index import answers, text
from index.model import Kind
from index.scratch import Scratch
from index.stacks import Sketches

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from index.keyword.protocol import KeywordIndex
    from index.progress import Progress
    from index.report import BuildReport
    from index.store_writer import StoreWriter
    from index.vectors import VectorIndex

_BATCH: Final = 1024


def stack(
    store: StoreWriter,
    progress: Progress,
    report: BuildReport,
    scratch: Path,
    exacts: Iterator[tuple[int, list[str]]] | None = None,
) -> None:
    """Stack all passages that are near-identical; ``scratch`` is a folder for what does not fit in memory.

    ``exacts`` are (row, exact forms of its text) pairs of at least all passages but furniture, by row; where nobody has
    them the texts are analysed.
    """
    progress.start("stacking", store.number("passages"), "passage")
    store.unstack()
    if exacts is None:
        exacts = ((row, text.terms(words)[0]) for row, words in store.stackable())
    with Scratch(scratch) as disk:
        sketches = Sketches(disk)
        while batch := list(islice(exacts, _BATCH)):
            sketches.add(batch)
            progress.advance(len(batch))
        for kind in Kind:
            joined = list(sketches.stacks(store.dated(kind), store.text))
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

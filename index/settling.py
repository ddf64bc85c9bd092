"""Bringing the keyword engine and the vectors in line with the store, which is the truth.

The engine learns of new passages before the store's commit and of removed ones after it. What a crash leaves undone
between the two is noted in the store, and the next writer does it.
"""

from __future__ import annotations

from contextlib import closing, suppress
from typing import TYPE_CHECKING, Final

from index import passages
from index import snapshot as snapshots
from index.documents import documents
from index.errors import IndexUnusable
from index.keyword.engines import open_writer
from index.store_writer import StoreWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from index.keyword.protocol import KeywordDocument, KeywordWriter
    from index.progress import Progress
    from index.snapshot import IndexPaths, SnapshotPaths

_STEP: Final = 1000


def write_new(
    store: StoreWriter, keyword: KeywordWriter, first: int, progress: Callable[[int], None] = lambda _n: None
) -> None:
    """Add the keyword documents of all passages from row ``first`` on."""

    def told() -> Iterator[KeywordDocument]:
        done = first - 1
        for document in documents(store.connection, first, store.number("next_row")):
            yield document
            if document.row - done >= _STEP:
                progress(document.row - done)
                done = document.row
        progress(store.number("next_row") - 1 - done)

    keyword.add(told())


def write_all(store: StoreWriter, snapshot: SnapshotPaths, engine: str, progress: Progress) -> None:
    """Make the keyword engine of a new snapshot from its store."""
    progress.start("words", store.number("next_row") - 1, "passage")
    with closing(open_writer(engine, snapshot.keyword, create=True)) as keyword:
        write_new(store, keyword, 1, progress.advance)
        keyword.commit()
    merge(engine, snapshot.keyword)
    progress.finish()


def merge(engine: str, path: Path) -> None:
    """Merge what writing left to be merged, which the first sync would have to wait for."""
    with closing(open_writer(engine, path)) as keyword:
        keyword.commit()


def settle(store: StoreWriter, snapshot: SnapshotPaths, engine: str) -> None:
    """Do the chores of a committed store: documents dropped or written anew."""
    chores = store.chores()
    if not chores:
        return
    with closing(open_writer(engine, snapshot.keyword)) as keyword:
        keyword.delete(chores)
        keyword.add(passages.document(row, passage, article) for row, passage, article in store.documents(chores))
        keyword.commit()
    store.begin()
    store.done()
    store.set_number("settled", store.number("generation"))
    store.commit()


def catch_up(paths: IndexPaths) -> bool:
    """Do for a reader what a killed writer left; return whether that could be done.

    One that is still at it is waited for, a little; where a reader may not write, it has to do without.
    """
    with suppress(IndexUnusable), snapshots.writing(paths):
        live, manifest, mark = snapshots.open_live(paths)
        with closing(mark), closing(StoreWriter(live.store)) as store:
            recover(store, live, manifest.engine)
        return True
    return False


def recover(store: StoreWriter, snapshot: SnapshotPaths, engine: str) -> None:
    """Drop what a killed writer left in the engine behind the store, and do the chores it left."""
    with closing(open_writer(engine, snapshot.keyword)) as keyword:
        keyword.delete_from(store.number("next_row"))
        keyword.commit()
    settle(store, snapshot, engine)

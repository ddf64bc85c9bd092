"""Bringing the keyword engine and the vectors in line with the store, which is the truth.

The engine learns of new passages before the store's commit and of removed ones after it. What a crash leaves undone
between the two is noted in the store, and the next writer does it.
"""

from __future__ import annotations

from contextlib import closing, suppress
from typing import TYPE_CHECKING, Final

from index import passages
from index import snapshot as snapshots
from index.errors import IndexUnusable
from index.keyword.engines import open_writer
from index.store_writer import StoreWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from index.keyword.protocol import KeywordWriter
    from index.progress import Progress
    from index.snapshot import IndexPaths, SnapshotPaths

_STEP: Final = 1000


def write_words(
    store: StoreWriter, keyword: KeywordWriter, rows: Iterable[int], progress: Callable[[int], None] = lambda _n: None
) -> None:
    """Add the keyword documents of those of ``rows`` that are there."""

    def told() -> Iterable[int]:
        count = 0
        for count, row in enumerate(rows, 1):
            yield row
            if count % _STEP == 0:
                progress(_STEP)
        progress(count % _STEP)

    keyword.add(passages.document(row, passage, article) for row, passage, article in store.documents(told()))


def write_all(store: StoreWriter, snapshot: SnapshotPaths, engine: str, progress: Progress) -> None:
    """Make the keyword engine of a new snapshot from its store."""
    last = store.number("next_row")
    progress.start("words", last - 1, "passage")
    with closing(open_writer(engine, snapshot.keyword, create=True)) as keyword:
        write_words(store, keyword, range(1, last), progress.advance)
        keyword.commit()
    with closing(open_writer(engine, snapshot.keyword)) as keyword:
        keyword.commit()  # merges what that left to be merged, which the first sync would have to wait for
    progress.finish()


def settle(store: StoreWriter, snapshot: SnapshotPaths, engine: str) -> None:
    """Do the chores of a committed store: documents dropped or written anew."""
    chores = store.chores()
    if not chores:
        return
    with closing(open_writer(engine, snapshot.keyword)) as keyword:
        keyword.delete(chores)
        write_words(store, keyword, chores)
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

"""Compaction: the live snapshot written anew from itself, without what removed passages left in it."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from index import settling, snapshot
from index.progress import Silent
from index.refusals import told
from index.renewal import copy_store, publish
from index.store_writer import StoreWriter
from index.vectors import VectorIndex, VectorWriter

if TYPE_CHECKING:
    from index.manifest import Manifest
    from index.progress import Progress
    from index.snapshot import IndexPaths, SnapshotPaths

_BLOCK: Final = 65_536  # vectors copied at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Compaction:
    """One compaction; rows, ids, stacks and links stay as they are."""

    paths: IndexPaths
    progress: Progress = field(default_factory=Silent)

    def run(self) -> tuple[int, int]:
        """Write the snapshot anew and publish it; return its bytes before and after."""
        with snapshot.writing(self.paths):
            snapshot.sweep(self.paths)
            live, manifest, mark = snapshot.open_live(self.paths)
            with closing(mark):
                with closing(StoreWriter.open(live.store)) as store:
                    settling.recover(store, live, manifest.engine)
                made = snapshot.new(self.paths)
                try:
                    self._fill(live, made, manifest)
                except BaseException:
                    snapshot.discard(made)
                    raise
                before = snapshot.size(live)
            snapshot.sweep(self.paths)
            return before, snapshot.size(made)

    def _fill(self, live: SnapshotPaths, made: SnapshotPaths, manifest: Manifest) -> None:
        copy_store(live, made)
        with told(made.store), closing(StoreWriter(made.store)) as store:
            store.begin()
            if manifest.model is not None:
                store.set_number("vectors", _copy_vectors(store, live, made, manifest.model.dimension))
            store.forget_gone()
            store.commit()
            settling.write_all(store, made, manifest.engine, self.progress)
        publish(self.paths, made, manifest)


def _copy_vectors(store: StoreWriter, live: SnapshotPaths, made: SnapshotPaths, dimension: int) -> int:
    """Copy the vectors of the passages that are there, in order; return how many."""
    old = VectorIndex(live.root, dimension, store.number("vectors"))
    old.check(live.root)
    gone = np.array(store.gone(), dtype=np.int64)
    count = 0
    with closing(VectorWriter(made.root, dimension)) as vectors:
        for owners, block in old.blocks(_BLOCK):
            kept = ~np.isin(owners, gone)
            vectors.append(owners[kept], block[kept])
            count += int(kept.sum())
    return count

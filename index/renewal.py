"""What makes a new snapshot from an old one, whether to compact or to repair it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from index import snapshot
from index.errors import IndexDamaged
from index.local import LocalIndex
from index.refusals import refusal
from index.store import UNREADABLE
from index.store_guard import check_schema, restrain

if TYPE_CHECKING:
    from index.manifest import Manifest
    from index.snapshot import IndexPaths, SnapshotPaths


def copy_store(live: SnapshotPaths, made: SnapshotPaths) -> None:
    """Write a store anew beside itself, without its free pages."""
    try:
        with closing(sqlite3.connect(live.store)) as old:
            restrain(old)
            check_schema(old, live.store)
            old.execute("VACUUM INTO ?", (str(made.store),))
    except UNREADABLE as error:
        raise refusal(made.store, error) or IndexDamaged(
            f"{live.store} is damaged beyond repair ({error}); run `broadsheet index rebuild SOURCE…`"
        ) from error


def publish(paths: IndexPaths, made: SnapshotPaths, manifest: Manifest) -> None:
    """Check a snapshot that was made from another one, seal it and make it the live one."""
    sealed = replace(manifest, files=snapshot.checksums(made))
    with closing(LocalIndex(paths.root, made, sealed)) as finished:
        finished.check()
    snapshot.seal(made, sealed)
    snapshot.publish(paths, made)

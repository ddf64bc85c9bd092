"""Verification: whether the live index is what was written, and its parts say the same.

It reads every file, computes anew what was computed, and names what is wrong, where, and what repairs it. It changes
nothing. A writer waits until it is done.
"""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing, nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from index import cache, checksums, keyword_check, learnt, snapshot, store_check
from index.containment import check_folder
from index.deletions import FILE as DELETIONS
from index.deletions import Deletions
from index.errors import IndexDamaged
from index.faults import FROM_SOURCES, Findings
from index.local import LocalIndex
from index.progress import Silent
from index.store import Store

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

    from index.manifest import Manifest
    from index.progress import Progress
    from index.snapshot import IndexPaths, SnapshotPaths

_MEND: Final = "mend it, or restore it from a copy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """One verification; ``quick`` leaves out what has to read every record, vector and term."""

    paths: IndexPaths
    quick: bool = False
    progress: Progress = field(default_factory=Silent)
    findings: Findings = field(default_factory=Findings)

    def run(self) -> Findings:
        """Check everything; raises ``IndexMissing`` or ``IndexOutdated`` where there is nothing to check."""
        try:
            snapshot.open_live(self.paths)[2].close()
            with self._alone():
                live, manifest, mark = snapshot.open_live(self.paths)
                with closing(mark):
                    self._snapshot(live, manifest)
        except IndexDamaged as error:
            self.findings.add("CURRENT" if "CURRENT" in str(error) else "manifest.json", str(error), FROM_SOURCES)
        if self._is_contained():
            self._beside()
        return self.findings

    def _is_contained(self) -> bool:
        """Whether what stands beside the snapshots may be opened; opening the live one has told why not."""
        try:
            check_folder(self.paths.root)
        except IndexDamaged:
            return False
        return True

    def _alone(self) -> AbstractContextManager[None]:
        """Keep writers out, unless nobody could write anyway."""
        return snapshot.writing(self.paths) if os.access(self.paths.root, os.W_OK) else nullcontext()

    def _snapshot(self, live: SnapshotPaths, manifest: Manifest) -> None:
        if not self.quick:
            _files(live, manifest, self.findings, self.progress)
        is_sound = store_check.check(live.store, self.findings, self.progress, quick=self.quick)
        with self.findings.reading(store_check.FILE, FROM_SOURCES), closing(Store(live.store)) as store:
            if manifest.model is not None:
                from index import vector_check

                dimension = manifest.model.dimension
                vector_check.check(live.root, dimension, store, self.findings, self.progress, quick=self.quick)
            if is_sound:
                self._words(live, manifest, store)

    def _words(self, live: SnapshotPaths, manifest: Manifest, store: Store) -> None:
        with (
            self.findings.reading(keyword_check.FILE),
            closing(LocalIndex(self.paths.root, live, manifest)) as index,
        ):
            is_new = _is_new(live, manifest)
            keyword_check.check(index, store, self.findings, self.progress, quick=self.quick, is_new=is_new)

    def _beside(self) -> None:
        """Check what stands beside the snapshots."""
        _embeddings(self.paths.cache, self.findings, quick=self.quick)
        with self.findings.reading(DELETIONS, _MEND):
            Deletions(self.paths)
        with self.findings.reading(learnt.FILE, _MEND):
            learnt.kept(self.paths)


def _is_new(live: SnapshotPaths, manifest: Manifest) -> bool:
    """Tell whether no sync has touched a snapshot since it was written as a whole."""
    lasting = (path for path in live.keyword.rglob("*") if checksums.is_lasting(path))
    names = (path.relative_to(live.root).as_posix() for path in lasting)
    return live.store.name in manifest.files and all(name in manifest.files for name in names)


def _files(live: SnapshotPaths, manifest: Manifest, findings: Findings, progress: Progress) -> None:
    """Compare files that stay as they were written with their checksums."""
    kept = {path.relative_to(live.root).as_posix(): path for path in live.keyword.rglob("*")}
    lasting = {name: path for name, path in kept.items() if checksums.is_lasting(path)}
    progress.start("files", len(lasting), "file")
    for name, path in sorted(lasting.items()):
        if name not in manifest.files:
            findings.notes.append(f"{name} has no checksum yet; the next `broadsheet index sync` gives it one")
        elif checksums.of_file(path) != manifest.files[name]:
            findings.add(name, "is not what was written: its checksum is wrong")
        progress.advance()
    progress.finish()
    findings.checked["files"] = len(lasting)


def _embeddings(path: Path, findings: Findings, *, quick: bool) -> None:
    """Look at every embedding of the cache; those that are damaged are encoded again when they are needed."""
    if not path.exists():
        return
    repair = f"remove {path.name}: texts are then encoded again"
    try:
        mode = "rw" if os.access(path.parent, os.W_OK) else "ro"  # SQLite takes back what a killed writer half did
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode={mode}", uri=True)) as db:
            told = [line for (line,) in db.execute("PRAGMA quick_check" if quick else "PRAGMA integrity_check(20)")]
            findings.rows(path.name, "SQLite finds damage", [line for line in told if line != "ok"], repair)
            if quick:
                return
            entries = db.execute("SELECT sha256, vector FROM embeddings")
            wrong = [key.hex()[:16] for key, blob in entries if not cache.is_sound(key, blob, _dimension(blob))]
            findings.rows(path.name, "damaged embeddings, of texts with the hashes", wrong, repair)
    except (sqlite3.DatabaseError, ValueError, AttributeError, TypeError) as error:
        findings.add(path.name, f"cannot be read: {error}", repair)


def _dimension(blob: bytes) -> int:
    """Return the dimension of an entry; those of models are even, so that an odd number has its checksum with it."""
    return len(blob) // 8 * 2


def told(findings: Findings) -> str:
    """Return the findings as one JSON object."""
    return json.dumps(findings.as_dict())

"""The index directory: snapshots, the pointer to the live one, the writer's lock and the readers' marks.

A rebuild writes ``snapshots/<name>`` beside the live snapshot, writes its manifest last and publishes it by
replacing ``CURRENT`` in one atomic step; until then readers see the old one, and a failed or killed rebuild leaves
only a folder that the next writer sweeps. A reader holds a shared lock on its snapshot, so that none is removed
while somebody reads it. Nothing here is ever unpickled.
"""

from __future__ import annotations

import re
import secrets
import shutil
import stat
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import IO, TYPE_CHECKING, Any, Final

from index import checksums as checksums_
from index import manifest as manifests
from index.containment import check_folder, check_snapshot
from index.durable import sync_file, sync_folder, unfinished, write_durably
from index.errors import IndexDamaged, IndexMissing, IndexOutdated
from index.locks import held, share, unshared
from index.refusals import refusal, told

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from index.manifest import Manifest

LOCK_SECONDS: Final = 2.0
_NAME: Final = re.compile(r"[0-9]{8}T[0-9]{6}-[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class IndexPaths:
    """Every file name of an index directory."""

    root: Path

    @property
    def current(self) -> Path:
        """The file that names the live snapshot."""
        return self.root / "CURRENT"

    @property
    def lock(self) -> Path:
        """The writer's lock."""
        return self.root / "lock"

    @property
    def snapshots(self) -> Path:
        """The folder of snapshots."""
        return self.root / "snapshots"

    @property
    def cache(self) -> Path:
        """The embedding cache, shared by all snapshots."""
        return self.root / "embeddings.sqlite"

    def snapshot(self, name: str) -> SnapshotPaths:
        """Return the paths of one snapshot."""
        return SnapshotPaths(self.snapshots / name)


@dataclass(frozen=True, slots=True)
class SnapshotPaths:
    """Every file name of a snapshot; the vector files are named by ``index.vectors``."""

    root: Path

    @property
    def manifest(self) -> Path:
        """Versions, model, counts and checksums, written last."""
        return self.root / "manifest.json"

    @property
    def store(self) -> Path:
        """The truth."""
        return self.root / "store.sqlite"

    @property
    def keyword(self) -> Path:
        """The engine's own folder."""
        return self.root / "keyword"

    @property
    def readers(self) -> Path:
        """The file on which readers hold shared locks."""
        return self.root / "readers"


@contextmanager
def writing(paths: IndexPaths) -> Iterator[None]:
    """Hold the writer's lock; raises ``IndexLocked`` where another process has it.

    Files that the system refuses meanwhile are told as ``IndexUnreachable``.
    """
    with told(paths.root):
        for folder in (paths.root, paths.snapshots):
            if not folder.is_dir():
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                sync_folder(folder.parent)
            check_folder(folder)
        with held(paths.lock, LOCK_SECONDS, f"the index in {paths.root}"):
            yield


def new(paths: IndexPaths) -> SnapshotPaths:
    """Make the folder of a new snapshot; invisible until published."""
    snapshot = paths.snapshot(f"{datetime.now(UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(4)}")
    snapshot.root.mkdir(mode=0o700)
    return snapshot


def discard(snapshot: SnapshotPaths) -> None:
    """Remove a snapshot that was never published."""
    shutil.rmtree(snapshot.root, ignore_errors=True)


def seal(snapshot: SnapshotPaths, manifest: Manifest) -> None:
    """Write the manifest of a finished snapshot and make everything in it durable."""
    snapshot.readers.touch(mode=0o600)
    sync_file(snapshot.store)  # which was written without waiting for the disk
    manifests.write(snapshot.manifest, manifest)
    inner = (path for path in snapshot.root.rglob("*") if path.is_dir())
    for folder in (*inner, snapshot.root, snapshot.root.parent):
        sync_folder(folder)


def amend(snapshot: SnapshotPaths, manifest: Manifest, sources: tuple[Path, ...]) -> None:
    """Write the manifest of a snapshot that was changed in place."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    lasting = {name: facts for name, facts in manifest.files.items() if checksums_.is_lasting(snapshot.root / name)}
    found = {_name(snapshot, path): path for path in sorted(snapshot.keyword.rglob("*")) if checksums_.is_lasting(path)}
    lasting |= {name: checksums_.of_file(path) for name, path in found.items() if name not in lasting}
    manifests.write(snapshot.manifest, replace(manifest, sources=tuple(map(str, sources)), files=lasting, synced=now))


def publish(paths: IndexPaths, snapshot: SnapshotPaths) -> None:
    """Make a sealed snapshot the live one, in one atomic step."""
    write_durably(paths.current, snapshot.root.name + "\n")


def sweep(paths: IndexPaths) -> None:
    """Remove every snapshot that is neither live nor read by anybody; only the writer calls this."""
    unfinished(paths.current).unlink(missing_ok=True)
    try:
        live = live_name(paths)
    except IndexDamaged:
        live = None
    if live is None:
        return  # nothing says which one is live: leave all until the next one is published
    for folder in sorted(paths.snapshots.iterdir()):
        if folder.name != live and _NAME.fullmatch(folder.name):
            _remove_unread(SnapshotPaths(folder))


def live_name(paths: IndexPaths) -> str | None:
    """Return the name of the live snapshot, ``None`` where there is none yet."""
    try:
        name = paths.current.read_text("utf-8")[:64].strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise refusal(paths.current, error) or IndexDamaged(
            f"{paths.current} cannot be read ({error}); run `broadsheet index rebuild`"
        ) from error
    if not _NAME.fullmatch(name):
        raise IndexDamaged(f"{paths.current} names no snapshot; run `broadsheet index rebuild`")
    return name


def open_live(paths: IndexPaths) -> tuple[SnapshotPaths, Manifest, IO[bytes]]:
    """Return the live snapshot, its manifest, and the open file that marks it as read until closed."""
    with told(paths.root):
        for _ in range(3):  # a rebuild may replace the snapshot between the look and the lock
            check_folder(paths.root)
            name = live_name(paths)
            if name is None:
                raise IndexMissing(f"there is no index in {paths.root}; run `broadsheet index rebuild FOLDER`")
            snapshot = paths.snapshot(name)
            check_snapshot(snapshot.root)
            try:
                mark = snapshot.readers.open("rb")
            except FileNotFoundError:
                continue
            with ExitStack() as undo:
                undo.callback(mark.close)
                share(mark)
                if snapshot.manifest.exists():
                    manifest = manifests.read(snapshot.manifest)
                    undo.pop_all()
                    return snapshot, manifest, mark
    raise IndexDamaged(f"the snapshot {name} of {paths.root} is not there; run `broadsheet index rebuild`")


def sources(paths: IndexPaths) -> tuple[str, ...]:
    """Return what the live snapshot was built from, whatever its format; raises ``IndexUnusable``."""
    try:
        _, manifest, mark = open_live(paths)
        mark.close()
        return manifest.sources
    except IndexOutdated:
        return manifests.sources(paths.snapshot(live_name(paths) or "").manifest)


def size(snapshot: SnapshotPaths) -> int:
    """Return the bytes of all files of a snapshot but those SQLite keeps for the time it is open."""
    total = 0
    for path in snapshot.root.rglob("*"):
        if not path.name.endswith(("-shm", "-wal")):
            with suppress(FileNotFoundError):  # a writer's engine drops files it has merged
                facts = path.stat()
                total += facts.st_size if stat.S_ISREG(facts.st_mode) else 0
    return total


def checksums(snapshot: SnapshotPaths) -> dict[str, dict[str, Any]]:
    """Return size and sha256 of every file of a snapshot but its manifest and marks."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(snapshot.root.rglob("*")):
        if path.is_file() and path not in (snapshot.manifest, snapshot.readers):
            found[_name(snapshot, path)] = checksums_.of_file(path)
    return found


def _name(snapshot: SnapshotPaths, path: Path) -> str:
    return path.relative_to(snapshot.root).as_posix()


def _remove_unread(snapshot: SnapshotPaths) -> None:
    """Remove a snapshot unless somebody holds its mark; whoever comes meanwhile waits and finds it gone."""
    with unshared(snapshot.readers) as is_unread:
        if is_unread:
            shutil.rmtree(snapshot.root, ignore_errors=True)  # on Windows files in use stay until the next sweep

"""One writer and many readers, in several processes and threads; two writers; what a dead one leaves behind."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

import pytest

from benchmarks.soak import count_of, soak, write_state
from index import locks, snapshot
from index.build import Rebuild
from index.compact import Compaction
from index.encode.hashing import HashEncoder
from index.errors import IndexLocked
from index.local import LocalIndex
from index.snapshot import IndexPaths
from index.sync import Sync

ROOT = Path(__file__).parents[1]
HOLDER = """
import sys
from pathlib import Path
from index.snapshot import IndexPaths, writing
with writing(IndexPaths(Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""


def built(tmp_path: Path) -> IndexPaths:
    paths, source = IndexPaths(tmp_path / "index"), tmp_path / "articles.jsonl"
    write_state(source, 0)
    Rebuild(paths=paths, sources=[source], encoder=HashEncoder()).run()
    return paths


def holder(paths: IndexPaths) -> subprocess.Popen[str]:
    """Start a process that holds the writer's lock until its standard input ends."""
    started = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(paths.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert started.stdout is not None
    assert started.stdout.readline() == "held\n"
    return started


def test_readers_see_one_committed_state_and_no_error_while_others_write() -> None:
    told = soak(seconds=120, readers=2, threads=1, rounds=7)
    assert told.errors == []
    assert told.writes == {"sync": 7, "compact": 1, "remove": 1, "rebuild": 1}
    assert told.reads["searches"] > 0


def test_a_second_writer_is_told_who_the_first_is_and_has_its_turn_afterwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    paths = built(tmp_path)
    monkeypatch.setattr(snapshot, "LOCK_SECONDS", 0.1)
    with holder(paths) as other:
        with pytest.raises(IndexLocked, match=rf"process {other.pid}, since \d{{4}}-.* UTC, is writing the index in"):
            Sync(paths=paths, encoder=HashEncoder()).run()
        other.communicate("")
    Sync(paths=paths, encoder=HashEncoder()).run()
    assert not paths.lock.with_name("lock.holder").exists()


def test_a_second_writer_waits_for_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = built(tmp_path)
    monkeypatch.setattr(snapshot, "LOCK_SECONDS", 60.0)
    write_state(tmp_path / "articles.jsonl", 1)
    with holder(paths) as other:
        code = "import sys; from tui.cli import main; main(['index', 'sync', '-q', '--index', sys.argv[1]])"
        second = subprocess.Popen([sys.executable, "-c", code, str(paths.root)], cwd=ROOT)
        other.communicate("")
        assert second.wait(60) == 0
    with closing(LocalIndex.open(paths.root)) as index:
        assert index.info.articles == count_of(1) + 1


def test_the_lock_of_a_killed_writer_holds_nobody_up(tmp_path: Path) -> None:
    paths = built(tmp_path)
    with holder(paths) as other:
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
    assert paths.lock.with_name("lock.holder").exists()
    Sync(paths=paths, encoder=HashEncoder()).run()
    assert not paths.lock.with_name("lock.holder").exists()


@pytest.mark.parametrize("left", ["", "{", '{"pid": 2147483646, "host": "", "since": "2026-01-01T00:00:00Z"}', "[]"])
def test_who_holds_a_lock_is_not_made_up(tmp_path: Path, left: str) -> None:
    path = tmp_path / "lock"
    left = left.replace('"host": ""', f'"host": {json.dumps(socket.gethostname())}')
    with locks.held(path, 1.0, "this"):
        path.with_name("lock.holder").write_text(left)
        with pytest.raises(IndexLocked, match=r"^another process is writing this;"), locks.held(path, 0.05, "this"):
            pass


def test_old_snapshots_go_when_nobody_reads_them_any_more(tmp_path: Path) -> None:
    paths = built(tmp_path)
    first, again = LocalIndex.open(paths.root), LocalIndex.open(paths.root)
    Compaction(paths=paths).run()
    write_state(tmp_path / "articles.jsonl", 1)
    Sync(paths=paths, encoder=HashEncoder()).run()
    assert len(list(paths.snapshots.iterdir())) == 2
    first.close()
    Sync(paths=paths, encoder=HashEncoder()).run()
    assert len(list(paths.snapshots.iterdir())) == 2
    assert again.info.articles == count_of(0) + 1
    assert not again.is_live
    again.close()
    Sync(paths=paths, encoder=HashEncoder()).run()
    assert len(list(paths.snapshots.iterdir())) == 1


def test_a_reader_that_dies_holds_no_snapshot(tmp_path: Path) -> None:
    paths = built(tmp_path)
    code = "import sys; from index.local import LocalIndex; from pathlib import Path\n"
    code += "index = LocalIndex.open(Path(sys.argv[1])); print('open', flush=True); sys.stdin.read()"
    given = [sys.executable, "-c", code, str(paths.root)]
    with subprocess.Popen(given, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT) as reader:
        assert reader.stdout is not None
        assert reader.stdout.readline() == "open\n"
        Compaction(paths=paths).run()
        assert len(list(paths.snapshots.iterdir())) == 2
        with suppress(ProcessLookupError):
            os.kill(reader.pid, signal.SIGKILL)
    Sync(paths=paths, encoder=HashEncoder()).run()
    assert len(list(paths.snapshots.iterdir())) == 1

"""Commands killed before the calls that change files, cut off from power, and refused by the system, for real."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import shim
from benchmarks.power import Disk, Loss
from benchmarks.shim import Call, Kind

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module", autouse=True)
def _can_be_caught() -> None:
    try:
        shim.library()
    except shim.Unavailable as error:
        pytest.skip(str(error))


def tried(*given: str) -> str:
    """Run trials in a process of their own, for they fork; return what went wrong."""
    done = subprocess.run(
        [sys.executable, "-m", *given], capture_output=True, text=True, check=False, cwd=ROOT, timeout=900
    )
    assert done.returncode in (0, 1), done.stderr
    return "" if done.returncode == 0 else done.stdout


def test_an_interrupted_command_loses_nothing() -> None:
    commands = ("sync", "compact --purge", "rebuild", "remove")
    assert tried("benchmarks.crash", "8", "4", "11", *commands) == ""


def test_a_refused_command_says_what_to_do_and_loses_nothing() -> None:
    assert tried("benchmarks.refused", "8", "11", "sync") == ""


def lost(tmp_path: Path, loss: Loss, *calls: Call) -> dict[str, bytes]:
    """Return what a disk holds after some calls: by name, of a folder that held ``a`` and ``b``."""
    before, after = tmp_path / "before", tmp_path / "after"
    (before / "in").mkdir(parents=True)
    (before / "a").write_bytes(b"old")
    (before / "in" / "b").write_bytes(b"old b")
    disk = Disk(Path("/index"), before)
    for call in calls:
        disk.do(call)
    disk.write(after, loss, random.Random(1))
    return {path.relative_to(after).as_posix(): path.read_bytes() for path in after.rglob("*") if path.is_file()}


def call(kind: Kind, path: str, other: str = "", data: bytes = b"", offset: int = 0) -> Call:
    return Call(kind, f"/index/{path}", f"/index/{other}" if other else "", 0, offset, data)


REPLACED = (
    call(Kind.CREATE, "a.new"),
    call(Kind.WRITE, "a.new", data=b"new"),
    call(Kind.SYNC, "a.new"),
    call(Kind.RENAME, "a.new", "a"),
)


@pytest.mark.parametrize("loss", Loss)
def test_a_file_is_replaced_for_good_once_its_folder_is_synced(tmp_path: Path, loss: Loss) -> None:
    found = lost(tmp_path, loss, *REPLACED, Call(Kind.SYNC, "/index", "", 0, 0, b""))
    assert found == {"a": b"new", "in/b": b"old b"}


def test_before_that_the_old_one_may_be_there(tmp_path: Path) -> None:
    assert lost(tmp_path, Loss.ALL, *REPLACED)["a"] == b"old"


def test_bytes_that_were_not_synced_may_be_missing_under_the_new_name(tmp_path: Path) -> None:
    assert lost(tmp_path, Loss.BYTES, *(one for one in REPLACED if one.kind is not Kind.SYNC))["a"] == b""


def test_what_was_appended_and_not_synced_is_lost(tmp_path: Path) -> None:
    appended = call(Kind.WRITE, "in/b", data=b" and more", offset=5)
    assert lost(tmp_path, Loss.ALL, appended)["in/b"] == b"old b"
    synced = lost(tmp_path / "again", Loss.ALL, appended, call(Kind.SYNC, "in/b"))
    assert synced["in/b"] == b"old b and more"

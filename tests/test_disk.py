"""A disk that is full, a folder that may only be read, no file handles left: for real, through the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from click.testing import CliRunner

from index.scratch import Scratch
from index.snapshot import IndexPaths
from tui.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A file system of 24 MB."""
    folder = tmp_path_factory.mktemp("small")
    with mounted(folder, "-t", "tmpfs", "-o", "size=24m", "none"):
        yield folder


@contextmanager
def mounted(folder: Path, *given: str) -> Iterator[None]:
    done = subprocess.run(["mount", *given, str(folder)], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"mounting is not permitted: {done.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def write(path: Path, version: int, articles: int = 12) -> None:
    told = (
        {"id": f"a{number}", "title": f"Story {number}", "paragraphs": [f"Version {version} of it.", "The tide came."]}
        for number in range(articles)
    )
    path.write_text("".join(json.dumps(article) + "\n" for article in told), encoding="utf-8")


def run(*given: object) -> tuple[int, str]:
    """Run a command; return its exit code and what it says, which is never a traceback."""
    done = CliRunner().invoke(main, list(map(str, given)))
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


@contextmanager
def filled(folder: Path, free: int) -> Iterator[None]:
    """Leave only so many bytes free on a file system."""
    filler = folder / "filler"
    with filler.open("wb") as file:
        facts = os.statvfs(folder)
        os.posix_fallocate(file.fileno(), 0, max(1, facts.f_bavail * facts.f_bsize - free))
    try:
        yield
    finally:
        filler.unlink()


def said(root: Path, version: int) -> int:
    """Return how many passages of a version there are."""
    given = ["search", f'"version {version}"', "--index", str(root), "--mode", "keyword", "--json", "--limit", "100"]
    done = CliRunner().invoke(main, given)
    assert done.exit_code in (0, 1), done.output
    return int(json.loads(done.stdout)["total"])


@pytest.mark.parametrize("free", [0, 40_000, 300_000, 700_000])
def test_on_a_full_disk_a_command_says_so_and_the_index_goes_on_answering(
    small: Path, tmp_path: Path, free: int
) -> None:
    root, source = small / f"index{free}", tmp_path / "articles.jsonl"
    write(source, 1)
    assert run("index", "rebuild", source, "--index", root, "--model", "hash", "-q")[0] == 0
    write(source, 2)
    commands = (
        ("index", "rebuild", source, "--model", "hash"),
        ("index", "rebuild", "--from-index"),
        ("index", "compact"),
        ("index", "sync"),
        ("index", "remove", "a3"),
    )
    with filled(small, free):
        for command in commands:
            code, told = run(*command, "--index", root)
            if code == 3 or free == 0:
                assert code == 3, told
                assert "No space left on device" in told
                assert str(root) in told
                assert "free some space" in told
            assert said(root, 1) + said(root, 2) in (11, 12)
    assert run("index", "sync", "--index", root, "-q")[0] == 0
    assert said(root, 1) == 0
    assert said(root, 2) in (11, 12)
    code, told = run("index", "verify", "--index", root)
    assert code == 0, told
    assert len(list(IndexPaths(root).snapshots.iterdir())) == 1


def test_a_judgement_that_finds_no_room_is_not_kept(small: Path, tmp_path: Path) -> None:
    root, source = small / "judged", tmp_path / "articles.jsonl"
    write(source, 1)
    assert run("index", "rebuild", source, "--index", root, "--model", "hash", "-q")[0] == 0
    assert run("judge", "tide", "a1#p2", "+", "--index", root)[0] == 0
    kept = (root / "judgements.jsonl").read_bytes()
    (root / "judgements.jsonl").write_bytes(kept * (4096 // len(kept)))  # the next line needs a new page
    before = (root / "judgements.jsonl").read_bytes()
    with filled(small, 0):
        codes = [run("judge", f"tide {number} " + "x" * 200, "a2#p2", "+", "--index", root) for number in range(20)]
    assert codes[-1][0] == 3, codes[-1]
    assert "No space left on device" in codes[-1][1]
    after = (root / "judgements.jsonl").read_bytes()
    assert after.startswith(before)
    assert after.endswith(b"\n")
    assert run("judge", "tide", "a2#p2", "+", "--index", root)[0] == 0


def test_what_may_only_be_read_is_read_and_not_written(tmp_path: Path) -> None:
    root, source = tmp_path / "index", tmp_path / "articles.jsonl"
    write(source, 1)
    assert run("index", "rebuild", source, "--index", root, "--model", "hash", "-q")[0] == 0
    write(source, 2)
    with mounted(root, "--bind", str(root)):
        subprocess.run(["mount", "-o", "remount,bind,ro", str(root)], check=True)
        assert said(root, 1) == 12
        assert run("index", "info", "--index", root)[0] == 0
        assert run("index", "verify", "--index", root)[0] == 0
        for command in (("sync",), ("rebuild", source), ("rebuild", "--from-index"), ("compact",), ("remove", "a3")):
            code, told = run("index", *command, "--index", root)
            assert code == 3, told
            assert "Read-only file system" in told
            assert str(root) in told
        code, told = run("judge", "tide", "a1#p2", "+", "--index", root)
        assert (code, "Read-only file system" in told) == (3, True), told
    assert run("index", "sync", "--index", root, "-q")[0] == 0
    assert said(root, 2) == 12


STARVED = """
import os, resource, sys
from click.testing import CliRunner
from tui.cli import main
given = sys.argv[1:]
CliRunner().invoke(main, ["search", "tide", "--index", given[given.index("--index") + 1]])  # imports
free = 1
while True:
    held = len(os.listdir("/proc/self/fd"))
    resource.setrlimit(resource.RLIMIT_NOFILE, (held + free, resource.getrlimit(resource.RLIMIT_NOFILE)[1]))
    done = CliRunner().invoke(main, given)
    assert done.exception is None or isinstance(done.exception, SystemExit), repr(done.exception)
    if done.exit_code == 0:
        print("done with", free)
        break
    assert done.exit_code == 3, done.output
    assert "Too many open files" in done.output, done.output
    free += 1
"""


@pytest.mark.parametrize("command", [["search", "tide", "--mode", "keyword"], ["index", "sync"], ["index", "compact"]])
def test_without_file_handles_a_command_says_so(tmp_path: Path, command: list[str]) -> None:
    root, source = tmp_path / "index", tmp_path / "articles.jsonl"
    write(source, 1)
    assert run("index", "rebuild", source, "--index", root, "--model", "hash", "-q")[0] == 0
    write(source, 2)
    done = subprocess.run(
        [sys.executable, "-c", STARVED, *command, "--index", str(root)],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        env=os.environ | {"BROADSHEET_CONFIG": os.devnull},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert int(done.stdout.split()[-1]) > 3
    assert run("index", "sync", "--index", root, "-q")[0] == 0
    assert run("index", "verify", "--index", root)[0] == 0


def test_a_column_for_which_there_is_no_room_is_an_error_and_not_the_end(small: Path) -> None:
    with Scratch(small) as scratch, pytest.raises(OSError, match="No space left"):
        scratch.column(np.int64).zeros(8_000_000)[:] = 1

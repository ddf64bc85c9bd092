"""The whole main job without a network: nobody is asked anything, and nothing of a corpus is readable to others."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
WATCH = """
import os, sys

def hook(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        with open(os.environ["WATCHED"], "a") as file:
            file.write(f"{event} {arguments[:2]!r}\\n")
        raise OSError("no network here")

sys.addaudithook(hook)
"""


@pytest.fixture
def watched(tmp_path: Path) -> Path:
    """A file to which every Python process of the test writes what it would have asked of a network."""
    (tmp_path / "watch").mkdir()
    (tmp_path / "watch" / "sitecustomize.py").write_text(WATCH)
    return tmp_path / "asked"


def run(watched: Path, *arguments: str, typed: str = "") -> str:
    """Run a command as a user, in a process group without a network where the system allows to take it away."""
    environ = os.environ | {
        "WATCHED": str(watched), "PYTHONPATH": os.pathsep.join((str(watched.parent / "watch"), str(ROOT))),
        "HF_HUB_OFFLINE": "0", "HOME": str(watched.parent / "home"), "XDG_CACHE_HOME": str(watched.parent / "cache"),
        "XDG_STATE_HOME": str(watched.parent / "state"), "BROADSHEET_INDEX": str(watched.parent / "index"),
    }  # fmt: skip
    done = subprocess.run(
        [*alone(), sys.executable, "-m", "tui", *arguments],
        capture_output=True, text=True, input=typed, env=environ, cwd=watched.parent, check=False, umask=0o022,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def alone() -> list[str]:
    """Return what starts a command in a network namespace of its own, empty where that is not allowed."""
    unshare = shutil.which("unshare")
    if unshare is None or subprocess.run([unshare, "-rn", "true"], capture_output=True, check=False).returncode:
        return []
    return [unshare, "-rn"]


def test_the_watch_sees_what_is_asked(watched: Path) -> None:
    code = "import socket\ntry: socket.create_connection(('192.0.2.1', 9))\nexcept OSError: pass"
    environ = os.environ | {"WATCHED": str(watched), "PYTHONPATH": str(watched.parent / "watch")}
    subprocess.run([sys.executable, "-c", code], env=environ, check=True)
    assert "192.0.2.1" in watched.read_text()


@pytest.mark.model
def test_the_main_job_asks_no_network(watched: Path) -> None:
    """HTML, text and JSON Lines read, encoded by the default model, searched, read, judged, synced, verified."""
    seeds = str(ROOT / "seeds")
    run(watched, "index", "rebuild", seeds)
    found = json.loads(run(watched, "search", "the gates held back the water", "--json", "--meaning"))
    assert found["hits"][0]["semantic"]["rank"]
    top = found["hits"][0]["id"]
    # fmt: off
    for arguments in (("show", top), ("similar", top), ("suggest", "har"), ("judge", "gates", top, "+"),
                      ("index", "sync"), ("index", "verify"), ("index", "compact", "--purge"), ("config", "show"),
                      ("tune", "--dry-run"), ("index", "preview", seeds), ("search", "gates", "--in", seeds)):
        run(watched, *arguments)
    # fmt: on
    assert "results" in run(watched, "--plain", typed="water\n1\nall\nquit\n")
    assert not watched.exists(), watched.read_text()
    kept = [path for name in ("cache", "home", "state") for path in (watched.parent / name).glob("*")]
    assert {path.name for path in kept} <= {"broadsheet"}, kept  # no library keeps anything of its own, as a device id


def test_nobody_else_may_read_what_is_kept(watched: Path) -> None:
    """Comments are personal data: folders 0700; files within them may be as the umask says, but are not written to."""
    run(watched, "index", "rebuild", "--model", "hash", str(ROOT / "seeds"))
    run(watched, "judge", "water", json.loads(run(watched, "search", "water", "--json"))["hits"][0]["id"], "+")
    index = watched.parent / "index"
    for path in (index, *index.rglob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        assert not mode & 0o022, (path, oct(mode))
        if path.is_dir() and path.parent in (index.parent, index):
            assert mode == 0o700, (path, oct(mode))

"""What is installed is what was locked: every dependency by version and hash, torch alone by version."""

from __future__ import annotations

import importlib.metadata
import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
UNHASHED = {"torch"}
"""Which build fits depends on the machine (with a graphics card or without): constraints.txt holds the version."""


def plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\[<>=!~; ]", name, maxsplit=1)[0]).lower()


def locked() -> dict[str, tuple[str, int]]:
    """Return the version of each locked package, and how many hashes it may have."""
    entries = re.split(r"\n(?=\S)", (ROOT / "requirements.lock").read_text("utf-8"))
    found = {}
    for entry in entries:
        if match := re.match(r"([A-Za-z0-9._-]+)==([^\s;\\]+)", entry):
            found[plain(match[1])] = match[2], len(HASH.findall(entry))
    return found


def asked() -> set[str]:
    """Return what the project and its extras ask for by themselves."""
    extras = [name for names in PROJECT["optional-dependencies"].values() for name in names]
    return {plain(name) for name in [*PROJECT["dependencies"], *extras]} - {"broadsheet"}


def test_every_dependency_is_locked_with_its_hashes() -> None:
    lock = locked()
    assert len(lock) > 80
    assert asked() <= lock.keys()
    assert [name for name, (_, hashes) in lock.items() if not hashes] == []
    assert not UNHASHED & lock.keys()
    constraints = [line for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if line[:1] not in "#"]
    assert {plain(line) for line in constraints} == UNHASHED


def test_the_lock_is_what_is_installed() -> None:
    lock = locked()
    wrong = {}
    for name in importlib.metadata.packages_distributions().values():
        for each in map(plain, name):
            version = importlib.metadata.version(each)
            if each in lock and version != lock[each][0]:
                wrong[each] = version, lock[each][0]
    assert wrong == {}, "run `make test`, which installs the locked versions"


@pytest.mark.parametrize("line", [*PROJECT["dependencies"]])
def test_every_dependency_says_which_versions_it_was_written_for(line: str) -> None:
    assert re.search(r"[<>=~]=?\s*[0-9]", line), line


def test_make_installs_by_hash() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert "--require-hashes --requirement requirements.lock" in makefile
    assert "--constraint constraints.txt" in makefile

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING

import pytest

from index import settings
from index.encode import hashes

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "cache_dir", lambda: tmp_path / "cache")
    path = tmp_path / "weights"
    path.write_bytes(b"one")
    return path


def expected(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def memory(path: Path) -> Path:
    return path.parent / "cache" / "hashes.json"


def altered(path: Path, **facts: object) -> None:
    """Change what is remembered of the file."""
    table = json.loads(memory(path).read_text())
    table[str(path)] |= facts
    memory(path).write_text(json.dumps(table))


def test_what_is_remembered_is_believed_while_the_file_is_the_same(file: Path) -> None:
    assert hashes.sha256(file) == expected(file)
    altered(file, sha256="remembered")
    assert hashes.sha256(file) == "remembered"


def test_a_changed_file_is_read_again_whatever_its_times_are_set_to(file: Path) -> None:
    hashes.sha256(file)
    before = file.stat()
    file.write_bytes(b"two")  # of the same size
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert hashes.sha256(file) == expected(file)
    other = file.with_name("other")
    other.write_bytes(b"three")
    other.replace(file)
    assert hashes.sha256(file) == expected(file)


@pytest.mark.parametrize("checked", [0, 1e12, None, "soon"])
def test_nothing_is_believed_for_longer_than_a_week_or_from_the_future(file: Path, checked: object) -> None:
    hashes.sha256(file)
    altered(file, sha256="remembered", checked=checked)
    assert hashes.sha256(file) == expected(file)


@pytest.mark.parametrize("content", ["", "[]", '{"x": 1', "[" * 100_000, '{"%s": 3}'])
def test_a_damaged_memory_is_no_memory(file: Path, content: str) -> None:
    hashes.sha256(file)
    memory(file).write_text(content.replace("%s", str(file)))
    assert hashes.sha256(file) == expected(file)


def test_where_nothing_can_be_remembered_the_file_is_read(file: Path) -> None:
    memory(file).parent.write_text("no folder")
    assert hashes.sha256(file) == expected(file)

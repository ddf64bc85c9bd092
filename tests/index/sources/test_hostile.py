"""Files made to hang or fill a machine: a named skip for each, in bounded memory."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from index.sources.files import Claims, source_files
from index.sources.records import Limits, Skip
from index.sources.walk import read_sources

ROOT = Path(__file__).parents[3]
# A process's ru_maxrss begins with that of the process that started it (here pytest); VmHWM is its own.
MEASURE = """
import re, resource, sys
from pathlib import Path
from index.sources.records import Limits
from index.sources.walk import read_sources
events = []
articles = list(read_sources([Path(sys.argv[1])], Limits(), events.append))
own = int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text()).group(1))
used = own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(len(articles), max(used) // 1024, *(event.reason for event in events))
"""
CASES = {
    "divs.html": (b"<html><title>T</title><body>" + b"<div>" * 200_000 + b"text", "no headline and story in it"),
    "brackets.json": (b"[" * 200_000, "not JSON: nested too deeply or a number too long"),
    "lists.json": (b"[" + b"[]," * 10_000_000 + b"[]]", "more than 3,000,000 values in it"),
    "line.jsonl": (b'{"title": "' + b"a" * 100_000_000, "longer than 16777216 bytes"),
    "lines.txt": (b"ab\n" * 10_000_000, "more than 4,194,304 characters of text"),
}


@pytest.mark.parametrize("name", CASES)
def test_hostile_files_are_named_in_bounded_memory(tmp_path: Path, name: str) -> None:
    raw, reason = CASES[name]
    (tmp_path / name).write_bytes(raw)
    done = subprocess.run(
        [sys.executable, "-c", MEASURE, str(tmp_path / name)],
        capture_output=True, text=True, check=True, env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    articles, megabytes, said = done.stdout.strip().split(" ", 2)
    assert (articles, said) == ("0", reason)
    assert int(megabytes) < 500


def test_line_breaks_in_names_do_not_make_lines(tmp_path: Path) -> None:
    (tmp_path / "a\nskipped b: forged\x1b[2J.bin").write_bytes(b"\0")
    events: list[object] = []
    assert list(read_sources([tmp_path], Limits(), events.append)) == []
    assert events == [Skip(f"{tmp_path}/a\u2424skipped b: forged[2J.bin", "binary")]


def test_files_that_another_speaks_for_are_not_read_on_their_own(tmp_path: Path) -> None:
    for name in ("a.csv", "b.csv", "c.csv"):
        (tmp_path / name).write_text("xx")
    (tmp_path / "a.mapping.toml").write_text(json.dumps(["a.csv", str(tmp_path / "b.csv"), "../c.csv", "none.csv"]))
    claims: Claims = {".mapping.toml": lambda path: [Path(name) for name in json.loads(path.read_text())]}
    found = list(source_files([tmp_path], lambda _event: None, claims))
    assert [source.path.name for source in found] == ["a.mapping.toml", "c.csv"]
    assert found[0].size == (tmp_path / "a.mapping.toml").stat().st_size + 4
    named = list(source_files([tmp_path / "a.csv"], lambda _event: None, claims))
    assert [source.path.name for source in named] == ["a.csv"]

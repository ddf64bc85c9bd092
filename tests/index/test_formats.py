"""Indexes of every released format open, are searched, verified and synced, or are refused with the command that helps.

The archives in ``formats/`` were made by the version that wrote the format (``formats/make.py``).
"""

from __future__ import annotations

import json
import shutil
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from benchmarks.scenes import leftovers
from index import checksums
from index.encode.hashing import HashEncoder
from index.errors import IndexDamaged, IndexOutdated
from index.local import LocalIndex
from index.manifest import FORMAT
from index.snapshot import IndexPaths
from index.sync import Sync
from index.text import TEXT_VERSION
from index.verify import Verification
from search.searcher import Searcher
from tui.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable

ARCHIVES = sorted((Path(__file__).parent / "formats").glob("format-*.tar.xz"))


def unpacked(archive: Path, folder: Path) -> Path:
    with tarfile.open(archive) as file:
        file.extractall(folder, filter="data")
    for path in (folder / "index", *(folder / "index").rglob("*")):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return folder / "index"


def amended(root: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change the manifest of an index, its checksum with it."""
    path = root / "snapshots" / (root / "CURRENT").read_text().strip() / "manifest.json"
    table = json.loads(path.read_text())
    table.pop("sum")
    change(table)
    path.write_text(json.dumps(table | {"sum": checksums.of_table(table)}))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return unpacked(next(path for path in ARCHIVES if path.name == f"format-{FORMAT}-tantivy.tar.xz"), tmp_path)


def test_there_is_one_of_the_current_format_and_engine() -> None:
    assert {f"format-{FORMAT}-tantivy.tar.xz", f"format-{FORMAT}-whoosh.tar.xz"} <= {path.name for path in ARCHIVES}


@pytest.mark.parametrize("archive", ARCHIVES, ids=lambda path: path.name)
def test_an_index_of_a_released_format_is_read_and_brought_up_to_date(archive: Path, tmp_path: Path) -> None:
    root = unpacked(archive, tmp_path)
    if f"format-{FORMAT}-" not in archive.name:
        with pytest.raises(IndexOutdated, match="broadsheet index rebuild"):
            LocalIndex.open(root)
        return
    with Searcher.open(root, encoder=HashEncoder()) as searcher:
        found = searcher.search("harbour dredging", mode="hybrid")
        assert found.total > 5
        assert "harbour" in found.hits[0].snippet.text.lower()
        articles = searcher.info().articles
        assert searcher.article("a4").comments
    assert Verification(paths=IndexPaths(root)).run().faults == []
    fresh = {"id": "fresh", "title": "A fresh one", "paragraphs": ["The quokka grazed at the quay."]}
    (tmp_path / "fresh.jsonl").write_text(json.dumps(fresh) + "\n")
    Sync(paths=IndexPaths(root), sources=[tmp_path / "fresh.jsonl"], encoder=HashEncoder()).run()
    with Searcher.open(root, encoder=HashEncoder()) as searcher:
        assert searcher.info().articles == articles + 1
        assert searcher.search("quokka", mode="keyword").total == 1
    assert Verification(paths=IndexPaths(root)).run().faults == []
    assert leftovers(root) == []


@pytest.mark.parametrize(
    ("change", "error", "told"),
    [
        ({"format": FORMAT - 1}, IndexOutdated, "run `broadsheet index rebuild`"),
        ({"format": FORMAT + 1}, IndexOutdated, "use the newer broadsheet, or run `broadsheet index rebuild`"),
        ({"text_version": TEXT_VERSION - 1}, IndexOutdated, "run `broadsheet index rebuild`"),
        ({"text_version": TEXT_VERSION + 1}, IndexOutdated, "use the newer broadsheet, or run"),
        ({"format": "six"}, IndexOutdated, "run `broadsheet index rebuild`"),
        ({"engine": "lucene"}, IndexDamaged, "no keyword engine 'lucene'; run `broadsheet index rebuild`"),
    ],
)
def test_another_version_is_refused_with_what_helps(
    root: Path, change: dict[str, Any], error: type[Exception], told: str
) -> None:
    amended(root, lambda table: table.update(change))
    with pytest.raises(error, match=told):
        LocalIndex.open(root)
    for command in (["index", "sync"], ["index", "verify"], ["search", "tide"], ["index", "compact"]):
        done = CliRunner().invoke(main, [*command, "--index", str(root)])
        assert done.exit_code == 3, (command, done.output, done.exception)
        assert "broadsheet index rebuild" in done.output


def test_a_rebuild_of_an_outdated_index_reads_its_sources_and_not_the_seeds(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = str(tmp_path / "articles.jsonl")
    amended(root, lambda table: table.update(format=FORMAT - 1, sources=[source]))
    here = tmp_path / "here"
    (here / "seeds").mkdir(parents=True)
    (here / "seeds" / "seed.txt").write_text("A seed\n\nThis is no article of ours, and long enough to be one.\n")
    monkeypatch.chdir(here)
    done = CliRunner().invoke(main, ["index", "rebuild", "--index", str(root), "--model", "hash"])
    assert done.exit_code == 0, done.output
    with Searcher.open(root, encoder=HashEncoder()) as searcher:
        assert searcher.article("a4")
    shutil.rmtree(root / "snapshots" / (root / "CURRENT").read_text().strip())
    done = CliRunner().invoke(main, ["index", "rebuild", "--index", str(root), "--model", "hash"])
    assert done.exit_code == 2
    assert "name the files or folders to read" in done.output


def test_an_index_that_says_nothing_of_its_sources_asks_for_them(root: Path) -> None:
    amended(root, lambda table: table.update(format=FORMAT + 1, sources=7))
    done = CliRunner().invoke(main, ["index", "rebuild", "--index", str(root), "--model", "hash"])
    assert done.exit_code == 2
    assert "name" in done.output

"""Repair from the store alone, and purging: what is left afterwards, and what is not."""

from __future__ import annotations

import json
import shutil
import sqlite3
import zlib
from contextlib import closing, suppress
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from benchmarks.damage import answers, make
from index import snapshot
from index.build import Rebuild
from index.commands import index as command
from index.compact import Compaction
from index.encode.hashing import HashEncoder
from index.errors import IndexDamaged, IndexLocked
from index.keyword.clause import Field
from index.local import LocalIndex
from index.purge import purge
from index.removal import Removal
from index.repair import Repair
from index.snapshot import IndexPaths
from index.sync import Sync
from index.verify import Verification

if TYPE_CHECKING:
    from pathlib import Path

    from index.report import BuildReport

RARE = ("zephyrine", "quixotica", "vellichora")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = make(tmp_path_factory.mktemp("repair"), 12)
    Compaction(paths=IndexPaths(root)).run()  # so that statistics of words do not count what was removed
    return root


@pytest.fixture
def root(made: Path, tmp_path: Path) -> Path:
    return shutil.copytree(made, tmp_path / "index")


def live(root: Path) -> Path:
    return root / "snapshots" / (root / "CURRENT").read_text().strip()


def repair(root: Path) -> BuildReport:
    return Repair(paths=IndexPaths(root), encoder=HashEncoder()).run()


def faults(root: Path) -> list[object]:
    return [*Verification(paths=IndexPaths(root)).run().faults]


@pytest.mark.parametrize("lost", ["vectors.f32", "vectors.rows", "vectors.sums", "keyword/meta.json", "keyword"])
def test_what_is_made_from_the_store_comes_back_as_it_was(root: Path, lost: str) -> None:
    before = answers(root)
    path = live(root) / lost
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.write_bytes(b"\x01" + path.read_bytes()[:-1])
    assert faults(root)
    report = repair(root)
    assert report.encoded == 0
    assert faults(root) == []
    assert answers(root) == before


@pytest.mark.parametrize("lost", ["CURRENT", "manifest.json", "readers"])
def test_an_index_that_does_not_know_itself_is_found_again(root: Path, lost: str) -> None:
    before = answers(root)
    (root / lost if lost == "CURRENT" else live(root) / lost).unlink()
    repair(root)
    assert faults(root) == []
    assert answers(root) == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE passages SET text = 'nonsense' WHERE row = 60",
        "UPDATE passages SET text = CAST(x'41FF42' AS TEXT) WHERE row = 60",
        "UPDATE passages SET article = 999 WHERE row = 60",
        "UPDATE articles SET digest = x'00' WHERE number = (SELECT article FROM passages WHERE row = 60)",
    ],
)
def test_a_damaged_article_is_left_out_by_name_and_comes_back_with_its_source(root: Path, statement: str) -> None:
    with closing(LocalIndex.open(root)) as index:
        ((_, passage),) = index.passages([60]).items()
    wanted = answers(root)
    with closing(sqlite3.connect(live(root) / "store.sqlite", isolation_level=None)) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        db.execute(statement)
    report = repair(root)
    assert any(passage.article_id in skip.reason for skip in report.skipped)
    assert faults(root) == []
    assert answers(root) != wanted
    Sync(paths=IndexPaths(root), encoder=HashEncoder()).run()
    assert faults(root) == []
    with closing(LocalIndex.open(root)) as index:
        assert index.row(passage.id)


@pytest.mark.parametrize("table", ["meta", "files", "gone", "chores", "echoes", "furniture_lines", "furniture_places"])
def test_damaged_tables_are_made_anew(root: Path, table: str) -> None:
    before = answers(root)
    with closing(sqlite3.connect(live(root) / "store.sqlite", isolation_level=None)) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        db.execute(f"DELETE FROM {table}")
    repair(root)
    assert faults(root) == []
    assert answers(root) == before
    Sync(paths=IndexPaths(root), encoder=HashEncoder()).run()
    assert faults(root) == []


def test_a_store_that_cannot_be_read_is_said_to_be_lost(root: Path) -> None:
    path = live(root) / "store.sqlite"
    path.write_bytes(b"\x00" * path.stat().st_size)
    names = sorted(each.name for each in (root / "snapshots").iterdir())
    with pytest.raises(IndexDamaged, match="beyond repair"):
        repair(root)
    assert sorted(each.name for each in (root / "snapshots").iterdir()) == names


def test_the_command_takes_the_model_of_the_index(root: Path) -> None:
    (live(root) / "vectors.f32").unlink()
    done = CliRunner().invoke(command, ["rebuild", "--from-index", "--index", str(root), "--json", "-q"])
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["skipped"] == {}
    assert faults(root) == []
    done = CliRunner().invoke(command, ["rebuild", "x", "--from-index", "--index", str(root)])
    assert done.exit_code == 2


def holds(root: Path, word: str) -> list[str]:
    """Return the files that hold a word, in UTF-8 or UTF-16, as it is or deflated somewhere."""
    found = []
    for path in sorted(path for path in root.rglob("*") if path.is_file()):
        content = path.read_bytes()
        if any(form in each.lower() for each in (content, *inflated(content)) for form in forms(word)):
            found.append(path.relative_to(root).as_posix())
    return found


def known(root: Path) -> list[str]:
    """Return the terms of the rare words that the keyword engine knows: its dictionary is an automaton, no text."""
    with closing(LocalIndex.open(root)) as index:
        found = [index.completions(field, word[:6], 9) for word in RARE for field in Field if field is not Field.STORY]
        return [term for terms in found for term, _ in terms]


def forms(word: str) -> list[bytes]:
    return [form.encode(code) for form in (word, word[:-1]) for code in ("utf-8", "utf-16-le", "utf-16-be")]


def inflated(content: bytes) -> list[bytes]:
    """Return what inflates from each place where a deflated stream may begin."""
    found = []
    for mark in (b"\x78\x01", b"\x78\x9c", b"\x78\xda"):
        at = content.find(mark)
        while at >= 0:
            with suppress(zlib.error):
                found.append(zlib.decompressobj().decompress(content[at:], 1 << 16))
            at = content.find(mark, at + 1)
    return found


def test_no_word_of_a_removed_article_is_left_after_a_purge(tmp_path: Path) -> None:
    source, paths = tmp_path / "a.jsonl", IndexPaths(tmp_path / "index")
    comment = {"id": "c", "author": f"Ann {RARE[2].title()}", "text": f"About {RARE[1]}."}
    told = [
        {"id": "gone", "title": f"The {RARE[0]} affair", "paragraphs": ["One.", RARE[1]], "comments": [comment]},
        *({"id": f"kept{number}", "title": "Another", "paragraphs": [f"Two {number}."]} for number in range(30)),
    ]
    source.write_text("".join(json.dumps(each) + "\n" for each in told))
    Rebuild(paths=paths, sources=[source], encoder=HashEncoder()).run()
    assert all(holds(paths.root, word) for word in RARE)
    with closing(sqlite3.connect(paths.cache)) as db:
        assert db.execute("SELECT count(*) FROM embeddings").fetchone() == (35,)
    Removal(paths=paths, ids=["gone"], encoder=HashEncoder()).run()
    source.write_text("".join(json.dumps(each) + "\n" for each in told[1:]))
    Sync(paths=paths, encoder=HashEncoder()).run()
    assert known(paths.root)
    done = CliRunner().invoke(command, ["compact", "--purge", "--index", str(paths.root), "-q"])
    assert done.exit_code == 0, done.output
    assert {word: holds(paths.root, word) for word in RARE} == {word: [] for word in RARE}
    assert known(paths.root) == []
    with closing(sqlite3.connect(paths.cache)) as db:
        assert db.execute("SELECT count(*) FROM embeddings").fetchone() == (31,)
    assert faults(paths.root) == []


def test_a_purge_says_that_somebody_reads_what_should_go(root: Path) -> None:
    with closing(LocalIndex.open(root)):
        Compaction(paths=IndexPaths(root)).run()
        with pytest.raises(IndexLocked, match="still reads"):
            purge(IndexPaths(root), HashEncoder())
    purge(IndexPaths(root), HashEncoder())
    snapshot.open_live(IndexPaths(root))[2].close()

"""An index directory that somebody else made runs nothing, reads and writes nothing outside, and fills no memory."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from index import checksums, snapshot
from index.encode import open_encoder
from index.errors import IndexDamaged, IndexUnusable, ModelError
from index.local import LocalIndex
from index.store_guard import LONGEST, restrain
from index.verify import Verification

ROOT = Path(__file__).parents[2]
BESIDE = ("CURRENT", "lock", "embeddings.sqlite", "deletions.jsonl", "judgements.jsonl", "weights.json", "snapshots")
WITHIN = ("manifest.json", "store.sqlite", "vectors.f32", "readers", "keyword/meta.json", "keyword/stories")
WRITING = "CREATE TRIGGER more AFTER INSERT ON articles BEGIN INSERT INTO gone SELECT row FROM passages; END"
ENDLESS = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT 'id' AS id, i AS file FROM n"
SCHEMAS = {
    "trigger": WRITING,
    "view": f"DROP TABLE echoes; CREATE VIEW echoes AS {ENDLESS}",
    "table": "CREATE TABLE more (x CHECK (abs(-9223372036854775807 - 1)))",
    "index": "DROP INDEX by_stack; CREATE INDEX by_stack ON passages (text)",
}
LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))
from tui.cli import main
sys.exit(main())
"""


@pytest.fixture
def taken(seeds_index: Path, tmp_path: Path) -> Path:
    """A copy of an index, to be made hostile."""
    return Path(shutil.copytree(seeds_index, tmp_path / "taken"))


def live(root: Path) -> Path:
    return root / "snapshots" / (root / "CURRENT").read_text().strip()


def declare(root: Path, **told: object) -> None:
    """Say something else in the manifest, with a checksum that fits."""
    path = live(root) / "manifest.json"
    table = json.loads(path.read_text()) | told
    table.pop("sum")
    path.write_text(json.dumps(table | {"sum": checksums.of_table(table)}))


def outside(root: Path, path: Path, kind: str) -> Path:
    """Put a link to a file of the reader's, or a pipe, in the place of ``path``; return what it leads to."""
    own = root.parent / "own"
    if path.is_dir():
        shutil.move(path, own)
    else:
        own.write_bytes(path.read_bytes() if path.exists() else b"mine\n")
        path.unlink(missing_ok=True)
    if kind == "link":
        path.symlink_to(own)
    else:
        os.mkfifo(path)
    return own


@pytest.mark.parametrize("kind", ["link", "pipe"])
@pytest.mark.parametrize("name", [*BESIDE, *WITHIN])
def test_links_and_pipes_are_refused_unopened(taken: Path, name: str, kind: str) -> None:
    path = (taken if name in BESIDE else live(taken)) / name
    own = outside(taken, path, kind)
    before = own.stat().st_mtime_ns, sorted(own.rglob("*")), own.is_file() and own.read_bytes()
    with pytest.raises(IndexDamaged, match="is a link, a pipe or a device"):
        LocalIndex.open(taken)
    if name in BESIDE:
        with pytest.raises(IndexDamaged, match="is a link"), snapshot.writing(snapshot.IndexPaths(taken)):
            pass
    assert before == (own.stat().st_mtime_ns, sorted(own.rglob("*")), own.is_file() and own.read_bytes())


def test_a_snapshot_that_lies_elsewhere_is_refused(taken: Path, tmp_path: Path) -> None:
    folder = live(taken)
    shutil.move(folder, tmp_path / "elsewhere")
    folder.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(IndexDamaged, match="is a link"):
        LocalIndex.open(taken)


@pytest.mark.parametrize("name", ["../../elsewhere", "/etc", "20260101T000000-00000000/../x", "\x1b[2J", ""])
def test_the_pointer_leads_nowhere_else(taken: Path, name: str) -> None:
    (taken / "CURRENT").write_text(name)
    with pytest.raises(IndexDamaged, match="names no snapshot"):
        LocalIndex.open(taken)


@pytest.mark.parametrize("kind", SCHEMAS)
def test_a_schema_that_is_not_ours_is_refused_by_all(taken: Path, kind: str) -> None:
    store = live(taken) / "store.sqlite"
    with closing(sqlite3.connect(store)) as db:
        db.executescript(SCHEMAS[kind])
    with pytest.raises(IndexDamaged, match="that no store has"):
        LocalIndex.open(taken)
    for command in (["verify"], ["compact"], ["sync", str(ROOT / "seeds")], ["rebuild", "--from-index"], ["info"])[
        :: 1 if kind == "trigger" else 4
    ]:
        done = run("index", *command, "--index", str(taken))
        assert done.returncode == 3, (command, done)
        assert "index rebuild" in done.stdout + done.stderr
        assert "Traceback" not in done.stderr


def test_no_value_is_larger_than_any_of_ours() -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        restrain(db)
        assert db.execute("SELECT length(zeroblob(?))", (LONGEST - 100,)).fetchone() == (LONGEST - 100,)
        with pytest.raises(sqlite3.DataError):
            db.execute("SELECT zeroblob(?)", (LONGEST + 1,))


MODEL = {"name": "hash", "revision": "1", "sha256": "-", "dimension": 256, "window": 128}
DECLARED = {
    "dimension": {"model": MODEL | {"dimension": 1 << 40}},
    "no dimension": {"model": MODEL | {"dimension": 0}},
    "negative": {"model": MODEL | {"dimension": -8}},
    "words": {"model": MODEL | {"dimension": "many"}},
    "engine": {"engine": "os"},
    "more": {"model": MODEL | {"code": "x"}},
    "times": {"built": "\x1b[2J"},
    "sources": {"sources": [1, None]},
    "files": {"files": {"../../../etc/passwd": {"bytes": 1, "sha256": "0"}, "keyword": 7}},
}


@pytest.mark.parametrize("told", DECLARED)
def test_what_a_manifest_declares_is_not_believed(taken: Path, told: str) -> None:
    declare(taken, **DECLARED[told])
    with pytest.raises(IndexUnusable):
        LocalIndex.open(taken)
    findings = Verification(paths=snapshot.IndexPaths(taken), quick=True).run()
    assert not findings.is_sound


@pytest.mark.parametrize("key", ["vectors", "next_row", "passages", "generation"])
@pytest.mark.parametrize("value", ["1152921504606846976", "-1", "99999999999999999999999", "NaN"])
def test_numbers_of_a_store_are_not_believed(taken: Path, key: str, value: str) -> None:
    say(taken, key, value)
    with pytest.raises(IndexDamaged):
        LocalIndex.open(taken)
    findings = Verification(paths=snapshot.IndexPaths(taken), quick=True).run()
    assert not findings.is_sound


@pytest.mark.parametrize("key", ["vectors", "next_row", "passages", "generation"])
def test_numbers_of_a_store_fill_no_memory(taken: Path, key: str) -> None:
    say(taken, key, str(1 << 52))
    for arguments in (["search", "storm"], ["index", "verify", "--quick"]):
        done = run(*arguments, "--index", str(taken), limited=True)
        assert done.returncode in (0, 1, 3), (arguments, done)
        assert "Traceback" not in done.stderr, done.stderr


def say(root: Path, key: str, value: str) -> None:
    """Have a store say something of itself, past the triggers that keep its sums."""
    with closing(sqlite3.connect(live(root) / "store.sqlite")) as db:
        for name in ("new", "changed", "gone"):
            db.execute(f"DROP TRIGGER sum_of_{name}_meta")
        db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))
        db.commit()


def test_an_index_cannot_have_a_model_fetched(taken: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    declare(taken, model=MODEL | {"name": "somebody/else"})
    done = run("search", "storm", "--mode", "hybrid", "--index", str(taken), HF_HUB_OFFLINE="0")
    assert done.returncode == 2
    assert "somebody/else" in done.stderr
    assert "Traceback" not in done.stderr


def test_only_who_names_a_model_may_have_it_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[bool] = []

    def refuse(_library: object, name: str, *, local: bool) -> None:
        asked.append(local)
        raise ModelError(name)

    monkeypatch.setattr("index.encode.transformer._open", refuse)
    for may_fetch, wanted in ((False, [True]), (True, [True, False])):
        asked.clear()
        with pytest.raises(ModelError):
            open_encoder("somebody/else", may_fetch=may_fetch).encode(["news"])
        assert asked == wanted


def run(*arguments: str, limited: bool = False, **variables: str) -> subprocess.CompletedProcess[str]:
    code = LIMITED if limited else "import sys; from tui.cli import main; sys.exit(main())"
    environ = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"} | variables
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=60, check=False, env=environ
    )


def test_a_schema_that_is_no_text_is_damage(taken: Path) -> None:
    with closing(sqlite3.connect(live(taken) / "store.sqlite")) as db:
        db.execute("PRAGMA writable_schema = ON")
        db.execute("UPDATE sqlite_master SET sql = CAST(sql || ' /* ' || x'FF' || ' */' AS TEXT) WHERE name = 'gone'")
        db.commit()
    with pytest.raises(IndexDamaged, match="cannot be opened"):
        LocalIndex.open(taken)

"""Verify: a sound index is sound whatever was done to it, and each kind of damage is named with its file."""

from __future__ import annotations

import json
import random
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np
import pytest
from click.testing import CliRunner

from benchmarks.damage import make
from index import snapshot, store_check, sums
from index.build import Rebuild
from index.cache import EmbeddingCache
from index.commands import index as command
from index.compact import Compaction
from index.encode.hashing import HashEncoder
from index.errors import IndexDamaged, IndexMissing, IndexOutdated
from index.keyword.tantivy_writer import TantivyWriter
from index.local import LocalIndex
from index.manifest import FORMAT
from index.snapshot import IndexPaths
from index.store_writer import StoreWriter
from index.sync import Sync
from index.vector_sums import SumWriter, check_owners, check_vectors
from index.vectors import VectorIndex, VectorWriter
from index.verify import Verification

if TYPE_CHECKING:
    from pathlib import Path

    from index.faults import Findings


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("verify"), 12)


@pytest.fixture
def root(made: Path, tmp_path: Path) -> Path:
    import shutil

    return shutil.copytree(made, tmp_path / "index")


def verified(root: Path, *, quick: bool = False) -> Findings:
    return Verification(paths=IndexPaths(root), quick=quick).run()


def named(root: Path) -> set[str]:
    return {fault.file for fault in verified(root).faults}


def live(root: Path) -> Path:
    paths, _, mark = snapshot.open_live(IndexPaths(root))
    mark.close()
    return paths.root


def told(root: Path, statement: str) -> None:
    """Run a statement on the store behind the back of its sums, as damage would."""
    with closing(sqlite3.connect(live(root) / "store.sqlite", isolation_level=None)) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        db.execute(statement)


def test_an_index_is_sound_after_rebuild_sync_removal_and_compaction(root: Path, seeds_index: Path) -> None:
    assert verified(seeds_index).faults == []
    assert verified(root).faults == []
    assert verified(root, quick=True).faults == []
    Compaction(paths=IndexPaths(root)).run()
    assert verified(root).faults == []
    Sync(paths=IndexPaths(root), encoder=HashEncoder()).run()
    findings = verified(root)
    assert findings.faults == []
    assert findings.checked["passages"] > 50
    assert findings.notes == []


def test_an_index_of_words_only_is_sound(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "a", "title": "T", "paragraphs": ["x y"]}))
    Rebuild(paths=IndexPaths(tmp_path / "i"), sources=[tmp_path / "a.jsonl"], encoder=None).run()
    assert verified(tmp_path / "i").faults == []


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        ("UPDATE passages SET text = text || 's' WHERE row = 60", "damaged articles"),
        ("UPDATE passages SET author = 'Ed' WHERE author = 'Bo'", "damaged articles"),
        ("UPDATE articles SET title = 'Other' WHERE id = 'a7'", "damaged articles"),
        ("UPDATE passages SET answers_score = answers_score / 2 WHERE answers IS NOT NULL", "damaged articles"),
        ("UPDATE meta SET value = value + 1 WHERE key = 'passages'", "damaged tables: meta"),
        ("UPDATE files SET mark = '1'", "damaged tables: files"),
        ("UPDATE passages SET stack = 1 WHERE row = 60", "does not lead"),
        ("UPDATE passages SET answers = row, answers_score = 1 WHERE row = 60", "tie no comment"),
        ("UPDATE passages SET position = 40 WHERE row = 60", "not numbered from 1"),
        ("UPDATE passages SET time = time + 1 WHERE row = 60", "times"),
        ("UPDATE passages SET parent = NULL", "threads"),
        ("UPDATE furniture_lines SET judged = 1 - judged", "furniture_lines"),
        ("UPDATE passages SET furniture = 1 WHERE kind = 'paragraph'", "furniture is not"),
        ("INSERT OR IGNORE INTO gone SELECT row FROM passages WHERE row = 60", "both there and gone"),
        ("INSERT INTO chores VALUES (999999)", "never given out"),
        ("DELETE FROM passages WHERE row = 60", "damaged articles"),
        ("UPDATE passages SET article = 9999 WHERE row = 60", "of no article"),
        ("UPDATE passages SET kind = 'poem' WHERE row = 60", "no known kind"),
        ("UPDATE passages SET text = CAST(x'41FF42' AS TEXT) WHERE row = 60", "damaged articles"),
    ],
)
def test_damage_in_the_store_is_named(root: Path, statement: str, what: str) -> None:
    told(root, statement)
    findings = verified(root)
    assert any(fault.file == "store.sqlite" and what in fault.what for fault in findings.faults), findings.faults


def test_a_vector_that_changed_is_named_and_never_copied(root: Path) -> None:
    path = live(root) / "vectors.f32"
    content = bytearray(path.read_bytes())
    content[5000] ^= 1
    path.write_bytes(content)
    assert named(root) == {"vectors.f32"}
    with pytest.raises(IndexDamaged, match="from-index"):
        Compaction(paths=IndexPaths(root)).run()


@pytest.mark.parametrize("name", ["vectors.rows", "vectors.sums"])
def test_the_owners_of_vectors_are_checked_before_meaning_is_asked(root: Path, name: str) -> None:
    path = live(root) / name
    content = bytearray(path.read_bytes())
    content[-9] ^= 1
    path.write_bytes(content)
    with closing(LocalIndex.open(root)) as index, pytest.raises(IndexDamaged, match="from-index"):
        index.nearest(np.ones(index.info.dimension, dtype=np.float32), 1)
    assert name in named(root)


def test_the_keyword_engine_is_compared_with_the_store(root: Path) -> None:
    with closing(TantivyWriter(live(root) / "keyword")) as writer:
        writer.delete([60])
        writer.commit()
    assert any("not there, rows: 60" in fault.what for fault in verified(root, quick=True).faults)


def test_words_that_were_lost_in_the_engine_are_named(root: Path) -> None:
    with (
        closing(StoreWriter(live(root) / "store.sqlite")) as store,
        closing(TantivyWriter(live(root) / "keyword")) as writer,
    ):
        from dataclasses import replace

        from index.passages import document

        ((row, passage, article),) = store.documents([60])
        writer.delete([60])
        writer.add([replace(document(row, passage, article), stems="other words")])
        writer.commit()
    findings = verified(root)
    assert any("terms that find other" in fault.what for fault in findings.faults)
    assert any("their own words" in fault.what for fault in findings.faults)


def test_a_segment_written_by_a_sync_has_its_checksum(root: Path) -> None:
    path = next(path for path in sorted((live(root) / "keyword").iterdir()) if path.suffix == ".pos")
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    assert f"keyword/{path.name}" in named(root)


def test_a_damaged_embedding_is_named_and_encoded_again(root: Path) -> None:
    path = root / "embeddings.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        (key, blob) = db.execute("SELECT sha256, vector FROM embeddings").fetchone()
        db.execute("UPDATE embeddings SET vector = ? WHERE sha256 = ?", (b"\x01" + blob[1:], key))
    assert named(root) == {"embeddings.sqlite"}
    encoder = HashEncoder()
    with closing(EmbeddingCache(path, encoder.card.identity, encoder.card.dimension)) as cache:
        vector = encoder.encode(["x"])
        cache.put(["x"], vector)
        assert np.array_equal(cache.get(["x"])["x"], vector[0])
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.execute("UPDATE embeddings SET vector = zeroblob(length(vector))")
        assert cache.get(["x"]) == {}


def test_a_cache_that_is_no_database_says_what_to_do(root: Path) -> None:
    (root / "embeddings.sqlite").write_bytes(b"nonsense" * 100)
    assert named(root) == {"embeddings.sqlite"}
    with pytest.raises(IndexDamaged, match="remove it"):
        EmbeddingCache(root / "embeddings.sqlite", "x", 4)


def test_a_list_or_manifest_that_makes_no_sense_is_named(root: Path) -> None:
    (root / "deletions.jsonl").write_text("{nonsense\n")
    assert named(root) == {"deletions.jsonl"}
    path = live(root) / "manifest.json"
    path.write_text(path.read_text().replace('"engine": "tantivy"', '"engine": "tantivz"'))
    assert named(root) == {"deletions.jsonl", "manifest.json"}
    (root / "CURRENT").write_text("nonsense")
    assert named(root) == {"deletions.jsonl", "CURRENT"}


@pytest.mark.parametrize(("form", "rules"), [(3, 1), (4, 1), (5, 1), (99, 1), (FORMAT, 0)])
def test_an_index_of_another_version_says_what_to_do(root: Path, form: int, rules: int) -> None:
    path = live(root) / "manifest.json"
    known = json.loads(path.read_text())
    del known["sum"]
    path.write_text(json.dumps(known | {"format": form, "text_version": rules, "engine_of_old": {}}))
    for action in (lambda: LocalIndex.open(root), lambda: verified(root)):
        with pytest.raises(IndexOutdated, match=f"format {form} with text rules {rules}.*index rebuild"):
            action()


def test_the_command_says_it_with_its_exit_code(root: Path) -> None:
    done = CliRunner().invoke(command, ["verify", "--index", str(root)])
    assert (done.exit_code, done.stdout.startswith("sound: ")) == (0, True)
    told(root, "UPDATE passages SET text = 'x' WHERE row = 60")
    done = CliRunner().invoke(command, ["verify", "--index", str(root), "--json"])
    assert done.exit_code == 3
    assert json.loads(done.stdout)["faults"][0]["file"] == "store.sqlite"
    done = CliRunner().invoke(command, ["verify", "--index", str(root)])
    assert "store.sqlite: damaged articles: " in done.stdout
    assert "--from-index" in done.stdout


def test_where_there_is_no_index_nothing_is_made(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        verified(tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_sums_follow_whatever_is_written(tmp_path: Path) -> None:
    chance = random.Random(3)
    with closing(StoreWriter.create(tmp_path / "store.sqlite")) as store:
        db = store.connection
        for _ in range(400):
            row, table = chance.randrange(1, 30), chance.choice(["gone", "chores"])
            chance.choice(
                [
                    lambda r=row: store.set_number(f"k{r % 4}", r),
                    lambda r=row, t=table: db.execute(f"INSERT OR IGNORE INTO {t} VALUES (?)", (r,)),
                    lambda r=row, t=table: db.execute(f"DELETE FROM {t} WHERE row > ?", (r,)),
                    lambda r=row: db.execute(
                        "INSERT INTO files (path, mark) VALUES (?, '') ON CONFLICT DO UPDATE SET mark = 'x'",
                        (b"%d" % r,),
                    ),
                    lambda r=row: db.execute("INSERT OR IGNORE INTO echoes VALUES (?, 1)", (str(r % 5),)),
                ]
            )()
            assert sums.damaged_tables(db) == []
        db.execute("UPDATE sums SET sum = ~sum WHERE scope = 'gone'")
        assert sums.damaged_tables(db) == ["gone"]


def test_writing_never_blesses_damage(root: Path) -> None:
    path = live(root) / "store.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            db.execute(f"DROP TRIGGER {name}")
        db.execute("UPDATE passages SET text = 'Something else.' WHERE row = 60")
        for _, sql in triggers:
            db.execute(sql)
    with closing(StoreWriter(path)) as store:
        store.stack([(60, 60)])
        store.stack([(60, None)])
    with closing(store_check.opened(path)) as db:
        assert len(sums.damaged_articles(db)) == 1


def test_sums_of_vectors_go_on_behind_those_that_count(tmp_path: Path) -> None:
    vectors = np.eye(8, dtype=np.float32)
    for start, end in ((0, 3), (3, 8), (5, 8)):  # the last one begins where a crash cut the one before it
        with closing(VectorWriter(tmp_path, 8, min(start, 3))) as writer:
            writer.append(np.arange(min(start, 3), end), vectors[min(start, 3) : end])
    found = VectorIndex(tmp_path, 8, 8)
    found.check(tmp_path)
    assert len(found) == 8
    with pytest.raises(IndexDamaged):
        SumWriter(tmp_path, 5)
    with pytest.raises(IndexDamaged):
        check_owners(tmp_path, np.arange(1, 9))
    with pytest.raises(IndexDamaged):
        check_vectors(tmp_path, vectors[::-1])

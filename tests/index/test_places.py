"""Where passages stand: blocks tell what the records do, whatever was done to these, and damage to them is told."""

from __future__ import annotations

import sqlite3
import zlib
from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np
import pytest

from benchmarks.damage import make
from index import places, snapshot
from index.encode.hashing import HashEncoder
from index.errors import IndexDamaged
from index.local import LocalIndex
from index.model import Kind, Place
from index.places import BLOCK, CODES, PlaceTable
from index.repair import Repair
from index.snapshot import IndexPaths
from index.store import Store
from index.store_writer import StoreWriter
from index.verify import Verification
from search import Searcher

if TYPE_CHECKING:
    from pathlib import Path

    from index.keyword.protocol import Rows


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make(tmp_path, 12)


def store_of(root: Path) -> Path:
    paths, _, mark = snapshot.open_live(IndexPaths(root))
    mark.close()
    return paths.store


def told(root: Path, statement: str, values: tuple[object, ...] = ()) -> None:
    with closing(sqlite3.connect(store_of(root), isolation_level=None)) as db:
        db.execute(statement, values)


def columns(root: Path) -> bytes:
    with closing(sqlite3.connect(store_of(root))) as db:
        return bytes(db.execute("SELECT columns FROM places WHERE block = 0").fetchone()[0])


def rows_of(*rows: int) -> Rows:
    return np.array(rows, dtype=np.int64)


def fill(writer: StoreWriter, rows: list[int]) -> None:
    """Add an article of the number 7 with paragraphs in those rows."""
    writer.begin()
    writer.connection.execute(
        "INSERT INTO articles (number, id, authors, editors, topics, digest, seen) "
        "VALUES (7, 'a', '[]', '[]', '[]', x'', 1)"
    )
    writer.connection.executemany(
        "INSERT INTO passages (row, article, kind, position, text) VALUES (?, 7, 'paragraph', ?, 'x')",
        [(row, row) for row in rows],
    )
    writer.place_anew()
    writer.commit()


def test_a_table_tells_what_the_records_do(root: Path) -> None:
    with closing(Store(store_of(root))) as store:
        end = store.numbers()["next_row"]
        found = PlaceTable(store.read).of(np.arange(1, end))
        known = store.places(range(1, end))
    assert 0 < len(known) < end - 1  # some were removed
    wanted = [known.get(row, Place(-row, None, None)) for row in range(1, end)]
    assert found.articles.tolist() == [place.article for place in wanted]
    assert found.stacks.tolist() == [place.stack or 0 for place in wanted]
    assert found.kinds.tolist() == [CODES.get(place.kind, 0) for place in wanted]
    assert len(set(found.kinds.tolist())) > 2
    assert any(found.stacks)


def test_a_removed_passage_is_an_article_of_its_own(root: Path) -> None:
    with closing(LocalIndex.open(root)) as index:
        found = index.places(rows_of(0, 60, 900))
    assert found.articles.tolist() == [0, found.articles[1], -900]
    assert found.stacks.tolist()[::2] == found.kinds.tolist()[::2] == [0, 0]
    assert found.kinds[1] != 0


@pytest.mark.parametrize("row", [-5, BLOCK, 2**40])
def test_rows_of_no_block_are_damage(root: Path, row: int) -> None:
    with closing(LocalIndex.open(root)) as index, pytest.raises(IndexDamaged, match="index verify"):
        index.places(rows_of(60, row))


@pytest.mark.parametrize("wrong", ["row = 1 << 60", "row = -7", "stack = 1 << 40", "stack = -3", "article = -1"])
def test_absurd_numbers_are_found_and_mended(root: Path, wrong: str) -> None:
    with closing(sqlite3.connect(store_of(root), isolation_level=None)) as db:
        for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            db.execute(f"DROP TRIGGER {name}")
        db.execute(f"UPDATE passages SET {wrong} WHERE row = 60")
    assert any("places" in fault.what for fault in Verification(paths=IndexPaths(root)).run().faults)
    Repair(paths=IndexPaths(root), encoder=HashEncoder()).run()
    assert Verification(paths=IndexPaths(root)).run().faults == []


def test_rows_far_apart_need_no_blocks_between(tmp_path: Path) -> None:
    """Rows are never used again: a small index may have great ones."""
    with closing(StoreWriter.create(tmp_path / "store.sqlite")) as writer:
        fill(writer, [3, 4000 * BLOCK + 5])
        assert places.differing(writer.connection) == []
        found = PlaceTable(writer.reader.read).of(rows_of(4000 * BLOCK + 5, 3))
    assert found.articles.tolist() == [7, 7]


def test_no_rows_need_no_blocks(root: Path) -> None:
    told(root, "DELETE FROM places")
    with closing(LocalIndex.open(root)) as index:
        assert len(index.places(rows_of()).articles) == 0


def test_kinds_keep_their_numbers() -> None:
    """They are on disk: another order of ``Kind`` must not change them."""
    assert {kind.value: code for kind, code in CODES.items()} == {
        "headline": 1,
        "caption": 2,
        "paragraph": 3,
        "comment": 4,
        "furniture": 5,
    }
    assert set(CODES) == set(Kind)


def test_changes_of_several_blocks_are_written_with_their_commit(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    with closing(StoreWriter.create(path)) as writer:
        db = writer.connection
        fill(writer, [1, BLOCK - 1, BLOCK, 3 * BLOCK])
        assert places.differing(db) == []
        writer.begin()
        writer.stack([(1, BLOCK), (BLOCK, BLOCK)])
        assert places.differing(db) == [0, BLOCK]
        writer.commit()
        assert places.differing(db) == []
        table = PlaceTable(writer.reader.read)
        assert table.of(rows_of(1, BLOCK, 3 * BLOCK, 2)).stacks.tolist() == [BLOCK, BLOCK, 0, 0]
        assert table.of(rows_of(BLOCK - 1, 3 * BLOCK)).articles.tolist() == [7, 7]
        writer.begin()
        writer.unstack()
        writer.commit()
        writer.begin()
        writer.remove_article(7)
        writer.commit()
        assert places.differing(db) == []
        assert PlaceTable(writer.reader.read).of(rows_of(1, BLOCK)).articles.tolist() == [-1, -BLOCK]


def bent(whole: bytes, at: int) -> bytes:
    return whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :]


def summed(whole: bytes) -> bytes:
    return whole[:-4] + zlib.crc32(whole[:-4]).to_bytes(4, "little")


@pytest.mark.parametrize("how", ["bent", "short", "gone", "text", "another kind", "another article"])
def test_damage_is_told_found_and_mended(root: Path, how: str) -> None:
    whole = columns(root)
    if how == "gone":
        told(root, "DELETE FROM places")
    else:
        value: object = {
            "bent": bent(whole, 4),
            "short": whole[:-1],
            "text": "nonsense",
            "another kind": summed(whole[: 8 * BLOCK + 60] + b"\x77" + whole[8 * BLOCK + 61 :]),
            "another article": summed(bent(whole, 4 * 60)),
        }[how]
        told(root, "UPDATE places SET columns = ? WHERE block = 0", (value,))
    if how != "another article":  # which only comparing it with the records tells
        with Searcher.open(root, encoder=HashEncoder()) as searcher, pytest.raises(IndexDamaged, match="index verify"):
            searcher.search("the harbour", mode="semantic")
    faults = Verification(paths=IndexPaths(root)).run().faults
    assert any("places" in fault.what for fault in faults), faults
    Repair(paths=IndexPaths(root), encoder=HashEncoder()).run()
    assert Verification(paths=IndexPaths(root)).run().faults == []
    with Searcher.open(root, encoder=HashEncoder()) as searcher:
        assert searcher.search("the harbour", mode="semantic")


def test_a_sound_block_is_as_long_as_the_format_says(root: Path) -> None:
    assert len(columns(root)) == 9 * BLOCK + 4

"""What a killed writer leaves half done: hidden, done by the next that may write, swept."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from index import snapshot
from index.build import Rebuild
from index.encode.hashing import HashEncoder
from index.keyword.clause import Everything
from index.keyword.engines import ENGINES
from index.local import LocalIndex
from index.snapshot import IndexPaths
from index.store_writer import StoreWriter
from index.sync import Sync

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(params=ENGINES)
def paths(tmp_path: Path, request: pytest.FixtureRequest) -> IndexPaths:
    source, paths = tmp_path / "articles.jsonl", IndexPaths(tmp_path / "index")
    told = ({"id": f"a{number}", "title": "Harbour", "paragraphs": ["The tide came in."]} for number in range(4))
    source.write_text("".join(json.dumps(article) + "\n" for article in told), encoding="utf-8")
    Rebuild(paths=paths, sources=[source], encoder=HashEncoder(), engine=request.param).run()
    return paths


def store_of(paths: IndexPaths) -> StoreWriter:
    live, _, mark = snapshot.open_live(paths)
    mark.close()
    return StoreWriter(live.store)


def owe(paths: IndexPaths, row: int) -> None:
    """Leave a passage's keyword document to be written anew, as a writer does that is killed after its commit."""
    with closing(store_of(paths)) as store:
        store.begin()
        store.note([row])
        store.commit()


def rows(paths: IndexPaths) -> list[int]:
    with closing(LocalIndex.open(paths.root)) as index:
        found: list[int] = index.matching(Everything()).tolist()
        return found


def test_a_reader_does_what_a_killed_writer_left(paths: IndexPaths) -> None:
    before = rows(paths)
    owe(paths, 2)
    assert rows(paths) == before
    with closing(store_of(paths)) as store:
        assert store.chores() == []


def test_while_another_writes_a_reader_does_without(paths: IndexPaths, monkeypatch: pytest.MonkeyPatch) -> None:
    before = rows(paths)
    owe(paths, 2)
    monkeypatch.setattr(snapshot, "LOCK_SECONDS", 0.05)
    with snapshot.writing(paths):
        assert rows(paths) == [row for row in before if row != 2]
    assert rows(paths) == before


def test_the_next_sync_sweeps_what_killed_writers_left(paths: IndexPaths) -> None:
    snapshot.new(paths)
    left = [paths.root / "CURRENT.new"]
    live, manifest, mark = snapshot.open_live(paths)
    mark.close()
    if manifest.engine == "tantivy":
        left += [live.keyword / ".tmpAbCdEf", live.keyword / "stories" / ".tmpAbCdEf"]
    for path in left:
        path.write_bytes(b"half")
    Sync(paths=paths, encoder=HashEncoder()).run()
    assert [path for path in left if path.exists()] == []
    assert [path.name for path in paths.snapshots.iterdir()] == [live.root.name]

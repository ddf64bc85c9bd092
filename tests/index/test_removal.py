"""Removal for good: out of the index, on the deletion list, and back only when somebody asks."""

from __future__ import annotations

import json
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from index.build import Rebuild
from index.compact import Compaction
from index.deletions import FILE, Deletions
from index.encode.hashing import HashEncoder
from index.errors import NotFound, UsageError
from index.keyword.clause import Everything, Field, Term
from index.local import LocalIndex
from index.removal import Removal, restore
from index.snapshot import IndexPaths
from index.sync import Sync

if TYPE_CHECKING:
    from pathlib import Path

COMMENTS = [
    {"id": "x", "author": "Bo", "text": "At last.", "parent": None},
    {"id": "y", "author": "Cy", "text": "Far too loud.", "parent": "x"},
    {"id": "z", "author": "Di", "text": "Agreed.", "parent": "y"},
]


def built(folder: Path) -> IndexPaths:
    path = folder / "a.jsonl"
    articles: list[dict[str, Any]] = [
        {"id": "a", "url": "https://gull.example/a", "title": "Harbour", "paragraphs": ["Mud."], "comments": COMMENTS},
        {"id": "b", "title": "Ferry", "paragraphs": ["The ferry left.", "It was late."]},
    ]
    path.write_text("".join(json.dumps(each) + "\n" for each in articles), encoding="utf-8")
    paths = IndexPaths(folder / "index")
    Rebuild(paths=paths, sources=[path], encoder=HashEncoder()).run()
    return paths


def remove(paths: IndexPaths, *ids: str) -> None:
    Removal(paths=paths, ids=ids, encoder=HashEncoder()).run()


def sync(paths: IndexPaths) -> None:
    Sync(paths=paths, encoder=HashEncoder()).run()


def ids(paths: IndexPaths) -> list[str]:
    with closing(LocalIndex.open(paths.root)) as index:
        index.check()
        rows = index.matching(Everything()).tolist()
        return [passage.id for passage in index.passages(rows).values()]


def test_a_removed_article_is_gone_and_stays_gone(tmp_path: Path) -> None:
    paths = built(tmp_path)
    remove(paths, "b")
    assert not [name for name in ids(paths) if name.startswith("b#")]
    sync(paths)
    Rebuild(paths=paths, sources=[tmp_path / "a.jsonl"], encoder=HashEncoder()).run()
    assert not [name for name in ids(paths) if name.startswith("b#")]
    assert [entry.id for entry in Deletions(paths).entries()] == ["b"]


def test_a_removed_comment_keeps_its_place_but_not_its_words(tmp_path: Path) -> None:
    paths = built(tmp_path)
    remove(paths, "a#c2")
    for _ in range(2):
        with closing(LocalIndex.open(paths.root)) as index:
            found = index.article("a").comments
            assert [(c.author, c.text, c.parent, c.removed) for c in found] == [
                ("Bo", "At last.", None, False),
                (None, "[removed]", "x", True),
                ("Di", "Agreed.", "y", False),
            ]
            assert index.count(Term(Field.STEM, "loud")) == 0
        Rebuild(paths=paths, sources=[tmp_path / "a.jsonl"], encoder=HashEncoder()).run()


def test_the_same_page_under_another_id_stays_out(tmp_path: Path) -> None:
    paths = built(tmp_path)
    remove(paths, "a")
    again = {"id": "a2", "url": "https://gull.example/a", "title": "Harbour", "paragraphs": ["Mud again."]}
    with (tmp_path / "a.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(again) + "\n")
    sync(paths)
    assert {name.partition("#")[0] for name in ids(paths)} == {"b"}


@pytest.mark.parametrize("chosen", ["a", "a#c2"])
def test_what_is_restored_comes_back_with_the_next_sync(tmp_path: Path, chosen: str) -> None:
    paths = built(tmp_path)
    before = ids(paths)
    remove(paths, chosen)
    restore(paths, [chosen])
    sync(paths)
    assert sorted(ids(paths)) == sorted(before)
    with closing(LocalIndex.open(paths.root)) as index:
        assert [comment.text for comment in index.article("a").comments][1] == "Far too loud."


@pytest.mark.parametrize(("wanted", "fault"), [("nope", NotFound), ("a#c9", NotFound), ("a#p1", UsageError)])
def test_what_cannot_be_removed_is_named_and_nothing_is(tmp_path: Path, wanted: str, fault: type[Exception]) -> None:
    paths = built(tmp_path)
    before = ids(paths)
    with pytest.raises(fault):
        remove(paths, "b", wanted)
    assert ids(paths) == before
    assert Deletions(paths).entries() == []


def test_a_list_that_cannot_be_read_stops_everything(tmp_path: Path) -> None:
    paths = built(tmp_path)
    (paths.root / FILE).write_text("{nonsense\n", encoding="utf-8")
    with pytest.raises(UsageError, match="deletions"):
        sync(paths)


def test_compaction_changes_nothing_but_the_size(tmp_path: Path) -> None:
    paths = built(tmp_path)
    with closing(LocalIndex.open(paths.root)) as index:
        row = index.row("a#p1")
    remove(paths, "b")
    vector = HashEncoder().encode(["mud in the harbour"])[0]
    with closing(LocalIndex.open(paths.root)) as index:
        before = index.nearest(vector, 9).rows.tolist(), index.info.passages
        assert index.info.vectors == 8
    smaller = Compaction(paths=paths).run()
    assert smaller[1] <= smaller[0]
    with closing(LocalIndex.open(paths.root)) as index:
        assert (index.nearest(vector, 9).rows.tolist(), index.info.passages) == before
        assert index.info.vectors == 5
        assert index.row("a#p1") == row
        assert index.count(Term(Field.STEM, "ferri")) == 0
    sync(paths)
    assert "a#c3" in ids(paths)


def test_a_line_that_a_crash_cut_off_is_left_out_and_mended(tmp_path: Path) -> None:
    paths = built(tmp_path)
    remove(paths, "a")
    journal = paths.root / FILE
    whole = journal.read_bytes()
    journal.write_bytes(whole + b'{"id": "b", "url": nu')
    assert [entry.id for entry in Deletions(paths).entries()] == ["a"]
    remove(paths, "b")
    assert [entry.id for entry in Deletions(paths).entries()] == ["a", "b"]
    assert journal.read_bytes().startswith(whole + b'{"id": "b", "url": null')
    journal.write_bytes(journal.read_bytes().rstrip(b"\n"))
    assert [entry.id for entry in Deletions(paths).entries()] == ["a", "b"]
    restore(paths, ["b"])
    assert [entry.id for entry in Deletions(paths).entries()] == ["a"]


def test_damage_within_the_deletion_list_is_still_an_error(tmp_path: Path) -> None:
    paths = built(tmp_path)
    remove(paths, "a")
    journal = paths.root / FILE
    journal.write_bytes(b'{"id": "b", "url": nu\n' + journal.read_bytes())
    with pytest.raises(UsageError, match="mend or remove it"):
        Deletions(paths)


def test_a_restoring_that_is_killed_can_be_done_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = built(tmp_path)
    remove(paths, "a")
    monkeypatch.setattr(Deletions, "take_back", lambda *_: pytest.fail("killed here"))
    with pytest.raises(pytest.fail.Exception):
        restore(paths, ["a"])
    monkeypatch.undo()
    restore(paths, ["a"])
    sync(paths)
    assert "a#h" in ids(paths)


def test_of_several_to_restore_all_are_or_none(tmp_path: Path) -> None:
    paths = built(tmp_path)
    remove(paths, "a")
    with pytest.raises(NotFound, match="'b' is not on the deletion list"):
        restore(paths, ["a", "b"])
    assert [entry.id for entry in Deletions(paths).entries()] == ["a"]

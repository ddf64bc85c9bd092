"""Sync: only what changed is read and encoded, and the index is then what a fresh rebuild would give."""

from __future__ import annotations

import json
import os
import random
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pytest

from index.build import Rebuild
from index.deletions import Deletions
from index.encode.hashing import HashEncoder
from index.errors import IndexMissing, UsageError
from index.keyword.clause import Everything, Field, Term
from index.local import LocalIndex
from index.snapshot import IndexPaths
from index.sync import Sync

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np

    from index.report import BuildReport

WORDS = [
    "harbour",
    "dredger",
    "council",
    "vote",
    "grain",
    "ships",
    "tide",
    "marine",
    "panel",
    "crane",
    "storm",
    "ferry",
]


class Counting(HashEncoder):
    """Counts what it is asked to encode."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.texts += texts
        return super().encode(texts)


def article(name: str, *paragraphs: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "title": f"About {name}", "paragraphs": list(paragraphs), "source": "The Gull", **more}


def write(path: Path, *articles: dict[str, Any]) -> Path:
    """Write a file anew, in a way that shows: file systems tell time coarsely."""
    path.write_text("".join(json.dumps(each) + "\n" for each in articles), encoding="utf-8")
    os.utime(path, ns=(path.stat().st_atime_ns, path.stat().st_mtime_ns + random.randrange(10**9)))
    return path


def rebuild(root: Path, *sources: Path) -> BuildReport:
    return Rebuild(paths=IndexPaths(root), sources=sources, encoder=HashEncoder()).run()


def sync(root: Path, *sources: Path, encoder: HashEncoder | None = None, keep: bool = False) -> BuildReport:
    made = Sync(paths=IndexPaths(root), sources=sources, encoder=encoder or HashEncoder(), keep_missing=keep)
    return made.run()


def texts(root: Path) -> dict[str, str]:
    """Return id -> text of every passage, as the engine and the store both have it."""
    with closing(LocalIndex.open(root)) as index:
        index.check()
        rows = index.matching(Everything()).tolist()
        found = index.passages(rows)
        assert sorted(found) == rows
        return {passage.id: passage.text for passage in found.values()}


def state(root: Path) -> dict[str, Any]:
    """Return all that may be told of an index, rows and equal times aside."""
    with closing(LocalIndex.open(root)) as index:
        index.check()
        rows = index.matching(Everything()).tolist()
        found = index.passages(rows)
        ids = {row: passage.id for row, passage in found.items()}
        leaders = index.stacks(rows)
        stacks = {
            frozenset(ids[each] for each in group) for group in index.members(sorted(set(leaders.values()))).values()
        }
        answers = {ids[row]: (ids[to], score) for row, (to, score) in index.answers(rows).items()}
        vector = HashEncoder().encode(["the harbour vote"])[0]
        near = index.nearest(vector, len(rows))
        return {
            "articles": {a: index.articles([a])[a] for a in {p.article_id for p in found.values()}},
            "passages": {passage.id: passage for passage in found.values()},
            "stacks": stacks,
            "answers": answers,
            "near": dict(zip([ids[row] for row in near.rows.tolist()], near.scores.tolist(), strict=True)),
            "words": {w: {ids[r] for r in index.matching(Term(Field.STEM, w)).tolist()} for w in WORDS},
            "info": (index.info.articles, index.info.passages, index.size),
        }


def test_new_changed_and_gone_articles(tmp_path: Path) -> None:
    root, folder = tmp_path / "index", tmp_path / "pages"
    folder.mkdir()
    write(folder / "a.jsonl", article("a", "The tide came."), article("b", "The ferry left."))
    write(folder / "c.jsonl", article("c", "The crane fell."))
    write(folder / "d.jsonl", article("d", "The storm passed."))
    rebuild(root, folder)
    write(folder / "a.jsonl", article("a", "The tide came."), article("b", "The ferry left.", "It was late."))
    (folder / "c.jsonl").unlink()
    write(folder / "e.jsonl", article("e", "The pilot slept."))
    encoder = Counting()
    report = sync(root, encoder=encoder)
    assert (report.new, report.changed, report.unchanged, report.removed) == (1, 1, 1, 1)
    assert (report.files, report.files_unchanged) == (2, 1)
    assert sorted(encoder.texts) == ["About e", "It was late.", "The pilot slept."]
    assert {name.partition("#")[0] for name in texts(root)} == {"a", "b", "d", "e"}
    assert texts(root)["b#p2"] == "It was late."
    rebuild(tmp_path / "fresh", folder)
    assert state(root) == state(tmp_path / "fresh")


def test_nothing_changed_means_nothing_read_nor_written(tmp_path: Path) -> None:
    root = tmp_path / "index"
    path = write(tmp_path / "a.jsonl", article("a", "The tide came."))
    rebuild(root, path)
    with closing(LocalIndex.open(root)) as index:
        report = sync(root)
        assert (report.files, report.files_unchanged, report.articles) == (0, 1, 0)
        assert index.is_live


def test_a_file_touched_or_copied_anew_is_not_read_again(tmp_path: Path) -> None:
    root = tmp_path / "index"
    path = write(tmp_path / "a.jsonl", article("a", "The tide came."))
    rebuild(root, path)
    os.utime(path, ns=(0, 0))
    assert sync(root).files_unchanged == 1


def test_a_new_source_joins_and_stays(tmp_path: Path) -> None:
    root = tmp_path / "index"
    rebuild(root, write(tmp_path / "a.jsonl", article("a", "The tide came.")))
    more = write(tmp_path / "b.jsonl", article("b", "The ferry left."))
    assert sync(root, more).new == 1
    write(more, article("b", "The ferry stayed."))
    assert sync(root).changed == 1
    assert texts(root)["b#p1"] == "The ferry stayed."
    assert texts(root)["a#p1"] == "The tide came."


def test_a_moved_file_keeps_its_articles_and_encodes_nothing(tmp_path: Path) -> None:
    root, folder = tmp_path / "index", tmp_path / "pages"
    folder.mkdir()
    write(folder / "a.jsonl", article("a", "The tide came."))
    write(folder / "z.jsonl", article("z", "The ferry left."))
    rebuild(root, folder)
    (folder / "a.jsonl").rename(folder / "b.jsonl")
    encoder = Counting()
    report = sync(root, encoder=encoder)
    assert (report.new, report.changed, report.unchanged, report.removed) == (0, 0, 1, 0)
    assert encoder.texts == []
    with closing(LocalIndex.open(root)) as index:
        assert str(index.article("a").path).endswith("b.jsonl")


def test_an_echo_takes_the_place_of_what_went(tmp_path: Path) -> None:
    root, folder = tmp_path / "index", tmp_path / "pages"
    folder.mkdir()
    write(folder / "a.jsonl", article("a", "The tide came."), article("b", "The ferry left."))
    write(folder / "c.jsonl", article("a", "The tide came in."))
    rebuild(root, folder)
    assert texts(root)["a#p1"] == "The tide came."
    write(folder / "a.jsonl", article("b", "The ferry left."))
    report = sync(root)
    assert (report.new, report.changed, report.removed) == (0, 0, 0)
    assert texts(root)["a#p1"] == "The tide came in."
    rebuild(tmp_path / "fresh", folder)
    assert state(root) == state(tmp_path / "fresh")


def test_what_is_missing_may_be_kept(tmp_path: Path) -> None:
    root, folder = tmp_path / "index", tmp_path / "pages"
    folder.mkdir()
    write(folder / "a.jsonl", article("a", "The tide came."), article("b", "The ferry left."))
    write(folder / "c.jsonl", article("c", "The crane fell."))
    rebuild(root, folder)
    write(folder / "a.jsonl", article("b", "The ferry left."))
    (folder / "c.jsonl").unlink()
    report = sync(root, keep=True)
    assert (report.removed, report.kept) == (0, 1)
    assert {name.partition("#")[0] for name in texts(root)} == {"a", "b", "c"}


@pytest.mark.parametrize("how", ["empty", "gone"])
def test_a_source_that_lost_everything_is_kept_and_said(tmp_path: Path, how: str) -> None:
    root, folder = tmp_path / "index", tmp_path / "pages"
    folder.mkdir()
    write(folder / "a.jsonl", article("a", "The tide came."))
    rebuild(root, folder)
    (folder / "a.jsonl").unlink()
    if how == "gone":
        folder.rmdir()
    report = sync(root)
    assert report.removed == 0
    assert any("is kept" in note.text for note in report.notes)
    assert "a#p1" in texts(root)


def test_a_file_that_breaks_off_keeps_what_it_gave_and_is_read_again(tmp_path: Path) -> None:
    root, folder = tmp_path / "index", tmp_path / "pages"
    folder.mkdir()
    path = write(folder / "a.jsonl", article("a", "The tide came."))
    write(folder / "b.jsonl", article("b", "The ferry left."))
    rebuild(root, folder)
    whole = path.read_bytes()
    path.write_bytes(b"\x1f\x8b\x08\x00broken")
    report = sync(root)
    assert (report.removed, len(report.skipped)) == (0, 1)
    assert "a#p1" in texts(root)
    path.write_bytes(whole)
    assert sync(root).unchanged == 1


def test_the_deletion_list_outlives_sync_and_rebuild(tmp_path: Path) -> None:
    root = tmp_path / "index"
    path = write(tmp_path / "a.jsonl", article("a", "The tide came."), article("b", "The ferry left."))
    rebuild(root, path)
    with closing(LocalIndex.open(root)) as index:
        Deletions(IndexPaths(root)).add(index.articles(["a"])["a"])
    write(path, article("a", "The tide came, again."), article("b", "The ferry left."))
    report = sync(root)
    assert (report.banned, report.removed) == (1, 1)
    assert {name.partition("#")[0] for name in texts(root)} == {"b"}
    assert rebuild(root, path).banned == 1
    assert {name.partition("#")[0] for name in texts(root)} == {"b"}


def test_another_model_is_refused(tmp_path: Path) -> None:
    root = tmp_path / "index"
    rebuild(root, write(tmp_path / "a.jsonl", article("a", "The tide came.")))
    with pytest.raises(UsageError, match="rebuild"):
        Sync(paths=IndexPaths(root), encoder=None).run()


def test_without_an_index_there_is_nothing_to_sync(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        sync(tmp_path / "index", tmp_path)


def test_readers_keep_their_state_until_they_open_again(tmp_path: Path) -> None:
    root = tmp_path / "index"
    path = write(tmp_path / "a.jsonl", article("a", "The tide came."), article("b", "The ferry left."))
    rebuild(root, path)
    with closing(LocalIndex.open(root)) as before:
        write(path, article("a", "The storm came."))
        sync(root)
        assert not before.is_live
        assert before.article("b").paragraphs == ("The ferry left.",)
        assert before.count(Term(Field.STEM, "tide")) == 1
        assert before.count(Term(Field.STEM, "storm")) == 0
    assert texts(root)["a#p1"] == "The storm came."


def page(random_: random.Random, name: str) -> dict[str, Any]:
    """Return an article, often with a paragraph or a line that others have too."""
    prose = [" ".join(random_.choices(WORDS, k=random_.randint(3, 12))) + "." for _ in range(random_.randint(1, 4))]
    shared = ["The council will vote on the grain harbour next week.", "Share this", "Follow the Gull"]
    lines = [line for line in shared if random_.random() < 0.4]
    comments = [
        {
            "id": f"c{n}",
            "text": " ".join(random_.choices(WORDS, k=6)),
            "author": "Bo",
            "removed": random_.random() < 0.1,
        }
        for n in range(random_.randint(0, 3))
    ]
    day = f"2020-01-{int(name) % 28 + 1:02d}T{int(name) // 28:02d}:00:00Z"
    for number, comment in enumerate(comments):
        comment["posted"] = day.replace(":00:00Z", f":{number:02d}:30Z")
    return article(name, *lines, *prose, published=day, comments=comments)


@pytest.mark.parametrize("seed", range(6))
def test_any_series_of_syncs_equals_a_fresh_rebuild(tmp_path: Path, seed: int) -> None:
    random_ = random.Random(seed)
    root, folder = tmp_path / "index", tmp_path / "pages"
    folder.mkdir()
    files = {number: [page(random_, str(number * 10 + at)) for at in range(4)] for number in range(5)}
    for number, articles in files.items():
        write(folder / f"{number}.jsonl", *articles)
    rebuild(root, folder)
    for _ in range(4):
        for number in random_.sample(range(8), 3):
            kept = [each for each in files.get(number, []) if random_.random() < 0.7]
            fresh = [page(random_, str(number * 10 + at)) for at in range(9) if random_.random() < 0.3]
            ids = {each["id"] for each in fresh}
            files[number] = [each for each in kept if each["id"] not in ids] + fresh
            write(folder / f"{number}.jsonl", *files[number]) if files[number] else (folder / f"{number}.jsonl").unlink(
                missing_ok=True
            )
        sync(root)
    rebuild(tmp_path / "fresh", folder)
    assert state(root) == state(tmp_path / "fresh")

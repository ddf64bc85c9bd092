from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index import snapshot
from index.build import Rebuild
from index.encode.hashing import HashEncoder
from index.errors import IndexDamaged, IndexLocked, IndexMissing, IndexOutdated, NotFound, SourceError
from index.local import LocalIndex
from index.model import Kind
from index.snapshot import IndexPaths, SnapshotPaths

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

ARTICLE = {
    "id": "a1",
    "title": "Harbour deepened",
    "published": "2020-02-03T10:00:00+01:00",
    "authors": ["Ada Quist"],
    "topics": ["Harbours"],
    "paragraphs": ["The dredger came at dawn.", "Nobody slept."],
    "captions": ["A dredger."],
    "comments": [
        {"id": "x", "author": "Bo", "posted": "2020-02-04T00:00:00Z", "text": "At last.", "parent": None},
        {"id": "y", "author": "Cy", "posted": None, "text": "Too loud.", "parent": "x"},
        {"id": "z", "author": None, "posted": None, "text": "Agreed.", "parent": "deleted"},
    ],
}


class Counting(HashEncoder):
    """Counts what it is asked to encode."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.texts += texts
        return super().encode(texts)


def source(folder: Path, *articles: dict[str, object]) -> Path:
    path = folder / "articles.jsonl"
    path.write_text("".join(json.dumps(article) + "\n" for article in articles), encoding="utf-8")
    return path


def rebuilt(root: Path, *sources: Path, encoder: HashEncoder | None = None) -> object:
    return Rebuild(paths=IndexPaths(root), sources=sources, encoder=encoder or HashEncoder()).run()


def test_an_article_comes_back_as_it_went_in(tmp_path: Path) -> None:
    rebuilt(tmp_path / "index", source(tmp_path, ARTICLE))
    with closing(LocalIndex.open(tmp_path / "index")) as index:
        article = index.article("a1")
        assert article.title == "Harbour deepened"
        assert article.paragraphs == ("The dredger came at dawn.", "Nobody slept.")
        assert article.captions == ("A dredger.",)
        assert article.authors == ("Ada Quist",)
        assert article.published is not None
        assert article.published.isoformat() == "2020-02-03T09:00:00+00:00"
        assert [(c.id, c.author, c.text, c.parent) for c in article.comments] == [
            ("x", "Bo", "At last.", None),
            ("y", "Cy", "Too loud.", "x"),
            ("z", None, "Agreed.", "deleted"),
        ]
        assert [p.id for p in index.passages_of("a1")] == [f"a1#{m}" for m in ("h", "k1", "p1", "p2", "c1", "c2", "c3")]
        assert [p.parent for p in index.passages_of("a1")][-3:] == [None, "a1#c1", None]
        assert index.info.passages == {
            Kind.HEADLINE: 1,
            Kind.CAPTION: 1,
            Kind.PARAGRAPH: 2,
            Kind.COMMENT: 3,
            Kind.FURNITURE: 0,
        }
        assert index.passages([index.row("a1#c2")])[index.row("a1#c2")].text == "Too loud."


@pytest.mark.parametrize("name", ["a1#c9", "a1#q1", "nope#h", "a1#", "#", "", "a1#p²", "a1#p99999999999999999999"])
def test_unknown_ids_are_named(tmp_path: Path, name: str) -> None:
    rebuilt(tmp_path / "index", source(tmp_path, ARTICLE))
    with closing(LocalIndex.open(tmp_path / "index")) as index, pytest.raises(NotFound):
        index.row(name)


def test_the_same_article_twice_is_one(tmp_path: Path) -> None:
    report = rebuilt(tmp_path / "index", source(tmp_path, ARTICLE, ARTICLE))
    assert (report.articles, report.duplicates) == (1, 1)  # type: ignore[attr-defined]
    (note,) = report.notes  # type: ignore[attr-defined]
    assert "articles.jsonl" in note.path
    assert "'a1'" in note.text


def test_unchanged_text_is_never_encoded_twice(tmp_path: Path) -> None:
    changed = ARTICLE | {"paragraphs": ["The dredger came at dawn.", "Nobody slept a wink."]}
    first, second, third = Counting(), Counting(), Counting()
    rebuilt(tmp_path / "index", source(tmp_path, ARTICLE), encoder=first)
    rebuilt(tmp_path / "index", source(tmp_path, ARTICLE), encoder=second)
    report = rebuilt(tmp_path / "index", source(tmp_path, changed), encoder=third)
    assert len(first.texts) == 7
    assert second.texts == []
    assert third.texts == ["Nobody slept a wink."]
    assert (report.texts, report.encoded) == (7, 1)  # type: ignore[attr-defined]


def test_nothing_readable_is_an_error_and_leaves_the_old_index(tmp_path: Path) -> None:
    rebuilt(tmp_path / "index", source(tmp_path, ARTICLE))
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "noise.bin").write_bytes(b"\x00\x01")
    with pytest.raises(SourceError, match=r"noise\.bin"):
        rebuilt(tmp_path / "index", empty)
    with closing(LocalIndex.open(tmp_path / "index")) as index:
        assert index.info.articles == 1
    assert len(list((tmp_path / "index" / "snapshots").iterdir())) == 1


def test_words_only(tmp_path: Path) -> None:
    Rebuild(paths=IndexPaths(tmp_path / "index"), sources=[source(tmp_path, ARTICLE)], encoder=None).run()
    with closing(LocalIndex.open(tmp_path / "index")) as index:
        assert index.info.model is None
        assert index.info.vectors == 0


def test_directories_are_private(tmp_path: Path) -> None:
    rebuilt(tmp_path / "index", source(tmp_path, ARTICLE))
    for folder in [tmp_path / "index", *(p for p in (tmp_path / "index").rglob("*") if p.is_dir())]:
        assert folder.stat().st_mode & 0o777 == 0o700, folder


def test_a_reader_keeps_its_snapshot_and_the_next_writer_sweeps_it(tmp_path: Path) -> None:
    root = tmp_path / "index"
    rebuilt(root, source(tmp_path, ARTICLE))
    reader = LocalIndex.open(root)
    rebuilt(root, source(tmp_path, ARTICLE | {"title": "Changed"}))
    assert not reader.is_live
    assert reader.article("a1").title == "Harbour deepened"
    assert len(list((root / "snapshots").iterdir())) == 2
    reader.close()
    rebuilt(root, source(tmp_path, ARTICLE))
    assert len(list((root / "snapshots").iterdir())) == 1


def test_a_second_writer_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshot, "LOCK_SECONDS", 0.1)
    with (
        snapshot.writing(IndexPaths(tmp_path / "index")),
        pytest.raises(IndexLocked, match=r"process \d+, since .* UTC, is writing"),
    ):
        rebuilt(tmp_path / "index", source(tmp_path, ARTICLE))


def test_no_index_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing, match="broadsheet index rebuild"):
        LocalIndex.open(tmp_path / "none")


@pytest.mark.parametrize(
    ("damage", "error"),
    [
        (lambda live: (live / "manifest.json").write_text("{"), IndexDamaged),
        (lambda live: (live / "manifest.json").write_text("[1]"), IndexDamaged),
        (lambda live: (live / "manifest.json").write_text('{"format": 99, "text_version": 1}'), IndexOutdated),
        (lambda live: (live / "store.sqlite").write_bytes(b"nonsense" * 999), IndexDamaged),
        (lambda live: (live / "store.sqlite").unlink(), IndexDamaged),
        (lambda live: (live / "vectors.f32").write_bytes(b""), IndexDamaged),
        (lambda live: (live / "keyword" / "meta.json").write_text("{"), IndexDamaged),
        (lambda live: (live.parent.parent / "CURRENT").write_text("../../etc\n"), IndexDamaged),
        (lambda live: (live.parent.parent / "CURRENT").write_text("20200101T000000-deadbeef\n"), IndexDamaged),
    ],
)
def test_damage_is_named_never_a_traceback(tmp_path: Path, damage: object, error: type[Exception]) -> None:
    root = tmp_path / "index"
    rebuilt(root, source(tmp_path, ARTICLE))
    live = root / "snapshots" / (root / "CURRENT").read_text().strip()
    damage(live)  # type: ignore[operator]
    with pytest.raises(error, match="broadsheet index rebuild"):
        LocalIndex.open(root)


@pytest.mark.parametrize("content", ["nonsense", "", "20200101T000000-deadbeef"])
def test_a_rebuild_mends_a_damaged_pointer(tmp_path: Path, content: str) -> None:
    root = tmp_path / "index"
    rebuilt(root, source(tmp_path, ARTICLE))
    (root / "CURRENT").write_text(content)
    rebuilt(root, source(tmp_path, ARTICLE))
    with closing(LocalIndex.open(root)) as index:
        assert index.article("a1").title == "Harbour deepened"
    assert len(list((root / "snapshots").iterdir())) == 1


SLOW_BUILD = """
import sys, time
from pathlib import Path
from typing import TYPE_CHECKING
from index.build import Rebuild
from index.encode.hashing import HashEncoder
from index.snapshot import IndexPaths

class Slow(HashEncoder):
    def encode(self, texts):
        print("encoding", flush=True)
        time.sleep(60)

Rebuild(paths=IndexPaths(Path(sys.argv[1])), sources=[Path(sys.argv[2])], encoder=Slow()).run()
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_a_killed_rebuild_leaves_the_old_index_answering(tmp_path: Path) -> None:
    root = tmp_path / "index"
    rebuilt(root, source(tmp_path, ARTICLE))
    changed = source(tmp_path, ARTICLE | {"paragraphs": ["Something else."]})
    writer = subprocess.Popen(
        [sys.executable, "-c", SLOW_BUILD, str(root), str(changed)],
        stdout=subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    assert writer.stdout is not None
    assert writer.stdout.readline().strip() == b"encoding"
    os.kill(writer.pid, signal.SIGKILL)
    writer.wait()
    writer.stdout.close()
    with closing(LocalIndex.open(root)) as index:
        assert index.article("a1").paragraphs == ("The dredger came at dawn.", "Nobody slept.")
    assert len(list((root / "snapshots").iterdir())) == 2
    rebuilt(root, changed)
    with closing(LocalIndex.open(root)) as index:
        assert index.article("a1").paragraphs == ("Something else.",)
    assert len(list((root / "snapshots").iterdir())) == 1


def test_reading_tells_bytes_and_encoding_tells_passages(tmp_path: Path) -> None:
    heard: list[tuple[str, int | None, int]] = []

    class Ear:
        def start(self, stage: str, total: int | None, unit: str) -> None:
            heard.append((f"{stage} {unit}", total, 0))

        def advance(self, amount: int = 1) -> None:
            stage, total, done = heard[-1]
            heard[-1] = (stage, total, done + amount)

        def finish(self) -> None:
            pass

    path = source(tmp_path, ARTICLE)
    Rebuild(paths=IndexPaths(tmp_path / "i"), sources=[path], encoder=HashEncoder(), progress=Ear()).run()
    size = path.stat().st_size
    assert heard == [
        ("reading byte", size, size),
        ("stacking passage", 7, 7),
        ("words passage", 7, 7),
        ("encoding passage", 7, 7),
        ("linking comment", 3, 3),
    ]


def test_the_size_of_a_snapshot_is_told_while_its_engine_drops_files(tmp_path: Path) -> None:
    root = tmp_path
    (root / "store.sqlite").write_bytes(b"1234")
    done = threading.Event()

    def churn() -> None:
        while not done.is_set():
            for number in range(20):
                (root / f"segment{number}").touch()
            for number in range(20):
                (root / f"segment{number}").unlink()

    thread = threading.Thread(target=churn)
    thread.start()
    try:
        sizes = {snapshot.size(SnapshotPaths(root)) for _ in range(1_000)}
    finally:
        done.set()
        thread.join(20)
    assert sizes == {4}

"""Words written beside the reading are those written afterwards, and what writes them is never left behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

import pytest

from index import build, text, words, words_worker
from index.build import Rebuild
from index.errors import BroadsheetError, IndexDamaged
from index.keyword import tantivy_engine
from index.keyword.clause import Among, Everything, Facet, Field, Group, Phrase, Term
from index.keyword.engines import open_engine
from index.snapshot import IndexPaths, live_name
from index.spool import SpoolWriter, spooled
from index.store_writer import StoreWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from index.keyword.protocol import KeywordDocument, KeywordIndex, KeywordWriter

ROOT = Path(__file__).parents[2]
LINE = "Subscribe to our letter"
"""What becomes furniture, once it stands on enough pages."""


def page(number: int) -> dict[str, object]:
    """An article; some have no headline, so that a line in doubt brings the story, and some no source."""
    return {
        "id": f"a{number}",
        "title": f"Harbour {number} reopened" if number % 3 else None,
        "source": "The Wire" if number % 4 else None,
        "authors": ["Ann Lee"],
        "topics": ["ports"],
        "published": f"2014-06-{1 + number % 28:02}",
        "captions": [f"The quay, view {number}"],
        "paragraphs": [LINE, f"Dredging of basin {number} took {number} weeks. " * (8 if number % 2 else 1)],
        "comments": [
            {"author": f"r{number % 5}", "text": f"Basin {number} was silted, Müller's U.S. crew said 中国人."}
        ],
    }


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "pages.jsonl"
    path.write_text("".join(json.dumps(page(number)) + "\n" for number in range(60)), "utf-8")
    return path


def rebuilt(root: Path, source: Path, engine: str = "tantivy") -> KeywordIndex:
    paths = IndexPaths(root)
    Rebuild(paths=paths, sources=[source], encoder=None, engine=engine).run()
    return open_engine(engine, paths.snapshot(live_name(paths) or "").keyword)


def beside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "WORTH", 1)
    monkeypatch.setattr(build, "_COMMIT_EVERY", 25)


def told(index: KeywordIndex) -> list[object]:
    """All that can be asked: every term and key, and where and how well it is found."""
    answers: list[object] = [index.count(Everything())]
    for field in (*Field, *Facet):
        for term, holders in sorted(index.completions(field, "", 100_000)):
            clause = Term(field, term) if isinstance(field, Field) else Among(field, (term,))
            found = index.search(clause, 1000)
            answers.append((field, term, holders, found.rows.tolist(), found.scores.tolist()))
    story = Group(should=(Term(Field.STORY, "basin"), Term(Field.STORY, "week")))
    for clause in (Phrase(Field.EXACT, ("u.s.", "crew"), 1), Phrase(Field.STEM, ("basin", "1"), 0), story):
        found = index.search(clause, 1000)
        answers.append((found.rows.tolist(), found.scores.tolist()))
    return answers


@pytest.mark.parametrize("engine", ["tantivy", "whoosh"])
def test_words_written_beside_the_reading_are_the_same(
    tmp_path: Path, source: Path, engine: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(rebuilt(tmp_path / "after", source, engine)) as index:
        after = told(index)
    beside(monkeypatch)
    monkeypatch.setattr(tantivy_engine, "_TIES", 20)  # beyond which equal scores come as the engine holds them
    checked: list[object] = []
    monkeypatch.setattr(words._Beside, "check", lambda self: checked.append(self))  # noqa: PLW0108 - bound as a method
    with closing(rebuilt(tmp_path / "beside", source, engine)) as index:
        assert told(index) == after
        assert index.search(Everything(), 20).rows.tolist() == list(range(1, 21))
        furniture = index.count(Among(Facet.KIND, ("furniture",)))
    assert checked, "a process was started"
    assert furniture >= 20, "lines were learnt to be furniture"


WORDY = ("Basin 4 was silted.", "", "\u02bc Müller\u2019s 中国人", "\ufdfa said twice", "\ud800 \u0301", "x " * 700_000)


def test_words_come_out_of_the_spool_as_they_went_in(tmp_path: Path) -> None:
    with (tmp_path / "spool").open("w+b") as file, (tmp_path / "spool").open("wb") as ours:
        writer = SpoolWriter(ours)
        waited: list[int] = []

        def wait() -> bool:
            row = len(waited) + 1
            if row <= len(WORDY):
                writer.add(row * 2, text.analysed(WORDY[row - 1]))
                writer.add(row * 2, text.analysed("told twice"))
                writer.flush()
            waited.append(row)
            return row <= len(WORDY)

        found = list(spooled(file, 1000, wait))
        assert [row for row, _ in found] == [2, 4, 6, 8, 10, 12]
        for (_, words), told in zip(found, WORDY, strict=True):
            assert words in (None, text.terms(told)[0] or [""])
        assert [words is None for _, words in found] == [False, False, False, True, False, False]
        assert list(spooled(file, 6, wait)) == found[:3], "nothing is waited for behind the last one"


@pytest.mark.parametrize("learns", [True, False])
def test_what_was_written_stays_only_where_nothing_of_it_was_learnt_to_be_furniture(
    tmp_path: Path, source: Path, learns: bool
) -> None:
    paths = IndexPaths(tmp_path / "index")
    Rebuild(paths=paths, sources=[source], encoder=None).run()
    with closing(StoreWriter.open(paths.snapshot(live_name(paths) or "").store)) as store:
        lines = [row for (row,) in store.connection.execute("SELECT row FROM passages WHERE text = ?", (LINE,))]
        store.furnish([(row, False) for row in lines])
        complete = threading.Event()
        spool = SpoolWriter(BytesIO())

        class Reader:
            """Takes documents, and reads to the end meanwhile."""

            rows: ClassVar[list[int]] = []

            def add(self, documents: Iterable[KeywordDocument]) -> None:
                self.rows.extend(document.row for document in documents)
                store.furnish([(row, True) for row in lines if learns])
                complete.set()

        assert words_worker.follow(store.connection, cast("KeywordWriter", Reader()), spool, complete) != learns
        assert Reader.rows == list(range(1, store.number("next_row")))


def test_a_process_that_is_killed_fails_the_rebuild_and_leaves_the_index(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rebuilt(tmp_path / "index", source).close()
    before = live_name(IndexPaths(tmp_path / "index"))
    beside(monkeypatch)
    monkeypatch.setattr(words._Beside, "complete", lambda self: self._process.kill())
    with pytest.raises(BroadsheetError, match=r"signal 9.*run it again"):
        rebuilt(tmp_path / "index", source)
    assert live_name(IndexPaths(tmp_path / "index")) == before
    assert len(list((tmp_path / "index" / "snapshots").iterdir())) == 1


def test_what_goes_wrong_in_it_is_raised_as_what_it_was(
    tmp_path: Path, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    beside(monkeypatch)
    with pytest.raises(IndexDamaged, match="no keyword engine 'lucene'"):
        Rebuild(paths=IndexPaths(tmp_path / "index"), sources=[source], encoder=None, engine="lucene").run()


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="children are found in /proc")
def test_it_ends_with_the_rebuild_that_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from index import build, words; from index.snapshot import IndexPaths\n"
        "words.WORTH = 1; build._COMMIT_EVERY = 25\n"
        "build.Rebuild(paths=IndexPaths(Path(sys.argv[1])), sources=[Path('-')], encoder=None).run()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "index")], stdin=subprocess.PIPE, cwd=ROOT
    ) as rebuild:
        assert rebuild.stdin is not None
        rebuild.stdin.write("".join(json.dumps(page(number)) + "\n" for number in range(600)).encode())
        rebuild.stdin.flush()
        child = waited(lambda: children(rebuild.pid))
        waited(lambda: list(tmp_path.glob("index/snapshots/*/keyword/meta.json")))
        rebuild.kill()
    waited(lambda: not Path(f"/proc/{child[0]}/cmdline").exists() or is_over(child[0]))


def children(pid: int) -> list[int]:
    return [int(found) for found in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()]


def is_over(pid: int) -> bool:
    try:
        os.kill(pid, signal.SIG_DFL)
        return Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0] == "Z"
    except (OSError, ValueError):
        return True


def waited(look: Callable[[], Any]) -> Any:
    """Return what ``look`` finds, once it finds something."""
    deadline = time.monotonic() + 60
    while not (found := look()):
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return found

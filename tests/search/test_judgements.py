from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index.errors import IndexDamaged, IndexMissing, NotFound, UsageError
from index.snapshot import IndexPaths, sweep
from search import judgements as judging
from search.judgements import FILE, Judgements

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.local import LocalIndex

ROOT = Path(__file__).parents[2]


@pytest.fixture
def kept(tmp_path: Path) -> Judgements:
    return Judgements.beside(tmp_path)


def told(kept: Judgements) -> list[tuple[str, str, int]]:
    return [(one.query, one.passage_id, one.grade) for one in kept.all()]


def test_what_is_recorded_is_there(kept: Judgements, tmp_path: Path) -> None:
    kept.record("harbour  strike\n", "a#1#p2", 1)
    (one,) = kept.all()
    assert (one.query, one.passage_id, one.article_id, one.grade) == ("harbour strike", "a#1#p2", "a#1", 1)
    assert timedelta(0) <= datetime.now(UTC) - one.when < timedelta(minutes=1)
    line = json.loads((tmp_path / FILE).read_text("ascii"))
    assert set(line) == {"query", "id", "article_id", "grade", "when"}
    assert line["when"].endswith("Z")


def test_the_last_one_wins_and_comes_last(kept: Judgements) -> None:
    kept.record("harbour", "a#p1", 1)
    kept.record("harbour", "a#p2", 1)
    kept.record("harbour", "a#p1", 0)
    kept.record("Harbour", "a#p1", 1)
    assert told(kept) == [("harbour", "a#p2", 1), ("harbour", "a#p1", 0), ("Harbour", "a#p1", 1)]


def test_what_is_forgotten_is_gone_and_can_come_back(kept: Judgements) -> None:
    kept.record("harbour", "a#p1", 1)
    assert kept.forget(" harbour ", "a#p1")
    assert kept.all() == ()
    assert not kept.forget("harbour", "a#p1")
    kept.record("harbour", "a#p1", 0)
    assert told(kept) == [("harbour", "a#p1", 0)]


def test_nothing_judged_is_nothing(kept: Judgements, tmp_path: Path) -> None:
    assert kept.all() == ()
    assert not kept.forget("harbour", "a#p1")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("query", "passage", "grade"), [("", "a#p1", 1), (" \x00", "a#p1", 1), ("q", "a", 1)])
def test_what_is_no_judgement_is_refused(kept: Judgements, query: str, passage: str, grade: int) -> None:
    with pytest.raises(UsageError):
        kept.record(query, passage, grade)
    with pytest.raises(UsageError, match="grade"):
        kept.record("q", "a#p1", 2)


def test_only_the_owner_may_read_it(kept: Judgements, tmp_path: Path) -> None:
    kept.record("harbour", "a#p1", 1)
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


def test_judging_makes_no_index(tmp_path: Path) -> None:
    with pytest.raises(IndexMissing):
        Judgements.beside(tmp_path / "none").record("harbour", "a#p1", 1)
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize("cut", [1, 20, 60])
def test_a_torn_last_line_is_left_out_and_mended_by_the_next_writer(kept: Judgements, tmp_path: Path, cut: int) -> None:
    kept.record("harbour", "a#p1", 1)
    kept.record("strike", "a#p2", 1)
    file = tmp_path / FILE
    file.write_bytes(file.read_bytes()[: -cut - 1])
    assert (kept.read().torn, len(kept.all())) == (1, 1)
    kept.record("strike", "a#p3", 0)
    assert kept.read().torn == 0
    assert told(kept) == [("harbour", "a#p1", 1), ("strike", "a#p3", 0)]


def test_a_last_line_without_its_end_is_a_judgement(kept: Judgements, tmp_path: Path) -> None:
    kept.record("harbour", "a#p1", 1)
    file = tmp_path / FILE
    file.write_bytes(file.read_bytes().rstrip(b"\n"))
    assert (kept.read().torn, len(kept.all())) == (0, 1)
    kept.record("strike", "a#p2", 0)
    assert told(kept) == [("harbour", "a#p1", 1), ("strike", "a#p2", 0)]


GOOD = '{"query": "q", "id": "a#p1", "grade": 1, "when": "2020-01-01T00:00:00"}'


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        GOOD.replace('"q"', "7").encode(),
        GOOD.replace("1,", "true,").encode(),
        GOOD.replace("1,", "7,").encode(),
        GOOD.replace("2020-01-01", "yesterday").encode(),
        GOOD.replace("2020-01-01T00:00:00", "0001-01-01T00:00:00+23:00").encode(),
    ],
)
def test_a_damaged_line_is_named(kept: Judgements, tmp_path: Path, line: bytes) -> None:
    (tmp_path / FILE).write_bytes(GOOD.encode() + b"\n\n" + line + b"\n" + GOOD.encode() + b"\n")
    with pytest.raises(IndexDamaged, match=r"line 3 of .*mend or remove"):
        kept.all()


def test_time_without_a_zone_is_utc(kept: Judgements, tmp_path: Path) -> None:
    (tmp_path / FILE).write_text(GOOD + "\r\n", "utf-8")
    assert kept.all()[0].when == datetime(2020, 1, 1, tzinfo=UTC)


def test_two_processes_append_at_once(kept: Judgements, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from search.judgements import Judgements\n"
        "kept = Judgements.beside(Path(sys.argv[1]))\n"
        "for number in range(40): kept.record(f'query {number} ' + 'x' * 900, sys.argv[2] + '#p1', number % 2)\n"
    )
    (tmp_path / FILE).write_text('{"query": "torn', "utf-8")
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path), name], cwd=ROOT, env=dict(os.environ))
        for name in ("left", "right")
    ]
    assert [process.wait(timeout=60) for process in running] == [0, 0]
    assert kept.read().torn == 0
    assert len(kept.all()) == 80
    for name in ("left", "right"):
        own = [one.query.split()[1] for one in kept.all() if one.article_id == name]
        assert own == [str(number) for number in range(40)]


def test_judgements_outlive_snapshots(kept: Judgements, tmp_path: Path) -> None:
    paths = IndexPaths(tmp_path)
    paths.snapshots.mkdir()
    kept.record("harbour", "a#p1", 1)
    sweep(paths)
    assert len(kept.all()) == 1


def test_export_gives_articles_as_documents(kept: Judgements, tmp_path: Path) -> None:
    kept.record("harbour", "a#p1", 0)
    kept.record("harbour", "a#p2", 1)
    kept.record("harbour", "b#p1", 0)
    kept.record("strike\u202e", "b#c1", 1)
    folder = tmp_path / "beir"
    assert kept.export_beir(folder) == 3
    lines = [json.loads(line) for line in (folder / "queries.jsonl").read_text("utf-8").splitlines()]
    assert lines == [{"_id": "q1", "text": "harbour"}, {"_id": "q2", "text": "strike"}]
    assert (folder / "qrels" / "test.tsv").read_text("utf-8").splitlines() == [
        "query-id\tcorpus-id\tscore",
        "q1\ta\t1",
        "q1\tb\t0",
        "q2\tb\t1",
    ]
    with pytest.raises(UsageError, match="there already"):
        kept.export_beir(folder)


def test_a_passage_is_judged_by_the_id_it_is_shown_with(index_of: Callable[..., LocalIndex]) -> None:
    index = index_of({"id": "a1", "title": "Harbour", "paragraphs": ["One.", "Two."]})
    assert judging.judge(index, "harbour", "a1#p01", relevant=True)
    assert judging.judge(index, "harbour", "a1#h1", relevant=False)
    kept = Judgements.beside(index.info.path)
    assert told(kept) == [("harbour", "a1#p1", 1), ("harbour", "a1#h", 0)]
    assert judging.judge(index, "harbour", "a1#p001", relevant=None)
    with pytest.raises(NotFound):
        judging.judge(index, "harbour", "a1#p3", relevant=True)
    kept.record("harbour", "gone#p1", 1)
    assert judging.judge(index, "harbour", "gone#p1", relevant=None)
    assert not judging.judge(index, "harbour", "gone#p1", relevant=None)

"""Cells run in processes of their own; what goes wrong in one is told and costs only that one."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from benchmarks.speed import __main__ as speed
from benchmarks.speed.cells import Cell, Cells
from benchmarks.speed.runner import Places, Runner

if TYPE_CHECKING:
    from benchmarks.speed.data import Data

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="session")
def places(data: Data, tmp_path_factory: pytest.TempPathFactory) -> Places:
    made = tmp_path_factory.mktemp("indexes")
    return Places(root=ROOT, data=data.folder, judged=data.folder, indexes=made, rivals=Path(sys.executable))


def test_a_system_is_built_asked_and_started(places: Places, data: Data) -> None:
    runner = Runner(places, 60, 0.02)
    built = runner.run(Cell("tantivy", data.size, "build"))
    assert not built.failed
    assert built.figures["seconds"] > 0
    assert built.figures["versions"]["tantivy"]
    asked = runner.run(Cell("tantivy", data.size, "ask"))
    assert asked.figures["latency"]["keyword"]["count"] >= 10
    together = runner.run(Cell("tantivy", data.size, "clients"))
    assert together.figures["keyword"]["4"]["per_second"] > 0
    started = runner.run(Cell("tantivy", data.size, "cold", "keyword"))
    assert started.figures["seconds"] > 0.01


def test_exact_answers_come_from_a_process_too(places: Places, data: Data) -> None:
    told = Runner(places, 60, 0.02).run(Cell("scans", data.size, "scan"))
    assert set(told.figures["exact"]) == {"100", "1", "10", "50"}


def test_what_went_wrong_is_told(places: Places, data: Data) -> None:
    runner = Runner(places, 60, 0.02)
    assert runner.run(Cell("bm25s", 7, "ask")).failed == "it has no index of that size"
    assert "ModuleNotFoundError: No module named" in runner.run(Cell("milvus", data.size, "build")).failed
    assert runner.run(Cell("whoosh", 10**6, "build")).failed.startswith("left out: ")
    assert Runner(places, 0.01, 0.02).run(Cell("tantivy", data.size, "build")).failed == "stopped after 0 s"


def test_a_build_that_failed_leaves_no_index_and_names_no_folder(places: Places, data: Data, tmp_path: Path) -> None:
    runner = Runner(replace(places, indexes=tmp_path / "indexes", data=tmp_path / "away"), 60, 0.02)
    told = runner.run(Cell("tantivy", data.size, "build")).failed
    assert told.endswith("No such file or directory: 'buckets.u8'")
    assert runner.run(Cell("tantivy", data.size, "ask")).failed == "it has no index of that size"


def test_without_the_rivals_each_says_so(places: Places, data: Data) -> None:
    alone = Places(
        root=ROOT, data=data.folder, judged=data.folder, indexes=places.indexes, rivals=None, absent="not installed"
    )
    assert Runner(alone, 60, 0.02).run(Cell("tantivy", data.size, "build")).failed == "not installed"


def test_a_run_goes_on_where_it_stopped(
    collections: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("benchmarks.speed.environment.python", lambda *_: Path(sys.executable))
    given = ["--data", str(collections), "--work", str(tmp_path / "work"), "--output", str(tmp_path / "told.md")]
    given += ["--sizes", "50", "--systems", "tantivy", "--budget", "0.01", "--stages", "build,ask"]
    monkeypatch.setattr("benchmarks.speed.__main__.embed", lambda *_: None)
    assert speed.main([*given, "--minutes", "-1"]) == speed.UNFINISHED
    assert "4 cells are left" in capsys.readouterr().err
    assert speed.main([*given, "--rounds", "1"]) == 0
    assert "2/2: tantivy, 50, ask\n" in capsys.readouterr().err
    assert speed.main(given) == 0
    assert "2/2: tantivy, 50, ask, round 3" in capsys.readouterr().err
    assert {result.cell.stage: result.count for result in Cells(tmp_path / "work" / "cells").all()} == {
        "build": 1,
        "ask": 3,
    }
    kept = {result.cell.stage: result.day for result in Cells(tmp_path / "work" / "cells").all()}
    assert set(kept) == {"build", "ask"}
    assert all(kept.values())
    assert "| tantivy |" in (tmp_path / "told.md").read_text("utf-8")
    capsys.readouterr()
    assert speed.main(given) == 0
    assert "1/" not in capsys.readouterr().err
    assert speed.main([*given, "--again", "--stages", "ask", "--rounds", "2"]) == 0
    assert "2/2: tantivy, 50, ask, round 2" in capsys.readouterr().err
    assert max(result.count for result in Cells(tmp_path / "work" / "cells").all()) == 2


@pytest.mark.parametrize("flags", [["--sizes", "many"], ["--systems", "altavista"]])
def test_what_is_not_there_is_a_usage_error(flags: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as fault:
        speed.main(flags)
    assert fault.value.code == 2
    assert flags[1] in capsys.readouterr().err

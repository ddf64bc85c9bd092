"""Results are kept cell by cell and found again; a run plans each once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.speed import cells
from benchmarks.speed.cells import Cell, Cells, Result
from benchmarks.speed.runner import planned
from index.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

ONE = Cell("tantivy", 5000, "cold", "keyword")


def test_what_was_kept_is_found_again(tmp_path: Path) -> None:
    kept = Cells(tmp_path / "cells")
    assert kept.get(ONE) is None
    rounds = [{"seconds": 0.5}, {"seconds": 0.6}]
    for result in (
        Result(ONE, {"seconds": 0.5}, rounds=rounds),
        Result(Cell("whoosh", 10**6, "build"), {}, "left out: slow"),
    ):
        kept.put(result)
        assert kept.get(result.cell) == result
    assert {result.cell.system for result in kept.all()} == {"tantivy", "whoosh"}


def test_a_broken_file_is_measured_again(tmp_path: Path) -> None:
    kept = Cells(tmp_path)
    kept.put(Result(ONE, {"seconds": 0.5}))
    (tmp_path / f"{ONE.key}.json").write_text("{", "utf-8")
    assert kept.get(ONE) is None
    assert list(kept.all()) == []


def test_of_several_rounds_the_middle_counts() -> None:
    def told(cost: float, **more: float) -> Result:
        return Result(ONE, {"latency": {"keyword": {"p50": cost, "count": 400}, **more}, "nearest": [[int(cost)]]})

    once = told(5.0)
    assert once.count == 1
    twice = once.and_then(told(2.0))
    assert (twice.count, twice.figures["latency"]["keyword"]) == (2, {"p50": 2.0, "count": 400})
    thrice = twice.and_then(told(3.0, hybrid=7.0))
    assert thrice.figures == told(3.0, hybrid=7.0).figures
    assert [each["latency"]["keyword"]["p50"] for each in thrice.rounds] == [5.0, 2.0, 3.0]
    failed = Result(ONE, {}, "stopped after 900 s")
    assert thrice.and_then(failed) == failed
    assert failed.and_then(once) == once


@pytest.mark.parametrize(("text", "size"), [("5k", 5_000), ("1M", 1_000_000), ("1m", 1_000_000), ("123", 123)])
def test_sizes_are_written_short(text: str, size: int) -> None:
    assert cells.size_of(text) == size


@pytest.mark.parametrize("text", ["", "k", "0", "-5k", "5 k", "1.5M", "many"])
def test_what_is_no_size_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="no size"):
        cells.size_of(text)


def test_sizes_are_shown_short() -> None:
    assert [cells.size_shown(size) for size in (5_000, 1_000_000, 123, 0)] == ["5k", "1M", "123", "judged"]


def test_every_cell_is_planned_once_and_builds_come_first() -> None:
    plan = list(planned(["broadsheet", "tantivy"], [5000, 50_000], judged=True))
    assert len(plan) == len(set(plan)) == len({cell.key for cell in plan})
    for cell in plan:
        if cell.stage in ("ask", "cold"):
            assert plan.index(Cell(cell.system, cell.size, "build")) < plan.index(cell)
    assert [cell.mode for cell in plan if cell.stage == "cold" and cell.size == 5000] == [
        "keyword",
        "hybrid",
        "keyword",
    ]

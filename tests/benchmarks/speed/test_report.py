"""The report tells what was measured, what was claimed, and what is missing and why."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

from benchmarks.speed import report, svg
from benchmarks.speed.cells import Cell, Result
from benchmarks.speed.claims import Claim, claims
from benchmarks.speed.figures import Figures
from benchmarks.speed.tables import shown

if TYPE_CHECKING:
    from pathlib import Path

SIZES = (5_000, 200_000)


def told(milliseconds: float) -> dict[str, float]:
    return {"p50": milliseconds, "p95": milliseconds * 2, "p99": milliseconds * 3, "count": 99, "cpu": milliseconds / 2}


def asked(milliseconds: float, mode: str) -> dict[str, object]:
    return {
        "latency": {"keyword": told(milliseconds)} | ({mode: told(milliseconds * 2)} if mode != "keyword" else {}),
        "filtered": {"mode": mode} | {share: told(milliseconds * 2) for share in ("100", "50", "10", "1")},
        "peak_mb": 100.0,
        "private_mb": 50.0,
    }


@pytest.fixture
def figures() -> Figures:
    results = []
    for size in SIZES:
        for system, base in (("broadsheet", 2.0), ("tantivy", 0.5), ("lancedb", 9.0)):
            mode = "keyword" if system == "tantivy" else "hybrid"
            grown = base * size / 5_000
            built = {"seconds": grown, "per_second": 100, "disk_mb": grown, "peak_mb": 10.0, "versions": {"x": "1.0"}}
            results += [
                Result(Cell(system, size, "build"), built, load=base),
                Result(Cell(system, size, "ask"), asked(grown, mode)),
                Result(
                    Cell(system, size, "clients"),
                    {"keyword": {"1": {"per_second": 10.0} | told(grown), "4": {"failed": "no threads"}}},
                ),
                Result(Cell(system, size, "cold", mode), {"seconds": base}),
            ]
        results.append(Result(Cell("whoosh", size, "build"), {}, "stopped after 5 s", f"2026-01-0{size // 5_000 % 7}"))
    exact = {"100": [[1, 2], [3, 4]]}
    results.append(
        Result(Cell("scans", 200_000, "scan"), {"exact": exact, "dense": {"numpy": told(4) | {"recall": 1.0}}})
    )
    ours = next(each for each in results if each.cell == Cell("broadsheet", 200_000, "ask"))
    ours.figures.update(nearest={"100": [[1, 2], [3, 9]]}, dense={"ours": told(5)})
    return Figures.of(results)


def test_claims_are_met_or_not(figures: Figures) -> None:
    verdicts = {claim.about: claim for claim in claims(figures)}
    told = verdicts["keyword at 200k, snippets included: time over raw tantivy's without snippets"]
    assert (told.value, told.verdict, told.note) == (4.0, "met", "4 by processor time")
    assert verdicts["keyword at 200k, snippets included: faster than LanceDB"].verdict == "met"
    assert verdicts["keyword at 200k, snippets included: faster than Whoosh"].verdict == "not measured"
    assert verdicts["cold hybrid search at 5k: faster than the fastest rival's"].verdict == "**not met**"
    assert verdicts["cold hybrid search at 5k: faster than the fastest rival's"].note == "fastest rival: LanceDB"
    assert verdicts["recall@10 by meaning against an exact scan at 200k"].value == 0.75
    dense = verdicts["dense search at 200k, vector in, passages out: time over the best exact scan's"]
    assert (dense.value, dense.verdict) == (1.25, "met")


def test_a_claim_tells_how_it_went_from_round_to_round(figures: Figures) -> None:
    for system, costs in (("broadsheet", (80, 100, 90)), ("lancedb", (320, 300, 360))):
        cell = Cell(system, 200_000, "ask")
        first, *later = (Result(cell, asked(cost, "hybrid")) for cost in costs)
        figures.results[cell] = first.and_then(later[0]).and_then(later[1])
    told = {claim.about: claim for claim in claims(figures)}["keyword at 200k, snippets included: faster than LanceDB"]
    assert told.value == pytest.approx(320 / 90)
    assert told.note == "3 to 4 from round to round, 3.56 by processor time"
    assert figures.rounds("lancedb", 200_000, "hybrid") == [640, 600, 720]
    assert figures.rounds("lancedb", 200_000, "semantic") == figures.rounds("tantivy", 200_000, "keyword") == []


def test_a_bound_itself_is_met() -> None:
    assert Claim("a", 6.0, 6.0, is_most=True).verdict == "met"
    assert Claim("a", 3.0, 3.0, is_most=False).verdict == "met"


def test_the_report_tells_everything(figures: Figures, tmp_path: Path) -> None:
    target = tmp_path / "benchmarks.md"
    target.write_text(f"# Old\n\n{report.BY_HAND}\n\nA thought.\n", "utf-8")
    about = report.about({"passages": 200_000, "of": {"news": 200_000}}, figures)
    report.write(figures, about, target)
    text = target.read_text("utf-8")
    assert "Old" not in text
    assert text.endswith(f"\n{report.BY_HAND}\n\nA thought.\n")
    assert "| **Broadsheet** | 2.00 / 4.00 / 6.00 (1.00) | 80.0 / 160 / 240 (40.0) |" in text
    assert "no threads" in text
    assert "was 0.5 to 9, 2.0 in the middle" in text
    assert "measured 2026-01-01 to 2026-01-05:" in text
    assert "- Whoosh at 5k (build): stopped after 5 s" in text
    assert "**synthetic**" in text
    assert "1.00 (40.0x)" in text
    assert "| everything |  | 0.7500 / 0.7500 |" in text
    assert "(system: not measured.)" in text
    assert str(tmp_path) not in text
    raw = json.loads(target.with_suffix(".json").read_text("utf-8"))
    assert {"system": "whoosh", "size": 5000, "stage": "build", "mode": "", "failed": "stopped after 5 s"} in raw[
        "cells"
    ]
    assert "nearest" not in json.dumps(raw)
    charts = sorted(path.name for path in (tmp_path / "benchmarks").iterdir())
    assert charts == ["build.svg", "disk.svg", "hybrid.svg", "keyword.svg", "memory.svg"]
    for name in charts:
        assert f"(benchmarks/{name})" in text
        ElementTree.parse(tmp_path / "benchmarks" / name)


def test_charts_place_values_by_their_logarithm() -> None:
    scale = svg.Scale.of([2, 300], 0, 300)
    assert [scale.at(value) for value in (1, 10, 100, 1000)] == [0, 100, 200, 300]
    assert scale.ticks() == [1, 10, 100, 1000]
    drawn = svg.chart("a < b", "ms", {"one & two": [(10, 1), (100, 10)]})
    assert "a &lt; b" in drawn
    assert len(drawn) < 4_000


def test_figures_have_digits_that_count() -> None:
    assert [shown(value) for value in (None, 0.034567, 0.5, 1.234, 12.34, 1234.5)] == [
        *("", "0.035", "0.5", "1.23", "12.3", "1,234"),
    ]

"""The report: docs/benchmarks.md, its charts, and all figures as JSON."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING, Any, Final

from benchmarks.speed import measure, svg, tables
from benchmarks.speed.catalogue import SYSTEMS
from benchmarks.speed.cells import JUDGED
from benchmarks.speed.data import EVERYTHING, SHARES
from benchmarks.speed.embed import REAL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from benchmarks.speed.figures import Figures

BY_HAND: Final = "## What we make of it"
_HEAD: Final = """\
# Speed

Written by `make bench`, measured {date}: {cpu}, {cores} cores, {memory_gb} GiB, vector units {units}, {system},
Python {python}.
Each system ran in processes of its own, one after the other, on the same passages and questions, the page cache warm.
Asking went in rounds, {rounds} at most, each system once a round; what is told is the middle of each figure.
Machines are noisy: trust the ratios, not the milliseconds. The load average when figures were taken was {loads}
(1 is a measurement alone). All figures are in [benchmarks.json](benchmarks.json).

**Passages**: {passages}, of at most 400 characters:
{of}.
A copy is a real passage whose words, but for the commonest, were exchanged for words of the same frequency. A smaller
size is the first of them. **Vectors** of the first {real} passages are the model's own (all-MiniLM-L6-v2); all further
ones are **synthetic**: real ones mixed in pairs, shaken and normalised. So what is told of larger sizes is time, and
recall against an exact scan, not how well meaning is found. **Questions** are eight words of real headlines, whose
articles are not among the passages; none is asked twice in the same words. Every system encodes them by itself, with
the same model, and its time includes that."""
_CHARTS: Final = {
    "keyword": ("Keyword search, median", "ms"),
    "hybrid": ("Hybrid search, text in to ten hits out, median", "ms"),
    "build": ("Building, vectors given", "seconds"),
    "disk": ("On disk", "MiB"),
    "memory": ("Peak resident memory while answering", "MiB"),
}


def write(figures: Figures, about: dict[str, Any], target: Path) -> None:
    """Write the report to ``target``, its JSON beside it and its charts in a folder beside it, named like it.

    What people wrote at the end, from a heading on, stays.
    """
    charts = target.with_suffix("")
    charts.mkdir(parents=True, exist_ok=True)
    drawn = dict(_drawn(figures))
    for name, image in drawn.items():
        (charts / f"{name}.svg").write_text(image, encoding="utf-8")
    links = {name: f"{charts.name}/{name}.svg" for name in drawn}
    lines = [*_lines(figures, about, links), *_by_hand(target)]
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    raw = json.dumps({"about": about, "cells": [*_raw(figures)]}, indent=1)
    target.with_suffix(".json").write_text(raw + "\n", encoding="utf-8")


def about(data: dict[str, Any], figures: Figures) -> dict[str, Any]:
    """Return what the figures are of: days, machine, passages."""
    rounds = max((result.count for result in figures.results.values()), default=1)
    loads = _loads(figures.loads)
    return {"date": figures.days, "rounds": rounds, "loads": loads, "machine": measure.machine(), "passages": data}


def _loads(loads: Sequence[float]) -> str:
    if not loads:
        return "not known"
    return f"{loads[0]:g} to {loads[-1]:g}, {measure.median(loads):.1f} in the middle"


def _lines(figures: Figures, about: dict[str, Any], links: dict[str, str]) -> Iterator[str]:
    yield from _head(about)
    yield from ("", "## What it must show", "", *tables.must_show(figures))
    for mode in tables.MODES:
        yield from ("", f"## {mode.capitalize()} search, ms: p50 / p95 / p99 (processor time)", "")
        yield from (*_image(mode, links), *tables.latencies(figures, mode))
    yield from _section(
        "## Dense search alone, ms (recall@10)",
        "A vector in, ten passages out; the scans are bare loops in memory, ours is the index's own search.",
        tables.scans(figures),
        iter(["Recall of Broadsheet's dense search against the exact ten and the exact hundred nearest:"]),
        tables.recalls(figures),
    )
    yield from _section(
        "## With a filter",
        "Median in ms of a system's richest mode, all asked in turn for each question; in brackets how much of the\n"
        "exact ten nearest its search by meaning (of Broadsheet its dense search) finds among the passages allowed.",
        *(tables.filtered(figures, size) for size in figures.sizes),
    )
    yield from _section(
        "## One and four client threads", "", *(tables.clients(figures, size) for size in figures.sizes)
    )
    yield from _start(figures)
    yield from _costs(figures, links)
    yield from _section(
        "## How costs grow",
        "The power of the number of passages each cost grows by, between the smallest and the largest size measured,\n"
        "and how many times it grew: 1 is in proportion.",
        tables.growth(figures),
    )
    yield from _section(
        "## How good the answers are",
        "nDCG@10 on SciFact (the judgements of its training part), so that nobody is fast by answering badly.",
        tables.quality(figures),
    )
    yield from _section("## The systems", "", tables.setups(figures))
    yield from _section("## What is missing", "", tables.failures(figures))


def _head(about: dict[str, Any]) -> list[str]:
    machine, told = about["machine"], about["passages"]
    of = [f"{count:,} of {name}" for name, count in told.get("of", {}).items() if count]
    return _HEAD.format(
        **machine,
        date=about["date"],
        rounds=about["rounds"],
        loads=about["loads"],
        units=", ".join(machine["vector_units"]) or "none told",
        passages=f"{told.get('passages', 0):,}",
        of="\n".join(textwrap.wrap("; ".join(of), 118)),
        real=f"{REAL:,}",
    ).splitlines()


def _section(heading: str, note: str, *parts: Iterator[str]) -> Iterator[str]:
    yield from ("", heading)
    if note:
        yield from ("", note)
    for part in parts:
        yield from ("", *part)


def _image(name: str, links: dict[str, str]) -> list[str]:
    return [f"![{_CHARTS[name][0]}]({links[name]})", ""] if name in links else []


def _start(figures: Figures) -> Iterator[str]:
    def told(mode: str) -> Iterator[str]:
        yield f"By {mode} search:"
        yield ""
        yield from tables.by_size(figures, lambda name, size: tables.shown(figures.cold(name, size, mode)))

    yield from _section(
        "## Cold start, s",
        "From starting a process to its first answer: imports, opening and loading the model included.",
        told("keyword"),
        told("hybrid"),
    )


def _costs(figures: Figures, links: dict[str, str]) -> Iterator[str]:
    """Yield what building costs and what an index takes."""

    def built(name: str, size: int) -> str:
        seconds, worked = (tables.shown(figures.built(name, size, each)) for each in ("seconds", "cpu_seconds"))
        return f"{seconds} ({worked})" if seconds else ""

    def held(name: str, size: int) -> str:
        peak, private = figures.asked(name, size, "peak_mb"), figures.asked(name, size, "private_mb")
        return "" if peak is None else f"{tables.shown(peak)} ({tables.shown(private)})"

    def figure(of: str) -> Callable[[str, int], str]:
        return lambda name, size: tables.shown(figures.built(name, size, of))

    given = "Vectors are given, so that no time of a model is in it."
    resident = "Resident (VmHWM), mapped files included; in brackets what is no file and so cannot be dropped."
    for name, heading, note, told in (
        ("build", "## Building, s (of processor time)", given, built),
        ("disk", "## On disk, MiB", "", figure("disk_mb")),
        ("", "## Peak memory while building, MiB", "", figure("peak_mb")),
        ("memory", "## Peak memory while answering, MiB", resident, held),
    ):
        yield from _section(heading, note, iter([*_image(name, links), *tables.by_size(figures, told)]))


def _drawn(figures: Figures) -> Iterator[tuple[str, str]]:
    """Yield each chart that has at least one line of two points."""
    costs: dict[str, Callable[[str, int], float | None]] = {
        "keyword": lambda name, size: figures.latency(name, size, "keyword"),
        "hybrid": lambda name, size: figures.latency(name, size, "hybrid"),
        "build": lambda name, size: figures.built(name, size, "seconds"),
        "disk": lambda name, size: figures.built(name, size, "disk_mb"),
        "memory": lambda name, size: figures.asked(name, size, "peak_mb"),
    }
    for chart, cost in costs.items():
        lines = {}
        for name in figures.systems:
            points = [(float(size), value) for size in figures.sizes if (value := cost(name, size))]
            if points:
                lines[SYSTEMS[name].shown] = points
        if any(len(points) > 1 for points in lines.values()):
            yield chart, svg.chart(*_CHARTS[chart], lines)


def _raw(figures: Figures) -> Iterator[dict[str, Any]]:
    """Yield every cell, answers told as the recall that came of them."""
    for cell, result in sorted(figures.results.items(), key=lambda each: (each[0].size, each[0].system, each[0].stage)):
        told = {name: value for name, value in result.figures.items() if name not in ("nearest", "exact")}
        if "nearest" in result.figures:
            shares = (EVERYTHING, *SHARES)
            told["recall"] = {str(share): figures.recall(cell.system, cell.size, share) for share in shares}
        if result.rounds:
            told["rounds"] = {mode: figures.rounds(cell.system, cell.size, mode) for mode in result.figures["latency"]}
        size = "judged" if cell.size == JUDGED else cell.size
        yield {"system": cell.system, "size": size, "stage": cell.stage, "mode": cell.mode} | (
            {"failed": result.failed} if result.failed else {"load": result.load} | told
        )


def _by_hand(target: Path) -> list[str]:
    written = target.read_text("utf-8") if target.is_file() else ""
    _, heading, rest = written.partition(f"\n{BY_HAND}\n")
    return ["", BY_HAND, *rest.rstrip("\n").split("\n")] if heading else []

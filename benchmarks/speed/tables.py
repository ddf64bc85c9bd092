"""The tables of the report, one function a table, each yielding lines of Markdown."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from benchmarks.speed import dense
from benchmarks.speed.catalogue import OURS, SCAN, SYSTEMS
from benchmarks.speed.cells import Cell, size_shown
from benchmarks.speed.claims import claims
from benchmarks.speed.data import EVERYTHING, SHARES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from benchmarks.speed.figures import Figures

MODES: Final = ("keyword", "semantic", "hybrid")
_SMALL: Final = 10.0
_LARGE: Final = 100.0


def shown(value: float | None) -> str:
    """Return a figure with three digits that count, or nothing."""
    if value is None:
        return ""
    if abs(value) >= _LARGE:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= _SMALL else f"{value:.2g}" if abs(value) < 1 else f"{value:.2f}"


def table(first: str, columns: Sequence[str], rows: Sequence[tuple[str, Sequence[str]]]) -> Iterator[str]:
    """Yield a table; rows without any figure are left out."""
    told = [(name, cells) for name, cells in rows if any(cells)]
    if not told:
        yield f"({first}: not measured.)"
        return
    yield f"| {first} | {' | '.join(columns)} |"
    yield "|---" + "|---:" * len(columns) + "|"
    for name, cells in told:
        yield f"| {name} | {' | '.join(cells)} |"


def must_show(figures: Figures) -> Iterator[str]:
    """Yield what was claimed beforehand, and what came of it."""
    rows = []
    for claim in claims(figures):
        bound = f"{'at most' if claim.is_most else 'at least'} {claim.bound:g}{claim.unit and ' ' + claim.unit}"
        rows.append((claim.about, (shown(claim.value), bound, claim.verdict, claim.note)))
    yield from table("what", ("measured", "wanted", "", "note"), rows)


def quality(figures: Figures) -> Iterator[str]:
    """Yield nDCG@10 on the judged collection."""
    rows = []
    for name in figures.systems:
        values = [figures.quality(name, mode) for mode in MODES]
        rows.append((_name(name), ["" if value is None else f"{value:.3f}" for value in values]))
    yield from table("system", MODES, rows)


def latencies(figures: Figures, mode: str) -> Iterator[str]:
    """Yield the percentiles of one mode at each size, in milliseconds."""

    def told(system: str, size: int) -> str:
        parts = [shown(figures.latency(system, size, mode, name)) for name in ("p50", "p95", "p99")]
        spent = shown(figures.latency(system, size, mode, "cpu"))
        return f"{' / '.join(parts)} ({spent})" if any(parts) else ""

    yield from by_size(figures, told)


def by_size(figures: Figures, told: Callable[[str, int], str]) -> Iterator[str]:
    """Yield a table with a row a system and a column a size."""
    columns = [size_shown(size) for size in figures.sizes]
    rows = [(_name(name), [told(name, size) for size in figures.sizes]) for name in figures.systems]
    yield from table("system", columns, rows)


def filtered(figures: Figures, size: int) -> Iterator[str]:
    """Yield the median with a filter and, where a system searches by meaning, how much of the exact answer it finds."""
    shares = (EVERYTHING, *sorted(SHARES, reverse=True))
    rows = []
    for name in figures.systems:
        cells = []
        for share in shares:
            taken = shown(figures.asked(name, size, "filtered", str(share), "p50"))
            found = figures.recall(name, size, share)
            cells.append(taken if found is None else f"{taken} ({found:.3f})")
        rows.append((f"{_name(name)}, {figures.get(Cell(name, size, 'ask'), 'filtered', 'mode') or ''}", cells))
    columns = ["no filter", *(f"{share}% allowed" for share in shares[1:])]
    yield from table(f"system, at {size_shown(size)}", columns, rows)


def clients(figures: Figures, size: int) -> Iterator[str]:
    """Yield how many questions a second one and four threads get answered."""
    rows = []
    for name in figures.systems:
        for mode in dict.fromkeys((SYSTEMS[name].modes[0], SYSTEMS[name].modes[-1])):
            told = figures.get(Cell(name, size, "clients"), mode) or {}
            cells = [each.get("failed") or shown(each.get("per_second")) for each in told.values()]
            latency = [shown(each.get("p95")) for each in told.values()]
            rows.append((f"{_name(name)}, {mode}", [*cells, *latency]))
    columns = ("1 thread, questions/s", "4 threads, questions/s", "1 thread, p95 ms", "4 threads, p95 ms")
    yield from table(f"system, at {size_shown(size)}", columns, rows)


def scans(figures: Figures) -> Iterator[str]:
    """Yield dense search alone: ours within the index, and scans in memory."""

    def told(name: str, size: int) -> str:
        ours = figures.get(Cell(OURS, size, "ask"), "dense", "ours")
        each = ours if name == OURS else figures.get(Cell(SCAN, size, "scan"), "dense", name)
        if not each or "p50" not in each:
            return ""
        found = each.get("recall") if name != OURS else figures.recall(OURS, size, EVERYTHING)
        return shown(each["p50"]) + ("" if found is None else f" ({found:.3f})")

    first = next((size for size in figures.sizes if figures.get(Cell(SCAN, size, "scan"), "dense")), 0)
    names = [OURS, *(figures.get(Cell(SCAN, first, "scan"), "dense") or {})]
    rows = [
        (f"**{SYSTEMS[OURS].shown}**" if name == OURS else name, [told(name, size) for size in figures.sizes])
        for name in names
    ]
    yield from table("method", [size_shown(size) for size in figures.sizes], rows)


def recalls(figures: Figures) -> Iterator[str]:
    """Yield how much of the exact ten and hundred nearest our dense search finds, by the share allowed."""

    def told(size: int, share: int) -> str:
        found = [figures.recall(OURS, size, share, depth) for depth in (dense.LIMIT, dense.DEEP)]
        return " / ".join("" if value is None else f"{value:.4f}" for value in found) if any(found) else ""

    rows = [
        ("everything" if share == EVERYTHING else f"{share}%", [told(size, share) for size in figures.sizes])
        for share in (EVERYTHING, *sorted(SHARES, reverse=True))
    ]
    yield from table("passages allowed", [size_shown(size) for size in figures.sizes], rows)


def growth(figures: Figures) -> Iterator[str]:
    """Yield by which power of the size each cost grows between the smallest and the largest size measured."""
    costs: dict[str, Callable[[str, int], float | None]] = {
        "keyword": lambda name, size: figures.latency(name, size, "keyword"),
        "hybrid": lambda name, size: figures.latency(name, size, "hybrid"),
        "build": lambda name, size: figures.built(name, size, "seconds"),
        "disk": lambda name, size: figures.built(name, size, "disk_mb"),
        "memory, building": lambda name, size: figures.built(name, size, "peak_mb"),
        "memory, answering": lambda name, size: figures.asked(name, size, "peak_mb"),
    }
    rows = []
    for name in figures.systems:
        cells = []
        for cost in costs.values():
            known = [(size, value) for size in figures.sizes if (value := cost(name, size))]
            cells.append(_power(known))
        rows.append((_name(name), cells))
    yield from table("system", list(costs), rows)


def setups(figures: Figures) -> Iterator[str]:
    """Yield how each system was used, and its versions."""
    for name in figures.systems:
        entry = SYSTEMS[name]
        found: dict[str, str] = {}
        for size in figures.sizes:
            found = found or figures.get(Cell(name, size, "build"), "versions") or {}
        told = ", ".join(f"{package} {version}" for package, version in found.items())
        yield f"- {_name(name)}: {entry.about}{f' ({told})' if told else ''}"


def failures(figures: Figures) -> Iterator[str]:
    """Yield what is missing and why, stages of the same reason in one line."""
    reasons: dict[tuple[str, int, str], list[str]] = {}
    for result in figures.failures():
        key = (result.cell.system, result.cell.size, result.failed)
        reasons.setdefault(key, []).append(f"{result.cell.stage} {result.cell.mode}".strip())
    for (system, size, why), stages in reasons.items():
        yield f"- {_name(system) if system in SYSTEMS else system} at {size_shown(size)} ({', '.join(stages)}): {why}"
    if not reasons:
        yield "Nothing."


def _power(known: Sequence[tuple[int, float]]) -> str:
    if len(known) < 2:
        return ""
    (small, least), (large, most) = known[0], known[-1]
    return f"{math.log(most / least) / math.log(large / small):.2f} ({shown(most / least)}x)"


def _name(system: str) -> str:
    shown_as = SYSTEMS[system].shown
    return f"**{shown_as}**" if system == OURS else shown_as

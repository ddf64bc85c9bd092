"""What Broadsheet must show: each claim as a figure, its bound, and whether it is met."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from benchmarks.speed.catalogue import OURS, SCAN, SYSTEMS
from benchmarks.speed.cells import Cell, size_shown
from benchmarks.speed.data import EVERYTHING, SHARES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.speed.figures import Figures

LARGE: Final = 200_000
SMALL: Final = 5_000
MILLION: Final = 1_000_000
_MIB_PER_GB: Final = 1024


@dataclass(frozen=True, slots=True)
class Claim:
    """One claim; ``value`` is ``None`` where it was not measured."""

    about: str
    value: float | None
    bound: float
    is_most: bool
    """Whether the bound is the most that is allowed, not the least that is wanted."""
    unit: str = "x"
    note: str = ""

    @property
    def verdict(self) -> str:
        """Return met, not met, or not measured."""
        if self.value is None:
            return "not measured"
        is_met = self.value <= self.bound if self.is_most else self.value >= self.bound
        return "met" if is_met else "**not met**"


def claims(figures: Figures) -> Iterator[Claim]:
    """Yield every claim, in the order they were made."""
    yield from _keyword(figures)
    yield from _hybrid(figures)
    yield from _dense(figures)
    yield from _filtered(figures)
    yield from _cold(figures)
    peak = figures.asked(OURS, MILLION, "peak_mb")
    yield Claim("memory at 1M: resident at its peak", _over(peak, _MIB_PER_GB), 1.5, is_most=True, unit="GB")
    yield from _recall(figures)


def _keyword(figures: Figures) -> Iterator[Claim]:
    about = "keyword at 200k, snippets included: "
    value, note = _against(figures, LARGE, "keyword", "tantivy", OURS)
    yield Claim(f"{about}time over raw tantivy's without snippets", value, 6, is_most=True, note=note)
    for rival, bound in (("whoosh", 100), ("rank-bm25", 150), ("lancedb", 1)):
        value, note = _against(figures, LARGE, "keyword", OURS, rival)
        yield Claim(f"{about}faster than {SYSTEMS[rival].shown}", value, bound, is_most=False, note=note)


def _hybrid(figures: Figures) -> Iterator[Claim]:
    for size in (SMALL, LARGE):
        best = figures.fastest_rival([(name, figures.latency(name, size, "hybrid")) for name in figures.systems])
        value, note = _against(figures, size, "hybrid", OURS, best[0]) if best else (None, "")
        told = ", ".join(filter(None, (_fastest(best), note)))
        yield Claim(f"hybrid at {size_shown(size)}: faster than the fastest rival", value, 3, is_most=False, note=told)
    grown = _over(figures.latency(OURS, MILLION, "hybrid"), figures.latency(OURS, LARGE, "hybrid"))
    spent = _over(figures.latency(OURS, MILLION, "hybrid", "cpu"), figures.latency(OURS, LARGE, "hybrid", "cpu"))
    yield Claim("hybrid: median at 1M over that at 200k", grown, 5, is_most=True, note=_processor(spent))


def _against(figures: Figures, size: int, mode: str, one: str, other: str) -> tuple[float | None, str]:
    """Return how many times one system's median the other's is, and as a note the same by round and processor time."""
    value, spent = (
        _over(figures.latency(other, size, mode, each), figures.latency(one, size, mode, each))
        for each in ("p50", "cpu")
    )
    ours, theirs = (figures.rounds(name, size, mode) for name in (one, other))
    each = [its / mine for mine, its in zip(ours, theirs, strict=False)]
    told = f"{min(each):.3g} to {max(each):.3g} from round to round" if each else ""
    return value, ", ".join(filter(None, (told, _processor(spent))))


def _processor(ratio: float | None) -> str:
    return "" if ratio is None else f"{ratio:.3g} by processor time"


def _dense(figures: Figures) -> Iterator[Claim]:
    scans = figures.get(Cell(SCAN, LARGE, "scan"), "dense") or {}
    exact = [(each["p50"], name) for name, each in scans.items() if each.get("recall", 0) >= 0.99]
    mine = figures.asked(OURS, LARGE, "dense", "ours", "p50")
    best = min(exact, default=None)
    yield Claim(
        "dense search at 200k, vector in, passages out: time over the best exact scan's",
        _over(mine, best[0] if best else None),
        1.5,
        is_most=True,
        note=f"best scan: {best[1]}" if best else "",
    )


def _filtered(figures: Figures) -> Iterator[Claim]:
    for size in (LARGE, MILLION):
        plain = figures.asked(OURS, size, "filtered", str(EVERYTHING), "p50")
        for share in SHARES:
            value = _over(figures.asked(OURS, size, "filtered", str(share), "p50"), plain)
            about = f"hybrid at {size_shown(size)}, {share}% of passages allowed: time over unfiltered"
            yield Claim(about, value, 1.3, is_most=True)


def _cold(figures: Figures) -> Iterator[Claim]:
    best = figures.fastest_rival([(name, figures.cold(name, SMALL, "hybrid")) for name in figures.systems])
    mine = figures.cold(OURS, SMALL, "hybrid")
    note = _fastest(best)
    gained = _over(best[1] if best else None, mine)
    yield Claim("cold hybrid search at 5k: faster than the fastest rival's", gained, 8, is_most=False, note=note)
    yield Claim("cold hybrid search at 5k", mine, 1.0, is_most=True, unit="s")
    yield Claim("cold keyword search at 5k", figures.cold(OURS, SMALL, "keyword"), 0.3, is_most=True, unit="s")


def _recall(figures: Figures) -> Iterator[Claim]:
    for size in (SMALL, LARGE, MILLION):
        for share in (EVERYTHING, *SHARES):
            among = "" if share == EVERYTHING else f", {share}% allowed"
            bound = 0.99 if size <= LARGE else 0.98
            found = figures.recall(OURS, size, share)
            about = f"recall@10 by meaning against an exact scan at {size_shown(size)}{among}"
            yield Claim(about, found, bound, is_most=False, unit="")


def _fastest(best: tuple[str, float] | None) -> str:
    return f"fastest rival: {SYSTEMS[best[0]].shown}" if best else ""


def _over(one: float | None, other: float | None) -> float | None:
    return None if one is None or not other else one / other

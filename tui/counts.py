"""What there is to filter by: counts by kind and what else is known, and over time for articles and comments apart."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import datetime

    from search.facets import FacetCount, Facets, Unit
    from search.results import Mode
    from tui.engine import Engine

COMMENTS: Final = "in:comment"
NAMED: Final = {"day": "%Y-%m-%d", "month": "%Y-%m", "year": "%Y"}
"""How a period is written behind ``on:``."""


@dataclass(frozen=True, slots=True)
class Period:
    """A day, month or year, and what of it was found."""

    name: str
    articles: int = 0
    """Passages of articles."""
    comments: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """What a query finds, counted."""

    kinds: tuple[FacetCount, ...]
    sources: tuple[FacetCount, ...]
    authors: tuple[FacetCount, ...]
    sections: tuple[FacetCount, ...]
    places: tuple[FacetCount, ...]
    topics: tuple[FacetCount, ...]
    unit: Unit
    periods: tuple[Period, ...]
    undated: int
    is_exact: bool


def count(engine: Engine, query: str, mode: Mode) -> Counts:
    """Return the counts of a query."""
    found = engine.facets(query, mode)
    comments = engine.facets(f"{query} {COMMENTS}", mode)
    return Counts(
        kinds=found.kind,
        sources=found.source,
        authors=found.author,
        sections=found.section,
        places=found.place,
        topics=found.topic,
        unit=found.dates.unit,
        periods=_periods(found, comments),
        undated=found.undated,
        is_exact=found.is_exact,
    )


def following(name: str) -> str | None:
    """Return the name of the period that follows a day, month or year; ``None`` at the end of the calendar."""
    try:
        match [int(part) for part in name.split("-")]:
            case [year, month, day]:
                return f"{date(year, month, day) + timedelta(days=1)}"
            case [year, month]:
                return f"{date(year + month // 12, month % 12 + 1, 1):%Y-%m}"
            case [year]:
                return f"{date(year + 1, 1, 1):%Y}"
    except (ValueError, OverflowError):
        pass
    return None


def _periods(found: Facets, comments: Facets) -> tuple[Period, ...]:
    """Return all periods with the comments told apart; theirs may have been counted in a finer unit."""
    if not found.dates.buckets:
        return ()
    starts: list[datetime] = [bucket.start for bucket in found.dates.buckets]
    form = NAMED[found.dates.unit]
    periods = [Period(f"{start:{form}}") for start in starts]
    for bucket in comments.dates.buckets:
        place = max(bisect_right(starts, bucket.start) - 1, 0)
        periods[place] = replace(periods[place], comments=periods[place].comments + bucket.count)
    return tuple(
        replace(period, articles=max(bucket.count - period.comments, 0))
        for period, bucket in zip(periods, found.dates.buckets, strict=True)
    )

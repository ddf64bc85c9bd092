"""Facets: how many of the passages found have each kind, author, source, section, place and topic, and when."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final, Literal

import numpy as np

from index import text
from index.keyword.clause import Facet

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import tzinfo

    from index.keyword.protocol import Rows
    from index.protocol import Index

Unit = Literal["day", "month", "year"]

MAX_BUCKETS: Final = 62  # two months of days, five years of months: what a line on the screen can show
MAX_EMPTY: Final = 200  # one article dated 1066 must not bring a thousand empty years
_MONTHS: Final = 12
# A zone may shift the first and the last day of the calendar out of it, so these count one year further in.
_EARLIEST: Final = int(datetime(2, 1, 1, tzinfo=UTC).timestamp())
_LATEST: Final = int(datetime(9998, 12, 31, tzinfo=UTC).timestamp())


@dataclass(frozen=True, slots=True)
class FacetCount:
    """One value, in its commonest spelling, and how many passages have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class Bucket:
    """The passages dated from ``start`` (aware) until the next unit begins."""

    start: datetime
    count: int


@dataclass(frozen=True, slots=True)
class Histogram:
    """Passages by day, month or year, whichever fits; from the first date to the last, empty ones too."""

    unit: Unit
    buckets: tuple[Bucket, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """Counts of each value, commonest first, equal ones by value. Comments have the comment's author and time."""

    kind: tuple[FacetCount, ...]
    author: tuple[FacetCount, ...]
    source: tuple[FacetCount, ...]
    section: tuple[FacetCount, ...]
    place: tuple[FacetCount, ...]
    topic: tuple[FacetCount, ...]
    dates: Histogram
    undated: int
    """Passages without a date, which are in no bucket."""
    total: int
    is_exact: bool
    """False where meaning took part: then the counts are of the passages that were considered."""

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form: values and counts as lists of objects, times as ISO 8601 with their zone."""
        counts = {facet: getattr(self, facet) for facet in ("kind", "author", "source", "section", "place", "topic")}
        buckets = [{"start": bucket.start.isoformat(), "count": bucket.count} for bucket in self.dates.buckets]
        return {
            "total": self.total,
            "is_exact": self.is_exact,
            **{name: [{"value": item.value, "count": item.count} for item in found] for name, found in counts.items()},
            "dates": {"unit": self.dates.unit, "buckets": buckets},
            "undated": self.undated,
        }


def facets(index: Index, rows: Rows, *, is_exact: bool, limit: int = 20, zone: tzinfo = UTC) -> Facets:
    """Return the facets of ``rows``, (n,) int64, the ``limit`` commonest values of each; days begin in ``zone``."""
    tally = index.tally(rows)

    def commonest(facet: Facet) -> tuple[FacetCount, ...]:
        return _counts(tally.values.get(facet, {}), limit)

    return Facets(
        kind=commonest(Facet.KIND),
        author=commonest(Facet.AUTHOR),
        source=commonest(Facet.SOURCE),
        section=commonest(Facet.SECTION),
        place=commonest(Facet.PLACE),
        topic=commonest(Facet.TOPIC),
        dates=histogram(tally.times, zone),
        undated=tally.undated,
        total=tally.total,
        is_exact=is_exact,
    )


def histogram(times: Mapping[int, int], zone: tzinfo = UTC) -> Histogram:
    """Return the histogram of ``times``, seconds since the epoch -> passages."""
    if not times:
        return Histogram("day", ())
    seconds = np.fromiter(times, dtype=np.int64, count=len(times)).clip(_EARLIEST, _LATEST)
    first, last = _day(int(seconds.min()), zone), _day(int(seconds.max()), zone)
    unit = _unit(first, last)
    starts = [datetime.combine(day, time(), zone) for day in _days(unit, first, last)]
    places = np.searchsorted([start.timestamp() for start in starts], seconds, side="right") - 1
    counts = np.zeros(len(starts), dtype=np.int64)
    np.add.at(counts, places, np.fromiter(times.values(), dtype=np.int64, count=len(times)))
    buckets = (Bucket(start, count) for start, count in zip(starts, counts.tolist(), strict=True))
    return Histogram(unit, tuple(bucket for bucket in buckets if bucket.count or len(starts) <= MAX_EMPTY))


def _counts(spelt: Mapping[str, int], limit: int) -> tuple[FacetCount, ...]:
    """Return the commonest values, all spellings of one key together under the commonest of them."""
    spellings: defaultdict[str, list[tuple[int, str]]] = defaultdict(list)
    for value, count in spelt.items():
        spellings[text.key(value)].append((-count, value))
    spellings.pop("", None)
    found = sorted((sum(count for count, _ in same), min(same)[1]) for same in spellings.values())
    return tuple(FacetCount(text.squash(value), -count) for count, value in found[:limit])


def _day(seconds: int, zone: tzinfo) -> date:
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).astimezone(zone).date()


def _unit(first: date, last: date) -> Unit:
    if (last - first).days < MAX_BUCKETS:
        return "day"
    return "month" if _month(last) - _month(first) < MAX_BUCKETS else "year"


def _days(unit: Unit, first: date, last: date) -> Iterator[date]:
    """Yield the day each bucket begins with."""
    if unit == "day":
        yield from (first + timedelta(days) for days in range((last - first).days + 1))
    else:
        step = 1 if unit == "month" else _MONTHS
        for month in range(_month(first) // step * step, _month(last) + 1, step):
            yield date(month // _MONTHS, month % _MONTHS + 1, 1)


def _month(day: date) -> int:
    return day.year * _MONTHS + day.month - 1

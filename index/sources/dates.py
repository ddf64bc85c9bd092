"""Printed dates to points in time, in UTC; what is not printed is never made up.

A date needs its day, its month and its year. Without a time of day it is midnight, without a zone it is taken in the
zone given. A zone that several countries use under one name (IST, AST) gives ``None``. So does a date in numbers that
reads differently in different countries (03/04/2014), unless the caller knows the order of its parts, which
``order_of`` tells from other dates of the page. "3 hours ago" and days without a year need ``now``, the time the page
was saved; weeks and months ago say too little to be a time.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING

from index.sources import date_words
from index.sources.date_forms import AGO, FORMS, LONG_AGO, NEAR, NOW, WORD, YEARLESS
from index.sources.date_words import FILLING, MONTHS, UNITS, WEEKDAYS
from index.sources.day_times import TIME_AFTER, TIME_BEFORE, clock_of, zone_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_DIGIT = re.compile(r"\d")
_YEARS = range(1600, 2200)
_LONGEST = 100
_BUDDHIST = range(2400, 2700)  # years of the Thai calendar; nobody prints those of ours so far ahead
_BUDDHIST_LEAD = 543
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "民國": 1911, "民国": 1911}
_SHORT = 2  # digits of a year
_CENTURY_TURN = 69  # of two-digit years: 69 is 1969, 68 is 2068


class Order(StrEnum):
    """In which order a date in numbers has its parts."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"
    YEAR_FIRST = "ymd"


@dataclass(frozen=True, slots=True)
class Printed:
    """A date where it stands in a text: ``text[start:end]``; ``moment`` in UTC, ``None`` where it cannot be told."""

    start: int
    end: int
    moment: datetime | None


@dataclass(frozen=True, slots=True)
class Clock:
    """What a page says about its dates: their zone, when it was saved, the order of dates in numbers."""

    zone: tzinfo = UTC
    now: datetime | None = None
    order: Order | None = None
    since: datetime | None = None
    """When the article appeared: what is told as so long ago is not older."""


_NO_CLOCK = Clock()


def parse_date(text: str | None, default_tz: tzinfo = UTC, clock: Clock | None = None) -> datetime | None:
    """Return the point in time ``text`` prints and nothing else, in UTC, or ``None`` where it cannot be told."""
    printed = " ".join((text or "").split())
    if not printed or len(printed) > _LONGEST:
        return None
    return _parsed(printed, clock or Clock(default_tz))


def is_date(text: str, clock: Clock = _NO_CLOCK) -> bool:
    """Tell whether a line prints a date and nothing else, also one that cannot be told (3 hours ago, 03/04/2014)."""
    found = find_date(text, clock) if len(text) <= _LONGEST else None
    return found is not None and is_filling(text[: found.start] + " " + text[found.end :])


def find_date(text: str, clock: Clock = _NO_CLOCK) -> Printed | None:
    """Return the first date in a line of text, with its time of day."""
    text = text[: 4 * _LONGEST]
    absolute = _absolute(text, clock)
    return absolute if absolute is not None else _relative(text, clock)


def order_of(texts: Iterable[str]) -> Order | None:
    """Return the order that dates in numbers have, where some of them can be read in one way only and all agree."""
    seen: set[Order] = set()
    for text in texts:
        for found in FORMS[-1].finditer(text[: 4 * _LONGEST]):
            readings = _readings(found)
            if len(set(readings.values())) == 1 and found["a"] != found["b"]:
                seen.add(next(iter(readings)))
    return seen.pop() if len(seen) == 1 else None


@lru_cache(maxsize=4096)
def _parsed(printed: str, clock: Clock) -> datetime | None:
    exact = _iso(printed)
    if exact is not None and exact.year in _YEARS:
        return _in_utc(exact, clock)
    found = find_date(printed, clock)
    if found is None or not is_filling(printed[: found.start] + " " + printed[found.end :]):
        return None
    return found.moment


def _in_utc(moment: datetime, clock: Clock) -> datetime | None:
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=clock.zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _iso(printed: str) -> datetime | None:
    """Return an ISO 8601 date; those without separators or by week are left to others."""
    if not FORMS[-2].match(printed):
        return None
    try:
        return datetime.fromisoformat(printed)
    except ValueError:
        return None


def is_filling(rest: str) -> bool:
    """Tell whether what stands around a date says nothing of its own."""
    words = [word.lower() for word in WORD.findall(rest)]
    return all(word in FILLING or word in WEEKDAYS for word in words)


def _absolute(text: str, clock: Clock) -> Printed | None:
    """Return the date that stands first, with its time; of two at one place the longer form."""
    form = _form(_DIGIT.sub("0", text))
    found = form.search(text) if form is not None else None
    if found is None:
        return None
    day = _day(found, clock)
    start, end, time = found.start(), found.end(), None
    if "inner" in found.groupdict():
        time = TIME_AFTER.match(found["inner"])
    elif after := TIME_AFTER.match(text, end):
        end, time = after.end(), after
    elif before := TIME_BEFORE.search(text[:start]):
        start, time = before.start(), before
    return Printed(start, end, _moment(day, time, clock, text[end:]))


@lru_cache(maxsize=4096)  # dates of one source differ in their digits alone, and no form asks which digits they are
def _form(shape: str) -> re.Pattern[str] | None:
    """Return the form of the date that stands first in a text whose digits are all 0; of two there the longer."""
    matches = [(found.start(), -found.end(), form) for form in (*FORMS, *YEARLESS) if (found := form.search(shape))]
    return min(matches, key=itemgetter(0, 1))[2] if matches else None


def _moment(day: datetime | None, time: re.Match[str] | None, clock: Clock, rest: str) -> datetime | None:
    if day is None or day.year not in _YEARS:
        return None
    try:
        parts = clock_of(time) if time else {}
        zone = zone_of(time, rest) if time else None
        return day.replace(**parts, tzinfo=zone or clock.zone).astimezone(UTC)
    except (ValueError, OverflowError, LookupError):
        return None  # 25:61, or a zone that is not in the table


def _day(found: re.Match[str], clock: Clock) -> datetime | None:
    parts = found.groupdict()
    if "c" in parts:
        readings = _readings(found)
        if len(set(readings.values())) == 1:
            return next(iter(readings.values()))
        # Dots, and articles of some languages, are written where the day comes first.
        latin = found["first"] or (found["mark"] == "." and len(found["c"]) > _SHORT)
        order = Order.DAY_FIRST if latin else clock.order
        return readings.get(order) if order else None
    named = parts.get("month")
    month = MONTHS[named.lower()] if named else int(parts["m"])
    if "year" not in parts:
        return _latest(month, int(parts["day"]), clock)
    return _date(_full_year(parts["year"], parts.get("era"), named or ""), month, int(parts["day"]))


def _full_year(year: str, era: str | None, month: str) -> int:
    """Return the year of our calendar: of an emperor, of the Buddha, or of two digits."""
    if era:
        return _ERAS[era] + (1 if year == "元" else int(year))
    number = int(year)
    if len(year) <= _SHORT:
        thai = any("\u0e00" <= letter <= "\u0e7f" for letter in month)
        number += 2500 if thai else 1900 if number >= _CENTURY_TURN else 2000
    return number - _BUDDHIST_LEAD if number in _BUDDHIST else number


def _readings(found: re.Match[str]) -> dict[Order, datetime]:
    """Return every way in which a date of three numbers is a day."""
    a, b, c = found["a"], found["b"], found["c"]
    ways = {Order.DAY_FIRST: (c, b, a), Order.MONTH_FIRST: (c, a, b)}
    if len(c) <= _SHORT:
        ways[Order.YEAR_FIRST] = (a, b, c)
    days = {order: _date(_full_year(year.zfill(2), None, ""), int(m), int(d)) for order, (year, m, d) in ways.items()}
    return {order: day for order, day in days.items() if day is not None}


def _date(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day)
    except ValueError:
        return None


def _latest(month: int, day: int, clock: Clock) -> datetime | None:
    """Return the last such day before the page was saved, if it says when."""
    if clock.now is None:
        return None
    now = clock.now.astimezone(clock.zone).replace(tzinfo=None)
    days = (_date(year, month, day) for year in range(now.year, now.year - 5, -1))  # 29 February
    latest = next((found for found in days if found and found <= now + timedelta(days=1)), None)
    too_early = latest and clock.since and latest.replace(tzinfo=clock.zone) < clock.since - timedelta(days=1)
    return None if too_early else latest


def _relative(text: str, clock: Clock) -> Printed | None:
    matches = [*_agos(text), *(found for form in (NEAR, NOW, LONG_AGO) if (found := form.search(text)))]
    if not matches:
        return None
    found = min(matches, key=lambda match: (match.start(), -match.end()))
    after = TIME_AFTER.match(text, found.end()) if found.re is NEAR else None
    end = after.end() if after else found.end()
    if clock.now is None or found.re is LONG_AGO:
        return Printed(found.start(), end, None)
    if found.re is NEAR:
        back = found["name"].lower() in date_words.YESTERDAY
        day = (clock.now.astimezone(clock.zone) - timedelta(days=back)).replace(
            hour=0, minute=0, second=0, microsecond=0
        )
        moment = _moment(day.replace(tzinfo=None), after, clock, text[end:])
    else:
        moment = _before(clock.now, found) if found.re is AGO else clock.now.astimezone(UTC)
    too_early = moment is not None and clock.since is not None and moment < clock.since
    return Printed(found.start(), end, None if too_early else moment)


def _agos(text: str) -> Iterator[re.Match[str]]:
    """Yield spans of time that say they are past; a bare one (3 hours) is none."""
    yield from (found for found in AGO.finditer(text) if found["before"] or found["after"])


def _before(now: datetime, found: re.Match[str]) -> datetime | None:
    pairs = [(found[f"n{at}"], found[f"u{at}"]) for at in (1, 2) if found[f"n{at}"]]
    units = [UNITS[unit.lower().rstrip(".")] for _, unit in pairs]
    seconds = sum((int(count) if count.isdigit() else 1) * unit for (count, _), unit in zip(pairs, units, strict=True))
    try:
        moment = (now - timedelta(seconds=seconds)).astimezone(UTC)
    except OverflowError:
        return None
    whole_days = min(units) == UNITS["day"]
    return moment.replace(hour=0, minute=0, second=0, microsecond=0) if whole_days else moment

"""What people type for a time, as the period it names: ``2014-06``, ``29 June 2014``, ``last week``, ``hier``.

A period is ``[start, end)`` in the reader's zone. ``after:`` takes its start, ``before:`` its start too, ``on:`` both
ends: the day named after ``after:`` is part of the answer, the day named after ``before:`` is not, so that the two
side by side meet without a gap and without a moment counted twice.

Dates without a year, and names of days and months, mean the latest ones that have begun: news is about the past.
A date that reads differently in different countries (03/04/2014) is refused rather than guessed. Own rules come
first because they are quick and know how long a period is; Whoosh's English and then ``dateparser`` (other
languages) are asked only for what they do not know.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST: Final = 40  # characters; longer texts are no dates, and the parsers below slow down on them

Period = tuple[datetime, datetime | None]
"""Start and end, the end left out; ``None`` as the end is the end of the calendar."""

_MONTHS: Final = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_LONG_MONTHS: Final = [
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
]  # fmt: skip
_DAYS: Final = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_NUMBERS: Final = {
    "a": 1, "an": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10,
}  # fmt: skip
_LANGUAGES: Final = ["en", "fr", "de", "es", "it", "pt", "nl", "ru", "tr", "ar", "fa", "zh"]

_MONTH = r"(?P<month>[a-z]{3,9})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_UNIT = r"(?P<unit>minute|hour|day|week|month|year)"

_NUMERIC = re.compile(
    rf"{_YEAR}(?:[-/.](?P<month>\d{{1,2}})(?:[-/.](?P<day>\d{{1,2}}))?)?|(?P<y>\d{{4}})(?P<m>\d\d)(?P<d>\d\d)"
)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[t ]\d\d:\d\d(?::\d\d)?(?:z|[+-]\d\d:?\d\d)?")
_DAY_FIRST = re.compile(rf"(?P<day>\d{{1,2}})(?P<mark>[./-])(?P<month>\d{{1,2}})(?P=mark){_YEAR}")
_NAMED = re.compile(
    rf"(?:{_DAY} (?:of )?)?{_MONTH}(?:,? {_YEAR})?|{_MONTH.replace('month', 'm')} {_DAY.replace('day', 'd')}"
    rf"(?:,? {_YEAR.replace('year', 'y')})?"
)
_AGO = re.compile(rf"(?P<count>\d{{1,6}}|[a-z]{{1,5}}) {_UNIT}s? ago")
_ROLLING = re.compile(rf"(?:the )?(?:last|past) (?:(?P<count>\d{{1,6}}|[a-z]{{1,5}}) )?{_UNIT}s?")
_NEAR = re.compile(rf"(?:the )?(?P<which>this|last|previous|next) {_UNIT}")
_TODAY = re.compile(r"(?P<name>today|yesterday|tomorrow|now)")
_WEEKDAY = re.compile(rf"(?P<last>last )?(?P<name>{'|'.join(_DAYS)})")


def period(text: str, *, now: datetime, timezone: tzinfo, thorough: bool = True) -> Period | None:
    """Return the period ``text`` names as seen at ``now``, or ``None`` where it names none.

    ``now`` must be aware; it is taken over into ``timezone``, whose midnights bound the days. Without ``thorough``
    only the rules of this file are tried: microseconds instead of milliseconds.
    """
    words = " ".join(text.casefold().split())
    if not words or len(words) > LONGEST:
        return None
    here = now.astimezone(timezone)
    try:
        found = _by_rule(words, here)
        return found if found or not thorough else _english(words, here) or _foreign(words, here)
    except (ValueError, OverflowError):  # no such day, or outside the calendar
        return None


def shift(moment: datetime, unit: str, count: int) -> datetime:
    """Return ``moment`` moved by whole units of the calendar; the 31st becomes the last day there is."""
    if unit in ("month", "year"):
        months = moment.year * 12 + moment.month - 1 + count * (12 if unit == "year" else 1)
        year, month = divmod(months, 12)
        return _clamped(moment, year, month + 1)
    return moment + timedelta(**{f"{unit}s": count})


def floor(moment: datetime, unit: str) -> datetime:
    """Return the start of the minute, hour, day, week (Monday), month or year that holds ``moment``."""
    if unit in ("minute", "hour"):
        zeros = {"second": 0, "microsecond": 0} | ({"minute": 0} if unit == "hour" else {})
        return moment.replace(**zeros)  # type: ignore[arg-type]
    day = moment.replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if unit == "week":
        return day - timedelta(days=day.weekday())
    if unit == "month":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if unit == "year" else day


def _clamped(moment: datetime, year: int, month: int) -> datetime:
    for day in range(moment.day, 27, -1):
        try:
            return moment.replace(year=year, month=month, day=day)
        except ValueError:
            continue
    return moment.replace(year=year, month=month, day=min(moment.day, 28))


def _by_rule(words: str, now: datetime) -> Period | None:
    for pattern, rule in _RULES:
        if match := pattern.fullmatch(words):
            found = rule({name: part for name, part in match.groupdict().items() if part}, now)
            if found:
                return found
    return None


def _from(start: datetime, unit: str, count: int = 1) -> Period:
    try:
        return start, shift(start, unit, count)
    except (ValueError, OverflowError):
        return start, None


def _count(text: str | None) -> int:
    if text is None:
        return 1
    return int(text) if text.isdigit() else _NUMBERS.get(text, 0)


def _month(name: str) -> int | None:
    """Return the number of an English month written out or cut to three letters (``sept`` too)."""
    if name == "sept":
        return 9
    names = _MONTHS if len(name) == len(_MONTHS[0]) else _LONG_MONTHS
    return names.index(name) + 1 if name in names else None


def _numeric(parts: dict[str, str], now: datetime) -> Period:
    year = int(parts.get("year") or parts["y"])
    month, day = parts.get("month") or parts.get("m"), parts.get("day") or parts.get("d")
    start = datetime(year, int(month or 1), int(day or 1), tzinfo=now.tzinfo)
    return _from(start, "day" if day else "month" if month else "year")


def _moment(text: str, now: datetime) -> Period:
    moment = datetime.fromisoformat(text.upper())
    start = moment if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)
    return start, start + (timedelta(seconds=1) if text.count(":") > 1 else timedelta(minutes=1))


def _day_first(parts: dict[str, str], now: datetime) -> Period:
    day, month = int(parts["day"]), int(parts["month"])
    if parts["mark"] != "." and day != month:  # only a number beyond 12 tells which of the two is the day
        if max(day, month) <= 12:  # noqa: PLR2004
            raise ValueError("this date reads differently in different countries")
        day, month = max(day, month), min(day, month)
    return _from(datetime(int(parts["year"]), month, day, tzinfo=now.tzinfo), "day")


def _named(parts: dict[str, str], now: datetime) -> Period | None:
    month = _month(parts.get("month") or parts["m"])
    if month is None:
        return None
    year, day = parts.get("year") or parts.get("y"), parts.get("day") or parts.get("d")
    if day is None and year is None and parts.get("month") is None:
        return None
    unit = "day" if day else "month"
    if year:
        return _from(datetime(int(year), month, int(day or 1), tzinfo=now.tzinfo), unit)
    for past in range(now.year, now.year - 9, -1):  # nine: 29 February may be eight years away
        try:
            start = datetime(past, month, int(day or 1), tzinfo=now.tzinfo)
        except ValueError:
            continue
        if start <= now:
            return _from(start, unit)
    return None


def _ago(parts: dict[str, str], now: datetime) -> Period | None:
    count, unit = _count(parts["count"]), parts["unit"]
    if not count:
        return None
    grain = unit if unit in ("minute", "hour") else "day"
    return _from(floor(shift(now, unit, -count), grain), grain)


def _rolling(parts: dict[str, str], now: datetime) -> Period | None:
    """``last 3 days``, ``past week``: from then until the end of today."""
    count, unit = _count(parts.get("count")), parts["unit"]
    if not count:
        return None
    grain = unit if unit in ("minute", "hour") else "day"
    return floor(shift(now, unit, -count), grain), shift(floor(now, grain), grain, 1)


def _near(parts: dict[str, str], now: datetime) -> Period:
    unit = parts["unit"]
    step = {"this": 0, "next": 1}.get(parts["which"], -1)
    return _from(shift(floor(now, unit), unit, step), unit)


def _today(parts: dict[str, str], now: datetime) -> Period:
    if parts["name"] == "now":
        return _from(now, "minute")
    step = {"yesterday": -1, "tomorrow": 1}.get(parts["name"], 0)
    return _from(shift(floor(now, "day"), "day", step), "day")


def _weekday(parts: dict[str, str], now: datetime) -> Period:
    back = (now.weekday() - _DAYS.index(parts["name"])) % 7
    if back == 0 and "last" in parts:
        back = 7
    return _from(shift(floor(now, "day"), "day", -back), "day")


_RULES: Final[tuple[tuple[re.Pattern[str], Callable[[dict[str, str], datetime], Period | None]], ...]] = (
    (_NUMERIC, _numeric),
    (re.compile(f"(?P<text>{_MOMENT.pattern})"), lambda parts, now: _moment(parts["text"], now)),
    (_DAY_FIRST, _day_first),
    (_TODAY, _today),
    (_NEAR, _near),
    (_ROLLING, _rolling),
    (_AGO, _ago),
    (_WEEKDAY, _weekday),
    (_NAMED, _named),
)


def _english(words: str, now: datetime) -> Period | None:
    """Return what Whoosh's parser of English dates makes of it (``5pm``, ``-2 weeks``, ``next friday``)."""
    from whoosh.qparser.dateparse import English
    from whoosh.util.times import TimeError, timespan

    try:
        found = English().date_from(words, now.replace(tzinfo=None))
    except (ValueError, OverflowError, TimeError):
        return None
    if not isinstance(found, timespan):
        return None if found is None else _from(floor(found.replace(tzinfo=now.tzinfo), "day"), "day")
    start, end = found.start.replace(tzinfo=now.tzinfo), found.end.replace(tzinfo=now.tzinfo)
    return _from(start, "minute") if start == end else (start, end + timedelta(microseconds=1))


def _foreign(words: str, now: datetime) -> Period | None:
    """Return what ``dateparser`` makes of it, in the languages most news is written in."""
    too_short = words.isascii() and len(words) < 4  # noqa: PLR2004 - it reads "a" as a month
    if too_short or len(words.split()) > 6 or not any(map(str.isalpha, words)):  # noqa: PLR2004 - no phrase is a date
        return None
    from dateparser.date import DateDataParser

    settings = {"RELATIVE_BASE": now.replace(tzinfo=None), "PREFER_DATES_FROM": "past"}
    found = DateDataParser(languages=_LANGUAGES, settings=settings).get_date_data(words)
    if found.date_obj is None:
        return None
    moment: datetime = found.date_obj
    moment = moment.astimezone(now.tzinfo) if moment.tzinfo else moment.replace(tzinfo=now.tzinfo)
    unit = found.period if found.period in ("week", "month", "year") else "day"
    return _from(floor(moment, unit), unit)

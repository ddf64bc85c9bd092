"""Printed dates to points in time, in UTC; what is not printed is never made up.

A date needs its day, month and four-digit year. Without a time of day it is midnight, without a zone it is taken
in the zone given. A zone that several countries use under one name (IST, AST) gives ``None``, as does a date that
reads differently in different countries (03/04/2014).
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

_HOURS = {
    "UTC": 0, "GMT": 0, "Z": 0, "WET": 0, "BST": 1, "WEST": 1, "CET": 1, "CEST": 2, "MEZ": 1, "MESZ": 2,
    "EET": 2, "EEST": 3, "MSK": 3, "SAST": 2, "JST": 9, "KST": 9, "HKT": 8, "SGT": 8, "PKT": 5, "NPT": 5.75,
    "AEST": 10, "AEDT": 11, "ACST": 9.5, "ACDT": 10.5, "AWST": 8, "NZST": 12, "NZDT": 13,
    "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
    "AKST": -9, "AKDT": -8, "HST": -10, "NST": -3.5, "NDT": -2.5, "BRT": -3, "ART": -3,
}  # fmt: skip
_ZONES = {name: timezone(timedelta(hours=hours)) for name, hours in _HOURS.items()}
_YEARS = range(1600, 2200)
_LONGEST = 100

_MONTHS = {
    "Jan": "januar jänner janvier enero gennaio janeiro januari",
    "Feb": "februar février febrero febbraio fevereiro februari",
    "Mar": "märz mars marzo março maart",
    "Apr": "avril abril aprile",
    "May": "mai mayo maggio maio mei",
    "Jun": "juni juin junio giugno junho",
    "Jul": "juli juillet julio luglio julho",
    "Aug": "août agosto augustus augusti",
    "Sep": "septembre septiembre settembre setembro",
    "Oct": "oktober octobre octubre ottobre outubro",
    "Nov": "novembre noviembre novembro",
    "Dec": "dezember décembre diciembre dicembre dezembro december",
}
_ENGLISH = {word: month for month, words in _MONTHS.items() for word in words.split()}

_YEAR = re.compile(r"(?<!\d)(?:1[6-9]|2[01])\d\d(?!\d)")
_EAST_ASIAN = re.compile(r"(\d{4})\s*[年년]\s*(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]")
_YEAR_FIRST = re.compile(r"^(\d{4})[./-](\d{1,2})[./-](\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(r"^(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})(?!\d)")
_LATIN = re.compile(r"^(?:le|el|il|am|den) (\d{1,2})/(\d{1,2})/(\d{4})(?!\d)", re.IGNORECASE)  # the day comes first
_PREFIX = re.compile(r"^(?:first\s+)?(?:published|posted|updated|date|on|am|le|el|den)\b[\s:]*", re.IGNORECASE)
_HALF_DAY = re.compile(r"(?<=[\d\s])([ap])\.?\s?m\b\.?", re.IGNORECASE)
_DOTTED_TIME = re.compile(r"(?<![\d.:])(\d{1,2})\.([0-5]\d)(?=\s*(?:[ap]m\b|[A-Z]{3,4}\b|uhr\b|$))", re.IGNORECASE)
_FILLING = re.compile(r"\s[|·•—–-]\s|\b(?:um|uhr|à|às|de|del|kl|o)\b", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{3,}")


def parse_date(text: str | None, default_tz: tzinfo = UTC) -> datetime | None:
    """Return the point in time ``text`` prints, in UTC, or ``None`` where it cannot be told."""
    printed = " ".join((text or "").split())
    if not printed or len(printed) > _LONGEST:
        return None
    return _parsed(printed, default_tz)


@lru_cache(maxsize=4096)
def _parsed(printed: str, default_tz: tzinfo) -> datetime | None:
    try:
        found = _iso(printed) or _free_form(_plain(printed))
        if found is None or found.year not in _YEARS:
            return None
        return (found if found.tzinfo else found.replace(tzinfo=default_tz)).astimezone(UTC)
    except (ValueError, OverflowError, TypeError, LookupError, AttributeError, ArithmeticError):
        return None  # dateutil fails in all these ways


def _iso(printed: str) -> datetime | None:
    """Return an ISO 8601 date; those without separators or by week are left to others."""
    if not _YEAR_FIRST.match(printed):
        return None
    try:
        return datetime.fromisoformat(printed)
    except ValueError:
        return None


def _plain(printed: str) -> str:
    """Return ``printed`` in the words and order dateutil knows."""
    text = _EAST_ASIAN.sub(r"\1-\2-\3 ", _PREFIX.sub("", _LATIN.sub(r"\3-\2-\1", printed)))
    text = _YEAR_FIRST.sub(lambda found: date(*map(int, found.groups())).isoformat() + " ", text)
    text = _DAY_FIRST.sub(r"\3-\2-\1 ", text)  # dots are written where the day comes first
    text = _YEAR_FIRST.sub(lambda found: date(*map(int, found.groups())).isoformat() + " ", text)
    text = _HALF_DAY.sub(r"\1m", text)
    text = _FILLING.sub(" ", _DOTTED_TIME.sub(r"\1:\2", text))
    return _WORD.sub(lambda found: _ENGLISH.get(found[0].lower(), found[0]), text)


def _free_form(text: str) -> datetime | None:
    """Parse twice over different defaults: where the answers differ, a part was missing or unclear."""
    from dateutil import parser  # 30 ms, and only dates in words need it

    if not _YEAR.search(text):
        return None
    first = text[:4].isdigit()
    one, two = (
        parser.parse(text, default=default, dayfirst=dayfirst and not first, tzinfos=_zone)
        for default, dayfirst in ((datetime(2000, 1, 1), False), (datetime(2004, 2, 2), True))
    )
    found: datetime = one
    return found if one == two else None


def _zone(name: str | None, offset: int | None) -> tzinfo | None:
    """Return the zone dateutil found; raise for a name that is not in the table."""
    if name is not None and name.upper() in _ZONES and not offset:
        return _ZONES[name.upper()]
    if offset is not None:
        return timezone(timedelta(seconds=offset))
    if name is None:
        return None
    raise ValueError(name)

"""The time of day beside a date: ``4:15 p.m. EDT``, ``16h15``, ``오후 4:15``, ``17.20 CET``, ``08:15:00.000+02:00``."""

from __future__ import annotations

import re
from datetime import timedelta, timezone, tzinfo

from index.sources.date_words import AM, PM, ZONE_HOURS, ZONE_PLACES, any_of

_NOON = 12
_GAP = (
    r"(?:[\s,;|·•–—@/(-]|T(?=\d)|(?:mon|tue|wed|thu|fri|sat|sun)\b|(?:at|um|à|às|alle|ore|om|kl|o|a\s+las?|las|เวลา"
    r"|von|di|le|den)\b\.?"
    rf"|(?<![^\W\d_])(?:{'|'.join('월화수목금토일月火水木金土日')})(?:요일|曜日?)?(?=[\s)]))*(?:\([월화수목금토일月火水木金土日]\)\s*)?"
)
_HALF = rf"(?P<half>[ap]\.?\s?m\b\.?|{any_of(word for word in (*AM, *PM) if not word.isascii())})"
_ZONE = (
    r"(?:[\s(,]*(?P<zone>(?:UTC|GMT)?\s?[+-]\d{1,2}(?::?\d\d)?(?![\d-])|(?-i:"
    rf"{any_of((*ZONE_HOURS, *ZONE_PLACES))})(?![^\W_])"
    r"|(?:Eastern|Pacific|Mountain)(?:\s(?:Standard|Daylight))?\sTime)\)?)?"
)
_MINUTES = (
    r"(?:\s?:\s?|\.|\s?[hH时時點点시]\s*)(?P<minute>\d\d)(?![\d])(?:\s?[分분])?"
    r"(?:(?:[:.]|\s)(?P<second>\d\d)(?:[秒초]|(?:[.,](?P<fraction>\d{1,9}))|(?=[\sZ+-]|$)))?"
)
_TIME = (
    rf"(?:{_HALF.replace('half', 'half1')}\s*)?(?<![\d:])(?P<hour>\d{{1,2}})"
    rf"(?:{_MINUTES}(?:\s?{_HALF})?|\s?{_HALF.replace('half', 'half2')}|\s?(?:uhr|h|時|时|시|uur)(?![^\W\d_]))"
    rf"(?:\s*(?:uhr|uur|hrs|น\.)(?![^\W\d_]))?{_ZONE}"
)
TIME_AFTER = re.compile(_GAP + _TIME, re.IGNORECASE)
TIME_BEFORE = re.compile(
    rf"{_TIME}[\s,;|·•–—-]*(?:(?:on|am|le|el|del|den|do)\b\s*)?(?:[^\W\d_]{{3,9}}\.?,?\s+)?$", re.IGNORECASE
)
_SHARED = re.compile(r"\s*\(?(?:IST|AST|ADT|CIST)\b")  # names that several countries use


def clock_of(time: re.Match[str]) -> dict[str, int]:
    """Return the parts of a time; an hour that no clock has is left for ``datetime`` to refuse."""
    hour = int(time["hour"])
    half = next((time[name] for name in ("half", "half1", "half2") if time[name]), "")
    half = re.sub(r"[.\s]", "", half).lower()
    if half in PM and hour < _NOON:
        hour += _NOON
    elif half in AM and hour == _NOON:
        hour = 0
    return {
        "hour": hour,
        "minute": int(time["minute"] or 0),
        "second": int(time["second"] or 0),
        "microsecond": int((time["fraction"] or "0")[:6].ljust(6, "0")),
    }


def zone_of(time: re.Match[str], rest: str) -> tzinfo | None:
    """Return the zone printed after a time; raise ``LookupError`` for one that several countries have."""
    if time["zone"] is None:
        if _SHARED.match(rest):
            raise LookupError(rest[:5])
        return None
    printed = time["zone"].strip().upper()
    if place := ZONE_PLACES.get(printed.split()[0]):
        return _place(place)
    if printed in ZONE_HOURS:
        return timezone(timedelta(hours=ZONE_HOURS[printed]))
    sign, hours, minutes = re.search(r"([+-])(\d{1,2}):?(\d\d)?", printed).groups()  # type: ignore[union-attr]
    offset = timedelta(hours=int(hours), minutes=int(minutes or 0))
    return timezone(-offset if sign == "-" else offset)


def _place(name: str) -> tzinfo | None:
    from dateutil import tz  # brings the rules of the zones along where the system has none

    found: tzinfo | None = tz.gettz(name)
    return found

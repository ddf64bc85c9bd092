"""What a page tells about the dates on it: when it was saved, and whether 03/04/2014 is in March or in April."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.sources import jsonld
from index.sources.dates import Clock, Order, find_date, order_of, parse_date
from index.sources.markup import Element, short_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

# Written into the page by the tools that save pages.
_SAVED = re.compile(
    r"(?:FILE ARCHIVED ON|saved date:|saved on|archived on|Snapshot taken on)\s{1,5}(?P<date>[^\n<>]{8,60})",
    re.IGNORECASE,
)
_ARCHIVED = re.compile(r"(?P<time>\d\d:\d\d:\d\d) (?P<month>[A-Z][a-z]{2}) (?P<day>\d\d), (?P<year>\d{4})")
_FOREIGN_ZONE = re.compile(r"\s*\(.*$")
_MODIFIED = ("article:modified_time", "og:updated_time", "datemodified", "last-modified", "dc.date.modified")
_PUBLISHED = ("article:published_time", "datepublished", "pubdate")
_DAY_FIRST = re.compile(
    r"(?:de|fr|es|it|pt|nl|pl|ru|uk|da|nb|no|fi|cs|tr|el|ro|id|vi|th|bn)(?:-.*)?|en-(?:gb|au|nz|ie|in|za)"
)
_LINES = 20_000  # elements whose text is looked at for the order of dates
_LONGEST = 60


def clock_of(root: Element, text: str, things: list[jsonld.Thing]) -> Clock:
    """Return the clock of a page; ``text`` is its source, ``root`` still has its comments."""
    about = jsonld.article_of(things)
    published = _first((jsonld.text(about.get("datePublished")), *_metas(root, _PUBLISHED)))
    modified = _first((jsonld.text(about.get("dateModified")), *_metas(root, _MODIFIED)))
    lines = list(_lines(root))
    order = order_of(lines) or _usual(root)
    saved = _saved(text)
    if saved is None and modified is not None:
        saved = modified if _may_be_now(Clock(now=modified, since=published), lines) else None
    return Clock(now=saved, since=published, order=order)


def _may_be_now(clock: Clock, lines: Iterable[str]) -> bool:
    """Tell whether no date of a page speaks against its last change as the time it was saved.

    One after it does, and one that, counted back from it, comes before the article.
    """
    for line in lines:
        found = find_date(line, clock)
        if found and (found.moment is None or (clock.now and found.moment > clock.now)):
            return False
    return True


def _saved(text: str) -> datetime | None:
    for found in _SAVED.finditer(text):
        date = _FOREIGN_ZONE.sub("", found["date"])
        archived = _ARCHIVED.match(date)
        moment = parse_date("{month} {day}, {year} {time}".format(**archived.groupdict()) if archived else date)
        if moment:
            return moment
    return None


def _usual(root: Element) -> Order | None:
    """Return the order that the language of a page leaves no choice about."""
    language = (next(iter(root.xpath("/html/@lang")), "") or "").strip().lower().replace("_", "-")
    if language == "en-us":
        return Order.MONTH_FIRST
    return Order.DAY_FIRST if _DAY_FIRST.fullmatch(language) else None


def _lines(root: Element) -> Iterator[str]:
    for number, element in enumerate(root.iter("time", "span", "div", "p", "small", "a", "li", "abbr", "td")):
        if number > _LINES:
            return
        if line := short_text(element, _LONGEST):
            yield line


def _metas(root: Element, names: tuple[str, ...]) -> Iterator[str]:
    for meta in root.iter("meta"):
        if (meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower() in names:
            yield meta.get("content") or ""


def _first(stamps: Iterable[str | None]) -> datetime | None:
    return next(filter(None, map(parse_date, stamps)), None)

"""When a comment was posted: as it is printed, and as its page gives it for machines."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from index.sources import tidy
from index.sources.dates import Clock, find_date, is_date, parse_date
from index.sources.markup import Element, has_word, is_prop, short_text, within
from index.sources.removed import is_removed

if TYPE_CHECKING:
    from collections.abc import Iterator

DATED = re.compile(
    r".*(?:date|time|timestamp|posted[-_]?(?:on|at|by)?|published)|(?:comment-?)?meta(?:data)?|commentmetadata"
    r"|permalink"
    r"|time-?ago|relative-?time"
)
_STAMPS = (
    "datetime",
    "content",
    "title",
    "ts",
    "created",
    "created-timestamp",
    "data-value",
    "data-date",
    "data-created",
)
_EPOCHS = ("data-utime", "data-time", "data-timestamp", "data-epoch", "data-unixtime")
_EPOCH = re.compile(r"\d{10}(?:\d{3})?")
_MILLISECONDS = 13
ASIDE = re.compile(
    r".*(?:avatar|author|vcard|username|meta|metadata|date|time|timestamp|reply|replies|respond|actions?|tools?"
    r"|toolbar|buttons?|report|flag|likes?|rating|votes?|share|permalink|says|head|header|footer|edit-link|number)"
    r"|nick-?name|counter|tagline|posted[-_]?by|signature"
)
_SIGNED = re.compile(r"(?:posted|written|submitted|comment|kommentar|geschrieben|publié|escrito)\b", re.IGNORECASE)
LONGEST_HEAD: Final = 160  # characters of a line with a name and a date


def date_of(element: Element, body: Element, clock: Clock) -> tuple[str | None, datetime | None, Element | None]:
    """Return the date as printed, as a point in time, and where it stands."""
    first: tuple[str | None, datetime | None, Element | None] = (None, None, None)
    for part, line in _candidates_for_date(element, body):
        stamp = _stamp(part, clock)
        found = find_date(line, clock) if line else None
        if stamp or found:
            printed = line[found.start : found.end].strip(" ,;|") if found and line else None
            moment = stamp or (found.moment if found else None)
            if moment:
                return printed or _given(part), moment, part
            first = first if first[0] else (printed, None, part)
    return first


def _stamp(part: Element, clock: Clock) -> datetime | None:
    """Return the point in time an element gives for machines."""
    for name in _EPOCHS:
        if _EPOCH.fullmatch(part.get(name) or ""):
            digits = int(part.get(name))
            return datetime.fromtimestamp(digits // 1000 if len(part.get(name)) == _MILLISECONDS else digits, tz=UTC)
    stamps = (parse_date(part.get(name), clock.zone, clock) for name in _STAMPS)
    return next(filter(None, stamps), None)


def _given(part: Element) -> str | None:
    return next((tidy.one_line(part.get(name)) for name in (*_STAMPS, *_EPOCHS) if part.get(name)), None)


def _candidates_for_date(element: Element, body: Element) -> Iterator[tuple[Element, str | None]]:
    """Yield the elements that may hold the date, with their text if it is short: the likeliest first."""
    parts = [element, *within(element)]
    named = [part for part in parts if part is not element and has_word(part, DATED)]
    likely = [
        *(part for part in parts if is_prop(part, "dateCreated", "datePublished", "commentTime")),
        *(part for part in parts if part.tag in ("time", "abbr", "faceplate-timeago")),
        *(part for part in parts if any(part.get(name) for name in (*_EPOCHS, "created", "created-timestamp"))),
    ]
    yield from ((part, short_text(part, LONGEST_HEAD)) for part in likely)
    inside = [inner for part in named for inner in part.iter()]
    short = [(part, line) for part in inside if (line := short_text(part, LONGEST_HEAD))]
    yield from ((part, line) for part, line in short if is_date(line) or _stamp(part, Clock()))
    yield from sorted(short, key=lambda pair: len(pair[1]))
    said = set() if body is element else said_in(body)
    others = (
        (part, short_text(part, LONGEST_HEAD))
        for part in parts[1:]
        if part not in said and not _is_text(part, body, element)
    )
    heads = [(part, line) for part, line in others if line]
    yield from ((part, line) for part, line in heads if is_date(line))
    framed = [
        (part, line)
        for part, line in heads
        if has_word(part, ASIDE) or part.tag in ("cite", "header", "footer") or is_signature(part)
    ]
    yield from sorted(framed, key=lambda pair: len(pair[1]))


def is_signature(part: Element) -> bool:
    """Tell a paragraph that says who wrote a comment and when: ``Posted by: NAME, DATE``."""
    line = short_text(part, LONGEST_HEAD) if part.tag in ("p", "div", "span") else None
    found = find_date(line) if line and _SIGNED.match(line) else None
    return line is not None and found is not None and not is_removed(line[: found.start].strip(" ·|"))


def _is_text(part: Element, body: Element, element: Element) -> bool:
    """Tell a paragraph that may be what the comment says: where no element is named for its text."""
    return part.tag == "p" and body is element and not is_signature(part)


def said_in(body: Element) -> set[Element]:
    """Return the parts of a comment that belong to its text: inside the body, and in no header of it."""
    inside: set[Element] = set()
    for part in within(body):
        above = part.getparent()
        if (above is body or above in inside) and not has_word(part, ASIDE):
            inside.add(part)
    return inside

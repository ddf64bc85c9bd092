"""The one door by which text from outside reaches the screen.

Everything shown is ``Content`` made here from literal strings and style spans; markup is never built from
data. Text is cleaned on its way through, although the index holds clean text already: an index may have been
written by other hands, and queries, file names and error messages come by here as well.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.content import Span as Style

from index.text import clean, squash
from search.results import Span, SpanKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

# Each can be told from the text around it, and from the other, without colour.
LIT: Final = {
    SpanKind.WORD: "bold underline $text-warning",
    SpanKind.MEANING: "italic reverse $text-secondary",
}
QUIET: Final = "$foreground 62%"
ELLIPSIS: Final = "…"
_UNITS: Final = (("year", 365 * 86400), ("month", 30 * 86400), ("day", 86400), ("hour", 3600), ("minute", 60))
_SHORT: Final = ("y", "mo", "d", "h", "min")
_SPACES: Final = re.compile(r"\s+")


def plain(text: str, style: str = "") -> Content:
    """Return ``text`` in one style; its line breaks stay."""
    return _content(_safe(text), style)


def line(text: str, style: str = "") -> Content:
    """Return ``text`` in one style on one line, every run of white space one space."""
    return _content(squash(text), style)


def lit(text: str, spans: Sequence[Span], style: str = "", *, flat: bool = False) -> Content:
    """Return ``text`` in one style with its spans highlighted; ``flat`` makes runs of white space one space."""
    cleaned, places = _cleaned_at(text, spans, _flat if flat else _safe)
    marks = [Style(0, len(cleaned), style)] if style and cleaned else []
    for span in spans:
        start, end = places[span.start], places[span.end]
        if start < end:
            marks.append(Style(start, end, LIT[span.kind]))
    return Content(cleaned, marks)


def said(text: str) -> str:
    """Return ``text`` on one line, for what takes a string and no content, such as a notice without markup."""
    return squash(text)


def cells(text: str) -> int:
    """Return how many cells of the terminal a text takes."""
    return Content(_safe(text)).cell_length


def join(parts: Iterable[Content], separator: str = "") -> Content:
    """Return the parts that are not empty, in order, with ``separator`` between them."""
    return Content(separator).join([part for part in parts if part])


def is_lit(content: Content) -> bool:
    """Tell whether any of it is highlighted."""
    styles = LIT.values()
    return any(span.style in styles for span in content.spans)


def excerpt(content: Content, width: int, height: int) -> list[Content]:
    """Return at most ``height`` lines of ``content`` wrapped to ``width``, such that a highlight shows."""
    lines = content.wrap(width)
    lighted = next((number for number, part in enumerate(lines) if is_lit(part)), 0)
    start = min(lighted, len(lines) - height) if lighted >= height else 0
    shown = lines[start : start + height]
    if start:
        shown[0] = (Content(ELLIPSIS) + shown[0]).truncate(width, ellipsis=True)
    if start + height < len(lines):
        shown[-1] = (shown[-1].rstrip().truncate(width - 1) + Content(ELLIPSIS)).truncate(width)
    return shown


def stamp(when: datetime | None) -> str:
    """Return a time as it is shown everywhere: ``2014-06-29 12:51``, in UTC; empty where it is unknown."""
    return "" if when is None else f"{when.astimezone(UTC):%Y-%m-%d %H:%M}"


def age(since: datetime, until: datetime) -> str:
    """Return the time between in its largest unit, as in ``3 days``; less than a minute is ``a moment``."""
    seconds = int((until - since).total_seconds())
    for unit, size in _UNITS:
        if seconds >= size:
            count = seconds // size
            return f"{count:,} {unit}{'' if count == 1 else 's'}"
    return "a moment"


def ago(since: datetime, until: datetime) -> str:
    """Return the time between as a row has room for: ``3 d``; nothing where ``since`` is to come yet."""
    seconds = int((until - since).total_seconds())
    for (_, size), short in zip(_UNITS, _SHORT, strict=True):
        if seconds >= size:
            return f"{seconds // size:,} {short}"
    return "now" if seconds >= 0 else ""


def _content(text: str, style: str) -> Content:
    return Content(text, [Style(0, len(text), style)] if style and text else [])


def _safe(text: str) -> str:
    # A tab is as wide as its place demands, which a highlight cannot follow; a space is not.
    return clean(text).replace("\t", " ")


def _flat(text: str) -> str:
    return _SPACES.sub(" ", clean(text))


def _cleaned_at(text: str, spans: Sequence[Span], tidy: Callable[[str], str]) -> tuple[str, dict[int, int]]:
    """Return ``text`` cleaned, and where every span's ends are in it.

    The text is cut at all ends and cleaned piece by piece, so they stay right however lengths change.
    """
    ends = {end for span in spans for end in (span.start, span.end)}
    pieces: list[str] = []
    places: dict[int, int] = {}
    begin = length = 0
    for end in sorted(ends):
        cut = min(max(end, 0), len(text))
        pieces.append(tidy(text[begin:cut]))
        length += len(pieces[-1])
        begin, places[end] = cut, length
    pieces.append(tidy(text[begin:]))
    return "".join(pieces), places

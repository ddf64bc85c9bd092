"""Text as plain mode writes it: matches between brackets, lines that fit, names that are not too long.

What comes out is not yet clean: ``terminal`` cleans every line on its way out, behind the marks set here, so that the
spans of the text as it was still fit.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from datetime import UTC
from typing import TYPE_CHECKING, Final

from index.text import squash
from search.results import Span, SpanKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import datetime

WORD: Final = ("[", "]")
MEANING: Final = ("{", "}")
LONGEST: Final = 200  # characters of a headline or a name in a line about something else
ELLIPSIS: Final = "…"


def marked(words: str, spans: Iterable[Span]) -> str:
    """Return ``words`` with ``[words of the query]`` and ``{sentences near it in meaning}`` marked.

    A word within such a sentence is marked within its braces, so that the sentence is heard as one.
    """
    parts: list[str] = []
    at = 0
    for group in _groups(spans, len(words)):
        inner = "".join(_piece(words, span) for span in group)
        has_meaning = any(span.kind is SpanKind.MEANING for span in group)
        parts += [words[at : group[0].start], _tight(inner, MEANING) if has_meaning else inner]
        at = group[-1].end
    return "".join([*parts, words[at:]])


def short(words: str, most: int = LONGEST) -> str:
    """Return ``words`` on one line and, beyond ``most`` characters, cut between words."""
    line = squash(words)
    if len(line) <= most:
        return line
    head = line[: most - 1]
    return (head.rpartition(" ")[0] or head) + ELLIPSIS


def listed(parts: Iterable[str | None]) -> str:
    """Return the parts there are with commas between, each short."""
    return ", ".join(short(part) for part in parts if part)


def counted(count: int, noun: str) -> str:
    """Return ``1 comment``, ``2 comments``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def stamp(when: datetime | None) -> str:
    """Return a time in UTC as ``2014-06-29 12:51``, or ``undated``."""
    return "undated" if when is None else f"{when.astimezone(UTC):%Y-%m-%d %H:%M}"


def wrapped(words: str, width: int) -> Iterator[str]:
    """Yield the lines of ``words``, none wider than ``width`` columns but for a single word that is.

    Breaks in ``words`` are kept, empty lines are not. A long address stays whole, so that it can be read and copied; a
    run of a script without spaces is cut between characters.
    """
    for line in words.split("\n"):
        yield from _filled((piece for word in line.split() for piece in _cut(word, width)), width)


def columns(words: str) -> int:
    """Return how many columns of a terminal ``words`` takes."""
    return len(words) if words.isascii() else sum(map(_columns, words))


def _groups(spans: Iterable[Span], length: int) -> Iterator[Sequence[Span]]:
    """Yield the spans within the text, in order and without overlaps, those that touch together."""
    group: list[Span] = []
    at = 0
    for span in sorted(spans, key=lambda one: (one.start, one.end)):
        inside = replace(span, start=max(span.start, at), end=min(span.end, length))
        if inside.start >= inside.end:
            continue
        if group and inside.start > at:
            yield group
            group = []
        group.append(inside)
        at = inside.end
    if group:
        yield group


def _piece(words: str, span: Span) -> str:
    piece = words[span.start : span.end]
    return _tight(piece, WORD) if span.kind is SpanKind.WORD else piece


def _tight(words: str, signs: tuple[str, str]) -> str:
    """Return ``words`` between two signs that touch them, white space left outside."""
    core = words.strip()
    if not core:
        return words
    start = words.index(core)
    return f"{words[:start]}{signs[0]}{core}{signs[1]}{words[start + len(core) :]}"


def _filled(pieces: Iterable[str], width: int) -> Iterator[str]:
    line: list[str] = []
    taken = 0
    for piece in pieces:
        wide = columns(piece)
        if line and taken + 1 + wide > width:
            yield " ".join(line)
            line, taken = [], 0
        taken += wide + (1 if line else 0)
        line.append(piece)
    if line:
        yield " ".join(line)


def _cut(word: str, width: int) -> Iterator[str]:
    """Yield a word whole, or in pieces that fit if it is a run written without spaces."""
    if columns(word) <= width or not any(_is_wide(char) for char in word):
        yield word
        return
    start = taken = 0
    for place, char in enumerate(word):
        if taken + _columns(char) > width and place > start:
            yield word[start:place]
            start, taken = place, 0
        taken += _columns(char)
    yield word[start:]


def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if _is_wide(char) else 1


def _is_wide(char: str) -> bool:
    return unicodedata.east_asian_width(char) in "WF"

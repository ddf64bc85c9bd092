"""The comments block of a saved text page: ``NAME wrote:``, the comment, its date and "Report as abuse"."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.model import Comment
from index.sources import furniture, tidy
from index.sources.dates import parse_date
from index.sources.removed import is_removed

if TYPE_CHECKING:
    from collections.abc import Sequence

HEADING = re.compile(r"^comments?\s*\((\d{1,9})\)\s*:?$", re.IGNORECASE)
_WROTE = re.compile(r"^(?P<name>\S.{0,99}?) wrote:$")
_DATE_LINE = re.compile(
    r"^(?P<date>\S.{5,60}?\d\S*(?: [A-Za-z]{1,5})?)\s*(?:[-–—|]+\s*)?report as abuse$", re.IGNORECASE
)
_BARE_DATE = re.compile(r"^\w{3,9}\.? \d{1,2}, \d{4} \d{1,2}:\d\d ?[ap]m [A-Z]{2,5}(?: [-–—]+)?$")


_NEAR = 8  # lines with text between the heading and the first comment: a policy, a button or two


@dataclass(frozen=True, slots=True)
class Block:
    """Where the comments of a page are: the line of the heading, of the first comment, and the printed count."""

    start: int
    first: int
    reported: int | None


def find_block(lines: Sequence[str]) -> Block | None:
    """Return where the comments stand: at the heading a comment follows, else at the first dated comment."""
    headings = [(number, int(found[1])) for number, line in enumerate(lines) if (found := HEADING.match(line))]
    starts = _starts(lines)
    for heading, reported in headings:
        first = _next(starts, heading)
        if first is not None and sum(map(bool, lines[heading:first])) <= _NEAR:
            return Block(heading, first, reported)
    if headings:
        heading, reported = headings[-1]
        return Block(heading, len(lines), reported)
    dates = [number for number, line in enumerate(lines) if _DATE_LINE.match(line)]
    return Block(starts[0], starts[0], None) if dates and starts and starts[0] < dates[-1] else None


def read_comments(lines: Sequence[str]) -> tuple[Comment, ...]:
    """Read the comments, each from ``NAME wrote:`` to its date; what stands between them is furniture.

    Someone quoted inside a comment (``X wrote:`` before the date line) does not begin another one.
    """
    starts = _starts(lines)
    dates = [number for number, line in enumerate(lines) if _date_in(line)]
    comments: list[Comment] = []
    done = 0
    for start in starts:
        if start < done:
            continue
        dated = _next(dates, start)
        end = dated if dated is not None else _next(starts, start)
        done = end = len(lines) if end is None else end
        posted = None if dated is None else _date_in(lines[dated])
        text = _body(lines[start + 1 : end])
        if text:
            comments.append(_comment(len(comments) + 1, lines[start], posted, text))
    return tuple(comments)


def _comment(number: int, opening: str, posted: str | None, text: str) -> Comment:
    author = opening.removesuffix("wrote:").rstrip()
    return Comment(
        id=str(number),
        author=author,
        posted=parse_date(posted),
        posted_text=posted,
        text=text,
        removed=is_removed(text),
    )


def _starts(lines: Sequence[str]) -> list[int]:
    return [number for number, line in enumerate(lines) if _WROTE.match(line)]


def _next(sorted_numbers: Sequence[int], after: int) -> int | None:
    """Return the first number greater than ``after``."""
    at = bisect_right(sorted_numbers, after)
    return sorted_numbers[at] if at < len(sorted_numbers) else None


def _date_in(line: str) -> str | None:
    """Return the date a date line prints, without what follows it."""
    found = _DATE_LINE.match(line)
    if found:
        return found["date"].rstrip(" -–—|")
    return line.rstrip(" -–—") if _BARE_DATE.match(line) else None


def _body(lines: Sequence[str]) -> str:
    """Return the text of a comment without the notices that follow the last one."""
    return tidy.lines("\n".join(line for line in lines if not furniture.is_notice(line)))

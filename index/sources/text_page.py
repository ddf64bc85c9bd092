"""A page saved as text in the layout of the news agencies.

::

    Headline
    PLACE Sun Jun 29, 2014 4:15am EDT
    Caption, printed twice: with and without the agency
    Credit: …, Related Topics, …
    PLACE (Agency) - The story, one paragraph a line.
    (Reporting by A, Editing by B and C)
    A moderation policy
    Comments (3)
    …

Only headline, captions, story and comments are text to be found; everything else is read for what it says about
the article, or dropped. A dump of a whole page has menus above the headline, so each part is looked for by its
own shape.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from index.model import Article
from index.sources import byline, dump_comments, furniture, identity, page_furniture, tidy
from index.sources.captions import captions_of
from index.sources.dates import parse_date
from index.sources.lead import is_lead, place_and_agency
from index.sources.records import NotRead
from index.sources.text_comments import find_block, read_comments
from index.text import clean, squash

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.model import Comment

_CAPITALS = r"[A-Z][A-Z .,'’/()-]*?"
_DATELINE = re.compile(
    rf"^(?:(?P<place>{_CAPITALS}),? )?(?P<date>(?:[A-Z][a-z]{{2,8}},? )?[A-Z][a-z]{{2,8}}\.? \d{{1,2}}, \d{{4}} "
    r"\d{1,2}:\d\d ?[ap]m [A-Z]{2,5})$"
)
_NEAR_TOP = 12  # lines with text before the story on a page without menus
_DATED_NEAR_TOP = 3  # or before its date line
_FOOT_LINES = 8  # a byline foot may be spread over a few lines
_HEADLINE_WORDS = 4
_TOPIC_CHARS = 60
_SENTENCE_END = (".", "!", "?", "”", '"', ":", ";")


@dataclass(frozen=True, slots=True)
class _Parts:
    """Line numbers of a page: its date line, the story from its first line to one after its last."""

    dateline: int | None
    start: int
    end: int


def looks_like(text: str) -> bool:
    """Tell whether a text has this layout: comments, or two of its other marks."""
    lines = _lines(text)
    block = find_block(lines)
    if block and block.first < len(lines):
        return True
    marks = (
        any(map(_DATELINE.match, lines)),
        any(map(is_lead, lines)),
        any(map(byline.is_foot, lines)),
        any(map(_is_topics_heading, lines)),
        block is not None,
    )
    return sum(marks) > 1 or _dump(text, lines) is not None


def read(text: str, path: str) -> Article:
    """Return the article on the page."""
    lines = _lines(text)
    block = find_block(lines)
    dump = None if block and block.first < len(lines) else _dump(text, lines)
    parts = _parts(lines, dump.start if dump else len(lines) if block is None else block.start)
    title_at = _headline(lines, parts)
    paragraphs = _story(lines[parts.start : parts.end])
    comments = dump.comments if dump else read_comments(lines[block.first :]) if block else ()
    if title_at is None or not (paragraphs or comments):
        raise NotRead("no headline and story in it")
    place, agency = place_and_agency(paragraphs)
    dateline = None if parts.dateline is None else _DATELINE.match(lines[parts.dateline])
    above, topics = _without_topics(lines[title_at + 1 : parts.start])
    above = [line for line in above if not _DATELINE.match(line)]
    authors, editors = byline.credits_of(" ".join(filter(byline.is_foot, lines[parts.end : parts.end + _FOOT_LINES])))
    return Article(
        id=identity.article_id(None, lines[title_at], paragraphs or [comment.text for comment in comments]),
        title=lines[title_at],
        source=agency,
        place=(dateline and dateline["place"]) or place,
        published=parse_date(dateline["date"]) if dateline else None,
        published_text=dateline["date"] if dateline else None,
        authors=authors or tidy.distinct(name for line in above for name in byline.from_lead(line)),
        editors=editors,
        topics=topics,
        paragraphs=paragraphs,
        captions=captions_of(above, whole=_is_tidy(lines, parts)),
        comments=comments,
        furniture=_around(lines, (lines[title_at], *paragraphs), comments),
        path=path,
        reported_comments=dump.reported if dump else block.reported if block else None,
    )


def _around(lines: Sequence[str], story: Sequence[str], comments: Sequence[Comment]) -> tuple[str, ...]:
    """Return the lines that are known not to be the story, nor said in a comment."""
    told = {*story, *(line for comment in comments for line in comment.text.split("\n"))}
    return page_furniture.kept(filter(furniture.is_furniture, lines), told)


def _lines(text: str) -> list[str]:
    return [squash(line) for line in clean(text).split("\n")]


def _dump(text: str, lines: Sequence[str]) -> dump_comments.Found | None:
    raw = clean(text).split("\n")
    return dump_comments.find(lines, [len(line) - len(line.lstrip()) for line in raw])


def _parts(lines: Sequence[str], comments_at: int) -> _Parts:
    """Find the story: from its lead to its byline foot, or to where the comments begin."""
    leads = [n for n, line in enumerate(lines) if is_lead(line) and len(line) > _TOPIC_CHARS]
    datelines = [n for n, line in enumerate(lines) if _DATELINE.match(line) and n < max(leads, default=len(lines))]
    dateline = datelines[-1] if datelines else None
    start = _repeated(lines, leads) if leads else _start_without_lead(lines, dateline)
    limit = comments_at if comments_at > start else len(lines)
    foot = next((n for n in range(start, limit) if byline.is_foot(lines[n])), None)
    if foot is not None:
        return _Parts(dateline, start, foot)
    return _Parts(dateline, start, _before_policy(lines, start, limit))


def _repeated(lines: Sequence[str], leads: Sequence[int]) -> int:
    """Return the line of the lead; a page that prints its beginning as a teaser too has the story second."""
    opening = lines[leads[0]][:_TOPIC_CHARS]
    return max(number for number in leads if lines[number].startswith(opening))


def _start_without_lead(lines: Sequence[str], dateline: int | None) -> int:
    """Return where the story starts if no agency opens it: after the topics, the credit, the date or the headline."""
    for number, line in enumerate(lines):
        if _is_topics_heading(line):
            return number + 1 + len(_topic_lines(lines[number + 1 :]))
    credit = next((n for n in range(len(lines) - 1, -1, -1) if lines[n].startswith("Credit:")), None)
    if credit is not None:
        return credit + 1
    headline = next((number for number, line in enumerate(lines) if line), 0)
    return (headline if dateline is None else dateline) + 1


def _before_policy(lines: Sequence[str], start: int, end: int) -> int:
    """Return where the story ends if no byline closes it: before the policies and prompts at its end."""
    while end > start and (not lines[end - 1] or _is_furniture(lines[end - 1])):
        end -= 1
    return end


def _story(lines: Sequence[str]) -> tuple[str, ...]:
    return tuple(line for line in lines if line and not furniture.is_prompt(line))


def _is_furniture(line: str) -> bool:
    return furniture.is_prompt(line) or furniture.is_policy(line)


def _is_topics_heading(line: str) -> bool:
    return line.casefold() == "related topics"


def _topic_lines(lines: Sequence[str]) -> list[str]:
    """Return the lines that can be topics, blank ones included: short ones that are no sentences."""
    return list(takewhile(lambda line: len(line) <= _TOPIC_CHARS and not line.endswith(_SENTENCE_END), lines))


def _without_topics(lines: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """Return the lines without the block under "Related Topics", and the topics in it."""
    for number, line in enumerate(lines):
        if _is_topics_heading(line):
            topics = _topic_lines(lines[number + 1 :])
            rest = [*lines[:number], *lines[number + 1 + len(topics) :]]
            return rest, tidy.distinct(topic.strip("» ") for topic in topics)
    return list(lines), ()


def _is_tidy(lines: Sequence[str], parts: _Parts) -> bool:
    """Tell a page saved from its headline on from a dump with menus above it."""
    above = sum(map(bool, lines[: parts.start]))
    dated = parts.dateline is not None and sum(map(bool, lines[: parts.dateline])) <= _DATED_NEAR_TOP
    return above <= _NEAR_TOP or dated


def _headline(lines: Sequence[str], parts: _Parts) -> int | None:
    """Return the line of the headline: the first, or below menus the last that is printed twice."""
    if _is_tidy(lines, parts):
        return next((n for n, line in enumerate(lines) if line and n != parts.dateline), None)
    likely = [n for n in range(parts.start) if _may_be_headline(lines[n])]
    seen = Counter(lines[n] for n in likely)
    twice = [n for n in likely if seen[lines[n]] > 1]
    return max(twice or likely, default=None)


def _may_be_headline(line: str) -> bool:
    if len(line.split()) < _HEADLINE_WORDS or line.endswith((".", ":")) or parse_date(line):
        return False
    return not (_DATELINE.match(line) or byline.from_lead(line) or line.startswith("Credit:"))

"""Comments in the plain text of a whole page: no marks are left but names, dates and the order they stand in.

A page prints each comment in one of these orders, and all of them in the same::

    NAME (says:)     NAME (said…)     DATE        TEXT
    DATE             TEXT             NAME        (Posted by:) NAME, DATE
    TEXT             DATE             TEXT
    (Reply)          (Reply)          (Reply)

So every order is tried from the heading of the comments on, and taken where nearly all dates fit it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from index.model import Comment
from index.sources import furniture, names, tidy
from index.sources.date_words import WEEKDAYS, any_of
from index.sources.dates import Clock, find_date, is_filling
from index.sources.html_meta import counted
from index.sources.removed import is_removed
from index.sources.threads import by_depth, by_name, spoken_to

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from index.sources.dates import Printed

_HEADING = re.compile(
    r"(?:(?:reader|visitor|user|all|your|view) )?(?:comments?|responses?|discussion|conversation|join the conversation)"
    r"|(?:leser)?kommentare?|commentaires?|réactions?|comentarios|comentários|commenti|reacties|комментарии|댓글|评论"
    r"|評論|コメント",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"\s*\b(?:says?|said|wrote|writes|sagt|sagte|schreibt|schrieb|meint|a dit|a écrit|dice|dijo|escribió|zegt"
    r"|schreef|ha scritto)\b"
    r"\s?(?:on|am|le|:|…|\.\.\.)?\s*$",
    re.IGNORECASE,
)
_POSTED_BY = re.compile(
    r"^(?:posted|written|submitted|comment|kommentar|von|by|par|por)\b(?:\s+(?:by|von|de))?\s*:?\s*", re.IGNORECASE
)
_BUTTON = re.compile(
    r"[|·\s]*(?:\d+\s*)?(?:reply|antworten?|répondre|alerter|responder|rispondi|reageer|ответить|답글|回复|返信|report"
    r"|flag|share|like"
    r"|melden|zitieren|quote|permalink|link|log in to reply|delete|edit|profile|subscriber|abonné|\d+pts?"
    r"|reportsave|author|@)"
    r"(?:\s*\(?\d*\)?)?[|·\s↓]*",
    re.IGNORECASE,
)
_VOTES = re.compile(r"[+-]?[\d.,]{1,6}k?")
_DIGIT = re.compile(r"\d|(?:yester|gest|hier|ayer|ieri|ontem|어제|昨)", re.IGNORECASE)
_TIME = re.compile(r"\d{1,2}[:.h]\d\d(?:\s?[ap]\.?m\.?)?(?: uhr)?", re.IGNORECASE)
_WEEKDAY = re.compile(rf"[,\s]+(?:{any_of(WEEKDAYS)})[,.]?\s*$", re.IGNORECASE)
_LEVEL = re.compile(r"level \d+", re.IGNORECASE)
_LONGEST_HEAD = 110
_LONGEST_NAME = 60
_MOST_NAME_WORDS = 7
_ENOUGH = 0.8  # of the dates fit the order
_MOST_HEADINGS = 12
_MOST_LINES = 60  # of the last comment, where nothing says it has ended
_SENTENCE_END = (".", "!", "?", "…", ",", ";")


class Order(StrEnum):
    """In which order the parts of a comment stand."""

    NAME_DATE_TEXT = "name, date, text"
    NAME_TEXT_DATE = "name, text, date"
    DATE_NAME_TEXT = "date, name, text"
    TEXT_SIGNED = "text, name and date"


@dataclass(frozen=True, slots=True)
class Found:
    """The comments of a page: the line they start at, the comments, and the count that is printed above them."""

    start: int
    comments: tuple[Comment, ...]
    reported: int | None


@dataclass(frozen=True, slots=True)
class _Line:
    """A line with text; ``date`` where it prints one, ``beside`` what it says besides."""

    number: int
    text: str
    indent: int
    date: Printed | None
    beside: str


@dataclass(frozen=True, slots=True)
class _Cut:
    """One comment: its name, its date line, and its text by line positions."""

    name: str
    dated: _Line
    first: int
    end: int
    indent: int


def find(lines: Sequence[str], indents: Sequence[int], clock: Clock | None = None) -> Found | None:
    """Return the comments below a heading, or where each says who speaks; ``None`` where no order fits."""
    told = [_line(n, text, indents[n], clock or Clock()) for n, text in _with_times(lines)]
    headings = [at for at, line in enumerate(told) if _is_heading(line.text)][:_MOST_HEADINGS]
    spoken = (at for at in range(1, len(told) - 1) if _SAYS.search(told[at].text) and told[at + 1].date)
    headings += [at - 1 for at in spoken][:1]
    best: Found | None = None
    for at in headings:
        reported = counted(told[at].text)
        cuts = _fitting(told, at + 1, reported)
        if cuts and (best is None or len(cuts) > len(best.comments)):
            best = Found(told[at].number, _comments(told, cuts), reported)
    return best


def _with_times(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the lines that have text; a time of day that stands alone below a date is a part of it."""
    held: tuple[int, str] | None = None
    for number, text in enumerate(lines):
        if not text:
            continue
        if held is not None and _TIME.fullmatch(text) and len(held[1]) <= _LONGEST_NAME and find_date(held[1]):
            held = (held[0], f"{held[1]} {text}")
            continue
        if held is not None:
            yield held
        held = (number, text)
    if held is not None:
        yield held


def _line(number: int, text: str, indent: int, clock: Clock) -> _Line:
    date = find_date(text, clock) if len(text) <= _LONGEST_HEAD and _DIGIT.search(text) else None
    beside = f"{_WEEKDAY.sub('', text[: date.start])} {_bare(text[date.end :])}" if date else text
    return _Line(number, text, indent, date, "" if date and is_filling(beside) else " ".join(beside.split()))


def _bare(text: str) -> str:
    return "" if _BUTTON.fullmatch(text.strip(" /–—-")) else text


def _is_heading(text: str) -> bool:
    return len(text) <= _LONGEST_HEAD and (
        counted(text) is not None or bool(_HEADING.fullmatch(text.strip(" :»(0123456789)")))
    )


def _fitting(told: Sequence[_Line], start: int, reported: int | None) -> list[_Cut]:
    """Return the comments in the order that most dates fit."""
    dated = [at for at in range(start, len(told)) if told[at].date and _is_head(told[at])]
    best: list[_Cut] = []
    for cut in (_name_date_text, _name_text_date, _date_name_text, _text_signed):
        run = _run(cut, told, start, dated)
        sure = len(run) > 1 or (len(run) == 1 and (reported == 1 or bool(_SAYS.search(run[0].name))))
        if sure and len(run) > len(best):
            best = run
    return best


def _run(
    cut: Callable[[Sequence[_Line], int, Sequence[int], int], _Cut | None],
    told: Sequence[_Line],
    start: int,
    dated: Sequence[int],
) -> list[_Cut]:
    """Return the comments of one order, as long as the dates fit it; a date in a comment's text may not."""
    cuts: list[_Cut] = []
    missed = 0
    for index, at in enumerate(dated):
        previous = dated[index - 1] + 1 if index else start
        made = cut(told, at, dated[index + 1 :], previous)
        if made is None:
            missed += 1
            if not cuts or missed > (1 - _ENOUGH) * (len(cuts) + 5):
                break
            continue
        cuts.append(made)
    return cuts


def _name_date_text(told: Sequence[_Line], at: int, later: Sequence[int], previous: int) -> _Cut | None:
    inline = told[at].beside
    name_at = at if inline else at - 1
    name = inline or told[name_at].text
    if name_at < previous - (not inline) or not _is_name(name):
        return None
    following = next((line for line in later if told[line].beside or _is_name(told[line - 1].text)), None)
    end = len(told) if following is None else following - (not told[following].beside)
    first = at + 1
    while first < end and _is_button(told[first].text):
        first += 1
    stop = _text_end(told, first, end) if first < end else first
    return _Cut(name, told[at], first, stop, told[name_at].indent) if stop > first else None


def _date_name_text(told: Sequence[_Line], at: int, later: Sequence[int], _previous: int) -> _Cut | None:
    name_at = at + 1
    while name_at < len(told) and told[name_at].date and not told[name_at].beside:
        name_at += 1
    if told[at].beside or name_at >= len(told) or not _is_name(told[name_at].text):
        return None
    following = next((line for line in later if line > name_at), len(told))
    end = _text_end(told, name_at + 1, following)
    return _Cut(told[name_at].text, told[at], name_at + 1, end, told[name_at].indent) if end > name_at + 1 else None


def _name_text_date(told: Sequence[_Line], at: int, _later: Sequence[int], previous: int) -> _Cut | None:
    first = previous
    while first < at and (_is_button(told[first].text)):
        first += 1
    if told[at].beside or at <= first + 1 or not _is_name(told[first].text):
        return None
    text_at = first + 1
    while text_at < at and _SAYS.fullmatch(told[text_at].text):
        text_at += 1
    return _Cut(told[first].text, told[at], text_at, at, told[first].indent) if at > text_at else None


def _text_signed(told: Sequence[_Line], at: int, _later: Sequence[int], previous: int) -> _Cut | None:
    name = _POSTED_BY.sub("", told[at].beside).strip(" ,|–—-")
    first = previous
    while first < at and _is_button(told[first].text):
        first += 1
    end = at - bool(at > first and _POSTED_BY.fullmatch(told[at - 1].text))
    if not _is_name(name) or end <= first:
        return None
    return _Cut(name, told[at], first, end, told[first].indent)


def _text_end(told: Sequence[_Line], first: int, end: int) -> int:
    """Return where the text of a comment ends: at its buttons, at the form below the last one, or at the next."""
    last = end if end < len(told) else min(end, first + _MOST_LINES)
    stop = next(
        (at for at in range(first, last) if _is_button(told[at].text) or furniture.is_furniture(told[at].text)), None
    )
    if stop is None:
        return end if end < len(told) else min(end, first + 1)
    return stop


def _comments(told: Sequence[_Line], cuts: Sequence[_Cut]) -> tuple[Comment, ...]:
    comments = []
    for number, cut in enumerate(cuts, start=1):
        text = tidy.lines("\n".join(line.text for line in told[cut.first : cut.end] if not _is_button(line.text)))
        date = cut.dated.date
        if text and date is not None:
            author = names.without_contacts(_SAYS.sub("", _POSTED_BY.sub("", cut.name))).strip(" ,:|–—-·")
            comments.append(
                Comment(
                    id=str(number),
                    author=author or None,
                    posted=date.moment,
                    posted_text=cut.dated.text[date.start : date.end].strip(" ,|"),
                    text=text,
                    removed=is_removed(text),
                )
            )
    depths = [cut.indent for cut in cuts] if len(comments) == len(cuts) else [0] * len(comments)
    return by_name(by_depth(comments, depths), spoken_to(comments))


def _is_head(line: _Line) -> bool:
    """Tell a line of a date, with a name or nothing beside it, from a sentence that mentions one."""
    return not line.beside or _is_name(_POSTED_BY.sub("", line.beside).strip(" ,|–—-·")) or _is_button(line.beside)


def _is_button(text: str) -> bool:
    return len(text) <= _LONGEST_HEAD and bool(
        _BUTTON.fullmatch(text) or _VOTES.fullmatch(text) or furniture.is_prompt(text)
    )


def _is_name(text: str) -> bool:
    bare = _SAYS.sub("", text)
    if (
        not bare
        or "://" in bare
        or len(bare) > _LONGEST_NAME
        or len(bare.split()) > _MOST_NAME_WORDS
        or _is_button(text)
    ):
        return False
    plain = bare == text.rstrip(": ")
    return (
        any(map(str.isalpha, bare))
        and not _TIME.fullmatch(bare)
        and not _LEVEL.fullmatch(bare)
        and not (plain and bare.endswith(_SENTENCE_END) and not bare.endswith("."))
    )

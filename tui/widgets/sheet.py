"""An article set for reading: its blocks, and their lines at a given width."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from index.model import Kind
from tui import text
from tui.widgets.thread import threaded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.content import Content

    from index.model import Article, Passage
    from search.results import Span
    from tui.engine import Page

MEASURE: Final = 78  # cells in a line of text at most: longer lines are hard to follow
STEP: Final = 2  # cells by which a reply is indented
DEEPEST: Final = 6  # replies beyond this depth are not indented further
NARROWEST: Final = 8  # text is never set narrower, whatever the indent


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph of the page: what it says, how far it is indented, and the passage it is, if it is one."""

    content: Content
    passage_id: str | None = None
    depth: int = 0
    tight: bool = False
    """Follows the block before without a blank line."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the sheet."""

    content: Content
    passage_id: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """The lines of a passage, ``[start, end)``, and the first that is lit (the first of all if none is)."""

    start: int
    end: int
    lit: int
    is_lit: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page in lines; ``places`` in reading order."""

    lines: tuple[Line, ...]
    places: dict[str, Place]


def set_sheet(page: Page, width: int) -> Sheet:
    """Return ``page`` in lines of at most ``width`` cells."""
    lines: list[Line] = []
    places: dict[str, Place] = {}
    for block in blocks_of(page):
        if lines and not block.tight:
            lines.append(Line(text.plain("")))
        start = len(lines)
        wrapped = [Line(part, block.passage_id) for part in _wrap(block, min(width, MEASURE))]
        lines += wrapped
        if block.passage_id is not None:
            places[block.passage_id] = _place(start, wrapped)
    return Sheet(tuple(lines), places)


def _wrap(block: Block, width: int) -> Iterator[Content]:
    bar = text.plain("│ ".rjust(STEP) * block.depth, text.QUIET)
    for part in block.content.wrap(max(width - len(bar), NARROWEST)):
        yield bar + part


def _place(start: int, lines: list[Line]) -> Place:
    lit = next((number for number, line in enumerate(lines) if text.is_lit(line.content)), None)
    return Place(start, start + len(lines), start + (lit or 0), lit is not None)


def blocks_of(page: Page) -> Iterator[Block]:
    """Yield the page from its headline to its last comment, then what stood around it."""
    found = dict(zip((passage.id for passage in page.passages), page.spans, strict=True))
    yield from _masthead(page, found)
    for passage in page.passages:
        if passage.kind is Kind.CAPTION:
            yield Block(_after("Picture: ", passage, found, f"italic {_tone(passage)}".rstrip()), passage.id)
        elif passage.kind is Kind.PARAGRAPH:
            said = text.lit(passage.text, found[passage.id], _tone(passage))
            yield Block(text.join((said, _answers(page, passage)), " "), passage.id)
    yield from _comments(page, found)
    yield from _around(page, found)


def _masthead(page: Page, found: dict[str, tuple[Span, ...]]) -> Iterator[Block]:
    headlines = [passage for passage in page.passages if passage.kind is Kind.HEADLINE]
    for passage in headlines:
        yield Block(text.lit(passage.text, found[passage.id], "bold"), passage.id)
    if not headlines:
        yield Block(text.line(page.article.title or "Untitled", "bold"))
    if byline := _byline(page.article):
        yield Block(text.line(byline, text.QUIET), tight=True)


def _byline(article: Article) -> str:
    parts = (article.source, article.place, text.stamp(article.published), ", ".join(article.authors))
    return " · ".join(part for part in parts if part)


def _comments(page: Page, found: dict[str, tuple[Span, ...]]) -> Iterator[Block]:
    comments = [passage for passage in page.passages if passage.kind is Kind.COMMENT]
    if comments:
        yield Block(text.plain(_count(len(comments), page.article.reported_comments), f"bold {text.QUIET}"))
    for passage, depth in threaded(comments):
        facts = (text.stamp(passage.posted), _after_article(page.article, passage), _answered(page, passage))
        head = text.join((_author(passage), *(text.line(fact, text.QUIET) for fact in facts)), " · ")
        body = text.lit(passage.text, found[passage.id], _tone(passage))
        yield Block(text.join((head, body), "\n"), passage.id, min(depth, DEEPEST))


def _around(page: Page, found: dict[str, tuple[Span, ...]]) -> Iterator[Block]:
    """Yield the lines the page printed around the story: quiet, close together, and behind all else."""
    lines = [passage for passage in page.passages if passage.kind is Kind.FURNITURE]
    if lines:
        yield Block(text.plain("Around the story", f"bold {text.QUIET}"))
    for number, passage in enumerate(lines):
        yield Block(text.lit(passage.text, found[passage.id], text.QUIET), passage.id, tight=number > 0)


def _tone(passage: Passage) -> str:
    """Return the style of a passage in its place: quiet where it is furniture."""
    return text.QUIET if passage.furniture else ""


def _count(count: int, reported: int | None) -> str:
    said = f"{count} comment" if count == 1 else f"{count} comments"
    # A difference is worth a word: the page held comments that were not read.
    return said if reported in (None, count) else f"{said} (the page counts {reported})"


def _answers(page: Page, passage: Passage) -> Content:
    """Return how many comments answer a paragraph, as it is told behind it."""
    count = len(page.answered_by.get(passage.id, ()))
    return text.plain(f"[{count} answer{'' if count == 1 else 's'}]" if count else "", f"italic {text.QUIET}")


def _answered(page: Page, passage: Passage) -> str:
    """Return which paragraph a comment answers."""
    mark = page.answers.get(passage.id, "").rpartition("#")[2]
    return f"on ¶ {mark[1:]}" if mark else ""


def _after_article(article: Article, passage: Passage) -> str:
    """Return the age of the article when the comment was posted."""
    if passage.posted is None or article.published is None or passage.posted < article.published:
        return ""
    return f"after {text.age(article.published, passage.posted)}"


def _author(passage: Passage) -> Content:
    return text.line(passage.author or "Anonymous", "bold")


def _after(label: str, passage: Passage, found: dict[str, tuple[Span, ...]], style: str) -> Content:
    return text.plain(label, text.QUIET) + text.lit(passage.text, found[passage.id], style)

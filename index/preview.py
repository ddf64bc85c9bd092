"""What would be read from some sources, before anything is written: the first articles, and what was met on the way."""

from __future__ import annotations

import unicodedata
from itertools import islice
from typing import TYPE_CHECKING, Final

from index.sources.files import shown
from index.sources.records import Limits, Skip
from index.sources.walk import read_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from index.model import Article
    from index.sources.records import Note

WIDTH: Final = 80
COLUMNS: Final = (("title", 25), ("date", 10), ("authors", 13), ("para", 4), ("comm", 4), ("furn", 4), ("path", 14))
"""The columns of the table and their widths, one space between: paragraphs, comments and furniture lines are counts."""
_COUNTS: Final = ("para", "comm", "furn")
_MORE: Final = "…"
_MARKS: Final = 4  # characters looked at for a column: letters may carry marks, hostile ones without end


def articles(sources: Sequence[Path], limit: int, on_event: Callable[[Skip | Note], None]) -> Iterator[Article]:
    """Yield the first ``limit`` articles; nothing further is read."""
    return islice(read_sources(sources, Limits(), on_event), limit)


def told(event: Skip | Note) -> str:
    """Return in a line what was skipped or noticed."""
    return f"skipped {event.path}: {event.reason}" if isinstance(event, Skip) else f"{event.path}: {event.text}"


def head() -> str:
    """Return the line above the table."""
    return _line([name for name, _ in COLUMNS])


def row(article: Article) -> str:
    """Return an article as a line of the table, at most ``WIDTH`` columns wide."""
    published = article.published.date().isoformat() if article.published else article.published_text or ""
    counts = map(len, (article.paragraphs, article.comments, article.furniture))
    path = shown(article.path or "")
    return _line([article.title or "", published, ", ".join(article.authors), *map(str, counts), path])


def _line(cells: Sequence[str]) -> str:
    parts = []
    for (name, width), text in zip(COLUMNS, cells, strict=True):
        if name in _COUNTS:
            parts.append(text.rjust(width))
        elif name == "path":
            parts.append(_end_of(text, width))
        else:
            parts.append(_fitted(text, width))
    return " ".join(parts).rstrip()


def _fitted(text: str, width: int) -> str:
    """Return the start of a text, filled or cut to ``width`` columns."""
    text = text[: width * _MARKS]
    if _columns(text) <= width:
        return text + " " * (width - _columns(text))
    while _columns(text) > width - 1:
        text = text[: min(len(text) - 1, width)]
    return text + _MORE + " " * (width - 1 - _columns(text))


def _end_of(text: str, width: int) -> str:
    """Return the end of a text within ``width`` columns: that of a path tells most."""
    return _fitted(text[::-1], width).rstrip()[::-1] if _columns(text) > width else text


def _columns(text: str) -> int:
    """Return how many columns a text takes on a terminal: two for wide characters, none for combining marks."""
    return sum(_column(char) for char in text)


def _column(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1

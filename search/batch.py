"""Many queries, one a line: each is answered or its fault told, and none stops the rest."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from index import text
from index.errors import UsageError
from search.output import csv_row, json_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from search.results import Hit, Results

COLUMNS: Final = ("line", "query", "total", "total_is_exact", "id", "title", "score", "warnings", "error")
"""The columns of the CSV form, and the names of the JSON form."""
_HEAD: Final = ("query", "total", "score", "title of the top hit", "its id")
_WIDTHS: Final = (32, 8, 6, 40)
_COMMENT: Final = "#"
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What one line of a batch gave: how much was found and the best of it, or why it failed."""

    line: int
    """Its number in the file, from 1."""
    query: str
    total: int = 0
    total_is_exact: bool = True
    top: Hit | None = None
    warnings: tuple[str, ...] = ()
    error: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form, with the names of ``COLUMNS``."""
        return {
            "line": self.line,
            "query": self.query,
            "total": self.total,
            "total_is_exact": self.total_is_exact,
            "id": self.top and self.top.passage.id,
            "title": self.top and self.top.article.title,
            "score": self.top and self.top.score,
            "warnings": list(self.warnings),
            "error": self.error,
        }


def answers(ask: Callable[[str], Results], lines: Iterable[bytes]) -> Iterator[Answer]:
    """Yield the answer to each line that is not blank or a ``#`` comment; ``ask`` is called once a line, in order."""
    for number, raw in enumerate(lines, 1):
        line = raw.removeprefix(_BOM) if number == 1 else raw
        if line.strip() and not line.lstrip().startswith(_COMMENT.encode()):
            yield _answer(ask, number, line)


def jsonl(found: Iterable[Answer]) -> Iterator[str]:
    """Yield one JSON object an answer."""
    return (json_text(answer.to_dict()) for answer in found)


def as_csv(found: Iterable[Answer]) -> Iterator[str]:
    """Yield the header, then one row an answer."""
    yield csv_row(COLUMNS)
    for answer in found:
        yield csv_row((answer.to_dict() | {"warnings": "; ".join(answer.warnings)}).values())


def table(found: Iterable[Answer]) -> Iterator[str]:
    """Yield the header, then one line an answer, in columns for people."""
    yield _line(_HEAD)
    for answer in found:
        yield _line(_shown(answer))


def _answer(ask: Callable[[str], Results], number: int, line: bytes) -> Answer:
    try:
        query = line.decode("utf-8").strip()
    except UnicodeDecodeError:
        return Answer(line=number, query=line.decode("utf-8", "replace").strip(), error="not UTF-8 text")
    try:
        results = ask(query)
    except UsageError as error:  # a fault of the line; what is wrong with the index is wrong for every line
        return Answer(line=number, query=query, error=str(error))
    return Answer(
        line=number,
        query=query,
        total=results.total,
        total_is_exact=results.total_is_exact,
        top=next(iter(results), None),
        warnings=results.warnings,
    )


def _shown(answer: Answer) -> tuple[str, ...]:
    if answer.error is not None:
        return answer.query, "error", "", f"line {answer.line}: {answer.error}"
    total = f"{'' if answer.total_is_exact else '~'}{answer.total:,}"
    if answer.top is None:
        return answer.query, total, "", "nothing found"
    top = answer.top
    return answer.query, total, f"{top.score:.3f}", top.article.title or "", top.passage.id


def _line(cells: tuple[str, ...]) -> str:
    """Return cells in columns; the last one is as long as it is."""
    *columns, last = (text.squash(cell) for cell in cells)
    fitted = [_fitted(cell, width) for cell, width in zip(columns, _WIDTHS, strict=False)]
    return "  ".join([*fitted, last]).rstrip()


def _fitted(cell: str, width: int) -> str:
    """Return a cell cut or filled to ``width`` columns of a terminal, where some characters take two and some none."""
    kept = cell[: 4 * width]  # marks take no column, but nobody reads more of them
    while _width(kept) + (kept != cell) > width:
        kept = kept[:-1]
    shown = kept if kept == cell else kept + "…"
    return shown + " " * (width - _width(shown))


def _width(words: str) -> int:
    return sum(map(_columns, words))


def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1

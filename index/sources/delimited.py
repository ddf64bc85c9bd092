"""Tables as text: which sign divides the cells, and the rows, read as a stream.

The dialect is chosen by trying: the one under which most rows of the head are as wide as the header. A row may span
lines inside quotes; the memory it takes is bounded by the limit of a line.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.sources.records import NotRead

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SIGNS = ",;\t|"
_ROWS_TRIED = 50
_EXCEL_HINT = "sep="


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are divided, quoted and escaped."""

    delimiter: str = ","
    quoted: bool = True
    escape: str | None = None

    def rows(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """Parse lines; what is wrong with a row is raised as ``csv.Error`` and the next call goes on."""
        if not self.quoted:
            return csv.reader(lines, delimiter=self.delimiter, quoting=csv.QUOTE_NONE)
        return csv.reader(lines, delimiter=self.delimiter, escapechar=self.escape)


def dialect_of(head: str) -> Dialect:
    """Return the dialect under which the start of a table is most regular; commas where nothing tells."""
    if head[: len(_EXCEL_HINT)].lower() == _EXCEL_HINT:
        return Dialect(head[len(_EXCEL_HINT) : len(_EXCEL_HINT) + 1] or ",")
    escapes: tuple[str | None, ...] = (None, "\\") if '\\"' in head else (None,)
    tried = [Dialect(sign, True, escape) for escape in escapes for sign in _SIGNS if sign in head]
    tried += [Dialect(sign, False) for sign in "\t|" if sign in head]
    return max(tried, key=lambda dialect: _regularity(head, dialect), default=Dialect())


def _regularity(head: str, dialect: Dialect) -> tuple[float, int]:
    """Return the share of rows as wide as the header, and how wide that is; the last may be cut and is left out."""
    rows: list[list[str]] = []
    try:
        for row in dialect.rows(head.splitlines(keepends=True)):
            rows.append(row)
            if len(rows) > _ROWS_TRIED:
                break
    except csv.Error:
        return 0.0, 0
    width = len(rows[0]) if rows else 0
    if width < 2:  # noqa: PLR2004
        return 0.0, width
    body = [row for row in (rows[1:-1] or rows[1:]) if row]
    return sum(len(row) == width for row in body) / max(len(body), 1), width


class Rows:
    """The rows of a table, each with the number of the line it begins on; iteration goes on after ``NotRead``."""

    def __init__(self, lines: Iterator[str | None], dialect: Dialect, limit: int) -> None:
        csv.field_size_limit(limit)
        self._lines = lines
        self._limit = limit
        self._number = 0
        self._size = 0
        self._ended = False
        self._quotes = 0
        self._quoted = dialect.quoted
        self._reader = dialect.rows(_Fed(self))

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        return self

    def __next__(self) -> tuple[int, list[str]]:
        self.begins = self._number + 1
        self._size = self._quotes = 0
        try:
            row = next(self._reader)
        except csv.Error as fault:
            raise NotRead(f"not a row of a table: {fault}") from None
        if self._ended:  # a row that is complete does not ask for another line
            raise NotRead(f"a quote opened here is never closed; it takes in the lines to {self._number}")
        return self.begins, row

    def feed(self) -> str:
        """Return the next line to the parser, if the row it belongs to is within the limit."""
        try:
            line = next(self._lines)
        except StopIteration:
            self._ended = True
            raise
        self._count(line)
        if line is None or self._size > self._limit:
            while self._quotes % 2:  # what is left of a cell in quotes would be taken for rows
                try:
                    self._count(next(self._lines))
                except StopIteration:
                    break
            raise NotRead(f"longer than {self._limit} characters; it takes in the lines to {self._number}")
        return line

    def _count(self, line: str | None) -> None:
        self._number += 1
        self._size += len(line or "")
        self._quotes += line.count('"') if line and self._quoted else 0


class _Fed:
    """The lines as the parser takes them: an iterator that can go on after it has raised."""

    def __init__(self, rows: Rows) -> None:
        self._rows = rows

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        return self._rows.feed()

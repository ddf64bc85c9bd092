"""What stands in place of hits when there are none: a welcome, or advice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.reactive import reactive
from textual.widgets import Static

from index.model import Kind
from tui import text
from tui.commands import QUERY_LANGUAGE
from tui.widgets.laid_out import LaidOut, entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.content import Content

    from index.protocol import IndexInfo
    from search.results import Results

COLUMN: Final = 23  # cells for what is typed, in the table of examples


class Notice(Static):
    """Explains an empty screen."""

    results: reactive[Results | None] = reactive(None, layout=True)
    info: reactive[IndexInfo | None] = reactive(None, layout=True)

    def render(self) -> Advice:
        """Return the welcome while nothing is asked, and advice when nothing was found."""
        return Advice(self.results, self.info)


class Advice(LaidOut):
    """What the notice says."""

    def __init__(self, results: Results | None, info: IndexInfo | None) -> None:
        super().__init__()
        self._results, self._info = results, info

    def lines(self, width: int) -> Iterator[Content]:
        """Yield its lines."""
        yield from _welcome(self._info) if self._results is None else _nothing(self._results)
        yield text.plain(" ")
        yield from examples(width)


def examples(width: int) -> Iterator[Content]:
    """Yield the query language by example."""
    for typed, meaning in QUERY_LANGUAGE:
        yield from entry(text.plain(f"  {typed}", "bold"), text.plain(meaning, text.QUIET), COLUMN, width)


def _welcome(info: IndexInfo | None) -> Iterator[Content]:
    if info is not None:
        yield text.line(_holdings(info), "bold")
        yield text.line(f"indexed {text.stamp(info.built)}", text.QUIET)
        yield text.plain(" ")
    yield text.line("Type to search.")


def _holdings(info: IndexInfo) -> str:
    counts = [(info.articles, "article"), (info.passages.get(Kind.PARAGRAPH, 0), "paragraph")]
    counts.append((info.passages.get(Kind.COMMENT, 0), "comment"))
    return ", ".join(f"{count:,} {noun}{'' if count == 1 else 's'}" for count, noun in counts)


def _nothing(results: Results) -> Iterator[Content]:
    yield text.line(f"Nothing found for {results.query}", "bold")
    if results.did_you_mean:
        yield text.line(f"Did you mean “{results.did_you_mean}”?")
    yield text.plain(" ")
    yield text.line("Try fewer words, or leave out quotes and filters:")

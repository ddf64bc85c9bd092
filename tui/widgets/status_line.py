"""The bottom line of facts: how many were found, how, in what time, and what the engine had to say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.reactive import reactive
from textual.widgets import Static

from search.results import Mode
from tui import text

if TYPE_CHECKING:
    from textual.content import Content

    from search.results import Results

SHOWN_MODES = {Mode.KEYWORD: "words", Mode.SEMANTIC: "meaning", Mode.HYBRID: "hybrid"}


class StatusLine(Static):
    """Says how the last search went, and what is going on."""

    results: reactive[Results | None] = reactive(None, layout=True)
    busy: reactive[bool] = reactive(False, layout=True)
    note: reactive[str] = reactive("", layout=True)
    """What holds until further notice, such as a model being loaded."""
    error: reactive[str] = reactive("", layout=True)
    """Why the newest question has no answer."""

    def render(self) -> Content:
        """Return the line."""
        return text.join(self._parts(), " · ")

    def _parts(self) -> list[Content]:
        parts = []
        if self.busy:
            parts.append(text.line("searching…", "bold"))
        if self.error:
            parts.append(text.line(f"! {self.error}", "bold $text-error"))
        elif self.results is not None:
            parts += _told(self.results)
        return [*parts, text.line(self.note, "italic")]


def _told(results: Results) -> list[Content]:
    parts = [text.line(counted(results)), text.line(SHOWN_MODES[results.mode])]
    if (took := results.took.get("total")) is not None:
        parts.append(text.line(f"{took:.0f} ms"))
    if results.did_you_mean:
        parts.append(text.line(f"did you mean “{results.did_you_mean}”?", "bold"))
    parts += [text.line(f"! {warning}", "$text-warning") for warning in results.warnings]
    return parts


def counted(results: Results) -> str:
    """Return how many passages were found, and how many of them are shown."""
    shown, total = len(results), results.total
    if not shown:
        return "no results"
    if shown >= total:
        return "1 result" if shown == 1 else f"{shown} results"
    return f"{shown} of {total:,} results" if results.total_is_exact else f"best {shown} of {total:,} considered"

"""The bottom line of facts: how many were found, how, in what time, and what the engine had to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from textual.reactive import reactive
from textual.widgets import Static

from search.results import Mode, Sort
from tui import clock, text
from tui.commands import TakeBetter
from tui.question import Question
from tui.widgets.keys import shown_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from textual.content import Content

    from index.protocol import IndexInfo
    from search.results import Results

SHOWN_MODES: Final = {Mode.KEYWORD: "words", Mode.SEMANTIC: "meaning", Mode.HYBRID: "hybrid"}
SHOWN_SORTS: Final = {Sort.RELEVANCE: "", Sort.NEWEST: "newest first", Sort.OLDEST: "oldest first"}
TOTAL: Final = "total"


class StatusLine(Static):
    """Says how the last search went, and what is going on."""

    results: reactive[Results | None] = reactive(None, layout=True)
    row: reactive[int] = reactive(0, layout=True)
    """Which hit the reader is at, from 0."""
    shown: reactive[Question] = reactive(Question(), layout=True)
    """What the results answer."""
    better: reactive[Results | None] = reactive(None, layout=True)
    """Results that wait to be taken."""
    marks: reactive[frozenset[str]] = reactive(frozenset(), layout=True)
    """Ids of the hits marked."""
    info: reactive[IndexInfo | None] = reactive(None, layout=True)
    busy: reactive[bool] = reactive(False, layout=True)
    note: reactive[str] = reactive("", layout=True)
    """What holds until further notice, such as a model being loaded."""
    upkeep: reactive[str] = reactive("", layout=True)
    """How far a job on the index is."""
    stale: reactive[str] = reactive("", layout=True)
    """Why the newest state of the index cannot be read."""
    error: reactive[str] = reactive("", layout=True)
    """Why the newest question has no answer."""

    def render(self) -> Content:
        """Return the line."""
        return text.join(self._parts(), " · ")

    def _parts(self) -> list[Content]:
        parts = []
        if self.busy:
            parts.append(text.line("searching…", "bold"))
        if self.better is not None:
            key = shown_key(self, TakeBetter)
            parts.append(text.line(f"{waiting(self.results, self.better)}, press {key}", "bold $text-accent"))
        if self.error:
            parts.append(text.line(f"! {self.error}", "bold $text-error"))
        elif self.results is not None:
            parts += self._told(self.results)
        if self.marks:
            parts.append(text.line(f"{len(self.marks):,} marked"))
        if self.results is not None and self.info is not None and not self.error:
            age = text.age((self.info.synced or self.info.built), clock.now())
            parts.append(text.line(f"index {age} old", text.QUIET))
        if self.stale:
            parts.append(text.line(f"! {self.stale}", "$text-warning"))
        return [*parts, text.line(self.upkeep, "bold"), text.line(self.note, "italic")]

    def _told(self, results: Results) -> list[Content]:
        shown = self.shown
        if shown.like:
            how = [f"similar to {shown.like}", "Esc goes back"]
        else:
            how = [
                weighed(results.mode, shown.alpha),
                "by article" if shown.by_article else "",
                SHOWN_SORTS[shown.sort],
            ]
        place = f"no. {self.row + 1:,}" if self.row else ""
        parts = [text.line(part) for part in (place, counted(results), *how, timed(results.took)) if part]
        if results.did_you_mean:
            parts.append(text.line(f"did you mean “{results.did_you_mean}”?", "bold"))
        return parts + [text.line(f"! {warning}", "$text-warning") for warning in results.warnings]


def weighed(mode: Mode, alpha: float | None) -> str:
    """Return how was searched, and how much meaning counts where the reader has said so."""
    is_chosen = mode is Mode.HYBRID and alpha is not None
    return f"{SHOWN_MODES[mode]}, {alpha:.0%} meaning" if is_chosen else SHOWN_MODES[mode]


def timed(took: Mapping[str, float]) -> str:
    """Return how long a search took, and the steps that took long enough to be told."""
    if TOTAL not in took:
        return ""
    steps = [f"{step} {value:.0f}" for step, value in took.items() if step != TOTAL and value >= 1]
    return f"{took[TOTAL]:.0f} ms" + (f" ({', '.join(steps)})" if steps else "")


def waiting(results: Results | None, better: Results) -> str:
    """Return how many of the results that wait are not in the list yet; where all are, only their order is better."""
    known = {hit.passage.id for hit in results or ()}
    new = sum(hit.passage.id not in known for hit in better)
    return f"{new} better result{'' if new == 1 else 's'}" if new else "a better order"


def counted(results: Results) -> str:
    """Return how many passages were found; where meaning took part, how many were considered."""
    total = max(results.total, len(results))
    if not results:
        return "no results"
    if not results.total_is_exact and total > len(results):
        return f"best of {total:,} considered"
    return "1 result" if total == 1 else f"{total:,} results"

"""What is asked of the engine: a query and how its answer is wanted, or the passage whose like is sought."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from search.results import Mode, Sort

if TYPE_CHECKING:
    from search.results import Results
    from tui.engine import Engine

MODES: Final = (Mode.HYBRID, Mode.KEYWORD, Mode.SEMANTIC)
SORTS: Final = (Sort.RELEVANCE, Sort.NEWEST, Sort.OLDEST)


@dataclass(frozen=True, slots=True)
class Question:
    """One question; a value, so that an answer can be told from the answer to another."""

    text: str = ""
    """What stands in the query line."""
    mode: Mode = Mode.HYBRID
    by_article: bool = False
    sort: Sort = Sort.RELEVANCE
    alpha: float | None = None
    """The share of meaning in a hybrid score, 0 to 1; ``None`` for the index's own."""
    like: str = ""
    """Id of the passage whose like is sought; then nothing else counts."""

    @property
    def words(self) -> str:
        """What is to be lit in a passage."""
        return "" if self.like else self.text

    def next_mode(self) -> Question:
        """Return the question in the next mode."""
        return replace(self, mode=MODES[(MODES.index(self.mode) + 1) % len(MODES)])

    def next_sort(self) -> Question:
        """Return the question in the next order."""
        return replace(self, sort=SORTS[(SORTS.index(self.sort) + 1) % len(SORTS)])

    def regrouped(self) -> Question:
        """Return the question with passages gathered by article, or no longer."""
        return replace(self, by_article=not self.by_article)

    def put_to(
        self, engine: Engine, *, limit: int, offset: int = 0, mode: Mode | None = None, explain: bool = False
    ) -> Results:
        """Return one page of the answer; ``mode`` is another than its own."""
        if self.like:
            return engine.similar(self.like, limit=limit, offset=offset)
        return engine.search(
            self.text,
            limit=limit,
            offset=offset,
            mode=mode or self.mode,
            group_by="article" if self.by_article else None,
            sort=self.sort,
            alpha=self.alpha,
            explain=explain,
        )

"""What plain mode asks of the engine: the part of ``search.Searcher`` it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from search.results import Mode, Sort

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.model import Passage
    from index.protocol import IndexInfo
    from search.facets import Facets
    from search.results import Results, Span


class Engine(Protocol):
    """Answers questions; expected failures are ``BroadsheetError``."""

    @property
    def is_warm(self) -> bool:
        """Whether a search by meaning answers without loading the model first."""

    def warm(self) -> None:
        """Load the embedding model."""

    def search(  # noqa: PLR0913 - as the engine has it
        self,
        query: str,
        *,
        limit: int = 10,
        offset: int = 0,
        mode: Mode = Mode.HYBRID,
        group_by: str | None = None,
        sort: Sort = Sort.RELEVANCE,
        alpha: float | None = None,
    ) -> Results:
        """Return one page of hits."""

    def add_meaning(self, results: Results) -> Results:
        """Return the results with the sentences nearest in meaning lit."""

    def similar(self, passage_id: str, *, limit: int = 10, offset: int = 0) -> Results:
        """Return the passages most like one."""

    def highlight(self, query: str, passages: Sequence[Passage]) -> list[tuple[Span, ...]]:
        """Return the spans of the query's words over each whole passage."""

    def facets(self, query: str, mode: Mode = Mode.HYBRID) -> Facets:
        """Return counts of what a query is about."""

    def passages_of(self, article_id: str) -> list[Passage]:
        """Return the passages of an article in reading order."""

    def answers(self, passages: Sequence[Passage]) -> dict[str, str]:
        """Return, for those that are comments, the id of the paragraph each answers."""

    def judge(self, query: str, passage_id: str, relevant: bool | None) -> bool:
        """Keep whether a passage answers a query; returns whether anything changed."""

    def info(self) -> IndexInfo:
        """Return facts of the index."""

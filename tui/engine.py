"""What the screen asks of the engine: the part of ``search.Searcher`` it needs, and one article to show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from search.results import Mode, Span, SpanKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.model import Article, Passage
    from index.protocol import IndexInfo
    from search.results import Hit, Results


class Engine(Protocol):
    """Answers questions; may be asked from several threads at once."""

    @property
    def is_warm(self) -> bool:
        """Whether the embedding model is loaded, so that a hybrid search will be quick."""

    def warm(self) -> None:
        """Load the embedding model; takes seconds."""

    def search(self, query: str, *, limit: int = 10, mode: Mode = Mode.HYBRID) -> Results:
        """Return the best passages."""

    def article(self, article_id: str) -> Article:
        """Return a whole article; raises ``NotFound``."""

    def passages_of(self, article_id: str) -> list[Passage]:
        """Return the passages of an article in reading order; raises ``NotFound``."""

    def highlight(self, query: str, passages: Sequence[Passage]) -> list[tuple[Span, ...]]:
        """Return the spans of the query's words over each whole passage."""

    def info(self) -> IndexInfo:
        """Return facts of the index."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One article opened at one of its passages, with what a query lights in it."""

    query: str
    article: Article
    passages: tuple[Passage, ...]
    spans: tuple[tuple[Span, ...], ...]
    """One tuple per passage."""
    passage_id: str
    """The passage to show."""


def read_page(engine: Engine, query: str, hit: Hit) -> Page:
    """Return the article of a hit, lit by the query, open at the hit."""
    article = engine.article(hit.article.id)
    passages = tuple(engine.passages_of(hit.article.id))
    spans = engine.highlight(query, passages)
    return Page(
        query=query,
        article=article,
        passages=passages,
        spans=tuple(
            (*found, *_meant(hit)) if passage.id == hit.passage.id else found
            for passage, found in zip(passages, spans, strict=True)
        ),
        passage_id=hit.passage.id,
    )


def _meant(hit: Hit) -> tuple[Span, ...]:
    """Return the spans of the hit's snippet that words do not explain, as spans of the whole passage."""
    start = hit.snippet.start
    return tuple(
        Span(span.start + start, span.end + start, span.kind)
        for span in hit.snippet.spans
        if span.kind is SpanKind.MEANING
    )

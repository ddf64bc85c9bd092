"""What the screen asks of the engine: the part of ``search.Searcher`` it needs, and one article to show."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol

from search.results import Hit, Mode, Snippet, Sort, Span, SpanKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from index.model import Article, ArticleInfo, Passage
    from index.protocol import IndexInfo
    from search.facets import Facets
    from search.results import Results
    from search.suggest import Suggestion


class Engine(Protocol):
    """Answers questions; may be asked from several threads at once."""

    @property
    def is_warm(self) -> bool:
        """Whether the embedding model is loaded, so that a hybrid search will be quick."""

    def alpha(self, query: str) -> float:
        """Return the share of meaning in the hybrid scores of a query where its search names no other."""

    def warm(self) -> None:
        """Load the embedding model; takes seconds."""

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
        explain: bool = False,
    ) -> Results:
        """Return one page of the best passages."""

    def similar(self, passage_id: str, *, limit: int = 10, offset: int = 0) -> Results:
        """Return the passages most like one; raises ``NotFound``."""

    def facets(self, query: str, mode: Mode = Mode.HYBRID) -> Facets:
        """Return counts by kind, source, author, time and more of what a query finds."""

    def suggest(self, prefix: str, limit: int = 10) -> tuple[Suggestion, ...]:
        """Return completions of what is being typed, commonest first."""

    def passage(self, passage_id: str) -> Passage:
        """Return one passage; raises ``NotFound``."""

    def answers(self, passages: Sequence[Passage]) -> dict[str, str]:
        """Return, for comments among them, the id of the paragraph each answers."""

    def answered_by(self, passages: Sequence[Passage]) -> dict[str, tuple[str, ...]]:
        """Return, for paragraphs among them, the ids of the comments that answer them."""

    def judge(self, query: str, passage_id: str, relevant: bool | None) -> bool:
        """Keep whether a passage answers a query; ``None`` forgets it."""

    def article(self, article_id: str) -> Article:
        """Return a whole article; raises ``NotFound``."""

    def passages_of(self, article_id: str) -> list[Passage]:
        """Return the passages of an article in reading order; raises ``NotFound``."""

    def highlight(self, query: str, passages: Sequence[Passage]) -> list[tuple[Span, ...]]:
        """Return the spans of the query's words over each whole passage."""

    def info(self) -> IndexInfo:
        """Return facts of the index."""

    @property
    def is_stale(self) -> bool:
        """Whether there is a newer index, or none that can be read any more."""

    def reload(self) -> bool:
        """Take up a newer index and tell if there was one; raises ``IndexUnusable``, and then the old one stays."""


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
    answers: Mapping[str, str] = field(default_factory=dict)
    """Of comments: the id of the paragraph each answers."""
    answered_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Of paragraphs: the ids of the comments that answer them."""


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
        answers=engine.answers(passages),
        answered_by=engine.answered_by(passages),
    )


def folded(engine: Engine, query: str, hit: Hit) -> tuple[Hit, ...]:
    """Return the passages folded under a hit, lit by the query: its reprints, and more of its article."""
    passages = [engine.passage(id_) for id_ in (*hit.duplicates, *hit.more)]
    articles = {one.article_id: engine.article(one.article_id) for one in passages}
    lit = engine.highlight(query, passages)
    return tuple(
        hit_on(passage, articles[passage.article_id], spans, hit) for passage, spans in zip(passages, lit, strict=True)
    )


def hit_on(passage: Passage, article: ArticleInfo, spans: tuple[Span, ...], hit: Hit) -> Hit:
    """Return another passage as a hit; what ranked it is what ranked ``hit``."""
    alone = replace(hit, duplicates=(), more=(), fragments=(), answers=None, answered_by=())
    return replace(alone, passage=passage, article=article, snippet=Snippet(passage.text, spans))


def _meant(hit: Hit) -> tuple[Span, ...]:
    """Return the spans of the hit's snippet that words do not explain, as spans of the whole passage."""
    start = hit.snippet.start
    return tuple(
        Span(span.start + start, span.end + start, span.kind)
        for span in hit.snippet.spans
        if span.kind is SpanKind.MEANING
    )

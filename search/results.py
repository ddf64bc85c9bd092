"""What a search gives back: ``Results`` of ``Hit``s, each with a ``Snippet`` of text and spans, and their JSON.

A snippet is text and spans, never markup. Offsets count Python characters of the text given.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from index.model import Kind

if TYPE_CHECKING:
    from index.model import ArticleInfo, Passage
    from search.explain import Explanation


class Sort(StrEnum):
    """In which order hits come."""

    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


class Mode(StrEnum):
    """Which legs answer."""

    KEYWORD = "keyword"
    SEMANTIC = "semantic"
    HYBRID = "hybrid"


class SpanKind(StrEnum):
    """Why a span is lit: a word of the query, or the sentence nearest to it in meaning."""

    WORD = "word"
    MEANING = "meaning"


@dataclass(frozen=True, slots=True)
class Span:
    """``text[start:end]`` of the text it came with."""

    start: int
    end: int
    kind: SpanKind = SpanKind.WORD


@dataclass(frozen=True, slots=True)
class Snippet:
    """A piece of a passage: ``text`` is ``passage.text[start:start + len(text)]``; spans count from its start."""

    text: str
    spans: tuple[Span, ...] = ()
    start: int = 0

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        spans = [[span.start, span.end, span.kind.value] for span in self.spans]
        return {"text": self.text, "spans": spans, "start": self.start}


@dataclass(frozen=True, slots=True)
class LegScore:
    """What one leg said of a hit: its score, and its 1-based rank if that leg found it by itself."""

    score: float
    rank: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One passage found."""

    passage: Passage
    article: ArticleInfo
    score: float
    snippet: Snippet
    fragments: tuple[Snippet, ...] = ()
    """Further pieces of the passage, for words that the snippet does not show."""
    keyword: LegScore | None = None
    semantic: LegScore | None = None
    why: str = ""
    duplicates: tuple[str, ...] = ()
    """Passage ids of near-identical passages stacked under this one, earliest first."""
    more: tuple[str, ...] = ()
    """Grouped by article: ids of the article's next best passages."""
    answers: str | None = None
    """For a comment: id of the paragraph it answers."""
    answered_by: tuple[str, ...] = ()
    """For a paragraph: ids of the comments that answer it."""
    explanation: Explanation

    def explain(self) -> Explanation:
        """Return the numbers that add up to the score."""
        return self.explanation

    @property
    def when(self) -> datetime | None:
        """Posting time of a comment, publication time of anything else."""
        return self.passage.posted or self.article.published

    @property
    def author(self) -> str | None:
        """Who wrote it: the comment's author, or the article's authors."""
        return self.passage.author or ", ".join(self.article.authors) or None

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form of docs/architecture.md."""
        passage, article = self.passage, self.article
        return {
            "id": passage.id,
            "article_id": passage.article_id,
            "kind": passage.kind.value,
            "position": passage.position,
            "score": self.score,
            "title": article.title,
            "author": self.author,
            "posted": timestamp(self.when),
            "url": article.url,
            "source": article.source,
            "path": article.path,
            "text": passage.text,
            "furniture": passage.furniture,
            "snippet": self.snippet.to_dict(),
            "fragments": [fragment.to_dict() for fragment in self.fragments],
            "keyword": _leg(self.keyword),
            "semantic": _leg(self.semantic),
            "why": self.why,
            "duplicates": list(self.duplicates),
            "more": list(self.more),
            "answers": self.answers,
            "answered_by": list(self.answered_by),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Results(Sequence[Hit]):
    """The page of hits asked for, and what was learnt on the way; a sequence of ``Hit``."""

    query: str
    mode: Mode
    hits: tuple[Hit, ...] = ()
    total: int = 0
    """Passages found; see ``total_is_exact``."""
    total_is_exact: bool = True
    """False where meaning took part: then ``total`` counts the passages that were considered."""
    in_all: int | None = None
    """How many hits all pages hold together; ``None`` where it is not known yet."""
    warnings: tuple[str, ...] = ()
    did_you_mean: str | None = None
    took: Mapping[str, float] = field(default_factory=dict)
    """Milliseconds per step: parse, encode, keyword, semantic, fuse, snippet, total."""
    meaning: str = ""
    """What the semantic leg was asked, for highlights of meaning."""

    def __len__(self) -> int:
        return len(self.hits)

    def __getitem__(self, index: Any) -> Any:  # int gives a Hit, a slice gives a tuple of them
        return self.hits[index]

    def __iter__(self) -> Iterator[Hit]:
        return iter(self.hits)

    def _repr_html_(self) -> str:
        """Return an escaped table, as notebooks show it."""
        from search.notebook import to_html

        return to_html(self)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form of docs/architecture.md."""
        return {
            "query": self.query,
            "mode": self.mode.value,
            "total": self.total,
            "total_is_exact": self.total_is_exact,
            "warnings": list(self.warnings),
            "did_you_mean": self.did_you_mean,
            "took_ms": {step: round(value, 3) for step, value in self.took.items()},
            "hits": [hit.to_dict() for hit in self.hits],
        }


def kind_of(passage: Passage) -> str:
    """Return the kind of a passage in words, and what makes it furniture where its kind does not say so."""
    if not passage.furniture or passage.kind is Kind.FURNITURE:
        return passage.kind.value
    return f"removed {passage.kind}" if passage.kind is Kind.COMMENT else f"{passage.kind} taken for furniture"


def timestamp(when: datetime | None) -> str | None:
    """Return a time as ISO 8601 in UTC (``2014-06-29T12:51:00Z``), or None."""
    return None if when is None else when.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _leg(leg: LegScore | None) -> dict[str, Any] | None:
    return None if leg is None else {"rank": leg.rank, "score": leg.score}

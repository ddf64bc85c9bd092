"""Hits built by hand, so that what is written of them needs no index."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from index.model import ArticleInfo, Kind, Passage
from search.explain import Explanation, Part
from search.fuse import Method
from search.results import Hit, LegScore, Mode, Results, Snippet, Span, SpanKind

if TYPE_CHECKING:
    from collections.abc import Callable

WHEN = datetime(2014, 6, 29, 12, 51, tzinfo=UTC)
EXPLANATION = Explanation(
    method=Method.WORDS, score=0.5, parts=(Part(name="words (BM25)", raw=0.5, share=0.5, weight=1.0),)
)


def make_hit(text: str = "Poor oysters!", *, lit: str | None = None, kind: Kind = Kind.COMMENT, **more: Any) -> Hit:
    """Return a hit on ``text`` in which ``lit`` is a matched word; ``more`` are fields of the article or the hit."""
    about = {"title": "The harbour", "source": "Herald", "url": "https://news.example/1", "path": "a.txt"} | more
    article = {name: about[name] for name in ("title", "source", "url", "path")}
    author = about.pop("author", "Bo") if kind is Kind.COMMENT else None
    start = text.index(lit) if lit else 0
    spans = (Span(start, start + len(lit), about.pop("span", SpanKind.WORD)),) if lit else ()
    return Hit(
        passage=Passage(
            id=f"a1#{kind.mark}2", article_id="a1", kind=kind, position=2, text=text, author=author, posted=WHEN
        ),
        article=ArticleInfo(id="a1", published=WHEN, authors=about.pop("authors", ("Ann Lee", "Cy Ember")), **article),
        score=0.5,
        snippet=about.pop("snippet", None) or Snippet(text, spans),
        keyword=LegScore(1.5, 1),
        semantic=LegScore(-0.25),
        why=about.pop("why", "the word; 1st by words"),
        explanation=EXPLANATION,
        **{name: value for name, value in about.items() if name not in article},
    )


@pytest.fixture(scope="session")
def hit_of() -> Callable[..., Hit]:
    return make_hit


@pytest.fixture(scope="session")
def results_of() -> Callable[..., Results]:
    def make(*hits: Hit, **more: Any) -> Results:
        fields = {"query": "oysters", "mode": Mode.KEYWORD, "total": len(hits), "took": {"total": 1.0}} | more
        return Results(hits=hits, **fields)

    return make

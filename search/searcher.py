"""``Searcher``: the public way to ask. The only stateful class of the package; safe to use from several threads."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Final, Self, TypeVar

from index import settings as settings_
from index.encode import DEFAULT_MODEL
from index.errors import UsageError
from index.local import LocalIndex
from search import facets as counting
from search import furniture, judgements, meaning, page, retrieve, suggest, weights
from search.clock import timed
from search.encoding import NO_VECTORS, QueryEncoder
from search.fuse import Fusion
from search.group import COMMENTS, Arrangement, asks_for_comments
from search.legs import Legs
from search.parse import parse
from search.query import Query
from search.ranking import unscored
from search.resolve import resolved
from search.results import Mode, Results, Sort
from search.similar import ranking as similar_ranking
from search.similar import similar_rows
from search.snippet import Highlighter
from search.stories import Stories

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo
    from pathlib import Path

    from index.encode.protocol import Encoder
    from index.model import Article, Kind, Passage
    from index.protocol import IndexInfo
    from search.clock import Took
    from search.facets import Facets
    from search.plan import Plan
    from search.ranking import Ranking
    from search.results import Span
    from search.suggest import Suggestion

Choice = TypeVar("Choice", Mode, Sort)

MAX_LIMIT: Final = 10_000
FEW: Final = 3  # word matches up to which another spelling is suggested
# A passage found by meaning alone must be at least this similar, in hybrid search: docs/architecture.md says why.
# Models we have not measured have no such floor.
MEANING_FLOORS: Final = {DEFAULT_MODEL: 0.25}


class Searcher:
    """Answers queries from one index."""

    def __init__(self, index: LocalIndex, encoder: Encoder | None = None, zone: tzinfo | None = None) -> None:
        self._index = index
        self._zone = zone or settings_.Settings().zone
        self._encoder = QueryEncoder(index.manifest.model, encoder)
        self._weights = weights.load(index.root)

    @classmethod
    def open(cls, path: str | Path | None = None, *, encoder: Encoder | None = None) -> Self:
        """Open the index in ``path``, by default the one of the settings; raises ``IndexUnusable``.

        The embedding model is loaded by the first search that needs it.
        """
        settings = settings_.load({"index": None if path is None else str(path)})
        return cls(LocalIndex.open(settings.index_dir), encoder, settings.zone)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def search(  # noqa: PLR0913 - the public face: every option has a name and a default
        self,
        query: str | Query,
        *,
        limit: int = 10,
        offset: int = 0,
        mode: Mode | str = Mode.HYBRID,
        group_by: str | None = None,
        sort: Sort | str = Sort.RELEVANCE,
        stacks: bool = True,
        comments: int | None = COMMENTS,
        fusion: Fusion | None = None,
        explain: bool = False,
    ) -> Results:
        """Return one page of hits; raises ``QueryError`` for a query beyond the limits.

        ``query`` is what a user types, or a ``Query`` (``Query.of_words`` for a text that is no syntax).

        ``group_by="article"`` gives one hit an article; ``stacks=False`` shows reprints one by one; ``comments`` is
        how many comments of one article come before those of others had their turn (``None``: no cap, and none is
        set where the query asks for comments); ``explain`` adds the score of each word to ``Hit.explain()``.
        """
        mode, sort = _choice(Mode, mode), _choice(Sort, sort)
        _check(limit, offset, group_by)
        took: Took = {}
        began = time.perf_counter()
        with timed(took, "parse"):
            parsed = self._parsed(query)
            asked = furniture.planned(self._index, parsed, self._weights.story if group_by else 0.0)
        legs = self._legs(asked, mode, took)
        cap = None if group_by or asks_for_comments(parsed) else comments
        with timed(took, "rank"):
            arrangement = Arrangement(stacks, cap, by_article=group_by is not None, shares=self._weights.shares)
            ranking = self._ranked(legs, asked, sort, offset + limit, (fusion or self._fusion(), arrangement))
        with timed(took, "snippet"):
            hits = page.hits(self._index, parsed, ranking, slice(offset, offset + limit), asked if explain else None)
        suggestion = self._did_you_mean(parsed, legs)
        took["total"] = (time.perf_counter() - began) * 1000
        return Results(
            query=parsed.text,
            mode=mode,
            hits=hits,
            total=ranking.total,
            total_is_exact=ranking.is_exact,
            warnings=self._warnings(parsed, mode),
            did_you_mean=suggestion,
            took=took,
            meaning=parsed.meaning if ranking.has_meaning else "",
        )

    def add_meaning(self, results: Results) -> Results:
        """Return ``results`` with the sentence nearest in meaning lit in each snippet; costs encoding."""
        if not results.meaning or not results.hits:
            return results
        texts = [hit.passage.text for hit in results.hits]
        nearest = self._encoder.sentences().nearest(self._encoder.encode(results.meaning), texts)
        lit = tuple(
            replace(hit, snippet=meaning.shown(hit.passage.text, hit.snippet, span))
            for hit, span in zip(results.hits, nearest, strict=True)
        )
        return replace(results, hits=lit)

    def highlight(
        self, query: str, passages: Sequence[Passage], *, with_meaning: bool = False
    ) -> list[tuple[Span, ...]]:
        """Return what to light over the whole text of each passage: words, and nearest sentences if wanted."""
        parsed = self._parsed(query)
        highlighter = Highlighter.of(parsed)
        words = [highlighter.spans(passage.text) for passage in passages]
        if not (with_meaning and parsed.meaning and self._has_vectors):
            return words
        vector = self._encoder.encode(parsed.meaning)
        nearest = self._encoder.sentences().nearest(vector, [passage.text for passage in passages])
        return [meaning.woven(spans, sentence) for spans, sentence in zip(words, nearest, strict=True)]

    def facets(self, query: str, mode: Mode | str = Mode.HYBRID) -> Facets:
        """Return counts by kind, author, source, section, place, topic and time of what a query is about."""
        parsed = self._parsed(query)
        asked = furniture.planned(self._index, parsed)
        legs = self._legs(asked, _choice(Mode, mode), {})
        rows, is_exact = retrieve.considered(legs, asked.constraint, self._fusion())
        return counting.facets(self._index, rows, is_exact=is_exact, zone=self._zone)

    def similar(
        self, passage_id: str, *, kinds: Sequence[Kind] | None = None, limit: int = 10, offset: int = 0
    ) -> Results:
        """Return the passages most like one; raises ``NotFound``."""
        _check(limit, offset, None)
        began = time.perf_counter()
        row = self._index.row(passage_id)
        found = similar_rows(self._index, row, kinds=kinds, limit=limit, offset=offset)
        ranking = similar_ranking(found, by_meaning=self._index.vector(row) is not None)
        hits = page.hits(self._index, Query(text=""), ranking, slice(0, limit))
        took = {"total": (time.perf_counter() - began) * 1000}
        mode = Mode.SEMANTIC if ranking.has_meaning else Mode.KEYWORD
        return Results(
            query=f"similar:{passage_id}", mode=mode, hits=hits, total=len(hits), total_is_exact=False, took=took
        )

    def suggest(self, prefix: str, limit: int = 10) -> tuple[Suggestion, ...]:
        """Return completions of what is being typed, commonest first."""
        return suggest.suggest(self._index, prefix, limit)

    def answers(self, passages: Sequence[Passage]) -> dict[str, str]:
        """Return, for those of ``passages`` that are comments, the id of the paragraph each answers."""
        rows = {self._index.row(passage.id): passage.id for passage in passages}
        links = {row: paragraph for row, (paragraph, _) in self._index.answers(list(rows)).items()}
        named = self._index.passages(sorted(set(links.values())))
        return {rows[row]: named[paragraph].id for row, paragraph in links.items() if paragraph in named}

    def answered_by(self, passages: Sequence[Passage]) -> dict[str, tuple[str, ...]]:
        """Return, for those of ``passages`` that are paragraphs, the ids of the comments that answer them."""
        rows = {self._index.row(passage.id): passage.id for passage in passages}
        links = self._index.answered_by(list(rows))
        named = self._index.passages([comment for comments in links.values() for comment in comments])
        return {rows[row]: tuple(named[c].id for c in comments if c in named) for row, comments in links.items()}

    def asked_by_words(self, query: str, story: float) -> Legs:
        """Return the keyword leg of a query in which whole stories have the share ``story``: what tuning looks at."""
        return self._legs(furniture.planned(self._index, self._parsed(query), story), Mode.KEYWORD, {})

    def judge(self, query: str, passage_id: str, relevant: bool | None) -> bool:
        """Keep whether a passage answers a query (``None`` forgets it); returns whether anything changed."""
        return judgements.judge(self._index, self._parsed(query).text, passage_id, relevant)

    def article(self, article_id: str) -> Article:
        """Return a whole article; raises ``NotFound``."""
        return self._index.article(article_id)

    def passage(self, passage_id: str) -> Passage:
        """Return one passage; raises ``NotFound``."""
        row = self._index.row(passage_id)
        return self._index.passages([row])[row]

    def passages_of(self, article_id: str) -> list[Passage]:
        """Return the passages of an article in reading order; raises ``NotFound``."""
        return self._index.passages_of(article_id)

    def info(self) -> IndexInfo:
        """Return facts of the index."""
        return self._index.info

    @property
    def is_warm(self) -> bool:
        """Whether a search by meaning would answer without loading the model first."""
        return self._encoder.is_warm

    def warm(self) -> None:
        """Load the model, so that the next search by meaning is quick."""
        self._encoder.warm()

    def close(self) -> None:
        """Release the index."""
        self._index.close()

    @property
    def _has_vectors(self) -> bool:
        return self._index.manifest.model is not None

    def _parsed(self, query: str | Query) -> Query:
        return resolved(parse(query, timezone=self._zone) if isinstance(query, str) else query, self._index)

    def _legs(self, asked: Plan, mode: Mode, took: Took) -> Legs:
        """Return the legs a mode asks; an index of words only answers hybrid questions by words."""
        wants_meaning = mode is Mode.SEMANTIC or (mode is Mode.HYBRID and self._has_vectors)
        vector = None
        if wants_meaning and asked.meaning:
            with timed(took, "encode"):
                vector = self._encoder.encode(asked.meaning)
        is_needed = asked.constraint is not None and vector is not None
        allowed = self._index.matching(asked.constraint) if is_needed and asked.constraint is not None else None
        words = None if mode is Mode.SEMANTIC and vector is not None else asked.words
        stories = None if words is None or asked.story is None else Stories(self._index, asked.story)
        return Legs(self._index, words, vector, allowed, took, stories)

    def _ranked(self, legs: Legs, asked: Plan, sort: Sort, wanted: int, how: tuple[Fusion, Arrangement]) -> Ranking:
        fusion, arrangement = how
        is_browsing = legs.words is None and legs.vector is None
        if is_browsing and asked.constraint is None:
            return unscored(retrieve.NO_ROWS)
        if is_browsing or sort is not Sort.RELEVANCE:
            newest = sort is not Sort.OLDEST
            return retrieve.by_time(legs, asked.constraint, wanted, fusion, newest=newest)
        return retrieve.by_relevance(legs, wanted, fusion, arrangement)

    def _fusion(self) -> Fusion:
        model, used = self._index.manifest.model, self._weights
        floor = MEANING_FLOORS.get(model.name, -1.0) if model else -1.0
        return Fusion(used.alpha, floor, reach=used.reach, headline=used.headline, comment=used.comment)

    def _did_you_mean(self, parsed: Query, legs: Legs) -> str | None:
        """Return another spelling where words are unknown or found little."""
        if legs.words is None and not parsed.meaning:
            return None
        if legs.word_matches() > FEW:
            return None
        return suggest.did_you_mean(self._index, parsed, parsed.text)

    def _warnings(self, parsed: Query, mode: Mode) -> tuple[str, ...]:
        told = (*parsed.warnings, *furniture.warnings(parsed, mode))
        return (*told, NO_VECTORS) if mode is Mode.HYBRID and not self._has_vectors else told


def _choice(choices: type[Choice], value: Choice | str) -> Choice:
    try:
        return choices(value)
    except ValueError:
        raise UsageError(f"no {choices.__name__.lower()} {value!r}; choose one of: {', '.join(choices)}") from None


def _check(limit: int, offset: int, group_by: str | None) -> None:
    if not (0 < limit <= MAX_LIMIT and offset >= 0):
        raise UsageError(f"limit must be between 1 and {MAX_LIMIT} and offset 0 or more")
    if group_by not in (None, "article"):
        raise UsageError(f"cannot group by {group_by!r}; use 'article' or nothing")

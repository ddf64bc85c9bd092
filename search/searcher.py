"""``Searcher``: the public way to ask. The only stateful class of the package; safe to use from several threads."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from index import settings as settings_
from index.local import LocalIndex
from search import furniture, links, meaning, page, retrieve
from search.clock import timed
from search.edition import Editions, of_one_edition
from search.encoding import NO_VECTORS
from search.group import COMMENTS, Arrangement, asks_for_comments
from search.hints import another_spelling
from search.legs import Legs, first_tier
from search.options import check, chosen
from search.parse import parse
from search.rankings import Asked, Ranked
from search.resolve import resolved
from search.results import Mode, Results, Sort
from search.snippet import Highlighter
from search.stories import Stories

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import tzinfo
    from pathlib import Path

    from index.encode.protocol import Encoder
    from index.model import Article, Kind, Passage
    from index.protocol import IndexInfo
    from search.clock import Took
    from search.edition import Edition
    from search.facets import Facets
    from search.fuse import Fusion
    from search.plan import Plan
    from search.query import Query
    from search.results import Span
    from search.suggest import Suggestion


class Searcher:
    """Answers queries from one index: what it held when it was opened, or reloaded last.

    Every call sees one state of the index from its start to its end, whatever ``reload`` does meanwhile.
    """

    def __init__(self, index: LocalIndex, encoder: Encoder | None = None, zone: tzinfo | None = None) -> None:
        self._zone = zone or settings_.Settings().zone
        self._editions = Editions(index, encoder)

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

    @of_one_edition
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
        alpha: float | None = None,
        explain: bool = False,
    ) -> Results:
        """Return one page of hits; raises ``QueryError`` for a query beyond the limits.

        ``query`` is what a user types, or a ``Query`` (``Query.of_words`` for a text that is no syntax).

        ``group_by="article"`` gives one hit an article; ``stacks=False`` shows reprints one by one; ``comments`` is
        how many comments of one article come before those of others had their turn (``None``: no cap, and none is
        set where the query asks for comments); ``alpha`` is the share of meaning in a hybrid score, 0 to 1, in place
        of the index's own; ``explain`` adds the score of each word to ``Hit.explain()``.
        """
        mode, sort = chosen(Mode, mode), chosen(Sort, sort)
        check(limit, offset, group_by, alpha)
        took: Took = {}
        began = time.perf_counter()
        with timed(took, "parse"):
            parsed = self._parsed(query)
            asked = furniture.planned(self._index, parsed, self._here.weights.story if group_by else 0.0)
        mixing = fusion or self._here.fusion(parsed.meaning)
        mixing = mixing if alpha is None else replace(mixing, alpha=alpha)
        cap = None if group_by or asks_for_comments(parsed) else comments
        arrangement = Arrangement(stacks, cap, by_article=group_by is not None, shares=self._here.weights.shares)
        whole = Asked(parsed, mode, sort, mixing, arrangement)
        found = self._here.rankings.reaching(whole, offset + limit) if offset else None
        if found is None:
            found = self._followed(whole, asked, offset * 2 + limit, took)  # who turns one page will turn more
        with timed(took, "snippet"):
            page_of = slice(offset, offset + limit)
            hits = page.hits(self._index, parsed, found.ranking, page_of, asked if explain else None)
        took["total"] = (time.perf_counter() - began) * 1000
        return Results(
            query=parsed.text,
            mode=mode,
            hits=hits,
            total=found.ranking.total,
            total_is_exact=found.ranking.is_exact,
            in_all=found.ranking.in_all,
            warnings=self._warnings(parsed, mode),
            did_you_mean=found.suggestion,
            took=took,
            meaning=parsed.meaning if found.ranking.has_meaning else "",
        )

    @of_one_edition
    def add_meaning(self, results: Results) -> Results:
        """Return ``results`` with the sentence nearest in meaning lit in each snippet; costs encoding."""
        if not (results.meaning and results.hits and self._here.has_vectors):
            return results
        texts = [hit.passage.text for hit in results.hits]
        nearest = self._here.encoder.sentences().nearest(self._here.encoder.encode(results.meaning), texts)
        lit = tuple(
            replace(hit, snippet=meaning.shown(hit.passage.text, hit.snippet, span))
            for hit, span in zip(results.hits, nearest, strict=True)
        )
        return replace(results, hits=lit)

    @of_one_edition
    def highlight(
        self, query: str, passages: Sequence[Passage], *, with_meaning: bool = False
    ) -> list[tuple[Span, ...]]:
        """Return what to light over the whole text of each passage: words, and nearest sentences if wanted."""
        parsed = self._parsed(query)
        highlighter = Highlighter.of(parsed)
        words = [highlighter.spans(passage.text) for passage in passages]
        if not (with_meaning and parsed.meaning and self._here.has_vectors):
            return words
        vector = self._here.encoder.encode(parsed.meaning)
        nearest = self._here.encoder.sentences().nearest(vector, [passage.text for passage in passages])
        return [meaning.woven(spans, sentence) for spans, sentence in zip(words, nearest, strict=True)]

    @of_one_edition
    def facets(self, query: str, mode: Mode | str = Mode.HYBRID) -> Facets:
        """Return counts by kind, author, source, section, place, topic and time of what a query is about."""
        from search import facets as counting  # a first search does without

        parsed = self._parsed(query)
        asked = furniture.planned(self._index, parsed)
        legs = self._legs(asked, chosen(Mode, mode), {})
        rows, is_exact = retrieve.considered(legs, asked.constraint, self._here.fusion(parsed.meaning))
        return counting.facets(self._index, rows, is_exact=is_exact, zone=self._zone)

    @of_one_edition
    def similar(
        self, passage_id: str, *, kinds: Sequence[Kind] | None = None, limit: int = 10, offset: int = 0
    ) -> Results:
        """Return the passages most like one; raises ``NotFound``."""
        from search.similar import similar

        check(limit, offset)
        return similar(self._index, passage_id, kinds=kinds, limit=limit, offset=offset)

    @of_one_edition
    def suggest(self, prefix: str, limit: int = 10) -> tuple[Suggestion, ...]:
        """Return completions of what is being typed, commonest first."""
        from search import suggest

        return suggest.suggest(self._index, prefix, limit)

    @of_one_edition
    def answers(self, passages: Sequence[Passage]) -> dict[str, str]:
        """Return, for those of ``passages`` that are comments, the id of the paragraph each answers."""
        return links.answers(self._index, passages)

    @of_one_edition
    def answered_by(self, passages: Sequence[Passage]) -> dict[str, tuple[str, ...]]:
        """Return, for those of ``passages`` that are paragraphs, the ids of the comments that answer them."""
        return links.answered_by(self._index, passages)

    @of_one_edition
    def asked_by_words(self, query: str, story: float) -> Legs:
        """Return the keyword leg of a query in which whole stories have the share ``story``: what tuning looks at."""
        return self._legs(furniture.planned(self._index, self._parsed(query), story), Mode.KEYWORD, {})

    @of_one_edition
    def judge(self, query: str, passage_id: str, relevant: bool | None) -> bool:
        """Keep whether a passage answers a query (``None`` forgets it); returns whether anything changed."""
        from search import judgements

        return judgements.judge(self._index, self._parsed(query).text, passage_id, relevant)

    @of_one_edition
    def article(self, article_id: str) -> Article:
        """Return a whole article; raises ``NotFound``."""
        return self._index.article(article_id)

    @of_one_edition
    def passage(self, passage_id: str) -> Passage:
        """Return one passage; raises ``NotFound``."""
        row = self._index.row(passage_id)
        return self._index.passages([row])[row]

    @of_one_edition
    def passages_of(self, article_id: str) -> list[Passage]:
        """Return the passages of an article in reading order; raises ``NotFound``."""
        return self._index.passages_of(article_id)

    @of_one_edition
    def info(self) -> IndexInfo:
        """Return facts of the index."""
        return self._index.info

    @of_one_edition
    def alpha(self, query: str) -> float:
        """Return the share of meaning in the hybrid scores of a query where its search names no other."""
        return self._here.alpha(self._parsed(query).meaning)

    @property
    def is_warm(self) -> bool:
        """Whether a search by meaning would answer without loading the model first."""
        return self._here.encoder.is_warm

    @of_one_edition
    def warm(self) -> None:
        """Load the model, so that the next search by meaning is quick."""
        self._here.encoder.warm()

    @property
    def is_stale(self) -> bool:
        """Whether ``reload`` would find something newer, or an error; costs a look at the store and the weights."""
        return self._editions.is_stale

    def reload(self) -> bool:
        """Take up what was published last, tuned weights too; return whether that was anything new.

        Calls under way end on the index they began with; the model stays loaded if the new index was built with it.
        Raises ``IndexUnusable`` where the new index cannot be opened, and then the old one goes on answering.
        """
        return self._editions.reload()

    @contextmanager
    def steady(self) -> Iterator[Self]:
        """Let all calls of this thread within the block see one state of the index."""
        with self._editions.held():
            yield self

    def close(self) -> None:
        """Release the index, once calls under way have ended."""
        self._editions.close()

    @property
    def _index(self) -> LocalIndex:
        return self._here.index

    @property
    def _here(self) -> Edition:
        return self._editions.here

    def _parsed(self, query: str | Query) -> Query:
        return resolved(parse(query, timezone=self._zone) if isinstance(query, str) else query, self._index)

    def _legs(self, asked: Plan, mode: Mode, took: Took, *, by_article: bool = False) -> Legs:
        """Return the legs a mode asks; an index of words only answers hybrid questions by words."""
        wants_meaning = mode is Mode.SEMANTIC or (mode is Mode.HYBRID and self._here.has_vectors)
        by_meaning = wants_meaning and bool(asked.meaning)
        words = None if mode is Mode.SEMANTIC and by_meaning else asked.words
        stories = None if words is None or asked.story is None else Stories(self._index, asked.story)
        memory = self._here.memories.of((asked, mode))
        depth = first_tier(by_meaning=by_meaning, by_article=by_article)
        legs = Legs(self._index, words, None, None, took, stories, memory, depth)
        if not by_meaning:
            return legs
        return legs.with_meaning(lambda: self._here.encoder.encode(asked.meaning), asked.constraint)

    def _followed(self, whole: Asked, asked: Plan, wanted: int, took: Took) -> Ranked:
        """Rank at least ``wanted`` passages, or all there are, and remember their order for further pages."""
        by_article = whole.arrangement.by_article and whole.sort is Sort.RELEVANCE
        legs = self._legs(asked, whole.mode, took, by_article=by_article)
        with timed(took, "rank"):
            ranking = retrieve.ordered(legs, asked.constraint, whole.sort, wanted, (whole.fusion, whole.arrangement))
        ranked = Ranked(ranking, another_spelling(legs, whole.query))
        self._here.rankings.keep(whole, ranked)
        return ranked

    def _warnings(self, parsed: Query, mode: Mode) -> tuple[str, ...]:
        told = (*parsed.warnings, *furniture.warnings(parsed, mode))
        return (*told, NO_VECTORS) if mode is Mode.HYBRID and not self._here.has_vectors else told

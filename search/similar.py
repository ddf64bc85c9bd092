"""More like this: the passages nearest to one by meaning, or by its most distinctive words where it has no vector."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from math import log
from typing import TYPE_CHECKING, Final

import numpy as np

from index import analyser, text
from index.keyword.clause import Among, Boosted, Everything, Facet, Field, Group, Term
from index.keyword.protocol import Candidates
from index.model import Kind
from search import page
from search.fuse import Best, Method
from search.plan import FURNITURE
from search.query import Query
from search.ranking import unscored
from search.results import Mode, Results

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.keyword.clause import Clause
    from index.protocol import Index
    from search.ranking import Ranking

MAX_WORDS: Final = 25  # more of them cost time and say little


def similar(
    index: Index, passage_id: str, *, kinds: Sequence[Kind] | None = None, limit: int = 10, offset: int = 0
) -> Results:
    """Return a page of the passages most like one; raises ``NotFound``."""
    began = time.perf_counter()
    row = index.row(passage_id)
    wanted = offset + limit
    found = similar_rows(index, row, kinds=kinds, limit=wanted)
    order = ranking(found, by_meaning=index.vector(row) is not None)
    hits = page.hits(index, Query(text=""), order, slice(offset, wanted))
    took = {"total": (time.perf_counter() - began) * 1000}
    mode = Mode.SEMANTIC if order.has_meaning else Mode.KEYWORD
    return Results(
        query=f"similar:{passage_id}",
        mode=mode,
        hits=hits,
        total=len(hits),
        total_is_exact=False,
        in_all=len(found) if len(found) < wanted else None,
        took=took,
    )


def similar_rows(index: Index, row: int, *, kinds: Sequence[Kind] | None = None, limit: int = 10) -> Candidates:
    """Return the passages most like the one of ``row``, which is left out, best first; of ``kinds`` only, if given.

    Furniture is left out unless it is one of the kinds; having no vectors, it is then compared by words.
    """
    wanted = limit + 1  # the passage itself is among them
    among = Among(Facet.KIND, tuple(kind.value for kind in kinds)) if kinds else None
    hidden = () if kinds and Kind.FURNITURE in kinds else (FURNITURE,)
    vector = index.vector(row)
    if vector is not None and hidden:
        found = index.nearest(vector, wanted, None if among is None else index.matching(among))
    elif words := _distinctive(index, row):
        found = index.match(Group((words,) if among is None else (words, among), must_not=hidden), wanted)
    else:
        return Candidates(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32))
    others = np.flatnonzero(found.rows != row)[:limit]
    return Candidates(found.rows[others], found.scores[others])


def ranking(found: Candidates, *, by_meaning: bool) -> Ranking:
    """Return the passages of ``similar_rows`` as a ranking whose one leg, meaning or words, gave these scores."""
    ranks = np.arange(1, len(found) + 1)
    plain = unscored(found.rows, Method.MEANING if by_meaning else Method.WORDS)
    best = float(found.scores.max(initial=0.0))
    scores = found.scores.astype(np.float64)
    if by_meaning:
        return replace(plain, scores=scores, meaning=found.scores, meaning_ranks=ranks, best=Best(0.0, best))
    return replace(plain, scores=scores, words=found.scores, word_ranks=ranks, best=Best(best, 0.0))


def _distinctive(index: Index, row: int) -> Clause | None:
    """Return any of the passage's words with the highest tf-idf, those of no other passage left out."""
    passage = index.passages([row]).get(row)
    stems = Counter() if passage is None else Counter(text.terms(passage.text)[1])
    total = index.count(Everything())
    weights: list[tuple[float, str]] = []
    for stem, times in stems.items():
        passages = 0 if stem in analyser.STOP_WORDS else index.frequency(Field.STEM, stem)
        if passages > 1:
            weights.append((-(1 + log(times)) * log(1 + total / passages), stem))
    best = sorted(weights)[:MAX_WORDS]
    # The engine brings the rarity of a word; what it cannot know is how often this passage says it.
    terms = tuple(Boosted(Term(Field.BODY, stem), 1 + log(stems[stem])) for _, stem in best)
    return Group(should=terms) if terms else None

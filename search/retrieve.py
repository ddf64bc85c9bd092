"""Candidates by words and by meaning, both legs scored over their union, one order.

Deeper pages never disturb earlier ones: candidates come in tiers of growing depth, each tier is ranked and arranged
among itself and follows the one before, so a page is the same however it is reached.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from index.places import CODES
from search import fuse
from search.calibrate import factor, is_neutral, scaled
from search.fuse import Best, Method
from search.group import Arranger
from search.legs import is_near, ranks
from search.ranking import Ranking, joined, unscored
from search.results import Sort
from search.rows import NONE, union, within, without
from search.weights import Weights

if TYPE_CHECKING:
    from index.keyword.clause import Clause
    from index.keyword.protocol import Candidates, Rows, Scores
    from index.protocol import Index
    from search.fuse import Fused, Fusion
    from search.group import Arrangement
    from search.legs import Flags, Legs


def ordered(legs: Legs, constraint: Clause | None, sort: Sort, wanted: int, how: tuple[Fusion, Arrangement]) -> Ranking:
    """Return at least ``wanted`` passages, or all there are, in the order asked for."""
    fusion, arrangement = how
    is_browsing = legs.words is None and legs.vector is None
    if is_browsing and constraint is None:
        return replace(unscored(NONE), in_all=0)
    if is_browsing or sort is not Sort.RELEVANCE:
        return by_time(legs, constraint, wanted, fusion, newest=sort is not Sort.OLDEST)
    return by_relevance(legs, wanted, fusion, arrangement)


def by_relevance(legs: Legs, wanted: int, fusion: Fusion, arrangement: Arrangement) -> Ranking:
    """Return at least ``wanted`` passages, or all there are, best first."""
    arranger = Arranger(legs, arrangement)
    tiers: list[Ranking] = []
    seen = NONE
    best: Best | None = None
    depth = legs.depth
    meaning_alone = 0
    while True:
        found = legs.candidates(depth)
        fresh = without(union(found[0].rows, found[1].rows), seen)
        tier = scored(legs, arranger.with_leaders(fresh), found, fusion, best)
        if best is None:
            best, meaning_alone = tier.best, _beyond_words(legs, tier, fresh)
        tiers.append(arranger.arranged(tier))
        is_exhausted = all(len(leg) < depth for leg in found)
        if is_exhausted or sum(map(len, tiers)) >= wanted:
            ranking, total = joined(tiers), _total(legs, meaning_alone)
            in_all = len(ranking) if is_exhausted else None
            return replace(ranking, total=total, is_exact=legs.vector is None, in_all=in_all)
        seen = union(seen, union(fresh, tier.rows))
        depth *= 2


def scored(
    legs: Legs, rows: Rows, found: tuple[Candidates, Candidates], fusion: Fusion, best: Best | None = None
) -> Ranking:
    """Return ``rows`` best first, equal scores by row, without those that nothing speaks for."""
    words, meaning = legs.scores(rows, found)
    method = _method(legs, fusion)
    best = best or _best(legs, words, meaning, fusion)
    word_ranks, meaning_ranks = ranks(found[0], rows), ranks(found[1], rows)
    if method is Method.WORDS:
        scores = words.astype(np.float64)
    elif method is Method.MEANING:
        scores = meaning.astype(np.float64)
    elif method is Method.RRF:
        scores = fuse.reciprocal_ranks([word_ranks, meaning_ranks])
    else:
        scores = fuse.convex(words, meaning, best, fusion.alpha)
    factors = None if method is Method.RRF else _factors(legs, rows, fusion)
    if factors is not None:
        scores = scaled(scores, factors, fuse.COSINE_FLOOR if method is Method.MEANING else 0.0)
    kept = _kept(legs, rows, (words, meaning), method, fusion)
    order = np.lexsort((rows, -scores))
    return Ranking(
        rows=rows,
        scores=scores,
        words=words,
        word_ranks=word_ranks,
        meaning=meaning,
        meaning_ranks=meaning_ranks,
        factors=factors,
        method=method,
        fusion=fusion,
        best=best,
    ).taken(order[kept[order]])


def by_time(legs: Legs, constraint: Clause | None, wanted: int, fusion: Fusion, *, newest: bool) -> Ranking:
    """Return what was found in the order of time, undated passages last; equal times by row.

    What was found is every match of the words, and by meaning what the first tier considered; with neither, every
    passage that satisfies the constraint.
    """
    found = legs.candidates(legs.depth)
    if legs.words is None and legs.vector is None:
        rows = NONE if constraint is None else legs.index.matching(constraint)
        return replace(unscored(_in_time(legs.index, rows, newest=newest)), in_all=len(rows))
    rows = found[1].rows if legs.words is None else union(legs.index.matching(legs.words), found[1].rows)
    considered = scored(legs, union(found[0].rows, found[1].rows), found, fusion)
    if legs.vector is not None:
        dropped = without(np.sort(found[1].rows), np.sort(considered.rows))
        rows = without(np.sort(rows), dropped)
    order = _in_time(legs.index, rows, newest=newest)
    page = scored(legs, np.sort(order[:wanted]), found, replace(fusion, floor=fuse.COSINE_FLOOR), considered.best)
    places = {row: place for place, row in enumerate(page.rows.tolist())}
    chosen = np.array([places[row] for row in order[:wanted].tolist()], dtype=np.int64)
    in_all = len(rows) if wanted >= len(rows) else None
    return replace(page.taken(chosen), total=len(rows), is_exact=legs.vector is None, in_all=in_all)


def considered(legs: Legs, constraint: Clause | None, fusion: Fusion) -> tuple[Rows, bool]:
    """Return the rows a query is about, ascending, and whether they are all there are (words) or a selection."""
    if legs.words is None and legs.vector is None:
        return (NONE if constraint is None else legs.index.matching(constraint)), True
    found = legs.candidates(legs.depth) if legs.vector is not None else None
    by_words = NONE if legs.words is None else legs.index.matching(legs.words)
    if found is None:
        return by_words, True
    rows = scored(legs, union(found[0].rows, found[1].rows), found, fusion).rows
    return union(by_words, rows), False


def _best(legs: Legs, words: Scores, meaning: Scores, fusion: Fusion) -> Best:
    """Return what counts in full on each leg: the best score seen, and for words no less than a share of the best."""
    least = fusion.reach * legs.most() if legs.vector is not None else 0.0
    return Best(max(float(max(words, default=0.0)), least), float(max(meaning, default=0.0)))


def _factors(legs: Legs, rows: Rows, fusion: Fusion) -> Fused | None:
    """Return what the kind of each passage multiplies its score by, ``None`` where all count alike."""
    factors = _by_kind(fusion.headline, fusion.comment)
    return None if factors is None else factors[legs.places(rows).kinds]


@lru_cache(maxsize=8)
def _by_kind(headline: float, comment: float) -> Fused | None:
    """Return the factor of each kind, by its code; 1 for what is no passage."""
    weights = Weights(headline=headline, comment=comment)
    return None if is_neutral(weights) else np.array([1.0, *(factor(kind, weights) for kind in CODES)])


def _method(legs: Legs, fusion: Fusion) -> Method:
    if legs.vector is None:
        return Method.WORDS
    if legs.words is None:
        return Method.MEANING
    return Method.RRF if fusion.rrf else Method.CONVEX


def _kept(legs: Legs, rows: Rows, scores: tuple[Scores, Scores], method: Method, fusion: Fusion) -> Flags:
    """Return for which of ``rows`` something speaks, (n,) bool: that they match by words, or are near in meaning."""
    words, meaning = scores
    if method is Method.MEANING:
        return np.ones(len(rows), dtype=np.bool_)
    matched = legs.matched(rows, words)
    return matched if method is Method.WORDS else matched | (meaning >= fusion.floor)


def _beyond_words(legs: Legs, tier: Ranking, fresh: Rows) -> int:
    """Return how many of the first candidates meaning found and words did not, as many however they are gathered."""
    if legs.vector is None:
        return 0
    alone = ~legs.matched(tier.rows, tier.words) & within(tier.rows, fresh)
    return int(np.count_nonzero(alone & is_near(tier.meaning_ranks)))


def _total(legs: Legs, meaning_alone: int) -> int:
    """Return the passages found: every word match, and what meaning added to the first tier."""
    return legs.word_matches() + meaning_alone


def _in_time(index: Index, rows: Rows, *, newest: bool) -> Rows:
    times = index.times(rows.tolist())
    sign = -1 if newest else 1
    known = [row for row in rows.tolist() if row in times]
    known.sort(key=lambda row: (times[row] is None, sign * (times[row] or 0), row))
    return np.array(known, dtype=np.int64)

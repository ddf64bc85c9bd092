"""Candidates by words and by meaning, both legs scored over their union, one order.

Deeper pages never disturb earlier ones: candidates come in tiers of growing depth, each tier is ranked among
itself and follows the one before, so a page is the same however it is reached.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from index.keyword.protocol import Candidates
from search import fuse
from search.results import LegScore

if TYPE_CHECKING:
    import numpy.typing as npt

    from index.keyword.clause import Clause
    from index.keyword.protocol import Rows, Scores
    from index.protocol import Index, Vector
    from search.plan import Plan

    Ranks = npt.NDArray[np.int64]

CANDIDATES: Final = 200  # passages each leg brings to the first tier


@dataclass(frozen=True, slots=True)
class Ranking:
    """Passages in order, and what each leg said of them; all arrays are (n,) and aligned."""

    rows: Rows
    scores: Scores
    keyword: Scores | None = None
    keyword_ranks: Ranks | None = None  # 1-based, 0 where the leg did not find the passage by itself
    semantic: Scores | None = None
    semantic_ranks: Ranks | None = None
    total: int = 0
    is_exact: bool = True

    def legs(self, place: int) -> tuple[LegScore | None, LegScore | None]:
        """Return what the keyword and the semantic leg said of the passage at ``place``."""
        return (
            _leg(self.keyword, self.keyword_ranks, place),
            _leg(self.semantic, self.semantic_ranks, place),
        )


@dataclass(frozen=True, slots=True)
class Fusion:
    """How two legs become one order."""

    alpha: float = fuse.ALPHA
    floor: float = -1.0
    """A passage found by meaning alone must be at least this similar."""
    rrf: bool = False


def by_words(index: Index, words: Clause, wanted: int) -> Ranking:
    """Return the ``wanted`` best passages by words."""
    found = index.match(words, wanted)
    ranks = np.arange(1, len(found) + 1)
    return Ranking(found.rows, found.scores, found.scores, ranks, total=index.count(words))


def by_meaning(index: Index, plan: Plan, vector: Vector, wanted: int) -> Ranking:
    """Return the ``wanted`` passages nearest in meaning, among those that satisfy the constraints."""
    allowed = None if plan.constraint is None else index.matching(plan.constraint)
    found = index.nearest(vector, wanted, allowed)
    total = sum(index.info.passages.values()) if allowed is None else len(allowed)
    ranks = np.arange(1, len(found) + 1)
    return Ranking(found.rows, found.scores, semantic=found.scores, semantic_ranks=ranks, total=total, is_exact=False)


def by_time(index: Index, constraint: Clause, *, newest: bool = True) -> Ranking:
    """Return all passages that satisfy a constraint, newest (or oldest) first, undated ones last."""
    rows = index.matching(constraint)
    times = index.times(rows.tolist())
    sign = -1 if newest else 1
    order = sorted(
        (row for row in rows.tolist() if row in times),
        key=lambda row: (times[row] is None, sign * (times[row] or 0), row),
    )
    return Ranking(np.array(order, dtype=np.int64), np.zeros(len(order), dtype=np.float32), total=len(order))


def by_both(index: Index, plan: Plan, vector: Vector, wanted: int, fusion: Fusion) -> Ranking:
    """Return at least ``wanted`` passages (or all there are) by words and meaning together."""
    allowed = None if plan.constraint is None else index.matching(plan.constraint)
    tiers: list[Ranking] = []
    taken = np.empty(0, dtype=np.int64)
    best: tuple[float, float] | None = None
    depth = CANDIDATES
    while True:
        found = index.match(plan.words, depth) if plan.words is not None else _none()
        near = index.nearest(vector, depth, allowed)
        rows = np.setdiff1d(np.union1d(found.rows, near.rows), taken)
        words = np.zeros(len(rows), np.float32) if plan.words is None else index.score(plan.words, rows)
        meaning = index.similarity(vector, rows)
        if best is None:
            best = float(max(words, default=0.0)), float(max(meaning, default=0.0))
        tiers.append(_tier((rows, words, meaning), (found, near), best, fusion))
        taken = np.concatenate([taken, rows])
        is_exhausted = len(found) < depth and len(near) < depth
        if is_exhausted or sum(len(tier.rows) for tier in tiers) >= wanted:
            return _joined(tiers, 0 if plan.words is None else index.count(plan.words))
        depth *= 2


def nothing() -> Ranking:
    """Return the ranking of a question that asks nothing."""
    return Ranking(_none().rows, _none().scores)


def _leg(scores: Scores | None, ranks: Ranks | None, place: int) -> LegScore | None:
    if scores is None or ranks is None:
        return None
    return LegScore(float(scores[place]), int(ranks[place]) or None)


def _tier(
    scored: tuple[Rows, Scores, Scores],
    legs: tuple[Candidates, Candidates],
    best: tuple[float, float],
    fusion: Fusion,
) -> Ranking:
    rows, words, meaning = scored
    kept = (words > 0) | (meaning >= fusion.floor)
    rows, words, meaning = rows[kept], words[kept], meaning[kept]
    ranks = [_ranks(leg, rows) for leg in legs]
    if fusion.rrf:
        scores = fuse.reciprocal_ranks(ranks)
    else:
        scores = fuse.convex(
            fuse.normalise(words, fuse.KEYWORD_FLOOR, best[0]),
            fuse.normalise(meaning, fuse.COSINE_FLOOR, best[1]),
            fusion.alpha,
        )
    order = np.lexsort((rows, -scores))
    return Ranking(
        rows[order], scores[order], words[order], ranks[0][order], meaning[order], ranks[1][order], is_exact=False
    )


def _joined(tiers: list[Ranking], by_words_alone: int) -> Ranking:
    """Return the tiers as one ranking; the total is every word match plus what meaning added to the first tier."""

    def column(name: str) -> npt.NDArray[Any]:
        return np.concatenate([getattr(tier, name) for tier in tiers])

    by_meaning_alone = int(np.count_nonzero(tiers[0].keyword == 0))
    names = ("rows", "scores", "keyword", "keyword_ranks", "semantic", "semantic_ranks")
    return Ranking(**{name: column(name) for name in names}, total=by_words_alone + by_meaning_alone, is_exact=False)


def _ranks(leg: Candidates, rows: Rows) -> Ranks:
    """Return the 1-based rank of each of ``rows`` in a leg, 0 where it is not there."""
    if not len(leg):
        return np.zeros(len(rows), dtype=np.int64)
    order = np.argsort(leg.rows)
    places = np.searchsorted(leg.rows, rows, sorter=order).clip(max=len(leg) - 1)
    return np.where(leg.rows[order[places]] == rows, order[places] + 1, 0)


def _none() -> Candidates:
    return Candidates(np.empty(0, np.int64), np.empty(0, np.float32))

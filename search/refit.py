"""Weights fitted to judged queries, offline: what both legs said of the candidates is known, only the mix is tried.

What is made better is nDCG@10 (Järvelin, Kekäläinen, "Cumulated gain-based evaluation of IR techniques", TOIS 2002)
with gains of 0 and 1: the mean of that of the passages and that of the articles, the two lists a reader can ask for.
Passages nobody judged count as not relevant.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

from search.calibrate import rescored
from search.fuse import Best
from search.scripts import share
from search.weights import MOST_STORY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy.typing as npt

    from index.keyword.protocol import Scores
    from search.calibrate import Kinds
    from search.fuse import Fused
    from search.legs import Flags
    from search.weights import Weights

    Places = npt.NDArray[np.int64]
    Measured = Callable[[Weights], Fused]

DEPTH: Final = 10
FOLDS: Final = 5
ROUNDS: Final = 5
_NOISE: Final = 1e-9
_DISCOUNTS: Final = 1.0 / np.log2(np.arange(2, DEPTH + 2))


def _steps(low: float, high: float, step: float = 0.05) -> tuple[float, ...]:
    return tuple(round(low + step * number, 3) for number in range(round((high - low) / step) + 1))


# What is tried; any other weight stays as it is.
GRIDS: Final = {
    "alpha": _steps(0.0, 1.0),
    "reach": _steps(0.0, 0.6, 0.1),
    "story": _steps(0.0, MOST_STORY, 0.15),
    "headline": _steps(0.5, 1.0),
    "comment": _steps(0.5, 1.0),
    "second": _steps(0.0, 0.5),
    "third": _steps(0.0, 0.3),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One judged query: arrays are (n,) and aligned, one entry a candidate."""

    query: str
    words: Scores | None
    meaning: Scores | None
    """What a leg said; ``None`` where it was not asked."""
    best: Best
    """The best score of any candidate on each leg."""
    kinds: Kinds
    articles: Places
    """The article of each, counted from 0 without a gap."""
    relevant: Flags
    most: float = 0.0
    """The most a candidate could score by words, stories left out."""
    stories_most: float = 0.0
    """What whole stories with a share of 1 would add to that."""
    stories: Scores | None = None
    """What whole stories with a share of 1 would add to the scores by words, where hits are articles."""
    unread: bool = False
    """Whether the model reads the question badly (``search.scripts``)."""
    missed: tuple[int, int] = (0, 0)
    """Relevant passages, and articles with one, that no leg found: they belong to the ideal all the same."""


def measured(cases: Sequence[Case]) -> Measured:
    """Return the function from weights to the value of each case, (n,) float64; it remembers what it was asked."""
    return cache(lambda weights: np.array([value(case, weights) for case in cases], dtype=np.float64))


def value(case: Case, weights: Weights) -> float:
    """Return how good the ranking of one case is under the weights, 0..1."""
    if case.unread:
        weights = replace(weights, alpha=share(weights.alpha, unread=True))
    scores = _scores(case, case.words, (case.best.words, case.most), weights)
    passages = np.argsort(-scores, kind="stable")
    if case.words is not None and case.stories is not None:
        words = np.asarray(case.words + weights.story * case.stories, dtype=np.float32)
        most = case.most + weights.story * case.stories_most
        scores = _scores(case, words, (float(words.max(initial=0.0)), most), weights)
    order = np.argsort(-scores, kind="stable")
    articles = np.argsort(-article_scores(scores, order, case.articles, weights), kind="stable")
    answering = np.zeros(len(articles), dtype=np.bool_)
    answering[case.articles[case.relevant]] = True
    return (ndcg(case.relevant[passages], case.missed[0]) + ndcg(answering[articles], case.missed[1])) / 2


def _scores(case: Case, words: Scores | None, top: tuple[float, float], weights: Weights) -> Fused:
    """Return the scores of the candidates; ``top`` is the best score by words that any has, and that any could have."""
    full = Best(max(top[0], weights.reach * top[1]), case.best.meaning)
    return rescored(words, case.meaning, full, case.kinds, weights)


def ndcg(relevant: Flags, missed: int = 0) -> float:
    """Return nDCG@10 of a whole ranking, best first, of a list that lacks ``missed`` relevant entries."""
    total = int(np.count_nonzero(relevant)) + missed
    gained = float(_DISCOUNTS[: len(relevant)][relevant[:DEPTH]].sum())
    return gained / float(_DISCOUNTS[:total].sum()) if total else 0.0


def article_scores(scores: Fused, order: Places, articles: Places, weights: Weights) -> Fused:
    """Return the score of each article from its passages, as ``search.group.article_score`` does."""
    if not len(scores):
        return scores
    gathered = order[np.argsort(articles[order], kind="stable")]
    sizes = np.bincount(articles)
    firsts = np.cumsum(sizes) - sizes
    places = np.arange(len(scores)) - np.repeat(firsts, sizes)
    shares = np.array([1.0, weights.second, weights.third, 0.0])[np.minimum(places, 3)]
    lowest = np.where(places == 0, 0.0, scores.min())  # what shares count from
    return np.asarray(np.add.reduceat((scores[gathered] - lowest) * shares, firsts), dtype=np.float64)


def fitted(start: Weights, objective: Callable[[Weights], float]) -> Weights:
    """Return the weights a coordinate search finds from ``start``; of equally good ones those nearest to it."""
    best, reached = start, objective(start)
    for _ in range(ROUNDS):
        before = best
        for name, grid in GRIDS.items():
            for number in _nearest_first(grid, getattr(best, name)):
                tried = replace(best, **{name: number})
                if (gained := objective(tried)) > reached + _NOISE:
                    best, reached = tried, gained
        if best == before:
            break
    return best


def _nearest_first(grid: Sequence[float], here: float) -> list[float]:
    return sorted(grid, key=lambda number: (abs(number - here), number))


def mean_of(values: Measured, chosen: Flags) -> Callable[[Weights], float]:
    """Return the function from weights to the mean value of the chosen cases."""
    return lambda weights: float(values(weights)[chosen].mean())


def held_out(cases: Sequence[Case], start: Weights, values: Measured) -> Fused:
    """Return the value of each case under weights fitted to the other folds, (n,) float64."""
    folds = fold_numbers([case.query for case in cases])
    found = values(start).copy()
    for fold in range(FOLDS):
        others, own = folds != fold, folds == fold
        if others.any() and own.any():
            found[own] = values(fitted(start, mean_of(values, others)))[own]
    return found


def fold_numbers(queries: Sequence[str]) -> Places:
    """Return the fold of each query: dealt in the order of their hashes, spellings in other case together."""
    hashes = [hashlib.sha256(query.casefold().encode("utf-8", "replace")).digest() for query in queries]
    dealt = {found: number % FOLDS for number, found in enumerate(sorted(set(hashes)))}
    return np.array([dealt[found] for found in hashes], dtype=np.int64)

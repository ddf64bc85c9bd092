"""What a score becomes under the weights: two legs become one, and kinds of passage are made comparable.

Headlines are short, and comments say a thing in the reader's own words, so that equal scores do not mean equal worth.
A factor a kind sets that right. It scales how far a score stands above its floor, after the legs were fused: then the
parts of an explanation scale with it, and a score below zero does not rise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from index.model import Kind
from search import fuse

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

    from index.keyword.protocol import Scores
    from search.fuse import Best, Fused
    from search.legs import Flags
    from search.weights import Weights


@dataclass(frozen=True, slots=True)
class Kinds:
    """Which passages are of the kinds that have a factor; (n,) bool each."""

    headlines: Flags
    comments: Flags

    @classmethod
    def of(cls, kinds: Iterable[Kind]) -> Self:
        """Return the kinds of passages in their order."""
        told = tuple(kinds)
        headlines = np.array([kind is Kind.HEADLINE for kind in told], dtype=np.bool_)
        return cls(headlines, np.array([kind is Kind.COMMENT for kind in told], dtype=np.bool_))


def factor(kind: Kind, weights: Weights) -> float:
    """Return what the score of a passage of this kind is multiplied by."""
    return {Kind.HEADLINE: weights.headline, Kind.COMMENT: weights.comment}.get(kind, 1.0)


def is_neutral(weights: Weights) -> bool:
    """Whether all kinds count alike, so that nobody need know them."""
    return weights.headline == weights.comment == 1.0


def calibrated(scores: Scores | Fused, kinds: Kinds, weights: Weights, floor: float = 0.0) -> Fused:
    """Return ``floor + factor * (score - floor)``, (n,) float64; ``floor`` is the least such a score can be."""
    given = np.asarray(scores, dtype=np.float64)
    if is_neutral(weights):
        return given
    factors = np.where(kinds.headlines, weights.headline, np.where(kinds.comments, weights.comment, 1.0))
    return scaled(given, factors, floor)


def scaled(scores: Fused, factors: Fused, floor: float) -> Fused:
    """Return ``floor + factor * (score - floor)``, (n,) float64."""
    return np.asarray(floor + factors * (scores - floor), dtype=np.float64)


def rescored(words: Scores | None, meaning: Scores | None, best: Best, kinds: Kinds, weights: Weights) -> Fused:
    """Return the score of passages from what both legs said of them, (n,) float64; ``None`` is a leg not asked."""
    if words is not None and meaning is not None:
        return calibrated(fuse.convex(words, meaning, best, weights.alpha), kinds, weights)
    if words is not None:
        return calibrated(words, kinds, weights, fuse.KEYWORD_FLOOR)
    if meaning is not None:
        return calibrated(meaning, kinds, weights, fuse.COSINE_FLOOR)
    raise ValueError("no leg was asked")

"""Two scores become one. Pure arithmetic on aligned arrays; higher is better throughout.

The convex combination normalises each leg with its theoretical floor (BM25 0, cosine -1) and observed maximum, so
that "all results are bad" stays visible (Bruch, Gai, Ingber, "An Analysis of Fusion Functions for Hybrid
Retrieval", TOIS 2023). Reciprocal rank fusion (Cormack, Clarke, Büttcher, SIGIR 2009) is the alternative.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from index.keyword.protocol import Scores

    Ranks = npt.NDArray[np.int64]
    Fused = npt.NDArray[np.float64]

Told = TypeVar("Told", float, "Fused")

ALPHA: Final = 0.7  # share of meaning; docs/architecture.md says how it was chosen
REACH: Final = 0.2
RRF_K: Final = 60
KEYWORD_FLOOR: Final = 0.0
COSINE_FLOOR: Final = -1.0


class Method(StrEnum):
    """How a score came about."""

    CONVEX = "convex"
    RRF = "rrf"
    WORDS = "words"
    MEANING = "meaning"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Fusion:
    """How two legs become one order."""

    alpha: float = ALPHA
    floor: float = COSINE_FLOOR
    """A passage found by meaning alone must be at least this similar."""
    rrf: bool = False
    reach: float = REACH
    """Share of the greatest possible BM25 score from which on the best match counts in full."""
    headline: float = 1.0
    """Factor on how far the score of a headline stands above the least possible."""
    comment: float = 1.0
    """The same for comments."""


@dataclass(frozen=True, slots=True)
class Best:
    """The best score each leg gave to any candidate: what its scores are a share of."""

    words: float = 0.0
    meaning: float = 0.0


def normalise(scores: Told, floor: float, best: float) -> Told:
    """Return scores as shares of the way from the theoretical floor to ``best``; 0 where there is no way."""
    reach = best - floor
    return (scores - floor) / reach if reach > 0 else scores * 0.0


def convex(words: Scores, meaning: Scores, best: Best, alpha: float = ALPHA) -> Fused:
    """Return ``alpha * meaning + (1 - alpha) * words`` of two legs after normalisation, (n,) float64."""
    by_words = normalise(words.astype(np.float64), KEYWORD_FLOOR, best.words)
    by_meaning = normalise(meaning.astype(np.float64), COSINE_FLOOR, best.meaning)
    return alpha * by_meaning + (1.0 - alpha) * by_words


def reciprocal_ranks(ranks: list[Ranks], k: int = RRF_K) -> Fused:
    """Return the sum over legs of ``1 / (k + rank)``, (n,) float64; rank 0 means not found by that leg."""
    total = np.zeros(len(ranks[0]), dtype=np.float64)
    for leg in ranks:
        total += np.where(leg > 0, 1.0 / (k + leg), 0.0)
    return total

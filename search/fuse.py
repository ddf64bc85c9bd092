"""Two scores become one. Pure arithmetic on aligned arrays; higher is better throughout.

The convex combination normalises each leg with its theoretical floor (BM25 0, cosine -1) and observed maximum, so
that "all results are bad" stays visible (Bruch, Gai, Ingber, "An Analysis of Fusion Functions for Hybrid
Retrieval", TOIS 2023). Reciprocal rank fusion (Cormack, Clarke, Büttcher, SIGIR 2009) is the alternative.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from index.keyword.protocol import Scores

    Ranks = npt.NDArray[np.int64]

ALPHA: Final = 0.8  # share of meaning; the best fixed value of docs/architecture.md's table
RRF_K: Final = 60
KEYWORD_FLOOR: Final = 0.0
COSINE_FLOOR: Final = -1.0


def normalise(scores: Scores, floor: float, best: float) -> Scores:
    """Return ``scores``, (n,), as shares of the way from the theoretical floor to ``best``."""
    reach = best - floor
    if reach <= 0:
        return np.zeros(len(scores), dtype=np.float32)
    return np.asarray((scores - floor) / reach, dtype=np.float32)


def convex(words: Scores, meaning: Scores, alpha: float = ALPHA) -> Scores:
    """Return ``alpha * meaning + (1 - alpha) * words`` of two normalised legs, (n,) float32."""
    return np.asarray(alpha * meaning + (1.0 - alpha) * words, dtype=np.float32)


def reciprocal_ranks(ranks: list[Ranks], k: int = RRF_K) -> Scores:
    """Return the sum over legs of ``1 / (k + rank)``, (n,) float32; rank 0 means not found by that leg."""
    total = np.zeros(len(ranks[0]), dtype=np.float64)
    for leg in ranks:
        total += np.where(leg > 0, 1.0 / (k + leg), 0.0)
    return total.astype(np.float32)

"""How good rankings are: measures of single queries, their means, and how sure one can be of a difference.

Measures are those of ``ir-measures`` (MacAvaney, Macdonald, Ounis, "Streamlining Evaluation with ir-measures", ECIR
2022). Chance has a fixed seed, so that the same rankings give the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from index.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy.typing as npt

    from search.collection import Judgements

    Values = npt.NDArray[np.float64]

RESAMPLES: Final = 1_000
FLIPS: Final = 10_000
SEED: Final = 20_140_629
LEVEL: Final = 0.95
_BLOCK: Final = 1_000  # rows of chance held in memory at a time
_NOISE: Final = 1e-12  # sums in another order may differ by so much


@dataclass(frozen=True, slots=True)
class Difference:
    """What one ranking has over another, over the same queries."""

    mean: float
    p: float
    """Of a difference at least as large if neither were better, two-sided."""
    wins: int
    losses: int
    ties: int


def library() -> Any:
    """Return ``ir_measures``; raises ``UsageError`` where it is not installed."""
    try:
        import ir_measures
    except ImportError as error:
        raise UsageError("measuring needs ir-measures; run: pip install 'broadsheet[eval]'") from error
    return ir_measures


def per_query(
    rankings: Mapping[str, Sequence[str]], judgements: Judgements, measures: Sequence[str]
) -> dict[str, Values]:
    """Return each measure, (n,) float64 in the order of ``judgements``; a query that found nothing counts 0.

    ``rankings`` are document ids, best first, by query.
    """
    ir = library()
    run = {query: {doc: float(-place) for place, doc in enumerate(docs)} for query, docs in rankings.items()}
    places = {query: place for place, query in enumerate(judgements)}
    named = {ir.parse_measure(measure): measure for measure in measures}
    found = {measure: np.zeros(len(judgements), dtype=np.float64) for measure in measures}
    for metric in ir.iter_calc(list(named), judgements, run):
        found[named[metric.measure]][places[metric.query_id]] = metric.value
    return found


def interval(values: Values, resamples: int = RESAMPLES) -> tuple[float, float]:
    """Return the 95% interval of the mean by the percentile bootstrap (Efron, Annals of Statistics 7, 1979)."""
    chance = np.random.default_rng(SEED)
    drawn = chance.integers(0, len(values), (resamples, len(values)))
    tail = (1.0 - LEVEL) / 2.0
    low, high = np.quantile(values[drawn].mean(axis=1), (tail, 1.0 - tail))
    return float(low), float(high)


def difference(better: Values, worse: Values, flips: int = FLIPS) -> Difference:
    """Return what the first has over the second, query by query."""
    gained = better - worse
    return Difference(
        mean=float(gained.mean()),
        p=p_value(gained, flips),
        wins=int(np.count_nonzero(gained > _NOISE)),
        losses=int(np.count_nonzero(gained < -_NOISE)),
        ties=int(np.count_nonzero(np.abs(gained) <= _NOISE)),
    )


def p_value(gained: Values, flips: int = FLIPS) -> float:
    """Return the two-sided p value of paired differences by Fisher's randomisation test.

    Smucker, Allan, Carterette, "A Comparison of Statistical Significance Tests for Information Retrieval
    Evaluation", CIKM 2007. The pairs as they are count as one of the flips, so that p is never 0.
    """
    chance = np.random.default_rng(SEED)
    seen = abs(float(gained.sum())) - _NOISE * len(gained)
    as_large = 0
    for start in range(0, flips, _BLOCK):
        signs = chance.integers(0, 2, (min(_BLOCK, flips - start), len(gained)), dtype=np.int8) * 2 - 1
        as_large += int(np.count_nonzero(np.abs(signs @ gained) >= seen))
    return (as_large + 1) / (flips + 1)

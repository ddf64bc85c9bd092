"""Passages in order, and what each leg said of them: aligned columns, so that nothing is built per candidate."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from search.fuse import Best, Fusion, Method
from search.results import LegScore

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    from index.keyword.protocol import Rows, Scores
    from search.fuse import Fused, Ranks


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking:
    """All arrays are (n,) and aligned; ranks are 1-based, 0 where a leg did not find the passage by itself."""

    rows: Rows
    scores: Fused
    words: Scores
    word_ranks: Ranks
    meaning: Scores
    meaning_ranks: Ranks
    method: Method = Method.WORDS
    factors: Fused | None = None
    """What the kind of each passage multiplied its score by; ``None`` where all kinds count alike."""
    shares: tuple[float, ...] = ()
    """Grouped by article: the shares of the next passages."""
    fusion: Fusion = field(default_factory=Fusion)
    best: Best = field(default_factory=Best)
    total: int = 0
    is_exact: bool = True
    in_all: int | None = None
    """How many hits there are; ``None`` while the ranking was not followed to its end."""
    more: dict[int, tuple[tuple[int, float], ...]] | None = None
    """Grouped by article: the row of a hit -> its article's next best passages, and how far each stands
    above the lowest candidate."""

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def has_words(self) -> bool:
        """Whether the keyword leg was asked."""
        return self.method in (Method.CONVEX, Method.RRF, Method.WORDS)

    @property
    def has_meaning(self) -> bool:
        """Whether the semantic leg was asked."""
        return self.method in (Method.CONVEX, Method.RRF, Method.MEANING)

    def legs(self, place: int) -> tuple[LegScore | None, LegScore | None]:
        """Return what the keyword and the semantic leg said of the passage at ``place``."""
        words = meaning = None
        if self.has_words:
            words = LegScore(self.words.item(place), self.word_ranks.item(place) or None)
        if self.has_meaning:
            meaning = LegScore(self.meaning.item(place), self.meaning_ranks.item(place) or None)
        return words, meaning

    def taken(self, places: npt.NDArray[Any]) -> Ranking:
        """Return the ranking of these places (an index array or a mask), in that order."""
        return replace(
            self,
            rows=self.rows[places],
            scores=self.scores[places],
            words=self.words[places],
            word_ranks=self.word_ranks[places],
            meaning=self.meaning[places],
            meaning_ranks=self.meaning_ranks[places],
            factors=None if self.factors is None else self.factors[places],
        )


def joined(parts: Sequence[Ranking]) -> Ranking:
    """Return rankings one after the other, with the first one's account of how they were made."""
    if len(parts) == 1:
        return parts[0]
    factors = [part.factors for part in parts if part.factors is not None]
    more = {row: rest for part in parts for row, rest in (part.more or {}).items()}
    return replace(
        parts[0],
        rows=np.concatenate([part.rows for part in parts]),
        scores=np.concatenate([part.scores for part in parts]),
        words=np.concatenate([part.words for part in parts]),
        word_ranks=np.concatenate([part.word_ranks for part in parts]),
        meaning=np.concatenate([part.meaning for part in parts]),
        meaning_ranks=np.concatenate([part.meaning_ranks for part in parts]),
        factors=np.concatenate(factors) if factors else None,
        more=more or None,
    )


def unscored(rows: Rows, method: Method = Method.TIME) -> Ranking:
    """Return rows in an order that no score made."""
    silent, unranked = np.zeros(len(rows), dtype=np.float32), np.zeros(len(rows), dtype=np.int64)
    return Ranking(
        rows=rows,
        scores=silent.astype(np.float64),
        words=silent,
        word_ranks=unranked,
        meaning=silent,
        meaning_ranks=unranked,
        method=method,
        total=len(rows),
    )

"""The two legs of one question: who they find by themselves, and what they say of given passages."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from index.keyword.protocol import Candidates
from search.bound import bound
from search.clock import timed
from search.memory import Memory
from search.silent import silent

if TYPE_CHECKING:
    import numpy.typing as npt

    from index.keyword.clause import Clause
    from index.keyword.protocol import Rows, Scores
    from index.protocol import Index, Vector
    from search.clock import Took
    from search.stories import Stories

    Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Legs:
    """What is asked of an index; a leg that was not asked has ``None``."""

    index: Index
    words: Clause | None
    vector: Vector | None
    allowed: Rows | None
    """Rows that satisfy the constraints, ascending; ``None`` where anything may come."""
    took: Took = field(default_factory=dict)
    """Milliseconds spent in each leg so far."""
    stories: Stories | None = None
    """What whole stories add to the score by words of their passages; ``None`` where they have no say."""
    memory: Memory = field(default_factory=Memory)
    """What both legs have said on this question before."""

    @property
    def story(self) -> Clause | None:
        """What whole stories are asked."""
        return None if self.stories is None else self.stories.clause

    def candidates(self, depth: int) -> tuple[Candidates, Candidates]:
        """Return the ``depth`` best passages of the keyword leg and of the semantic leg."""
        return self.memory.recall(("candidates", depth), lambda: self._candidates(depth))

    def _candidates(self, depth: int) -> tuple[Candidates, Candidates]:
        with timed(self.took, "keyword"):
            by_words = none() if self.words is None else self._with_stories(self.index.match(self.words, depth))
        with timed(self.took, "semantic"):
            by_meaning = none() if self.vector is None else self.index.nearest(self.vector, depth, self.allowed)
        return by_words, by_meaning

    def scores(self, rows: Rows) -> tuple[Scores, Scores]:
        """Return both legs' exact scores of ``rows``, (n,) float32 each; a leg not asked says 0."""
        return self.memory.recall(("scores", rows.tobytes()), lambda: self._scores(rows))

    def _scores(self, rows: Rows) -> tuple[Scores, Scores]:
        silent = np.zeros(len(rows), dtype=np.float32)
        with timed(self.took, "keyword"):
            words = silent if self.words is None else self._told(rows, self.index.score(self.words, rows))
        with timed(self.took, "semantic"):
            meaning = silent if self.vector is None else self.index.similarity(self.vector, rows)
        return words, meaning

    def matched(self, rows: Rows, words: Scores) -> Flags:
        """Return which of ``rows``, whose scores by words are ``words``, match by words, (n,) bool."""
        speaks = words > 0
        mute = rows[~speaks]
        with timed(self.took, "keyword"):
            admitted = self.memory.recall(("silent", mute.tobytes()), lambda: silent(self.index, self.words, mute))
        return speaks | np.isin(rows, admitted)

    def _with_stories(self, found: Candidates) -> Candidates:
        """Return the passages found in the order that their stories leave them in."""
        if self.stories is None:
            return found
        scores = self._told(found.rows, found.scores)
        order = np.lexsort((found.rows, -scores))
        return Candidates(found.rows[order], scores[order])

    def _told(self, rows: Rows, scores: Scores) -> Scores:
        """Return the scores with what the stories add to the passages that match."""
        if self.stories is None:
            return scores
        matched = scores > 0
        told = scores.copy()
        told[matched] += self.stories.scores(rows[matched])
        return told

    def admits(self, rows: Rows) -> Flags:
        """Return, for each of ``rows``, whether it satisfies the constraints, (n,) bool."""
        if self.allowed is None:
            return np.ones(len(rows), dtype=np.bool_)
        return np.isin(rows, self.allowed)

    def most(self) -> float:
        """Return the most that a passage could score by words."""
        return self.memory.recall("most", lambda: bound(self.index, self.words) + bound(self.index, self.story))

    def word_matches(self) -> int:
        """Return how many passages match by words."""
        words = self.words
        return 0 if words is None else self.memory.recall("matches", lambda: self.index.count(words))


def none() -> Candidates:
    """Return no candidates."""
    return Candidates(np.empty(0, np.int64), np.empty(0, np.float32))


def ranks(leg: Candidates, rows: Rows) -> npt.NDArray[np.int64]:
    """Return the 1-based rank of each of ``rows`` in a leg, (n,) int64; 0 where it is not there."""
    if not len(leg):
        return np.zeros(len(rows), dtype=np.int64)
    order = np.argsort(leg.rows)
    places = np.searchsorted(leg.rows, rows, sorter=order).clip(max=len(leg) - 1)
    return np.where(leg.rows[order[places]] == rows, order[places] + 1, 0)

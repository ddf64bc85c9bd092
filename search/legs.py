"""The two legs of one question: who they find by themselves, and what they say of given passages."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from index.keyword.protocol import Candidates
from index.threads import Beside
from search.bound import bound
from search.clock import timed
from search.memory import Memory
from search.rows import within
from search.silent import silent

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy.typing as npt

    from index.keyword.clause import Clause
    from index.keyword.protocol import Rows, Scores
    from index.places import Places
    from index.protocol import Index, Vector
    from search.clock import Took
    from search.stories import Stories

    Flags = npt.NDArray[np.bool_]
    Found = tuple[Candidates, Candidates]


CANDIDATES: Final = 100  # passages each leg brings to the first tier; docs/quality.md says what more would change
GATHERED: Final = 200  # where they are gathered by article, which is scored by several of them
BY_WORDS_ALONE: Final = 50  # where there is no other leg to agree with


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
    depth: int = CANDIDATES
    """Passages each leg brings to the first tier."""
    begun: Beside[Candidates] | None = None
    """What the words find first, where that is being looked for already."""

    @property
    def story(self) -> Clause | None:
        """What whole stories are asked."""
        return None if self.stories is None else self.stories.clause

    def candidates(self, depth: int) -> Found:
        """Return the ``depth`` best passages of the keyword leg and of the semantic leg, which work side by side."""
        return self.memory.recall(("candidates", depth), lambda: self._candidates(depth))

    def with_meaning(self, encode: Callable[[], Vector], constraint: Clause | None) -> Legs:
        """Return legs that ask for what ``encode`` gives too; meanwhile the words are looked for already."""
        begun = None
        if self.words is not None and not self.memory.knows(("candidates", self.depth)):
            begun = Beside(self._begin)
        try:
            with timed(self.took, "encode"):
                vector = encode()
            allowed = self._allowed(constraint)
        except BaseException:
            if begun is not None:  # nothing may read an index that its caller has left
                begun.join()
            raise
        return replace(self, vector=vector, allowed=allowed, begun=begun)

    def _allowed(self, constraint: Clause | None) -> Rows | None:
        if constraint is None:
            return None
        return self.memory.recall("allowed", lambda: self.index.matching(constraint))

    def _begin(self) -> Candidates:
        """Look for the words, and for the most they could score, which is needed as soon as meaning is there."""
        found = self._by_words(self.depth)
        self.most()
        return found

    def _candidates(self, depth: int) -> Found:
        if self.words is None or self.vector is None:
            return self._by_words(depth), self._by_meaning(depth)
        by_words = self.begun if self.begun and depth == self.depth else Beside(lambda: self._by_words(depth))
        try:
            by_meaning = self._by_meaning(depth)
        finally:
            by_words.join()
        return by_words.result(), by_meaning

    def scores(self, rows: Rows, found: Found | None = None) -> tuple[Scores, Scores]:
        """Return both legs' exact scores of ``rows``, (n,) float32 each; a leg not asked says 0.

        What the legs ``found`` by themselves they need not be asked again.
        """
        return self.memory.recall(("scores", rows.tobytes()), lambda: self._scores(rows, found or (none(), none())))

    def _scores(self, rows: Rows, found: Found) -> tuple[Scores, Scores]:
        words = meaning = np.zeros(len(rows), dtype=np.float32)
        if self.words is not None:
            with timed(self.took, "keyword"):
                words = _scored(rows, found[0], self._words_of)
        if self.vector is not None:
            with timed(self.took, "semantic"):
                meaning = _scored(rows, found[1], self._meaning_of)
        return words, meaning

    def matched(self, rows: Rows, words: Scores) -> Flags:
        """Return which of ``rows``, whose scores by words are ``words``, match by words, (n,) bool."""
        speaks = words > 0
        mute = rows[~speaks]
        with timed(self.took, "keyword"):
            admitted = self.memory.recall(("silent", mute.tobytes()), lambda: silent(self.index, self.words, mute))
        return speaks | within(rows, admitted)

    def _by_words(self, depth: int) -> Candidates:
        if self.words is None:
            return none()
        with timed(self.took, "keyword"):
            found = self._with_stories(self.index.match(self.words, depth))
        if found.matched is not None:
            self.memory.recall("matches", lambda: found.matched)
        return found

    def _by_meaning(self, depth: int) -> Candidates:
        if self.vector is None:
            return none()
        with timed(self.took, "semantic"):
            return self.index.nearest(self.vector, depth, self.allowed)

    def _words_of(self, rows: Rows) -> Scores:
        if self.words is None:
            return np.zeros(len(rows), dtype=np.float32)
        return self._told(rows, self.index.score(self.words, rows))

    def _meaning_of(self, rows: Rows) -> Scores:
        if self.vector is None:
            return np.zeros(len(rows), dtype=np.float32)
        return self.index.similarity(self.vector, rows)

    def _with_stories(self, found: Candidates) -> Candidates:
        """Return the passages found in the order that their stories leave them in."""
        if self.stories is None:
            return found
        scores = self._told(found.rows, found.scores)
        order = np.lexsort((found.rows, -scores))
        return Candidates(found.rows[order], scores[order], found.matched)

    def _told(self, rows: Rows, scores: Scores) -> Scores:
        """Return the scores with what the stories add to the passages that match."""
        if self.stories is None:
            return scores
        matched = scores > 0
        told = scores.copy()
        told[matched] += self.stories.scores(rows[matched])
        return told

    def places(self, rows: Rows) -> Places:
        """Return where each of ``rows`` stands: several steps in a row ask that of the same ones."""
        return self.memory.recall(("places", rows.tobytes()), lambda: self.index.places(rows))

    def admits(self, rows: Rows) -> Flags:
        """Return, for each of ``rows``, whether it satisfies the constraints, (n,) bool."""
        if self.allowed is None:
            return np.ones(len(rows), dtype=np.bool_)
        return within(rows, self.allowed)

    def most(self) -> float:
        """Return the most that a passage could score by words."""
        return self.memory.recall("most", lambda: bound(self.index, self.words) + bound(self.index, self.story))

    def word_matches(self) -> int:
        """Return how many passages match by words."""
        words = self.words
        return 0 if words is None else self.memory.recall("matches", lambda: self.index.count(words))


def first_tier(*, by_meaning: bool, by_article: bool) -> int:
    """Return how many passages each leg is to bring first."""
    if by_article:
        return GATHERED
    return CANDIDATES if by_meaning else BY_WORDS_ALONE


def is_near(ranks: npt.NDArray[np.int64]) -> Flags:
    """Return which ranks by meaning are near enough to count as found, words or no words, (n,) bool."""
    return np.asarray((ranks > 0) & (ranks <= CANDIDATES))


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


def _scored(rows: Rows, leg: Candidates, asked: Callable[[Rows], Scores]) -> Scores:
    """Return the score of each of ``rows``, (n,) float32: of those that a leg found as it said, of others as ``asked``.

    Where the leg found all that match there are no others: they score 0.
    """
    places = ranks(leg, rows)
    others = places == 0
    scores = np.zeros(len(rows), dtype=np.float32)
    scores[~others] = leg.scores[places[~others] - 1]
    if others.any() and leg.matched != len(leg):
        scores[others] = asked(rows[others])
    return scores

"""How a ranked tier is arranged: reprints stacked, comments capped, passages gathered by article.

Nothing is lost by it: a stacked passage is named in its stack's hit, a comment beyond the cap comes after the others
of its tier, and a passage of a grouped article is named in the article's hit.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from index.keyword.clause import Facet
from index.model import Kind
from index.places import CODES
from search.query import Answers, Filter
from search.rows import NONE, union, without

if TYPE_CHECKING:
    from index.keyword.protocol import Rows
    from search.legs import Legs
    from search.query import Query
    from search.ranking import Ranking

COMMENTS: Final = 3  # of one article, before those of others have had their turn
MORE: Final = 5  # further passages of an article that are named


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What is wanted of the order beside relevance."""

    stacks: bool = True
    """Near-identical passages are one hit."""
    comments: int | None = COMMENTS
    """Comments of one article before they wait; ``None`` for no cap."""
    by_article: bool = False
    """One hit an article: its best passage."""
    shares: tuple[float, ...] = ()
    """Of the second and third best passage in an article's score."""


def asks_for_comments(query: Query) -> bool:
    """Whether a query is about comments, so that many of one article are what is wanted."""
    return any(
        isinstance(node, Answers) or (isinstance(node, Filter) and node.facet in (Facet.KIND, Facet.AUTHOR))
        for node in query.must
    )


class Arranger:
    """Arranges tier after tier of one question; remembers which stacks and articles were shown."""

    def __init__(self, legs: Legs, arrangement: Arrangement) -> None:
        self._legs = legs
        self._wanted = arrangement
        self._stacks: set[int] = set()
        self._articles: set[int] = set()

    def with_leaders(self, rows: Rows) -> Rows:
        """Return ``rows`` and the leaders of their stacks, so that these are scored too."""
        if not self._wanted.stacks or not len(rows):
            return rows
        leaders = self._legs.places(rows).stacks
        others = without(union(leaders[leaders > 0], NONE), rows)
        return union(rows, others[self._legs.admits(others)]) if len(others) else rows

    def arranged(self, tier: Ranking) -> Ranking:
        """Return the tier in the order it is shown."""
        if self._wanted.stacks:
            tier = self._stacked(tier)
        if self._wanted.by_article:
            return self._by_article(tier)
        return tier if self._wanted.comments is None else self._in_turns(tier, self._wanted.comments)

    def _stacked(self, tier: Ranking) -> Ranking:
        """Keep one passage of each stack: its leader where that was found, else the best ranked one."""
        leaders = self._legs.places(tier.rows).stacks
        if not leaders.any():
            return tier
        rows = tier.rows.tolist()
        present = set(rows)
        kept: list[bool] = []
        for row, leader in zip(rows, leaders.tolist(), strict=True):
            chosen = not leader or (leader not in self._stacks and (row == leader or leader not in present))
            kept.append(chosen)
            if leader and chosen:
                self._stacks.add(leader)
        return tier.taken(np.array(kept, dtype=np.bool_))

    def _in_turns(self, tier: Ranking, most: int) -> Ranking:
        """Let the first ``most`` comments of each article come by rank, then the next ones, and so on."""
        places = self._legs.places(tier.rows)
        are_comments = places.kinds == CODES[Kind.COMMENT]
        if not are_comments.any():
            return tier
        met: Counter[int] = Counter()
        turns: list[int] = []
        for article, is_comment in zip(places.articles.tolist(), are_comments.tolist(), strict=True):
            turns.append(met[article] // most if is_comment else 0)
            met[article] += is_comment
        return tier.taken(np.argsort(np.array(turns, dtype=np.int64), kind="stable"))

    def _by_article(self, tier: Ranking) -> Ranking:
        """Keep the best passage of each article, scored with a small share of its next ones."""
        places: dict[int, list[int]] = {}
        for place, article in enumerate(self._legs.places(tier.rows).articles.tolist()):
            if article not in self._articles:
                places.setdefault(article, []).append(place)
        self._articles.update(places)
        first = np.array([members[0] for members in places.values()], dtype=np.int64)
        lowest = float(tier.scores.min(initial=np.inf))
        scores = np.array(
            [article_score(tier.scores[members].tolist(), lowest, self._wanted.shares) for members in places.values()]
        )
        order = np.lexsort((tier.rows[first], -scores)) if len(first) else first
        more = {int(tier.rows[first]): _next(tier, rest[:MORE], lowest) for first, *rest in places.values()}
        kept = tier.taken(first[order])
        return replace(kept, scores=scores[order] if len(first) else kept.scores, more=more, shares=self._wanted.shares)


def _next(tier: Ranking, places: list[int], lowest: float) -> tuple[tuple[int, float], ...]:
    return tuple(zip(tier.rows[places].tolist(), (tier.scores[places] - lowest).tolist(), strict=True))


def article_score(scores: list[float], lowest: float, shares: tuple[float, ...]) -> float:
    """Return the score of an article from those of its passages, best first.

    It is the best one, and a share of how far the next ones stand above the ``lowest`` candidate: a fused score is
    never near zero, and an article must not win by having many paragraphs that say nothing.
    """
    return scores[0] + sum(share * (score - lowest) for share, score in zip(shares, scores[1:], strict=False))

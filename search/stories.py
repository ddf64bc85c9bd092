"""What the story as a whole says of each of its passages, where hits are articles.

A passage found says how well a place of the story answers, the whole says whether the story is about it; both
together rank articles better than either (Callan, "Passage-level evidence in document retrieval", SIGIR 1994).
Stories rank what was found and find nothing by themselves: on all collections of docs/quality.md candidates of their
own changed nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index import text
from index.keyword.clause import Among, Facet, Group, filtered

if TYPE_CHECKING:
    from index.keyword.clause import Clause
    from index.keyword.protocol import Rows, Scores
    from index.protocol import Index


class Stories:
    """The stories of one question; remembers what it asked, so it serves one search and one thread."""

    def __init__(self, index: Index, clause: Clause) -> None:
        self._index = index
        self._known: dict[int, float] = {}
        self.clause = clause

    def scores(self, rows: Rows) -> Scores:
        """Return the BM25 score of the story each of ``rows`` is of, (n,) float32; 0 where it has none of the words."""
        wanted = rows.tolist()
        if fresh := [row for row in wanted if row not in self._known]:
            self._ask(np.array(fresh, dtype=np.int64))
        return np.array([self._known[row] for row in wanted], dtype=np.float32)

    def _ask(self, rows: Rows) -> None:
        homes = self._index.places(rows).articles.tolist()
        names = self._index.article_ids(sorted(set(homes)))
        keys = sorted(set(map(text.key, names.values())))
        clause = Group(must=(filtered(Among(Facet.ARTICLE, tuple(keys))), self.clause))
        found = self._index.match(clause, max(1, self._index.count(clause)))  # keys of several articles may be alike
        owners = self._index.places(found.rows).articles.tolist()
        scores = dict(zip(owners, found.scores.tolist(), strict=True))
        self._known |= {row: scores.get(home, 0.0) for row, home in zip(rows.tolist(), homes, strict=True)}

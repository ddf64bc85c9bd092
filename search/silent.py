"""Matches that no word speaks for: a filter within OR admits passages that score nothing, and they are hits too.

A score of 0 does not tell them from passages that do not match. Few queries can have such matches, and only those
are asked once more, without scores.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from index.keyword.clause import Boosted, Fuzzy, Group, Only, Pattern, Phrase, Term, filtered

if TYPE_CHECKING:
    from index.keyword.clause import Clause
    from index.keyword.protocol import Rows
    from index.protocol import Index


def silent(index: Index, clause: Clause | None, rows: Rows) -> Rows:
    """Return which of ``rows``, none of which scores anything, match the clause all the same, ascending."""
    if clause is None or not len(rows) or not may_be_silent(clause):
        return np.empty(0, dtype=np.int64)
    return index.matching(Group(must=(Only(tuple(rows.tolist())), filtered(clause))))


def may_be_silent(clause: Clause) -> bool:
    """Whether a passage can match the clause and score 0."""
    match clause:
        case Term() | Phrase() | Pattern() | Fuzzy():
            return False
        case Boosted(inner, weight):
            return weight == 0 or may_be_silent(inner)
        case Group((), (), must_not):
            return bool(must_not)
        case Group((), should, _):
            return any(map(may_be_silent, should))
        case Group(must, _, _):
            return all(map(may_be_silent, must))
        case _:
            return True

"""The most a BM25 score could be: what the best match found is measured against.

A leg is normalised by its best score, and the best of a bad lot would then count in full: one weak word shared by
chance would weigh as much as the whole question found word for word. So the best score counts in full only from a
share of the theoretical maximum on, which is, for each term, idf * (k1 + 1) (Robertson and Zaragoza, "The
Probabilistic Relevance Framework: BM25 and Beyond", 2009, with the idf of Lucene).
"""

from __future__ import annotations

from math import log
from typing import TYPE_CHECKING, Final

from index.keyword.clause import Boosted, Field, Fuzzy, Group, Pattern, Phrase, Term

if TYPE_CHECKING:
    from index.keyword.clause import Clause
    from index.protocol import Index

K1: Final = 1.2


def bound(index: Index, clause: Clause | None) -> float:
    """Return the most that ``clause`` can score; constant clauses score 1, filters nothing.

    A word that no passage has counts too, since it was asked for; one that no headline has lends nothing. The words
    of stories are taken to be as rare among stories as they are among passages.
    """
    match clause:
        case Term(Field.TITLE, text) if not index.frequency(Field.TITLE, text):
            return 0.0
        case Term(Field.STORY, text):
            return _term(index, Field.BODY, text)
        case Term(field, text):
            return _term(index, field, text)
        case Phrase(field, terms, _):
            return sum(_term(index, field, text) for text in terms)
        case Boosted(inner, weight):
            return weight * bound(index, inner)
        case Group(must, should, _):
            return sum(bound(index, part) for part in (*must, *should))
        case Pattern() | Fuzzy():
            return 1.0
        case _:
            return 0.0


def _term(index: Index, field: Field, text: str) -> float:
    found, size = index.frequency(field, text), index.size
    return log(1 + (size - found + 0.5) / (found + 0.5)) * (K1 + 1)

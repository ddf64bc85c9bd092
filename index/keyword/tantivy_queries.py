"""Clauses as tantivy's queries."""

from __future__ import annotations

import re
from itertools import combinations
from typing import TYPE_CHECKING, Final

from tantivy import FieldType, Occur, Query

from index.keyword.clause import (
    Among,
    Between,
    Boosted,
    Everything,
    Fuzzy,
    Group,
    Only,
    Pattern,
    Phrase,
    Term,
)
from index.keyword.tantivy_documents import ROW, TIME

if TYPE_CHECKING:
    from collections.abc import Sequence

    import tantivy

    from index.keyword.clause import Clause, Field

_EVER: Final = -(2**63)  # before all times; a range must have an end
_ONE_BY_ONE: Final = 1_000  # rows looked up singly: for a set of them the whole dictionary of rows is walked


class Queries:
    """Makes queries for one schema."""

    def __init__(self, schema: tantivy.Schema) -> None:
        self._schema = schema

    def of(self, clause: Clause) -> Query:
        """Return the query of a clause."""
        match clause:
            case Term(field, text):
                return Query.term_query(self._schema, field.value, text, "freq")
            case Phrase(field, terms, slop):
                return self._phrase(field, terms, slop)
            case Pattern(field, pattern):
                return _constant(Query.regex_query(self._schema, field.value, _regex(pattern)), 1.0)
            case Fuzzy(field, text, edits):
                return _constant(Query.fuzzy_term_query(self._schema, field.value, text, edits), 1.0)
            case Boosted(inner, weight):
                scored = self.of(inner)
                return Query.boost_query(scored, weight) if weight else _constant(scored, 0.0)
            case Group():
                return self._group(clause)
            case _:
                return _constant(self._filter(clause), 0.0)

    def _filter(self, clause: Among | Between | Only | Everything) -> Query:
        match clause:
            case Among(facet, (key,)):  # as quick as a word, where a set is gathered before anything is looked at
                return Query.term_query(self._schema, facet.value, key, "basic")
            case Among(facet, keys):
                return Query.term_set_query(self._schema, facet.value, list(keys))
            case Between(after, before):
                last = None if before is None else before - 1
                return Query.range_query(self._schema, TIME, FieldType.Integer, _EVER if after is None else after, last)
            case Only(rows):
                return self._rows(rows)
            case Everything():
                return Query.all_query()

    def among(self, clause: Clause, rows: Sequence[int]) -> Query:
        """Return the query of a clause that only some rows may match; they score what the clause gives them."""
        chosen = _constant(self._rows(rows), 0.0)
        return Query.boolean_query([(Occur.Must, self.of(clause)), (Occur.Must, chosen)])

    def _rows(self, rows: Sequence[int]) -> Query:
        if len(rows) > _ONE_BY_ONE:
            return Query.term_set_query(self._schema, ROW, list(rows))
        return Query.boolean_query(
            [(Occur.Should, Query.term_query(self._schema, ROW, row, "basic")) for row in dict.fromkeys(rows)]
        )

    def _phrase(self, field: Field, terms: Sequence[str], slop: int) -> Query:
        """Return the phrase, and for a slop every way to leave gaps: the engine's own slop also swaps words."""
        exact = [
            Query.phrase_query(self._schema, field.value, list(zip(places, terms, strict=True)))
            for places in gaps(len(terms), slop)
        ]
        return exact[0] if len(exact) == 1 else Query.disjunction_max_query(exact)

    def _group(self, group: Group) -> Query:
        must = [(Occur.Must, self.of(clause)) for clause in group.must]
        should = [(Occur.Should, self.of(clause)) for clause in group.should]
        must_not = [(Occur.MustNot, self.of(clause)) for clause in group.must_not]
        if must_not and not must and not should:
            must = [(Occur.Must, _constant(Query.all_query(), 0.0))]
        return Query.boolean_query(must + should + must_not)


def gaps(terms: int, slop: int) -> list[tuple[int, ...]]:
    """Return the places that ``terms`` words in order can take, from 0 on, with up to ``slop`` others between.

    There are ``comb(slop + terms - 1, terms - 1)`` of them; the query limits keep that number small.
    """
    last = terms - 1 + slop
    return [(0, *places) for places in combinations(range(1, last + 1), terms - 1)]


def _constant(query: Query, score: float) -> Query:
    return Query.const_score_query(query, score)


def _regex(pattern: str) -> str:
    """Return a wildcard pattern as an (anchored) regular expression of the engine's linear-time kind."""
    return "".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in pattern)

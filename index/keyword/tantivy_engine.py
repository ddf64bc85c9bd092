"""The default engine: tantivy. It matches and ranks; terms come analysed, so its tokenizer only splits at spaces.

BM25 with tantivy's constants (k1 = 1.2, b = 0.75), per field, summed over the clauses that match. Stop words are
in the index, so that positions are true and phrases work. Stories have an index of their own in the folder: tantivy
takes the mean length of a field, and how rare a word is, over all documents of an index, those without the field too.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import tantivy
from tantivy import FieldType, Occur, Order, Query

from index.keyword.clause import (
    Among,
    Between,
    Boosted,
    Everything,
    Facet,
    Field,
    Fuzzy,
    Group,
    Only,
    Pattern,
    Phrase,
    Term,
    asks_stories,
)
from index.keyword.protocol import Candidates
from index.keyword.tantivy_documents import ROW, STORIES, TIME, from_row, opened
from index.keyword.tantivy_folder import stand_in
from index.keyword.tantivy_guard import GuardedSearcher, sound
from index.threads import MOST, in_shares, pieces

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from index.keyword.clause import Clause
    from index.keyword.protocol import Rows, Scores

_EVER: Final = -(2**63)  # before all times; a range must have an end
_TIES: Final = 10_000  # how far a run of equal scores is followed to order it by row
_LISTED: Final = 8  # clauses whose rows are remembered, eight bytes a row
_PIECE: Final = 50  # rows: enough to ask another thread for their scores
_ONE_BY_ONE: Final = 1_000  # rows looked up singly: for a set of them the whole dictionary of rows is walked


class TantivyIndex:
    """Reads one committed state of the engine's directory."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._stand_ins = {folder: stand_in(folder) for folder in (path, path / STORIES) if folder.is_dir()}
        self._index, self._story_index = self._opened(path), self._opened(path / STORIES)
        self._schema = self._index.schema
        self._listed: dict[Clause, Rows] = {}
        with sound(path):
            self._searcher = GuardedSearcher(self._index.searcher(), path)
            self._stories = GuardedSearcher(self._story_index.searcher(), path / STORIES)

    @property
    def documents(self) -> int:
        """How many passages the engine holds, those the store no longer knows included."""
        return self._searcher.num_docs

    def rows_from(self, row: int) -> list[int]:
        """Return the rows from ``row`` on that the engine holds, of passages and of stories."""
        found: set[int] = set()
        for searcher in (self._searcher, self._stories):
            count = searcher.search(from_row(self._schema, row), 1).count
            hits = searcher.search(from_row(self._schema, row), count, count=False).hits if count else ()
            found.update(map(int, searcher.fast_field_values(ROW, [address for _, address in hits])))
        return sorted(found)

    def search(self, clause: Clause, limit: int) -> Candidates:
        """Return the ``limit`` best passages; equal scores at the cut are settled by row."""
        query, searcher = self._query(clause), self._of(clause)
        wanted = limit + limit // 4 + 1  # room for a run of equal scores
        while True:
            found = searcher.search(query, wanted)  # counting is as good as free: every match is scored anyway
            hits = found.hits
            settled = len(hits) < wanted or hits[-1][0] < hits[limit - 1][0]
            if settled or wanted >= _TIES:
                break
            wanted = min(wanted * 4, max(_TIES, limit + 1))
        return replace(_ranked(searcher, hits, limit), matched=int(found.count))

    def count(self, clause: Clause) -> int:
        """Return how many passages match, exactly."""
        return int(self._of(clause).search(self._query(clause), 1).count)

    def matching(self, clause: Clause, limit: int | None = None) -> Rows:
        """Return every row that matches, (n,) int64, ascending, or the first ``limit`` of them."""
        known = self._listed.get(clause)
        if known is not None:
            return known[:limit]
        searcher = self._of(clause)
        wanted = limit or max(1, searcher.num_docs)
        hits = searcher.search(self._query(clause), wanted, count=False, order_by_field=ROW, order=Order.Asc).hits
        with sound(self._path):
            rows = np.fromiter((row for row, _ in hits), dtype=np.int64, count=len(hits))
        if limit is None:
            self._remember(clause, rows)
        return rows

    def score(self, clause: Clause, rows: Rows) -> Scores:
        """Return the score of each of ``rows``, (n,) float32; 0 where the clause does not match."""
        scores = np.zeros(len(rows), dtype=np.float32)
        if not len(rows):
            return scores
        query, searcher = self._query(clause), self._of(clause)

        def look(share: Iterable[slice]) -> None:
            for piece in share:
                scores[piece] = self._scored(searcher, query, rows[piece])

        size = len(rows) if len(rows) > _ONE_BY_ONE else max(_PIECE, len(rows) // MOST)
        in_shares(look, pieces(len(rows), size), 1)
        return scores

    def frequency(self, field: Field, term: str) -> int:
        """Return in how many passages (or stories) the term occurs."""
        return (self._stories if field is Field.STORY else self._searcher).doc_freq(field.value, term)

    def completions(self, field: Field | Facet, prefix: str, limit: int) -> list[tuple[str, int]]:
        """Return up to ``limit`` terms (or metadata keys) with that prefix and their passages, commonest first."""
        return self._searcher.terms_with_prefix(field.value, prefix, limit=limit)

    def close(self) -> None:
        """Release the files."""
        del self._searcher, self._stories, self._index, self._story_index
        for folder in filter(None, self._stand_ins.values()):
            folder.cleanup()

    def _opened(self, path: Path) -> tantivy.Index:
        folder = self._stand_ins.get(path)
        return opened(path if folder is None else Path(folder.name), create=False)

    def _of(self, clause: Clause) -> GuardedSearcher:
        """Return what holds the documents a clause is about: passages, or whole stories."""
        return self._stories if asks_stories(clause) else self._searcher

    def _query(self, clause: Clause) -> Query:
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
                scored = self._query(inner)
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

    def _remember(self, clause: Clause, rows: Rows) -> None:
        """Keep the rows of a clause: who narrows a search asks again under the same filter, and lists are long."""
        rows.flags.writeable = False  # others are given the same ones
        while len(self._listed) >= _LISTED:
            self._listed.pop(next(iter(self._listed), clause), None)
        self._listed[clause] = rows

    def _rows(self, rows: Sequence[int]) -> Query:
        if len(rows) > _ONE_BY_ONE:
            return Query.term_set_query(self._schema, ROW, list(rows))
        return Query.boolean_query(
            [(Occur.Should, Query.term_query(self._schema, ROW, row, "basic")) for row in dict.fromkeys(rows)]
        )

    def _scored(self, searcher: GuardedSearcher, query: Query, rows: Rows) -> Scores:
        """Return the score of each of ``rows``, (n,) float32."""
        among = _all_of(query, Query.const_score_query(self._rows(rows.tolist()), 0.0))
        found = _ranked(searcher, searcher.search(among, len(rows), count=False).hits, len(rows))
        scores, order = np.zeros(len(rows), dtype=np.float32), np.argsort(rows)
        with sound(self._path):
            scores[order[np.searchsorted(rows, found.rows, sorter=order)]] = found.scores
        return scores

    def _phrase(self, field: Field, terms: Sequence[str], slop: int) -> Query:
        """Return the phrase, and for a slop every way to leave gaps: the engine's own slop also swaps words."""
        exact = [
            Query.phrase_query(self._schema, field.value, list(zip(places, terms, strict=True)))
            for places in gaps(len(terms), slop)
        ]
        return exact[0] if len(exact) == 1 else Query.disjunction_max_query(exact)

    def _group(self, group: Group) -> Query:
        must = [(Occur.Must, self._query(clause)) for clause in group.must]
        should = [(Occur.Should, self._query(clause)) for clause in group.should]
        must_not = [(Occur.MustNot, self._query(clause)) for clause in group.must_not]
        if must_not and not must and not should:
            must = [(Occur.Must, _constant(Query.all_query(), 0.0))]
        return Query.boolean_query(must + should + must_not)


def _ranked(searcher: GuardedSearcher, hits: list[tuple[float, tantivy.DocAddress]], limit: int) -> Candidates:
    rows = np.array(searcher.fast_field_values(ROW, [address for _, address in hits]), dtype=np.int64)
    scores = np.fromiter((score for score, _ in hits), dtype=np.float32, count=len(hits))
    order = np.lexsort((rows, -scores))[:limit]
    return Candidates(rows[order], scores[order])


def gaps(terms: int, slop: int) -> list[tuple[int, ...]]:
    """Return the places that ``terms`` words in order can take, from 0 on, with up to ``slop`` others between.

    There are ``comb(slop + terms - 1, terms - 1)`` of them; the query limits keep that number small.
    """
    last = terms - 1 + slop
    return [(0, *places) for places in combinations(range(1, last + 1), terms - 1)]


def _constant(query: Query, score: float) -> Query:
    return Query.const_score_query(query, score)


def _all_of(*queries: Query) -> Query:
    return Query.boolean_query([(Occur.Must, query) for query in queries])


def _regex(pattern: str) -> str:
    """Return a wildcard pattern as an (anchored) regular expression of the engine's linear-time kind."""
    return "".join({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in pattern)

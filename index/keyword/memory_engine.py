"""The engine that needs no disk: BM25 by ``rank-bm25`` over passages in memory.

For a few files asked without an index, and the exact judge of the other engines: field lengths are what they are,
where tantivy rounds them to a byte.
"""

from __future__ import annotations

import threading
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING

import numpy as np
from rank_bm25 import BM25Okapi

from index.keyword.clause import Facet, Field
from index.keyword.collection import K1, B, Occurrences, rarity
from index.keyword.exact import ExactIndex

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from index.keyword.collection import Numbers, Values
    from index.keyword.protocol import KeywordDocument, Rows


@dataclass(slots=True)
class Memory:
    """What was committed: documents by row."""

    documents: dict[int, KeywordDocument] = field(default_factory=dict)


class MemoryWriter:
    """Writes passages; readers opened before a commit do not see it."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._documents = dict(memory.documents)

    def add(self, documents: Iterable[KeywordDocument]) -> None:
        """Add passages; their rows were never used before."""
        self._documents.update((document.row, document) for document in documents)

    def delete(self, rows: Sequence[int]) -> None:
        """Remove passages by row; rows not present are ignored."""
        for row in rows:
            self._documents.pop(row, None)

    def delete_from(self, row: int) -> None:
        """Remove every passage from that row on."""
        self.delete([found for found in self._documents if found >= row])

    def commit(self) -> None:
        """Make what was added and deleted visible to readers opened from now on."""
        self._memory.documents = dict(self._documents)

    def close(self) -> None:
        """Drop what was not committed."""
        self._documents = {}


class MemoryIndex(ExactIndex):
    """Reads what was committed when it was opened."""

    def __init__(self, memory: Memory) -> None:
        documents = [document for _, document in sorted(memory.documents.items())]
        super().__init__(_Documents(documents), _Documents([one for one in documents if one.story]))


class _Field(BM25Okapi):  # type: ignore[misc]  # rank-bm25 has no types
    """The terms of one field in all documents: counts, lengths and scores are those of rank-bm25."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        super().__init__(texts, k1=K1, b=B)
        self.doc_len: Numbers = np.array(self.doc_len, dtype=np.int64)
        self.holders: dict[str, list[int]] = {}
        for number, counts in enumerate(self.doc_freqs):
            for term in counts:
                self.holders.setdefault(term, []).append(number)
        self.terms = sorted(self.holders)
        self._lock = threading.Lock()  # the same words with other gaps are another count

    def _calc_idf(self, holders: Mapping[str, int]) -> None:
        """Take rarity as the other engines do: Okapi's own is below 0 for what half of the documents have."""
        self.idf = {term: rarity(self.corpus_size, count) for term, count in holders.items()}

    def scores(self, terms: Sequence[str], numbers: Numbers, counts: Numbers) -> Values:
        """Return the scores of documents by number; a phrase counts as a word as rare as its words together."""
        if len(terms) == 1:
            return np.array(self.get_batch_scores(terms, numbers), dtype=np.float64)
        phrase = " ".join(terms)  # no term has a space in it
        with self._lock:
            self.idf[phrase] = sum(self.idf[term] for term in terms)
            for number, count in zip(numbers, counts, strict=True):
                self.doc_freqs[number][phrase] = int(count)
            return np.array(self.get_batch_scores([phrase], numbers), dtype=np.float64)


class _Documents:
    """A collection of documents, ascending by row; a field is counted when it is first asked for."""

    def __init__(self, documents: Sequence[KeywordDocument]) -> None:
        self._documents = documents
        self._rows = np.array([document.row for document in documents], dtype=np.int64)
        self._fields: dict[Field | Facet, _Field] = {}

    @property
    def rows(self) -> Rows:
        """The row of every document."""
        return self._rows

    @cached_property
    def times(self) -> tuple[Rows, Numbers]:
        """The rows of the dated documents, and their times."""
        dated = [(one.row, one.time) for one in self._documents if one.time is not None]
        table = np.array(dated, dtype=np.int64).reshape(-1, 2)
        return table[:, 0], table[:, 1]

    def occurrences(self, field: Field | Facet, term: str) -> Occurrences:
        """Return where a term, or a metadata key, stands."""
        counted = self._field(field)
        numbers = counted.holders.get(term, []) if counted else []
        counts = [counted.doc_freqs[number][term] for number in numbers] if counted else []
        return Occurrences(self._rows[np.array(numbers, dtype=np.int64)], np.array(counts, dtype=np.int64))

    def positions(self, field: Field, term: str, rows: Rows) -> Sequence[Sequence[int]]:
        """Return the places of a term in each of ``rows``."""
        texts = (_terms(self._documents[number], field) for number in np.searchsorted(self._rows, rows))
        return [[place for place, found in enumerate(text) if found == term] for text in texts]

    def bm25(self, field: Field, terms: Sequence[str], found: Occurrences) -> Values:
        """Return the score of each row of ``found``."""
        counted = self._field(field)
        if counted is None or not len(found.rows):
            return np.zeros(0, dtype=np.float64)
        return counted.scores(terms, np.searchsorted(self._rows, found.rows), found.counts)

    def vocabulary(self, field: Field | Facet, prefix: str = "") -> Sequence[str]:
        """Return the terms, or metadata keys, with that prefix, sorted."""
        terms = counted.terms if (counted := self._field(field)) else []
        first = bisect_left(terms, prefix)
        return list(takewhile(lambda term: term.startswith(prefix), terms[first:])) if prefix else terms

    def frequencies(self, field: Field | Facet, terms: Sequence[str]) -> Mapping[str, int]:
        """Return in how many documents each of the terms stands."""
        holders = counted.holders if (counted := self._field(field)) else {}
        return {term: len(holders[term]) for term in terms if term in holders}

    def _field(self, field: Field | Facet) -> _Field | None:
        """Return a field, counted; ``None`` where there is no document to count."""
        if field not in self._fields and self._documents:
            self._fields[field] = _Field([_terms(document, field) for document in self._documents])
        return self._fields.get(field)


def _terms(document: KeywordDocument, field: Field | Facet) -> Sequence[str]:
    """Return the terms of a field in order, or the keys of a facet."""
    if isinstance(field, Facet):
        return document.facets.get(field, ())
    return {
        Field.BODY: document.content,
        Field.STEM: document.stems,
        Field.EXACT: document.exacts,
        Field.TITLE: document.title,
        Field.STORY: document.story,
    }[field].split()

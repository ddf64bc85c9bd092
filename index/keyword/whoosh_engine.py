"""The engine in pure Python, for places where no compiled wheel can be installed.

Whoosh keeps the posting lists; clauses are evaluated over them by ``index.keyword.evaluation`` and scored by Whoosh's
BM25 with our rarity and exact lengths, so that the answers are those of the engine in memory.
"""

from __future__ import annotations

import threading
from contextlib import ExitStack, contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from whoosh.codec.whoosh3 import W3Codec
from whoosh.reading import TermNotFound
from whoosh.scoring import bm25

from index.keyword.collection import K1, B, Occurrences, rarity
from index.keyword.exact import ExactIndex
from index.keyword.whoosh_documents import FACTS, RECORD, UNDATED, passage, story
from index.keyword.whoosh_files import open_files, told

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    import numpy.typing as npt

    from index.keyword.clause import Facet, Field
    from index.keyword.collection import Numbers, Values
    from index.keyword.protocol import KeywordDocument, Rows

STORIES: Final = "stories"
_REMEMBERED: Final = 1_024  # posting lists
_VOCABULARIES: Final = 4
_MEGABYTES: Final = 64  # postings sorted in memory by a writer, before they go to a temporary file


class WhooshWriter:
    """Writes passages, and stories into a folder of their own."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        self._passages = _Writer(path, passage, create=create)
        self._stories = _Writer(path / STORIES, story, create=create)

    def add(self, documents: Iterable[KeywordDocument]) -> None:
        """Add passages; their rows were never used before."""
        for document in documents:
            self._passages.add(document)
            if document.story:
                self._stories.add(document)

    def delete(self, rows: Sequence[int]) -> None:
        """Remove passages by row; rows not present are ignored."""
        for writer in (self._stories, self._passages):
            writer.delete(lambda held: np.isin(held, np.array(rows, dtype=np.int64)))

    def delete_from(self, row: int) -> None:
        """Remove every passage from that row on: what a crash left behind the store."""
        for writer in (self._stories, self._passages):
            writer.delete(lambda held: held >= row)

    def commit(self) -> None:
        """Make what was added and deleted durable and visible."""
        self._stories.commit()
        self._passages.commit()

    def close(self) -> None:
        """Drop what was not committed."""
        self._stories.close()
        self._passages.close()


class _Writer:
    """Writes the documents of one folder; Whoosh's writer is opened with the first change after a commit."""

    def __init__(self, path: Path, made: Callable[[KeywordDocument], dict[str, Any]], *, create: bool) -> None:
        self._path = path
        self._made = made
        self._files = open_files(path, create=create)
        self._writer: Any = None
        self._added: list[int] = []  # rows in the order of the segment being written

    def add(self, document: KeywordDocument) -> None:
        """Add a document."""
        with told(self._path):
            self._open().add_document(**self._made(document))
            self._added.append(document.row)

    def delete(self, chosen: Callable[[Rows], npt.NDArray[np.bool_]]) -> None:
        """Remove the documents with chosen rows, those not committed yet too."""
        with told(self._path):
            reader = self._files.reader()
            held = _facts(reader)["row"] if reader.doc_count_all() else np.empty(0, dtype=np.int64)
            reader.close()
            for number in np.flatnonzero(chosen(held)):
                self._open().delete_document(int(number))
            for number in np.flatnonzero(chosen(np.array(self._added, dtype=np.int64))):
                self._open().newsegment.delete_document(int(number))

    def commit(self) -> None:
        """Make the changes durable and visible."""
        if self._writer is not None:
            with told(self._path):
                self._writer.commit()
            self._writer = None
            self._added = []

    def close(self) -> None:
        """Drop what was not committed."""
        if self._writer is not None:
            with told(self._path):
                self._writer.cancel()
            self._writer = None
        self._files.close()

    def _open(self) -> Any:
        if self._writer is None:
            codec = W3Codec()
            codec.length_stats = False  # no field has any, and Whoosh would look for them with every posting
            self._writer = self._files.writer(codec=codec, limitmb=_MEGABYTES)
        return self._writer


class WhooshIndex(ExactIndex):
    """Reads one committed state of the engine's directory."""

    def __init__(self, path: Path) -> None:
        with ExitStack() as undo:
            passages = _Documents(path)
            undo.callback(passages.close)
            self._collections = (passages, _Documents(path / STORIES))
            undo.pop_all()
        super().__init__(*self._collections)

    def close(self) -> None:
        """Release the files."""
        super().close()
        for collection in self._collections:
            collection.close()


class _Documents:
    """The documents of one folder; threads take turns, since Whoosh's files have one place each."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        with self._reading(), ExitStack() as undo:
            files = open_files(path)
            undo.callback(files.storage.close_opened)
            self._reader = files.reader()
            self._facts = _facts(self._reader)
            live = np.fromiter(self._reader.all_doc_ids(), dtype=np.int64)
            self._live = live[np.argsort(self._facts["row"][live])]  # document numbers, in the order of their rows
            self._leaves = [(leaf, start) for leaf, start in self._reader.leaf_readers() if leaf.doc_count_all()]
            undo.pop_all()
        self._rows: Rows = self._facts["row"][self._live]
        self._times: Numbers = self._facts["time"][self._live]
        self.occurrences = lru_cache(_REMEMBERED)(self._occurrences)
        self.vocabulary = lru_cache(_VOCABULARIES)(self._vocabulary)

    @property
    def rows(self) -> Rows:
        """The row of every document."""
        return self._rows

    @property
    def times(self) -> tuple[Rows, Numbers]:
        """The rows of the dated documents, and their times."""
        dated = self._times != UNDATED
        return self._rows[dated], self._times[dated]

    def positions(self, field: Field, term: str, rows: Rows) -> Sequence[Sequence[int]]:
        """Return the places of a term in each of ``rows``."""
        wanted = set(rows.tolist())
        found: dict[int, list[int]] = {}
        with self._reading():
            for matcher, start in self._matchers(field, term):
                while matcher.is_active():
                    if (row := int(self._facts["row"][start + matcher.id()])) in wanted:
                        found[row] = matcher.value_as("positions")
                    matcher.next()
        return [found[row] for row in rows.tolist()]

    def bm25(self, field: Field, terms: Sequence[str], found: Occurrences) -> Values:
        """Return the score of each row of ``found``."""
        lengths = self._facts[field.value][self._live].astype(np.float64)
        idf = sum(rarity(len(self._rows), len(self.occurrences(field, term).rows)) for term in terms)
        if not len(found.rows):
            return np.zeros(0, dtype=np.float64)
        own = lengths[np.searchsorted(self._rows, found.rows)]
        scores: Values = bm25(idf, found.counts, own, lengths.mean(), B, K1)
        return scores

    def frequencies(self, field: Field | Facet, terms: Sequence[str]) -> Mapping[str, int]:
        """Return in how many documents each of the terms stands."""
        if len(self._rows) < len(self._facts):  # the dictionary still counts those deleted
            counts = {term: len(self.occurrences(field, term).rows) for term in terms}
        else:
            with self._reading():
                counts = {
                    term: sum(leaf.doc_frequency(field.value, term) for leaf, _ in self._leaves) for term in terms
                }
        return {term: count for term, count in counts.items() if count}

    def close(self) -> None:
        """Release the files."""
        with self._reading():
            self.occurrences.cache_clear()
            self.vocabulary.cache_clear()
            self._reader.close()

    def _occurrences(self, field: Field | Facet, term: str) -> Occurrences:
        numbers: list[int] = []
        counts: list[float] = []
        with self._reading():
            for matcher, start in self._matchers(field, term):
                while matcher.is_active():
                    numbers.append(start + matcher.id())
                    counts.append(matcher.weight())
                    matcher.next()
        rows = self._facts["row"][np.array(numbers, dtype=np.int64)]
        order = np.argsort(rows)
        return Occurrences(rows[order], np.array(counts, dtype=np.int64)[order])

    def _vocabulary(self, field: Field | Facet, prefix: str = "") -> Sequence[str]:
        with self._reading():
            terms = {bytes(term) for leaf, _ in self._leaves for term in leaf.expand_prefix(field.value, prefix)}
        return sorted(term.decode() for term in terms)

    def _matchers(self, field: Field | Facet, term: str) -> Iterator[tuple[Any, int]]:
        """Yield Whoosh's posting list of a term in each segment, and the number its documents start from."""
        for leaf, start in self._leaves:
            try:
                yield leaf.postings(field.value, term), start
            except TermNotFound:
                continue

    @contextmanager
    def _reading(self) -> Iterator[None]:
        with self._lock, told(self._path):
            yield


def _facts(reader: Any) -> Any:
    """Return the facts of every document by number, deleted ones included, (n,) of ``RECORD``."""
    leaves = [leaf for leaf, _ in reader.leaf_readers() if leaf.doc_count_all()]
    held = b"".join(record for leaf in leaves for record in leaf.column_reader(FACTS, translate=False))
    return np.frombuffer(held, dtype=RECORD)

"""Whether the keyword engine holds exactly the passages of the store, under the words that text analysis gives.

Compared in full: the rows there are, the rows of every value of the metadata, and in how many passages every term
occurs (after a sync at least so many: engines go on counting what was removed). Of larger collections only every n-th
term is compared row by row, and every n-th passage, time and story looked up.
"""

from __future__ import annotations

import zlib
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from index.keyword.clause import Among, Between, Everything, Facet, Field, Phrase, Term
from index.passages import document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from index.faults import Findings
    from index.keyword.protocol import KeywordDocument, Rows
    from index.local import LocalIndex
    from index.progress import Progress
    from index.store import Store

FILE: Final = "keyword"
_EVERY: Final = 5000  # passages up to which every term is compared row by row
_BATCH: Final = 500
_PHRASE: Final = 8  # terms
_MORE: Final = 1000  # terms asked for beyond those that should be there
_COUNTED: Final = {
    Field.BODY: "content",
    Field.STEM: "stems",
    Field.EXACT: "exacts",
    Field.TITLE: "title",
    Field.STORY: "story",
}


@dataclass(slots=True)
class _Wanted:
    """What the engine should say."""

    step: int
    facets: dict[tuple[Facet, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    frequencies: dict[Field, Counter[str]] = field(default_factory=lambda: {each: Counter() for each in Field})
    terms: dict[tuple[Field, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    phrases: list[tuple[int, Phrase]] = field(default_factory=list)
    times: dict[int, list[int]] = field(default_factory=lambda: defaultdict(list))

    def take(self, told: KeywordDocument) -> None:
        """Count one document."""
        for facet, keys in told.facets.items():
            for key in set(keys):
                self.facets[facet, key].append(told.row)
        for field_, name in _COUNTED.items():
            distinct = set(getattr(told, name).split())
            self.frequencies[field_].update(distinct)
            for term in filter(self._is_chosen, distinct):
                self.terms[field_, term].append(told.row)
        self._take_samples(told)

    def _is_chosen(self, term: str) -> bool:
        return zlib.crc32(term.encode("utf-8", "surrogatepass")) % self.step == 0

    def _take_samples(self, told: KeywordDocument) -> None:
        if told.row % self.step == 0:
            for field_, terms in ((Field.STEM, told.stems), (Field.EXACT, told.exacts), (Field.TITLE, told.title)):
                if " " in terms:
                    self.phrases.append((told.row, Phrase(field_, tuple(terms.split()[:_PHRASE]))))
        if told.time is not None and told.time % self.step == 0:
            self.times[told.time].append(told.row)


def check(
    index: LocalIndex, store: Store, findings: Findings, progress: Progress, *, quick: bool, is_new: bool
) -> None:
    """Compare an open index with its store; ``is_new`` tells that none was ever removed from it."""
    chores = set(store.unsettled())
    rows = [row for (row,) in store.read("SELECT row FROM passages ORDER BY row", ()) if row not in chores]
    found = index.matching(Everything())
    findings.rows(FILE, "passages that are not there, rows", np.setdiff1d(rows, found))
    findings.rows(FILE, "documents of no passage, rows", np.setdiff1d(found, rows))
    if len(np.unique(found)) != len(found):
        findings.add(FILE, "holds passages twice")
    if chores:
        findings.notes.append(f"{len(chores):,} keyword documents are left to the next `broadsheet index sync`")
    if quick:
        return
    step = 1 + len(rows) // _EVERY
    if step > 1:
        findings.notes.append(f"one in {step} terms and passages was compared with the keyword engine row by row")
    wanted = _Wanted(step)
    progress.start("words", len(rows), "passage")
    for told in _documents(store, rows):
        wanted.take(told)
        progress.advance()
    progress.finish()
    _compare(index, wanted, findings)
    _compare_counts(index, wanted, findings, is_exact=is_new and not chores)


def _documents(store: Store, rows: list[int]) -> Iterator[KeywordDocument]:
    """Yield the documents of ``rows`` as the engine should have them."""
    first = {row for (row,) in store.read("SELECT min(row) FROM passages GROUP BY article", ())}
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        found = store.passages(batch)
        articles = store.articles([passage.article_id for passage in found.values()])
        for row in batch:
            name = found[row].article_id
            yield document(row, found[row], store.article(name) if row in first else articles[name])


def _compare(index: LocalIndex, wanted: _Wanted, findings: Findings) -> None:
    """Compare rows: of each value of the metadata, of the terms and times chosen; and look up the phrases."""
    wrong = [f"{facet}: {key}" for (facet, key), rows in wanted.facets.items() if _is_unlike(index, facet, key, rows)]
    findings.rows(FILE, "metadata that finds other passages than it should", wrong)
    terms = wanted.terms.items()
    lost = [f"{each}: {term}" for (each, term), rows in terms if _differ(index.matching(Term(each, term)), rows)]
    findings.rows(FILE, "terms that find other passages than they should", lost)
    times = [time for time, rows in wanted.times.items() if _differ(index.matching(Between(time, time + 1)), rows)]
    findings.rows(FILE, "times that find other passages than they should", times)
    unfound = [row for row, phrase in wanted.phrases if row not in index.matching(phrase)]
    findings.rows(FILE, "passages not found by their own words in order, rows", unfound)
    findings.checked["terms"] = len(wanted.terms)


def _is_unlike(index: LocalIndex, facet: Facet, key: str, rows: list[int]) -> bool:
    return _differ(index.matching(Among(facet, (key,))), rows)


def _differ(found: Rows, rows: list[int]) -> bool:
    return not np.array_equal(found, rows)


def _compare_counts(index: LocalIndex, wanted: _Wanted, findings: Findings, *, is_exact: bool) -> None:
    """Compare in how many passages each term occurs, and see that the engine knows no others."""
    for each, frequencies in wanted.frequencies.items():
        found = _frequencies(index, each, frequencies)
        unlike = [term for term, count in frequencies.items() if found.get(term, 0) < count]
        if is_exact:
            unlike += [term for term, count in found.items() if count != frequencies.get(term, 0)]
        findings.rows(FILE, f"terms of the field {each} with wrong counts", sorted(set(unlike)))


def _frequencies(index: LocalIndex, each: Field, wanted: Mapping[str, int]) -> Mapping[str, int]:
    if each is Field.STORY:
        return {term: index.frequency(each, term) for term in wanted}
    return dict(index.completions(each, "", len(wanted) + _MORE))

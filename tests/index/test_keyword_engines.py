"""The contract of every keyword engine: the same documents and clauses, the same answers from each.

The engine in memory is the judge: it counts exactly what stands in the documents. Tantivy rounds field lengths to a
byte, so its scores may differ a little; those of Whoosh may not.
"""

from __future__ import annotations

import importlib.util
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index import passages, text
from index.errors import IndexDamaged, IndexLocked
from index.keyword.clause import (
    NOTHING,
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
from index.keyword.engines import ENGINES, open_engine, open_writer
from index.keyword.exact import ExactIndex
from index.keyword.memory_engine import Memory, MemoryIndex, MemoryWriter
from index.keyword.protocol import KeywordDocument
from index.sources.jsonl import article_from_dict
from search.parse import parse
from search.plan import plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from index.keyword.clause import Clause
    from index.keyword.protocol import Candidates, KeywordIndex, KeywordWriter

ALL = ("memory", *ENGINES)
ON_DISK = tuple(ENGINES)
ROUNDING = 0.06  # of tantivy's field lengths, as a share of a score

_spec = importlib.util.spec_from_file_location(
    "language_table", Path(__file__).parents[1] / "search" / "language_table.py"
)
assert _spec is not None
assert _spec.loader is not None
language_table = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(language_table)


@dataclass
class Place:
    """Where an engine lives in a test."""

    name: str
    folder: Path
    memory: Memory

    def writer(self, *, create: bool = False) -> KeywordWriter:
        if self.name == "memory":
            return MemoryWriter(self.memory)
        return open_writer(self.name, self.folder / "keyword", create=create)

    def reader(self) -> KeywordIndex:
        return MemoryIndex(self.memory) if self.name == "memory" else open_engine(self.name, self.folder / "keyword")

    def fill(self, documents: Iterable[KeywordDocument]) -> KeywordIndex:
        writer = self.writer(create=True)
        writer.add(documents)
        writer.commit()
        writer.close()
        return self.reader()


@pytest.fixture(params=ALL)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return Place(request.param, tmp_path, Memory())


def documents() -> Iterator[KeywordDocument]:
    row = 0
    for table in language_table.ARTICLES:
        article = article_from_dict(table)
        for passage in passages.cut(article):
            row += 1
            yield passages.document(row, passage, article)


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, KeywordIndex]]:
    folder = tmp_path_factory.mktemp("engines")
    opened = {}
    for name in ALL:
        (folder / name).mkdir()
        opened[name] = Place(name, folder / name, Memory()).fill(documents())
    yield opened
    for engine in opened.values():
        engine.close()


def simple(row: int, words: str, **more: Any) -> KeywordDocument:
    exacts, stems, content, _ = text.analysed(words)
    return KeywordDocument(row=row, exacts=exacts, stems=stems, content=content, **({"facets": {}} | more))


def asked() -> list[Clause]:
    """Return every clause that the queries of the language table become."""
    found: dict[Clause, None] = {}
    for query, _ in language_table.TABLE:
        made = plan(parse(query), 0.75)
        parts = (clause for _, clause in (*made.parts, *made.story_parts))
        found |= dict.fromkeys(clause for clause in (made.words, made.constraint, made.story, *parts) if clause)
    return list(found)


ASKED = asked()


def agree(engines: dict[str, KeywordIndex], clause: Clause) -> None:
    judge = engines["memory"]
    rows = judge.matching(clause)
    right = judge.search(clause, 100)
    exact = judge.score(clause, rows)
    assert sorted(right.rows.tolist()) == rows.tolist()
    for name, engine in engines.items():
        assert engine.matching(clause).tolist() == rows.tolist(), name
        assert engine.count(clause) == len(rows), name
        found = engine.search(clause, 100)
        assert sorted(found.rows.tolist()) == rows.tolist(), name
        tolerance = ROUNDING if name == "tantivy" else 1e-6
        assert engine.score(clause, rows) == pytest.approx(exact, rel=tolerance, abs=1e-6), name
        assert same_order(found, right, tolerance), name
        assert engine.matching(clause, 2).tolist() == rows[:2].tolist(), name
        for limit in (1, 3):
            assert engine.search(clause, limit).rows.tolist() == found.rows[:limit].tolist(), name


def same_order(found: Candidates, right: Candidates, tolerance: float) -> bool:
    """Whether no passage stands before one that scores more than it by more than the tolerance."""
    scores = dict(zip(right.rows.tolist(), right.scores.tolist(), strict=True))
    told = [scores[row] for row in found.rows.tolist()]
    return all(score >= max(told[place:]) * (1 - 2 * tolerance) - 1e-6 for place, score in enumerate(told))


@pytest.mark.parametrize("start", range(0, len(ASKED), 40))
def test_all_that_the_language_asks(engines: dict[str, KeywordIndex], start: int) -> None:
    for clause in ASKED[start : start + 40]:
        agree(engines, clause)


VOCABULARY = sorted({term for document in documents() for term in (*document.stems.split(), *document.exacts.split())})
words = st.sampled_from([*VOCABULARY, "absent"])
fields = st.sampled_from([field for field in Field if field is not Field.STORY])
placed = st.sampled_from([Field.STEM, Field.EXACT])
times = st.one_of(st.none(), st.sampled_from([0, 1_403_000_000, 1_404_038_340, 1_404_167_999, 1_421_020_800]))
wildcards = st.text(alphabet=st.sampled_from("*?") | st.sampled_from("aeiorst中.[]\\"), min_size=1, max_size=6)
leaves = st.one_of(
    st.builds(Term, fields, words),
    st.builds(Phrase, placed, st.lists(words, min_size=2, max_size=3).map(tuple), st.integers(0, 4)),
    st.builds(Pattern, placed, wildcards),
    st.builds(Fuzzy, st.just(Field.EXACT), st.one_of(words, st.text("aeinrst", max_size=5)), st.integers(1, 2)),
    st.builds(
        Among,
        st.sampled_from(Facet),
        st.lists(st.sampled_from(["comment", "paragraph", "itsme", "a1", "the wire", "x"]), max_size=3).map(tuple),
    ),
    st.builds(Between, times, times),
    st.builds(Only, st.lists(st.integers(0, 25), max_size=6).map(tuple)),
    st.just(Everything()),
    st.just(NOTHING),
)


def grouped(inner: st.SearchStrategy[Clause]) -> st.SearchStrategy[Clause]:
    some = st.lists(inner, max_size=3).map(tuple)
    weight = st.sampled_from([0.0, 0.4, 1.0, 3.0])
    return st.one_of(st.builds(Group, some, some, some), st.builds(Boosted, inner, weight))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(clause=st.recursive(leaves, grouped, max_leaves=8))
def test_any_tree_of_clauses(engines: dict[str, KeywordIndex], clause: Clause) -> None:
    agree(engines, clause)


@settings(max_examples=60, deadline=None)
@given(word=words, edits=st.integers(1, 2), data=st.data())
def test_near_spellings_with_letters_swapped(
    engines: dict[str, KeywordIndex], word: str, edits: int, data: st.DataObject
) -> None:
    letters = list(word)
    for _ in range(edits):
        place = data.draw(st.integers(0, max(0, len(letters) - 2)))
        letters[place : place + 2] = reversed(letters[place : place + 2])
    agree(engines, Fuzzy(Field.EXACT, "".join(letters), edits))


def test_frequencies_and_completions(engines: dict[str, KeywordIndex]) -> None:
    judge = engines["memory"]
    for engine in engines.values():
        for field in Field:
            for term in (*VOCABULARY[::7], "absent"):
                assert engine.frequency(field, term) == judge.frequency(field, term)
        for name in (Field.EXACT, Field.STEM, Facet.AUTHOR, Facet.KIND, Facet.SOURCE, Facet.TOPIC):
            for prefix in ("", "i", "中", "zzz"):
                told = engine.completions(name, prefix, 1000)
                assert sorted(told) == sorted(judge.completions(name, prefix, 1000))
                assert [count for _, count in told] == sorted((count for _, count in told), reverse=True)
        assert len(engine.completions(Field.EXACT, "", 3)) == 3


def test_bm25_is_the_formula(place: Place) -> None:
    engine = place.fill([simple(1, "war war peace"), simple(2, "war"), simple(3, "harbour boats")])
    rarity = np.log(1 + (3 - 2 + 0.5) / (2 + 0.5))
    parts = [count * 2.2 / (count + 1.2 * (0.25 + 0.75 * length / 2)) for count, length in ((2, 3), (1, 1))]
    scores = engine.score(Term(Field.BODY, "war"), np.array([1, 2, 3, 9]))
    assert scores == pytest.approx([rarity * parts[0], rarity * parts[1], 0, 0], rel=1e-6)  # short: nothing is rounded
    pair = engine.score(Phrase(Field.STEM, ("war", "war")), np.array([1]))
    assert pair == pytest.approx([2 * rarity * 2.2 / (1 + 1.2 * (0.25 + 0.75 * 1.5))], rel=1e-6)


def test_long_texts_are_scored_alike(tmp_path: Path) -> None:
    """Tantivy rounds a length down to one of eight steps between powers of two: from 40 words on that shows."""
    texts = [simple(row, "war " * (row % 4 + 1) + "filler " * (row * 11)) for row in range(1, 60)]
    scores = {}
    for name in ALL:
        (tmp_path / name).mkdir()
        engine = Place(name, tmp_path / name, Memory()).fill(texts)
        scores[name] = engine.score(Term(Field.BODY, "war"), np.arange(1, 60))
        engine.close()
    assert scores["whoosh"] == pytest.approx(scores["memory"], rel=1e-6)
    assert scores["tantivy"] == pytest.approx(scores["memory"], rel=1 / 8)
    assert scores["tantivy"] != pytest.approx(scores["memory"], rel=0.01)


def test_threads_take_turns(engines: dict[str, KeywordIndex]) -> None:
    """Each of many threads gets the answer it would get alone."""
    clauses = [clause for clause in ASKED if not asks_stories(clause)][:60]
    for engine in engines.values():
        alone = [engine.search(clause, 20).rows.tolist() for clause in clauses]
        if isinstance(engine, ExactIndex):
            engine._evaluated.cache_clear()
        with ThreadPoolExecutor(4) as pool:
            together = list(pool.map(lambda clause: engine.search(clause, 20).rows.tolist(), clauses * 4))  # noqa: B023
        assert together == alone * 4


def test_nothing_is_seen_before_its_commit(place: Place) -> None:
    writer = place.writer(create=True)
    writer.commit()
    writer.add([simple(1, "war")])
    assert place.reader().matching(Everything()).tolist() == []
    writer.commit()
    before = place.reader()
    writer.add([simple(2, "war")])
    writer.delete([1])
    assert place.reader().matching(Everything()).tolist() == [1]
    writer.commit()
    assert before.matching(Term(Field.BODY, "war")).tolist() == [1]
    assert place.reader().matching(Everything()).tolist() == [2]
    writer.close()


def test_closing_drops_what_was_not_committed(place: Place) -> None:
    place.fill([simple(1, "war")])
    writer = place.writer()
    writer.add([simple(2, "war")])
    writer.delete([1])
    writer.close()
    assert place.reader().matching(Everything()).tolist() == [1]
    writer = place.writer()
    writer.add([simple(3, "war")])
    writer.commit()
    writer.close()
    assert place.reader().matching(Everything()).tolist() == [1, 3]


def test_rows_are_deleted_and_written_anew(place: Place) -> None:
    place.fill(simple(row, f"war number{row}") for row in range(1, 6)).close()
    writer = place.writer()
    writer.delete([2, 3, 99])
    writer.add([simple(2, "peace"), simple(7, "war")])
    writer.delete([7])
    writer.commit()
    writer.close()
    engine = place.reader()
    assert engine.matching(Everything()).tolist() == [1, 2, 4, 5]
    assert engine.documents == 4
    assert engine.matching(Term(Field.BODY, "war")).tolist() == [1, 4, 5]
    assert engine.matching(Term(Field.BODY, "peac")).tolist() == [2]
    assert engine.matching(Term(Field.EXACT, "number3")).tolist() == []


def test_what_a_crash_left_behind_is_found_and_dropped(place: Place) -> None:
    facets = {Facet.ARTICLE: ["a"]}
    engine = place.fill(simple(row, "war", story="war", facets=facets) for row in range(1, 6))
    assert sorted(engine.rows_from(4)) == [4, 5]
    engine.close()
    writer = place.writer()
    writer.delete_from(4)
    writer.commit()
    writer.close()
    engine = place.reader()
    assert engine.rows_from(1) == [1, 2, 3]
    assert engine.documents == 3
    assert engine.matching(Term(Field.STORY, "war")).tolist() == [1, 2, 3]


def test_many_commits_are_one_index(place: Place) -> None:
    writer = place.writer(create=True)
    for start in (40, 20, 0):
        writer.add(simple(row, "x y") for row in range(start, start + 20))
        writer.commit()
    writer.close()
    engine = place.reader()
    assert engine.search(Term(Field.STEM, "x"), 7).rows.tolist() == list(range(7))
    assert engine.count(Phrase(Field.STEM, ("x", "y"))) == 60
    assert engine.frequency(Field.STEM, "x") == 60


def test_an_empty_index_answers(place: Place) -> None:
    engine = place.fill([])
    for clause in [clause for clause in ASKED if not asks_stories(clause)][:80]:
        assert engine.count(clause) == 0
        assert len(engine.search(clause, 5)) == 0
        assert engine.score(clause, np.array([1, 2])).tolist() == [0, 0]
    assert engine.completions(Facet.AUTHOR, "", 5) == []
    assert engine.frequency(Field.STORY, "war") == 0
    assert engine.documents == 0
    assert engine.rows_from(0) == []


def test_stories_are_a_collection_of_their_own(place: Place) -> None:
    about = {"facets": {Facet.ARTICLE: ["a"]}}
    engine = place.fill([simple(1, "x", story="war war peace", **about), simple(2, "x"), simple(3, "x")])
    assert engine.documents == 3
    assert engine.matching(Term(Field.STORY, "war")).tolist() == [1]
    assert engine.search(Term(Field.STORY, "peace"), 5).scores[0] == pytest.approx(np.log(1 + 0.5 / 1.5), rel=1e-6)
    assert engine.count(Group(must=(Among(Facet.ARTICLE, ("a",)), Term(Field.STORY, "war")))) == 1


@pytest.mark.parametrize("name", ON_DISK)
def test_a_folder_that_is_no_index_is_damage(name: str, tmp_path: Path) -> None:
    (tmp_path / "keyword").mkdir()
    with pytest.raises(IndexDamaged, match="index rebuild"):
        open_engine(name, tmp_path / "keyword")
    with pytest.raises(IndexDamaged, match="index rebuild"):
        open_writer(name, tmp_path / "keyword")


def test_an_engine_nobody_knows_is_damage(tmp_path: Path) -> None:
    for opening in (open_engine, open_writer):
        with pytest.raises(IndexDamaged, match="no keyword engine 'lucene'"):
            opening("lucene", tmp_path)


def test_two_writers_of_whoosh_exclude_each_other(tmp_path: Path) -> None:
    place = Place("whoosh", tmp_path, Memory())
    place.fill([simple(1, "war")]).close()
    first, second = place.writer(), place.writer()
    first.add([simple(2, "war")])
    with pytest.raises(IndexLocked):
        second.add([simple(3, "war")])
    second.close()
    first.close()

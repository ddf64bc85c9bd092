"""The contract every keyword engine keeps, run over tantivy against plain set arithmetic and counting."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from index import text
from index.keyword import tantivy_documents
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
    filtered,
)
from index.keyword.protocol import KeywordDocument
from index.keyword.tantivy_engine import TantivyIndex
from index.keyword.tantivy_writer import TantivyWriter

if TYPE_CHECKING:
    from pathlib import Path

    from index.keyword.clause import Clause

TEXTS = {
    1: ("paragraph", "alice", 100, "The proxy war in Syria goes on and on"),
    2: ("paragraph", "bob", 200, "A war of words, not a proxy for anything"),
    3: ("comment", "carol", 300, "Militias and militants; the war, again. War!"),
    5: ("comment", "alice", None, "Iraq's militia leaders met"),
    8: ("headline", "bob", -50, "Nothing here about that"),
}


@pytest.fixture
def engine(tmp_path: Path) -> TantivyIndex:
    writer = TantivyWriter(tmp_path / "keyword", create=True)
    writer.add(document(row) for row in TEXTS)
    writer.commit()
    writer.close()
    return TantivyIndex(tmp_path / "keyword")


def document(row: int) -> KeywordDocument:
    kind, author, time, words = TEXTS[row]
    facets = {Facet.KIND: [kind], Facet.AUTHOR: [author]}
    exacts, stems, content, _ = text.analysed(words)
    return KeywordDocument(
        row=row, exacts=exacts, stems=stems, content=content, title="front", facets=facets, time=time
    )


WAR, PROXY = Term(Field.STEM, "war"), Term(Field.STEM, "proxi")


@pytest.mark.parametrize(
    ("clause", "rows"),
    [
        (WAR, {1, 2, 3}),
        (Term(Field.EXACT, "militias"), {3}),
        (Term(Field.STEM, "militia"), {3, 5}),
        (Term(Field.EXACT, "iraq"), {5}),
        (Term(Field.TITLE, "front"), {1, 2, 3, 5, 8}),
        (Term(Field.STEM, "absent"), set()),
        (Term(Field.STEM, "the"), {1, 3}),
        (Term(Field.BODY, "the"), set()),
        (Term(Field.BODY, "war"), {1, 2, 3}),
        (Phrase(Field.STEM, ("proxi", "war")), {1}),
        (Phrase(Field.STEM, ("war", "proxi")), set()),
        (Phrase(Field.STEM, ("war", "word", "proxi"), 2), set()),
        (Phrase(Field.STEM, ("war", "word", "proxi"), 3), {2}),
        (Phrase(Field.STEM, ("syria", "war"), 5), set()),
        (Pattern(Field.EXACT, "milit*"), {3, 5}),
        (Pattern(Field.EXACT, "w?r"), {1, 2, 3}),
        (Pattern(Field.EXACT, "*ria"), {1}),
        (Pattern(Field.EXACT, "a.c*"), set()),
        (Fuzzy(Field.EXACT, "iraqx", 1), {5}),
        (Fuzzy(Field.EXACT, "sryia", 1), {1}),
        (Fuzzy(Field.EXACT, "zzzzz", 2), set()),
        (Among(Facet.KIND, ("comment", "headline")), {3, 5, 8}),
        (Among(Facet.AUTHOR, ("alice",)), {1, 5}),
        (Among(Facet.SOURCE, ("none",)), set()),
        (Between(100, 300), {1, 2}),
        (Between(None, 100), {8}),
        (Between(-50, -49), {8}),
        (Between(200, None), {2, 3}),
        (Everything(), {1, 2, 3, 5, 8}),
        (Only((2, 5, 77)), {2, 5}),
        (Only(()), set()),
        (Group(must=(WAR,), must_not=(Only((2, 3)),)), {1}),
        (NOTHING, set()),
        (Group(must=(WAR, PROXY)), {1, 2}),
        (Group(should=(PROXY, Among(Facet.KIND, ("headline",)))), {1, 2, 8}),
        (Group(must_not=(WAR,)), {5, 8}),
        (Group(must=(WAR,), must_not=(PROXY,)), {3}),
        (Group(must=(Group(should=(PROXY, WAR)), Among(Facet.KIND, ("comment",)))), {3}),
        (Group(must=(WAR, NOTHING)), set()),
        (Boosted(Group(must_not=(WAR,)), 0.0), {5, 8}),
    ],
)
def test_matches(engine: TantivyIndex, clause: Clause, rows: set[int]) -> None:
    assert engine.matching(clause).tolist() == sorted(rows)
    assert engine.count(clause) == len(rows)
    found = engine.search(clause, 10)
    assert set(found.rows.tolist()) == rows
    assert found.rows.dtype == np.int64
    scores = engine.score(clause, np.array([9, 8, 5, 3, 2, 1], dtype=np.int64))
    by_row = dict(zip(found.rows.tolist(), found.scores.tolist(), strict=True))
    assert scores == pytest.approx([by_row.get(row, 0.0) for row in (9, 8, 5, 3, 2, 1)], rel=1e-6)


@pytest.mark.parametrize("asked", [60, 400, 1300])
def test_many_rows_are_scored_as_they_are_found(tmp_path: Path, asked: int) -> None:
    writer = TantivyWriter(tmp_path / "keyword", create=True)
    words = [" ".join(["x"] * (row % 4) + ["y"] * (row % 7 + 1)) for row in range(1300)]
    writer.add(
        KeywordDocument(row=row, exacts=told, stems=told, content=told, facets={}) for row, told in enumerate(words)
    )
    writer.commit()
    writer.close()
    engine = TantivyIndex(tmp_path / "keyword")
    found = engine.search(Term(Field.BODY, "x"), 1300)
    by_row = dict(zip(found.rows.tolist(), found.scores.tolist(), strict=True))
    assert found.matched == len(by_row) == 975
    rows = np.random.default_rng(1).permutation(1300)[:asked]
    scores = engine.score(Term(Field.BODY, "x"), rows)
    assert scores.tolist() == [by_row.get(row, 0.0) for row in rows.tolist()]


def test_more_occurrences_rank_higher_and_limits_cut(engine: TantivyIndex) -> None:
    assert engine.search(WAR, 1).rows.tolist() == [3]


def test_equal_scores_are_ordered_by_row(tmp_path: Path) -> None:
    writer = TantivyWriter(tmp_path / "keyword", create=True)
    for start in (20, 10, 0):  # three commits, so that segments do not follow the rows
        rows = range(start, start + 10)
        writer.add(KeywordDocument(row=row, exacts="x", stems="x", content="x", facets={}) for row in rows)
        writer.commit()
    writer.close()
    engine = TantivyIndex(tmp_path / "keyword")
    assert engine.search(Term(Field.STEM, "x"), 7).rows.tolist() == list(range(7))


def test_filters_score_nothing_and_boosts_multiply(engine: TantivyIndex) -> None:
    plain = engine.search(WAR, 10).scores
    assert engine.search(Group(must=(WAR, Among(Facet.KIND, ("paragraph", "comment")))), 10).scores == pytest.approx(
        plain
    )
    assert engine.search(Boosted(WAR, 2.0), 10).scores == pytest.approx(plain * 2)
    assert not engine.search(filtered(WAR), 10).scores.any()


def test_deleted_rows_are_gone_after_commit(tmp_path: Path, engine: TantivyIndex) -> None:
    engine.close()
    writer = TantivyWriter(tmp_path / "keyword")
    writer.delete([1, 99])
    writer.commit()
    writer.close()
    assert TantivyIndex(tmp_path / "keyword").matching(WAR).tolist() == [2, 3]


def test_terms_are_counted_and_completed(engine: TantivyIndex) -> None:
    assert engine.frequency(Field.STEM, "war") == 3
    assert engine.frequency(Field.STEM, "absent") == 0
    assert dict(engine.completions(Field.EXACT, "milit", 10)) == {"militants": 1, "militias": 1, "militia": 1}


def test_metadata_is_completed_too(engine: TantivyIndex) -> None:
    assert engine.completions(Facet.AUTHOR, "", 2) == [("alice", 2), ("bob", 2)]
    assert engine.completions(Facet.AUTHOR, "c", 10) == [("carol", 1)]
    assert engine.completions(Facet.SOURCE, "", 10) == []


def test_the_first_rows_that_match(engine: TantivyIndex) -> None:
    assert engine.matching(Everything(), 2).tolist() == [1, 2]
    assert engine.matching(Among(Facet.AUTHOR, ("bob",)), 1).tolist() == [2]
    assert engine.matching(NOTHING, 1).tolist() == []


def tell(folder: Path) -> TantivyIndex:
    """Return an engine of two articles: rows 1 to 3 of one, 4 of the other."""
    writer = TantivyWriter(folder / "told", create=True)
    for row, name, story in ((1, "a", "war war peace"), (2, "a", ""), (3, "a", ""), (4, "b", "war harbour")):
        about = {"exacts": "x", "stems": "x", "content": "x", "facets": {Facet.ARTICLE: [name]}}
        writer.add([KeywordDocument(row=row, story=story, **about)])
    writer.commit()
    writer.close()
    return TantivyIndex(folder / "told")


def test_stories_are_ranked_among_stories(tmp_path: Path) -> None:
    engine = tell(tmp_path)
    found = engine.search(Term(Field.STORY, "peace"), 5)
    rarity, length = np.log(1 + (2 - 1 + 0.5) / (1 + 0.5)), 3 / 2.5  # two stories, of 2.5 words on average
    assert found.rows.tolist() == [1]
    assert found.scores[0] == pytest.approx(rarity * 2.2 / (1 + 1.2 * (0.25 + 0.75 * length)), rel=1e-6)
    assert engine.search(Boosted(Group(should=(Term(Field.STORY, "war"),)), 2.0), 5).rows.tolist() == [1, 4]
    assert engine.count(Group(must=(Among(Facet.ARTICLE, ("b",)), Term(Field.STORY, "war")))) == 1
    assert engine.score(Term(Field.STORY, "war"), np.array([4, 3])).astype(bool).tolist() == [True, False]
    assert engine.frequency(Field.STORY, "war") == 2
    assert engine.documents == 4


def test_a_story_goes_with_its_first_passage(tmp_path: Path) -> None:
    tell(tmp_path).close()
    writer = TantivyWriter(tmp_path / "told")
    writer.delete([1])
    writer.commit()
    writer.close()
    engine = TantivyIndex(tmp_path / "told")
    assert engine.matching(Term(Field.STORY, "war")).tolist() == [4]
    assert engine.matching(Everything()).tolist() == [2, 3, 4]


def test_stories_of_a_commit_that_was_cut_short_are_found_and_dropped(tmp_path: Path) -> None:
    ahead = replace(document(8), story="alon")
    writer = TantivyWriter(tmp_path / "keyword", create=True)
    writer.add(document(row) for row in (1, 2))
    writer.commit()
    writer._stories.add_document(tantivy_documents.story(ahead))
    writer._stories.commit()
    writer.close()
    engine = TantivyIndex(tmp_path / "keyword")
    assert engine.documents == 2
    assert engine.rows_from(3) == [8]
    engine.close()
    writer = TantivyWriter(tmp_path / "keyword")
    writer.delete_from(3)
    writer.commit()
    writer.close()
    assert TantivyIndex(tmp_path / "keyword").rows_from(1) == [1, 2]

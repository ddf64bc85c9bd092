"""Whole stories weigh in where hits are articles, and only there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from index.keyword.clause import Field, Group, Term
from index.local import LocalIndex
from search.parse import parse
from search.plan import plan
from search.results import Mode
from search.searcher import Searcher
from search.stories import Stories
from search.weights import FILE, MOST_STORY, Weights, saved

if TYPE_CHECKING:
    from collections.abc import Callable

    Make = Callable[..., Searcher]

FILLER = "the town hall met again and heard of roads and of the budget for trees"
SPREAD: dict[str, Any] = {
    "id": "spread",
    "title": "Night ferries",
    "paragraphs": [f"A barrier {FILLER}.", f"The surge {FILLER}.", f"The gates {FILLER}.", f"A barrier and {FILLER}."],
}
ONCE: dict[str, Any] = {
    "id": "once",
    "title": "Town hall",
    "paragraphs": ["Of barrier gates nothing was heard.", *(f"{FILLER} number {n}" for n in range(5))],
    "comments": [{"id": "1", "author": "Ann", "text": "No barrier, no surge, no gates"}],
}
QUERY = "barrier surge gates"


def weighed(searcher: Searcher, weights: Weights) -> Searcher:
    """Return a searcher of the same index under other weights."""
    root = searcher.info().path
    (root / FILE).write_text(saved(weights), "utf-8")
    return Searcher(LocalIndex.open(root))


@pytest.mark.parametrize(("story", "first"), [(0.0, "once"), (0.75, "spread")])
def test_an_article_that_is_about_it_ranks_above_one_that_says_it_once(
    searcher_of: Make, story: float, first: str
) -> None:
    with weighed(searcher_of(SPREAD, ONCE), Weights(story=story, second=0.0, third=0.0)) as searcher:
        hits = searcher.search(f"{QUERY} -in:comment", mode="keyword", group_by="article")
        assert hits[0].article.id == first
        assert {hit.article.id for hit in hits} == {"spread", "once"}
        assert hits[0].keyword.rank == 1


def test_passages_are_ranked_without_their_stories(searcher_of: Make) -> None:
    plain = searcher_of(SPREAD, ONCE)
    for mode in Mode:
        told = [(hit.passage.id, hit.score) for hit in plain.search(QUERY, mode=mode)]
        with weighed(plain, Weights(story=0.0)) as other:
            assert told == [(hit.passage.id, hit.score) for hit in other.search(QUERY, mode=mode)]


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize(
    "query",
    [QUERY, '+gates "was heard" surge^2 bar*', "+barrier -harbour ferries", '"was heard"', "barrier-gates tre~"],
)
def test_explanations_of_articles_add_up(searcher_of: Make, mode: Mode, query: str) -> None:
    hits = searcher_of(SPREAD, ONCE).search(query, mode=mode, group_by="article", explain=True)
    assert hits
    for hit in hits:
        told = hit.explain()
        assert sum(part.value for part in told.parts) == pytest.approx(hit.score, abs=1e-6)
        if hit.keyword is not None:
            assert sum(score for _, score in told.words) == pytest.approx(hit.keyword.score, rel=1e-5)


def test_what_no_story_can_be_asked_counts_in_full(searcher_of: Make) -> None:
    searcher = searcher_of(SPREAD, ONCE)
    scores = [searcher.search('"was heard"', mode="keyword", group_by=group)[0].score for group in (None, "article")]
    assert scores[0] == pytest.approx(scores[1])
    assert plan(parse('"was heard" =gates mil*'), 0.75).story is None
    assert plan(parse(QUERY)).story is None


def test_each_passage_has_the_score_of_its_story(searcher_of: Make) -> None:
    root = searcher_of(SPREAD, ONCE).info().path
    index = LocalIndex.open(root)
    clause = Group(should=(Term(Field.STORY, "barrier"), Term(Field.STORY, "surg")))
    once, spread = index.score(clause, np.array([index.row("once#h"), index.row("spread#h")])).tolist()
    rows = np.array([index.row(name) for name in ("once#c1", "spread#p2", "spread#h", "once#p3", "spread#p2")])
    stories = Stories(index, clause)
    assert spread > once > 0
    assert stories.scores(rows).tolist() == [once, spread, spread, once, spread]
    assert stories.scores(rows[:2]).tolist() == [once, spread]
    assert not Stories(index, Group(should=(Term(Field.STORY, "absent"),))).scores(rows).any()
    index.close()


def test_articles_whose_ids_differ_by_case_keep_their_own_stories(searcher_of: Make) -> None:
    searcher = searcher_of(*({"id": name, "title": name, "paragraphs": ["barrier " * times]} for name, times in IDS))
    index = LocalIndex.open(searcher.info().path)
    rows = np.array([index.row(f"{name}#p1") for name, _ in IDS])
    firsts = np.array([index.row(f"{name}#h") for name, _ in IDS])
    clause = Term(Field.STORY, "barrier")
    assert Stories(index, clause).scores(rows) == pytest.approx(index.score(clause, firsts))
    index.close()


IDS = (("Aa", 1), ("aA", 2), ("aa", 3), ("b", 4))


def test_a_story_cannot_leave_a_passage_nothing() -> None:
    assert Weights(story=MOST_STORY)
    with pytest.raises(ValueError, match="story must be at most"):
        Weights(story=1.0)

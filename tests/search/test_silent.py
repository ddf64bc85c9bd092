"""Matches that no word speaks for: a filter within OR admits them, and they come last."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.keyword.clause import Among, Boosted, Clause, Everything, Facet, Field, Fuzzy, Group, Pattern, Term
from search.searcher import Searcher
from search.silent import may_be_silent
from tests.conftest import build, write_articles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.results import Results

EITHER = "in:comment OR harbour"
ARTICLES = [
    {
        "id": "a",
        "title": "A vote on the quay",
        "published": "2024-03-01T10:00:00Z",
        "paragraphs": ["The harbour was dredged in spring.", "The council met on Monday."],
        "comments": [
            {"id": "1", "author": "Ann", "text": "They never ask us.", "posted": "2024-03-02T10:00:00Z"},
            {"id": "2", "author": "Bo", "text": "My harbour, my rules.", "posted": "2024-03-03T10:00:00Z"},
            {"id": "3", "author": "Cy", "text": "Nobody reads this."},
        ],
    },
    {
        "id": "b",
        "title": "Grain ships wait",
        "published": "2024-04-01T10:00:00Z",
        "paragraphs": ["Ships wait outside the harbour for grain.", "Prices fell."],
        "comments": [{"id": "1", "author": "Di", "text": "Good news for bread.", "posted": "2024-04-02T10:00:00Z"}],
    },
]
SPOKEN = {"a#p1", "a#c2", "b#p1"}
SILENT = {"a#c1", "a#c3", "b#c1"}


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    folder = tmp_path_factory.mktemp("silent")
    build(folder / "index", [write_articles(folder / "articles.jsonl", ARTICLES)])
    with Searcher.open(folder / "index") as opened:
        yield opened


def ids(results: Results) -> list[str]:
    return [hit.passage.id for hit in results]


def test_by_relevance_they_come_last_and_are_counted(searcher: Searcher) -> None:
    found = searcher.search(EITHER, mode="keyword")
    assert set(ids(found)[:3]) == SPOKEN
    assert set(ids(found)[3:]) == SILENT
    assert found.total == len(found.hits) == 6
    assert [hit.score for hit in found][3:] == [0.0] * 3
    assert all(sum(part.value for part in hit.explain().parts) == pytest.approx(hit.score) for hit in found)


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("newest", ["b#c1", "b#p1", "a#c2", "a#c1", "a#p1", "a#c3"]),
        ("oldest", ["a#p1", "a#c1", "a#c2", "b#p1", "b#c1", "a#c3"]),
    ],
)
def test_by_time_they_stand_where_their_time_is(searcher: Searcher, sort: str, order: list[str]) -> None:
    found = searcher.search(EITHER, mode="keyword", sort=sort)
    assert ids(found) == order
    assert found.total == 6


def test_their_reason_is_the_filter(searcher: Searcher) -> None:
    by_id = {hit.passage.id: hit.why for hit in searcher.search(EITHER, mode="keyword")}
    assert by_id["a#c1"] == "no word in common; by a filter"
    assert by_id["a#c2"].startswith("the word; ")


def test_a_hybrid_search_has_them_however_far_in_meaning(searcher: Searcher) -> None:
    for sort in ("relevance", "newest"):
        found = searcher.search(EITHER, sort=sort, limit=50, stacks=False)
        assert set(ids(found)) >= SPOKEN | SILENT
        assert found.total == len(found.hits)


def test_grouped_by_article_they_are_named(searcher: Searcher) -> None:
    hits = searcher.search(EITHER, mode="keyword", group_by="article").hits
    assert {hit.passage.id for hit in hits} | {other for hit in hits for other in hit.more} == SPOKEN | SILENT


def test_a_stack_leader_that_satisfies_nothing_does_not_come_with_its_reprint(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    text = "Gates the height of a house were closed for eleven hours while the tide ran against them."
    wire = [
        {"id": n, "title": n, "source": n, "published": f"2020-01-0{n}T00:00:00Z", "paragraphs": [text]} for n in "12"
    ]
    folder = tmp_path_factory.mktemp("stack")
    build(folder / "index", [write_articles(folder / "wire.jsonl", wire)])
    with Searcher.open(folder / "index") as opened:
        found = opened.search("(source:2 OR harbour) -in:headline", mode="keyword")
        assert ids(found) == ["2#p1"]
        assert found.total == 1


LEAVES = st.sampled_from(
    ["in:comment", "by:Bo", "harbour", "grain", "in:headline", "after:2024-04-01", "-council", "pr*"]
)
QUERIES = st.lists(LEAVES, min_size=2, max_size=4).flatmap(
    lambda leaves: st.sampled_from([" OR ".join(leaves), f"({' OR '.join(leaves)}) (ships OR by:Ann)"])
)


@given(query=QUERIES, sort=st.sampled_from(["relevance", "newest", "oldest"]), size=st.integers(1, 4))
def test_page_order_and_total_agree(searcher: Searcher, query: str, sort: str, size: int) -> None:
    whole = searcher.search(query, mode="keyword", sort=sort, limit=50, stacks=False, comments=None)
    assert whole.total == len(whole.hits)
    paged = [
        name
        for offset in range(0, max(1, whole.total), size)
        for name in ids(
            searcher.search(query, mode="keyword", sort=sort, limit=size, offset=offset, stacks=False, comments=None)
        )
    ]
    assert paged == ids(whole)


WORD, FILTER = Term(Field.BODY, "harbour"), Among(Facet.KIND, ("comment",))


@pytest.mark.parametrize(
    ("clause", "is_silent"),
    [
        (WORD, False),
        (Pattern(Field.EXACT, "pr*"), False),
        (Fuzzy(Field.EXACT, "harbor", 1), False),
        (Boosted(WORD, 0.5), False),
        (Boosted(WORD, 0.0), True),
        (FILTER, True),
        (Everything(), True),
        (Group(should=(WORD, FILTER)), True),
        (Group(should=(WORD, Boosted(WORD, 2.0))), False),
        (Group(must=(FILTER, WORD)), False),
        (Group(must=(FILTER,), should=(WORD,)), True),
        (Group(must=(WORD,), should=(FILTER,)), False),
        (Group(must=(FILTER, Group(should=(WORD, FILTER)))), True),
        (Group(must_not=(WORD,)), True),
    ],
)
def test_which_clauses_can_match_without_a_score(clause: Clause, is_silent: bool) -> None:
    assert may_be_silent(clause) is is_silent

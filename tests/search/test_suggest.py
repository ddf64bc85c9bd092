"""Completion: what is typed, and what it may go on to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.parse import parse
from search.plan import plan
from search.suggest import suggest

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.local import LocalIndex

    Make = Callable[..., LocalIndex]

ARTICLES = (
    {
        "id": "a1",
        "title": "Harbour Dredged",
        "source": "The Gull",
        "section": "World",
        "place": "Öland",
        "authors": ["Ada Quist"],
        "topics": ["Ports & Ships"],
        "paragraphs": ["The harbour was dredged by harbourmasters.", "The oyster beds and the oyster bar. Al-Maliki."],
        "comments": [
            {"id": "1", "author": "Harry Ember", "text": "Poor oysters! 中国人 中国"},
            {"id": "2", "author": "Harriet Ash", "text": "There is the harbour. 中文"},
            {"id": "3", "author": "Ember", "text": "Mind the café."},
        ],
    },
    {
        "id": "a2",
        "title": "Strike",
        "source": "Tern",
        "section": "wörld news",
        "authors": ['Jim "Doc" Smith'],
        "paragraphs": ["They went."],
    },
)


@pytest.fixture(scope="module")
def index(index_of: Make) -> LocalIndex:
    return index_of(*ARTICLES, has_vectors=False)


@pytest.mark.parametrize(
    ("prefix", "expected"),
    [
        ("harbo", [("harbour", "word", 3), ("harbourmasters", "word", 1)]),
        ("the oys", [("oyster", "word", 1), ("oysters", "word", 1)]),
        ("Harbou", [("Harbour", "word", 3), ("Harbourmasters", "word", 1)]),
        ("DREDG", [("DREDGED", "word", 2)]),
        ("caf", [("cafe", "word", 1)]),
        ("Café", [("Café", "word", 1)]),
        ("+oysters", [("oysters", "word", 1)]),
        ("headline:har", [("harbour", "word", 3), ("harbourmasters", "word", 1)]),
        ("=dredg", [("dredged", "word", 2)]),
        ("al-Mal", [("al-Maliki", "word", 1)]),
        ('"oyster b', [("oyster bar", "word", 1), ("oyster beds", "word", 1)]),
        ('"the oyster be', [("the oyster beds", "word", 1)]),
        ('"there i', [("there is", "word", 1)]),
        ('"bar oyster', []),
        ("中", [("中国", "word", 1), ("中文", "word", 1)]),
        ("中国", [("中国", "word", 1), ("中国人", "word", 1)]),
        ("har", [("harbour", "word", 3), ("Harriet Ash", "author", 1), ("Harry Ember", "author", 1),
                 ("harbourmasters", "word", 1)]),
        ("by:har", [("Harriet Ash", "author", 1), ("Harry Ember", "author", 1)]),
        ("by:emb", [("Ember", "author", 2)]),
        ("author:ash", [("Harriet Ash", "author", 1)]),
        ('by:"harry e', [("Harry Ember", "author", 1)]),
        ("-by:ember,ad", [("Ada Quist", "author", 3)]),
        ('by:"Harry Ember",ad', [("Ada Quist", "author", 3)]),
        ("in:", [("comment", "kind", 3), ("paragraph", "kind", 3), ("headline", "kind", 2)]),
        ("war IN:com", [("comment", "kind", 3)]),
        ("source:t", [("The Gull", "source", 6), ("Tern", "source", 2)]),
        ("section:W", [("World", "section", 6), ("wörld news", "section", 2)]),
        ("place:ö", [("Öland", "place", 6)]),
        ("topic:ports", [("Ports & Ships", "topic", 6)]),
        ("article:a2", [("a2", "article", 2)]),
        ("after:20", []),
        ("answers:a", []),
        ("", []),
        ("harbour ", []),
        ("harb*", []),
        ("harb~", []),
        ("the", []),
        ("zzz", []),
        ("by:zzz", []),
    ],
)  # fmt: skip
def test_what_completes(index: LocalIndex, prefix: str, expected: list[tuple[str, str, int]]) -> None:
    assert [(one.text, one.kind, one.count) for one in suggest(index, prefix)] == expected


@pytest.mark.parametrize(
    ("prefix", "completed"),
    [
        ("+iran oysters", "+iran oysters"),
        ("war har", "war harbour"),
        ("(war OR dredg", "(war OR dredged"),
        ('war "oyster bed', 'war "oyster beds'),
        ("“oyster bed", "“oyster beds"),
        ("-ada", "-by:\"Ada Quist\""),
        ("war by:ada", 'war by:"Ada Quist"'),
        ('by:"ada', 'by:"Ada Quist"'),
        ("by:smi", 'by:«Jim "Doc" Smith»'),
        ("source:ter", "source:Tern"),
        ("-by:ember,ad", '-by:ember,"Ada Quist"'),
    ],
)  # fmt: skip
def test_the_whole_query_completed(index: LocalIndex, prefix: str, completed: str) -> None:
    assert suggest(index, prefix)[0].query == completed


@pytest.mark.parametrize("prefix", ["by:", "source:", "section:", "place:", "topic:", "in:", "-by:"])
def test_a_completed_field_finds_as_many_as_it_says(index: LocalIndex, prefix: str) -> None:
    found = suggest(index, prefix)
    assert found
    for one in found:
        constraint = plan(parse(one.query.lstrip("-"))).constraint
        assert constraint is not None
        assert index.count(constraint) == one.count


def test_neither_words_nor_authors_crowd_the_other_out(index_of: Make) -> None:
    comments = [{"id": str(i), "author": f"Sam{i}", "text": f"sample samp{i} " * 3} for i in range(20)]
    words = " ".join(f"sam{letter}" for letter in "bcdefghijklmno")
    index = index_of({"id": "a", "title": "T", "paragraphs": [words, words], "comments": comments}, has_vectors=False)
    kinds = [one.kind for one in suggest(index, "sam", 9)]
    assert (len(kinds), kinds.count("author")) == (9, 3)
    assert len(suggest(index, "sam", 1)) == 1
    assert suggest(index, "sam", 0) == ()
    assert [one.kind for one in suggest(index, "sam1", 9)].count("author") == 9


def test_as_many_names_as_wanted_although_each_has_several_keys(index_of: Make) -> None:
    comments = [{"id": str(i), "author": f"Sam Lee {name}", "text": "x"} for i, name in enumerate("ABCDEFGH")]
    index = index_of({"id": "a", "title": "T", "paragraphs": ["p"], "comments": comments}, has_vectors=False)
    assert len(suggest(index, 'by:"sam lee ', 5)) == 5
    assert len(suggest(index, "by:", 5)) == 5


def test_json_form(index: LocalIndex) -> None:
    assert suggest(index, "dredg")[0].to_dict() == {
        "text": "dredged", "kind": "word", "count": 2, "query": "dredged"
    }  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.one_of(st.text(max_size=40), st.text('by:in "“”«»harb中,-+*~(oyster', max_size=30)))
def test_whatever_is_typed_gives_suggestions_in_order(index: LocalIndex, prefix: str) -> None:
    found = suggest(index, prefix, 5)
    assert len(found) <= 5
    assert [one.count for one in found] == sorted((one.count for one in found), reverse=True)
    assert all(one.count > 0 and one.text for one in found)

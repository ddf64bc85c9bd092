"""Furniture is found by those who name it, and changes nothing for anybody else."""

from __future__ import annotations

import json
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from index.model import Kind
from search import Mode, Searcher
from search.commands import main
from search.furniture import BY_WORDS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from search.results import Results

    Make = Callable[..., Searcher]

SHARE = "Share this harbour story"
LETTER = "Get the harbour letter every morning"
GONE = "This harbour comment broke the rules"


def corpus(*, has_furniture: bool) -> list[dict[str, Any]]:
    """Eight pages of one source, with or without what is around their stories."""
    around = {"furniture": [SHARE, "Report abuse"]} if has_furniture else {}
    removed = [{"id": "r", "author": "Eva", "text": GONE, "parent": "x", "removed": True}] if has_furniture else []
    return [
        {
            "id": f"a{number}",
            "title": f"Harbour plan {number}",
            "source": "Gazette",
            "published": f"2020-02-0{number}T10:00:00Z",
            "authors": ["Ada Quist"],
            "captions": [f"Crane {number} in the harbour"],
            "paragraphs": [
                *(f"Vessel {number} met tug {at} off the harbour wall with {number + at} crew." for at in range(6)),
                *([LETTER] if has_furniture else []),
            ],
            "comments": [
                {"id": "x", "author": "Bo", "text": f"Tug {number} is too loud for the harbour.", "parent": None},
                *removed,
            ],
        }
        | around
        for number in range(1, 9)
    ]


@pytest.fixture
def full(searcher_of: Make) -> Searcher:
    return searcher_of(*corpus(has_furniture=True))


@pytest.fixture
def bare(searcher_of: Make) -> Searcher:
    return searcher_of(*corpus(has_furniture=False))


QUERIES = [
    *(
        "harbour",
        "harbour letter",
        "+harbour -tug",
        '"harbour letter"',
        "-tug",
        "in:comment -loud",
        "in:comment",
        "shar*",
    ),
    *("report abuse", "abuse OR tug", "harbuor~", "article:a3", "article:a3 harbour", "by:eva harbour", "by:eva"),
    *("source:gazette", "after:2020-02-05", "on:2020-02-05 letter", "-in:furniture", "-in:furniture harbour", "*", ""),
    *('~"every morning"', "in:paragraph,comment harbour", "headline:harbour", "NOT (tug OR crane)", "letter^2 morning"),
]


def ids(results: Results) -> list[str]:
    return [hit.passage.id for hit in results]


def test_without_asking_all_is_as_if_there_were_none(full: Searcher, bare: Searcher) -> None:
    """Which passages are found is the same; the rarity of a word, and with it the order, may shift a little."""
    for query, mode in product(QUERIES, Mode):
        for more in ({}, {"sort": "newest"}, {"group_by": "article"}, {"stacks": False, "comments": None}):
            asked: dict[str, Any] = {"mode": mode, "limit": 1000, **more}
            found, expected = full.search(query, **asked), bare.search(query, **asked)
            assert set(ids(found)) == set(ids(expected)), (query, mode, more)
            assert found.total == expected.total, (query, mode, more)
            assert found.total_is_exact == expected.total_is_exact
            if mode is Mode.SEMANTIC and not more:
                assert ids(found) == ids(expected), query
            assert not any(hit.passage.furniture for hit in found)
        assert full.facets(query, mode).to_dict() == bare.facets(query, mode).to_dict(), (query, mode)


@pytest.mark.parametrize("mode", list(Mode))
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("in:furniture article:a2", ["a2#p7", "a2#c2", "a2#f1", "a2#f2"]),
        ("in:furniture article:a2 letter", ["a2#p7"]),
        ("in:furniture article:a2 rules", ["a2#c2"]),
        ("in:furniture article:a2 -abuse -letter", ["a2#c2", "a2#f1"]),
        ("furniture:share article:a2", ["a2#f1"]),
        ("in:furniture by:eva article:a2", ["a2#c2"]),
        ('+in:furniture "report abuse" article:a2', ["a2#f2"]),
        ("+(furniture:share OR crane) article:a2", ["a2#k1", "a2#f1"]),
    ],
)
def test_who_names_furniture_finds_it_by_words(full: Searcher, query: str, expected: list[str], mode: Mode) -> None:
    results = full.search(query, mode=mode, limit=100, sort="oldest")
    if mode is not Mode.SEMANTIC or "OR" not in query:
        assert sorted(ids(results)) == sorted(expected)
        assert results.total == len(expected)
    assert (BY_WORDS in results.warnings) == (mode is Mode.SEMANTIC)


def test_furniture_says_what_it_is(full: Searcher) -> None:
    line, comment = (full.search(f"in:furniture article:a2 {word}", explain=True)[0] for word in ("share", "rules"))
    assert line.to_dict()["furniture"] is comment.to_dict()["furniture"] is True
    assert (line.to_dict()["kind"], comment.to_dict()["kind"]) == ("furniture", "comment")
    assert "in furniture" in line.why
    assert [(one.value, one.count) for one in full.facets("in:furniture article:a2").kind] == [("furniture", 4)]
    assert full.search("vessel")[0].to_dict()["furniture"] is False


def test_similar_leaves_furniture_out_unless_it_is_asked_for(full: Searcher) -> None:
    for passage in ("a1#p1", "a1#p7", "a1#f1"):
        assert not any(hit.passage.furniture for hit in full.similar(passage, limit=100))
        found = full.similar(passage, kinds=[Kind.FURNITURE], limit=100)
        assert len(found)
        assert all(hit.passage.furniture for hit in found)


def test_completion_knows_the_kind(full: Searcher, bare: Searcher) -> None:
    assert [(one.text, one.count) for one in full.suggest("in:fur")] == [("furniture", 32)]
    assert bare.suggest("in:fur") == ()


def test_commands_show_it_apart(full: Searcher, tmp_path: Path) -> None:
    where = ["--index", str(tmp_path / "index0")]
    shown = CliRunner().invoke(main, ["show", "a2", *where]).stdout
    assert "a2#p7 · paragraph taken for furniture" in shown
    assert "a2#c2 · removed comment · Eva" in shown
    assert shown.index("around the story:") < shown.index("a2#f1 · furniture")
    found = CliRunner().invoke(main, ["search", "in:furniture", "rules", *where, "--json"]).stdout
    assert {(hit["kind"], hit["furniture"]) for hit in json.loads(found)["hits"]} == {("comment", True)}
    cited = CliRunner().invoke(main, ["search", "furniture:share", "article:a2", *where, "--jsonl"]).stdout
    assert 'line 1 around \\"Harbour plan 2\\"' in cited
    exported = CliRunner().invoke(main, ["export", "harbour", "--csv", *where]).stdout
    assert SHARE not in exported
    assert GONE not in exported
    batch = CliRunner().invoke(main, ["search", "--mode", "keyword", "--batch", "-", *where], input="rules\nshare\n")
    assert batch.exit_code == 1

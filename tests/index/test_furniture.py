"""Furniture learnt from invented pages: what repeats around stories goes, what repeats within them stays."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from index import furniture, learnt
from index.build import Rebuild
from index.commands import index as commands
from index.encode.hashing import HashEncoder
from index.errors import NotFound, UsageError
from index.furniture import Furniture
from index.local import LocalIndex
from index.model import ArticleInfo, Kind
from index.snapshot import IndexPaths
from index.sources.jsonl import article_from_dict, article_to_dict

if TYPE_CHECKING:
    from pathlib import Path

PROMPT = "Get the Gazette's morning letter"
NOTICE = "We keep comments open for a week."
FORMULA = "She did not go into detail."
WORDS = [
    "kelp",
    "tide",
    "mast",
    "rope",
    "fog",
    "pier",
    "gull",
    "net",
    "sail",
    "reef",
    "buoy",
    "dune",
    "surf",
    "wharf",
    "hull",
    "cargo",
    "anchor",
    "harbour",
]


def story(number: int, size: int = 12) -> list[str]:
    """Return paragraphs that no other story has."""
    return [
        f"{WORDS[at % len(WORDS)].title()} {number} was seen at {at} by the {WORDS[number % 18]}." for at in range(size)
    ]


def learner() -> Furniture:
    db = sqlite3.connect(":memory:", isolation_level=None)
    db.executescript(furniture.SCHEMA)
    return Furniture(db)


def lines_of(article: int, paragraphs: list[str]) -> list[tuple[int, int, str]]:
    return [(article * 1000 + at, at, words) for at, words in enumerate(paragraphs, 1)]


def flagged(pages: list[list[str]], source: str = "gazette") -> set[str]:
    """Return the paragraphs that are furniture once all pages are counted."""
    learning = learner()
    for number, page in enumerate(pages, 1):
        learning.add(number, source, lines_of(number, page))
    return {pages[row // 1000 - 1][row % 1000 - 1] for row, is_furniture in learning.judge() if is_furniture}


def test_lines_around_many_stories_are_furniture() -> None:
    assert flagged([[PROMPT, *story(n), NOTICE] for n in range(5)]) == {PROMPT, NOTICE}


def test_four_stories_are_too_few_and_so_are_few_of_many() -> None:
    assert flagged([[PROMPT, *story(n), NOTICE] for n in range(4)]) == set()
    assert flagged([[PROMPT, *story(n), NOTICE] if n < 5 else story(n) for n in range(101)]) == set()
    assert flagged([[PROMPT, *story(n), NOTICE] if n < 5 else story(n) for n in range(100)]) == {PROMPT, NOTICE}


def test_a_sentence_within_the_story_is_prose_and_a_line_without_an_end_is_not() -> None:
    pages = [[*story(n)[:6], FORMULA, "Story goes on below", *story(n)[6:]] for n in range(8)]
    assert flagged(pages) == {"Story goes on below"}


def test_a_closing_formula_that_also_ends_longer_paragraphs_is_prose() -> None:
    pages = [[*story(n), FORMULA] for n in range(8)]
    assert flagged(pages) == {FORMULA}
    assert flagged([*pages, [*story(9), f"The keeper saw it all. {FORMULA}", *story(10)]]) == set()


def test_a_sentence_in_the_middle_of_a_short_story_is_at_no_edge() -> None:
    assert flagged([[*story(n, 2), FORMULA, *story(n + 50, 2)] for n in range(8)]) == set()


def test_updates_of_one_report_are_one_story() -> None:
    report = [*story(1), "The longest paragraph of this report is the same in each of its many updates, at sea."]
    assert flagged([[f"Update {n}.", *report] for n in range(9)]) == set()


def test_long_lines_and_pages_of_unknown_origin_teach_nothing() -> None:
    assert flagged([[*story(n), "x" * 201] for n in range(9)]) == set()
    learning = learner()
    for number in range(1, 9):
        learning.add(number, None, lines_of(number, [PROMPT, *story(number)]))
    assert learning.judge() == []


@pytest.mark.parametrize(
    ("about", "expected"),
    [
        ({"source": "The  Gazette", "url": "https://a.example/1"}, "the gazette"),
        ({"url": "https://www.a.example/1"}, "a.example"),
        ({"url": "http://[::1"}, None),
        ({"path": "saved/gazette/1.txt"}, None),
    ],
)
def test_whose_page_it_is(about: dict[str, str], expected: str | None) -> None:
    assert furniture.origin(ArticleInfo(id="a", **about)) == expected  # type: ignore[arg-type]


def test_one_site_teaches_nothing_about_another() -> None:
    learning = learner()
    for number in range(1, 6):
        learning.add(number, f"site{number}", lines_of(number, [PROMPT, *story(number)]))
    assert learning.judge() == []


def test_judging_tells_only_what_changed() -> None:
    learning = learner()
    for number in range(1, 6):
        learning.add(number, "gazette", lines_of(number, [PROMPT, *story(number)]))
    assert learning.judge() == [(number * 1000 + 1, True) for number in range(1, 6)]
    assert learning.judge() == []
    learning.add(6, "gazette", lines_of(6, [PROMPT, *story(6)]))
    assert learning.judge() == [(6001, True)]
    learning.remove(6)
    assert learning.judge() == []
    learning.remove(5)
    learning.remove(5)
    assert learning.judge() == [(number * 1000 + 1, False) for number in range(1, 5)]


PAGES = st.lists(
    st.lists(st.sampled_from([PROMPT, NOTICE, FORMULA, f"It was late. {FORMULA}", *WORDS]), min_size=1, max_size=9),
    min_size=1,
    max_size=14,
)


class _Site:
    """A learner, and what it told of each line by article and place; rows ascend, whatever order articles come in."""

    def __init__(self) -> None:
        self._learning = learner()
        self._places: dict[int, tuple[int, int]] = {}
        self._told: dict[tuple[int, int], bool] = {}

    def add(self, number: int, page: list[str]) -> None:
        rows = range(len(self._places) + 1, len(self._places) + len(page) + 1)
        self._places |= {row: (number, at) for at, row in enumerate(rows, 1)}
        self._learning.add(
            number,
            f"site{number % 2}",
            [(row, self._places[row][1], words) for row, words in zip(rows, page, strict=True)],
        )

    def remove(self, number: int) -> None:
        self._learning.remove(number)
        self._told = {place: told for place, told in self._told.items() if place[0] != number}

    def judge(self) -> set[tuple[int, int]]:
        for row, is_furniture in self._learning.judge():
            assert self._told.get(self._places[row], False) != is_furniture, "only what changed is told"
            self._told[self._places[row]] = is_furniture
        return {place for place, told in self._told.items() if told}


@pytest.mark.parametrize("held", [1, furniture.FULL], ids=["written at once", "held in memory"])
@settings(max_examples=60, deadline=None)
@given(pages=PAGES, data=st.data())
def test_neither_order_nor_what_came_and_went_matters(held: int, pages: list[list[str]], data: st.DataObject) -> None:
    numbered = list(enumerate(pages, 1))
    fresh = _Site()
    for number, page in numbered:
        fresh.add(number, page)
    expected = fresh.judge()

    passing = data.draw(st.lists(st.tuples(st.integers(50, 60), PAGES.map(lambda some: some[0])), max_size=6))
    steps = [*data.draw(st.permutations(numbered)), *passing]
    present: set[int] = set()
    with mock.patch.object(furniture, "FULL", held), mock.patch.object(furniture, "_BULK", held):
        other = _Site()
        for number, page in data.draw(st.permutations(steps)):
            if number in present:
                other.remove(number)
            other.add(number, page)
            present.add(number)
            if data.draw(st.booleans()):
                other.judge()
        for number in present - dict(numbered).keys():
            other.remove(number)
        assert other.judge() == expected


# --- in an index


def page(number: int, **more: Any) -> dict[str, Any]:
    return {
        "id": f"a{number}",
        "title": f"Story {number}",
        "source": "The Gazette",
        "paragraphs": [PROMPT, *story(number), NOTICE],
        "furniture": ["Share this"],
        "comments": [
            {"id": "x", "author": "Bo", "text": "At last.", "parent": None},
            {"id": "y", "author": "Cy", "text": "Gone by the rules.", "parent": "x", "removed": True},
            {"id": "z", "author": "Di", "text": "Why was that?", "parent": "y"},
        ],
    } | more


def rebuilt(root: Path, *articles: dict[str, Any]) -> Any:
    path = root.parent / f"{root.name}.jsonl"
    path.write_text("".join(json.dumps(one) + "\n" for one in articles), encoding="utf-8")
    return Rebuild(paths=IndexPaths(root), sources=[path], encoder=HashEncoder()).run()


def test_a_rebuild_keeps_furniture_without_vectors(tmp_path: Path) -> None:
    report = rebuilt(tmp_path / "i", *(page(number) for number in range(6)))
    assert (report.learnt, report.passages[Kind.FURNITURE]) == (12, 24)
    assert report.texts == report.passages.total() - 12  # what was learnt has vectors, masked
    with closing(LocalIndex.open(tmp_path / "i")) as index:
        assert index.info.passages == report.passages | {Kind.CAPTION: 0}
        index.check()
        passages = index.passages_of("a0")
        assert [p.id for p in passages if p.furniture] == ["a0#p1", "a0#p14", "a0#c2", "a0#f1"]
        for passage in passages:
            row = index.row(passage.id)
            assert (index.vector(row) is None) == passage.furniture
            assert passage.found_as is (Kind.FURNITURE if passage.furniture else passage.kind)
        assert not index.stacks([index.row(p.id) for p in passages if p.furniture])
        assert [p.parent for p in passages if p.kind is Kind.COMMENT] == [None, "a0#c1", "a0#c2"]


def test_an_article_with_furniture_comes_back_as_it_went_in(tmp_path: Path) -> None:
    given = article_from_dict(page(1))
    rebuilt(tmp_path / "i", *(page(number) for number in range(6)))
    with closing(LocalIndex.open(tmp_path / "i")) as index:
        found = index.article("a1")
    assert (found.paragraphs, found.comments, found.furniture) == (given.paragraphs, given.comments, ("Share this",))
    assert [comment.removed for comment in article_from_dict(article_to_dict(found)).comments] == [False, True, False]


def test_what_the_reader_keeps_is_text_again_after_the_next_rebuild(tmp_path: Path) -> None:
    pages = [page(number) for number in range(6)]
    root = tmp_path / "i"
    rebuilt(root, *pages)
    run, where = CliRunner(), ["--index", str(root)]
    found = json.loads(run.invoke(commands, ["furniture", *where, "--json"]).stdout)
    assert {(line["text"], line["articles"], line["source"]) for line in found["learnt"]} == {
        (PROMPT, 6, "the gazette"),
        (NOTICE, 6, "the gazette"),
    }
    assert [(line["text"], line["articles"]) for line in found["read"]] == [("Share this", 6)]
    chosen = next(line["id"] for line in found["learnt"] if line["text"] == NOTICE)
    assert run.invoke(commands, ["furniture", *where, "--keep", chosen]).exit_code == 0
    rebuilt(root, *pages)
    shown = run.invoke(commands, ["furniture", *where, "--source", "The Gazette"]).stdout
    assert f"kept as text: {NOTICE}" in shown
    with closing(LocalIndex.open(root)) as index:
        assert [p.id for p in index.passages_of("a0") if p.furniture] == ["a0#p1", "a0#c2", "a0#f1"]
        assert index.vector(index.row("a0#p14")) is not None
    assert run.invoke(commands, ["furniture", *where, "--forget", chosen]).exit_code == 0
    rebuilt(root, *pages)
    assert len(json.loads(run.invoke(commands, ["furniture", *where, "--json"]).stdout)["learnt"]) == 2


@pytest.mark.parametrize("content", ["{", "[]", '{"keep": 3}', '{"keep": {"nonsense": {}}}', '{"keep": {"x": 1}}'])
def test_a_broken_list_of_kept_lines_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / learnt.FILE).write_text(content)
    with pytest.raises(UsageError):
        learnt.kept(IndexPaths(tmp_path))


def test_ids_of_lines(tmp_path: Path) -> None:
    for number in (0, 1, -1, 2**63 - 1, -(2**63)):
        assert learnt.number_of(learnt.shown(number)) == number
    with pytest.raises(NotFound):
        learnt.forget(IndexPaths(tmp_path), "0" * 16)
    rebuilt(tmp_path / "i", page(1))
    run = CliRunner().invoke(commands, ["furniture", "--index", str(tmp_path / "i"), "--keep", "0" * 16])
    assert run.exit_code == NotFound.exit_code
    assert CliRunner().invoke(commands, ["furniture", "--keep", "x", "--forget", "y"]).exit_code == UsageError.exit_code

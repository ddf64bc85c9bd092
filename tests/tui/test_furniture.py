"""What stood around the story is read behind it, quietly; a removed comment keeps its place."""

from __future__ import annotations

from dataclasses import replace

from index.model import Article, Comment, Passage
from index.passages import cut
from search.results import Span
from tui import text
from tui.engine import Page
from tui.widgets.sheet import blocks_of, set_sheet

ARTICLE = Article(
    id="a1",
    title="Ferry returns",
    paragraphs=("The ferry sails in June.", "Sign up for our letter"),
    comments=(
        Comment(id="x", author="Bo", text="At last."),
        Comment(id="y", author="Cy", text="Removed by a moderator", parent="x", removed=True),
        Comment(id="z", author="Di", text="Why?", parent="y"),
    ),
    furniture=("Share this", "Report abuse"),
)


def page(*spans: tuple[str, Span]) -> Page:
    passages: tuple[Passage, ...] = tuple(
        replace(passage, furniture=True) if passage.id == "a1#p2" else passage for passage in cut(ARTICLE)
    )
    lit = dict(spans)
    found = tuple((lit[passage.id],) if passage.id in lit else () for passage in passages)
    return Page(query="", article=ARTICLE, passages=passages, spans=found, passage_id="a1#p1")


def test_furniture_closes_the_page_and_the_removed_keep_their_place() -> None:
    lines = [line.content.plain.rstrip() for line in set_sheet(page(), 60).lines]
    assert lines[-4:] == ["Around the story", "", "Share this", "Report abuse"]
    assert [line for line in lines if line.strip("│ ") in ("At last.", "Removed by a moderator", "Why?")] == [
        "At last.",
        "│ Removed by a moderator",
        "│ │ Why?",
    ]
    assert lines.index("Sign up for our letter") == lines.index("The ferry sails in June.") + 2


def test_furniture_is_quiet_and_its_matches_are_lit_all_the_same() -> None:
    quiet = {
        block.passage_id
        for block in blocks_of(page())
        if block.passage_id and str(block.content.spans[-1].style if block.content.spans else "") == text.QUIET
    }
    assert quiet == {"a1#p2", "a1#c2", "a1#f1", "a1#f2"}
    places = set_sheet(page(("a1#f2", Span(0, 6))), 60).places
    assert [passage for passage, place in places.items() if place.is_lit] == ["a1#f2"]


def test_a_page_without_furniture_says_nothing_of_it() -> None:
    bare = replace(ARTICLE, furniture=(), comments=())
    passages = tuple(cut(bare))
    sheet = set_sheet(
        Page(query="", article=bare, passages=passages, spans=tuple(() for _ in passages), passage_id="a1#p1"), 60
    )
    assert "Around the story" not in [line.content.plain for line in sheet.lines]

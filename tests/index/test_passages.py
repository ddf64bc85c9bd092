"""Stories: the text of a whole article, which its first passage brings along to the keyword engine."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pytest

from index.model import Article, ArticleInfo, Comment
from index.passages import cut, document

WHOLE: dict[str, Any] = {
    "id": "a1",
    "title": "Harbour strike",
    "captions": ("Cranes stand still.",),
    "paragraphs": ("The dockers met.", "They voted."),
    "comments": (Comment(id="1", text="Good ferries for all"),),
}


def stories(**more: Any) -> list[list[str]]:
    article = Article(**(WHOLE | more))
    return [document(row, passage, article).story.split() for row, passage in enumerate(cut(article))]


def test_the_first_passage_brings_the_story_its_headline_twice_and_no_comment() -> None:
    first, *others = stories()
    assert first == ["harbour", "strike", "harbour", "strike", "crane", "stand", "still", "docker", "met", "vote"]
    assert not any(others)


@pytest.mark.parametrize("absent", [{"title": None}, {"title": None, "captions": ()}, {"captions": ()}])
def test_every_article_with_a_text_has_one_story(absent: dict[str, Any]) -> None:
    first, *others = stories(**absent)
    assert "docker" in first
    assert not any(others)


def test_comments_alone_are_no_story() -> None:
    assert stories(title=None, captions=(), paragraphs=()) == [[]]


def test_an_article_without_its_text_has_no_story() -> None:
    article = Article(**WHOLE)
    info = ArticleInfo(**{field.name: getattr(article, field.name) for field in fields(ArticleInfo)})
    assert not any(document(row, passage, info).story for row, passage in enumerate(cut(article)))

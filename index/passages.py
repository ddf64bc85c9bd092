"""An article becomes its passages: headline, captions, paragraphs, comments, furniture, in this order, ids stable."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from index import text
from index.keyword.clause import Facet
from index.keyword.protocol import KeywordDocument
from index.model import Article, Kind, Passage

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from index.model import ArticleInfo


def passage_id(article_id: str, kind: Kind, position: int) -> str:
    """Return the id of a passage; an article has one headline, so that one carries no number."""
    return f"{article_id}#{kind.mark}" if kind is Kind.HEADLINE else f"{article_id}#{kind.mark}{position}"


def cut(article: Article) -> Iterator[Passage]:
    """Yield the passages of an article in reading order, furniture last; positions count from 1 within each kind."""
    if article.title:
        yield _passage(article, Kind.HEADLINE, 1, article.title)
    for position, caption in enumerate(article.captions, 1):
        yield _passage(article, Kind.CAPTION, position, caption)
    for position, paragraph in enumerate(article.paragraphs, 1):
        yield _passage(article, Kind.PARAGRAPH, position, paragraph)
    yield from _comments(article)
    for position, line in enumerate(article.furniture, 1):
        yield _passage(article, Kind.FURNITURE, position, line)


def when(passage: Passage, article: ArticleInfo) -> datetime | None:
    """Return the time a passage is filtered and sorted by: posting time of a comment, else publication."""
    return passage.posted if passage.kind is Kind.COMMENT else article.published


def seconds(moment: datetime | None) -> int | None:
    """Return a time in whole seconds since the epoch."""
    return None if moment is None else int(moment.timestamp())


def document(row: int, passage: Passage, article: ArticleInfo) -> KeywordDocument:
    """Return a passage as keyword engines take it: analysed terms, metadata keys, time.

    The first passage of an article brings the story with it, where ``article`` is a whole one.
    """
    found = text.analysed(passage.text)
    is_comment = passage.kind is Kind.COMMENT
    return KeywordDocument(
        row=row,
        exacts=found.exacts,
        stems=found.stems,
        content=found.content,
        title="" if passage.kind is Kind.HEADLINE or not article.title else _content(article.title),
        story=_story(article) if isinstance(article, Article) and passage.id == _first(article) else "",
        facets={
            **about(article),
            Facet.KIND: (passage.found_as.value,),
            Facet.AUTHOR: names((passage.author,) if passage.author else ()) if is_comment else names(article.authors),
        },
        time=seconds(when(passage, article)),
    )


def about(article: ArticleInfo) -> dict[Facet, Sequence[str]]:
    """Return the metadata keys that all passages of an article share."""
    return {
        Facet.SOURCE: _keys(article.source),
        Facet.SECTION: _keys(article.section),
        Facet.PLACE: _keys(article.place),
        Facet.TOPIC: [text.key(topic) for topic in article.topics],
        Facet.ARTICLE: [text.key(article.id)],
    }


@lru_cache(maxsize=4096)  # readers write more than one comment
def names(people: tuple[str, ...]) -> Sequence[str]:
    """Return the keys of people's names."""
    return text.keys(people)


def _first(article: Article) -> str | None:
    """Return the id of an article's first passage."""
    return next((passage.id for passage in cut(article)), None)


def _story(article: Article) -> str:
    """Return the content of a whole article but its comments: its headline counts twice, what is in it is the topic."""
    parts = (article.title, article.title, *article.captions, *article.paragraphs)
    return " ".join(filter(None, (_content(part) for part in parts if part)))


@lru_cache(maxsize=64)  # a headline is lent to each passage of its article
def _content(words: str) -> str:
    return text.analysed(words).content


def _passage(article: Article, kind: Kind, position: int, words: str) -> Passage:
    return Passage(
        id=passage_id(article.id, kind, position),
        article_id=article.id,
        kind=kind,
        position=position,
        text=words,
        furniture=kind is Kind.FURNITURE,
    )


def _comments(article: Article) -> Iterator[Passage]:
    ids = {
        comment.id: passage_id(article.id, Kind.COMMENT, position)
        for position, comment in enumerate(article.comments, 1)
    }
    for position, comment in enumerate(article.comments, 1):
        yield Passage(
            id=passage_id(article.id, Kind.COMMENT, position),
            article_id=article.id,
            kind=Kind.COMMENT,
            position=position,
            text=comment.text,
            author=comment.author,
            posted=comment.posted,
            posted_text=comment.posted_text,
            comment_id=comment.id,
            parent=ids.get(comment.parent) if comment.parent else None,
            reply_to=comment.parent,
            furniture=comment.removed,
        )


def _keys(value: str | None) -> list[str]:
    return [text.key(value)] if value else []

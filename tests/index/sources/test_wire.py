"""An article between processes: nothing is lost, whatever is in it."""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.model import Article, Comment
from index.sources import wire

TEXTS = st.text(max_size=12)  # no surrogates: ``clean`` lets none through
TEXT_OR_NONE = st.none() | TEXTS
MANY = st.lists(TEXTS, max_size=3).map(tuple)
ZONES = st.integers(-86_000, 86_000).map(lambda seconds: timezone(timedelta(seconds=seconds))) | st.just(UTC)
TIMES = st.none() | st.datetimes(min_value=datetime(1, 1, 3), max_value=datetime(9999, 12, 29), timezones=ZONES)
COMMENTS = st.builds(
    Comment,
    id=TEXTS,
    author=TEXT_OR_NONE,
    posted=TIMES,
    posted_text=TEXT_OR_NONE,
    text=TEXTS,
    parent=TEXT_OR_NONE,
    removed=st.booleans(),
)
ARTICLES = st.builds(
    Article,
    id=TEXTS,
    **dict.fromkeys(("title", "url", "source", "section", "place", "published_text", "path"), TEXT_OR_NONE),
    **dict.fromkeys(("authors", "editors", "topics", "paragraphs", "captions", "furniture"), MANY),
    published=TIMES,
    reported_comments=st.none() | st.integers(),
    comments=st.lists(COMMENTS, max_size=3).map(tuple),
)


@given(ARTICLES)
@settings(deadline=None)
def test_any_article_comes_back_as_it_was(article: Article) -> None:
    message = wire.packed({"article": wire.to_record(article)})
    (length,) = wire.LENGTH.unpack_from(message)
    assert length == len(message) - wire.LENGTH.size
    assert wire.from_record(wire.unpacked(message[wire.LENGTH.size :])["article"]) == article


@pytest.mark.parametrize("kind", [Article, Comment])
def test_every_field_travels(kind: type[Article | Comment]) -> None:
    comment = Comment(id="c", text="t")
    record = wire.to_record(Article(id="a", comments=(comment,)))
    sent = record if kind is Article else record["comments"][0]
    assert set(sent) == {field.name for field in fields(kind)}

"""JSON Lines in and out."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.model import Article, Comment
from index.sources import tidy
from index.sources.identity import given_id
from index.sources.jsonl import article_from_dict, article_to_dict, loads
from index.sources.records import NotRead
from index.text import squash


def read(**fields: object) -> Article:
    return article_from_dict(json.loads(json.dumps(fields)), "data.jsonl")


def test_all_fields_are_read() -> None:
    article = read(
        id="a1",
        title=" The\u00a0title ",
        url="https://news.example/a",
        source="Paper",
        section="World",
        place="HERE",
        published="Sun Jun 29, 2014 4:15am EDT",
        authors=["A", "B"],
        editors="C",
        topics=["t"],
        paragraphs=["One\n line", "", "Two"],
        captions=["K"],
        comments=[{"id": 7, "author": "x", "posted": "2014-06-29T10:00:00Z", "text": "a\n\n\n b", "parent": None}],
        reported_comments=3,
        something_else={"deep": [1]},
    )
    assert article == Article(
        id="a1",
        title="The title",
        url="https://news.example/a",
        source="Paper",
        section="World",
        place="HERE",
        published=datetime(2014, 6, 29, 8, 15, tzinfo=UTC),
        published_text="Sun Jun 29, 2014 4:15am EDT",
        authors=("A", "B"),
        editors=("C",),
        topics=("t",),
        paragraphs=("One line", "Two"),
        captions=("K",),
        comments=(
            Comment(
                id="7",
                author="x",
                posted=datetime(2014, 6, 29, 10, tzinfo=UTC),
                posted_text="2014-06-29T10:00:00Z",
                text="a\n\nb",
            ),
        ),
        path="data.jsonl",
        reported_comments=3,
    )


def test_lines_of_retrieval_collections() -> None:
    article = read(_id="d 1", title="Title", text="One.\n\nTwo\nlines.")
    assert (article.id, article.title, article.paragraphs) == ("d_1", "Title", ("One.", "Two lines."))


def test_several_sections_are_one_and_topics() -> None:
    article = read(title="t", section=["world", "africa"])
    assert (article.section, article.topics) == ("world", ("world", "africa"))


def test_without_id_the_address_decides_and_missing_comment_ids_are_positions() -> None:
    comments: list[dict[str, Any]] = [{"text": "one"}, {"text": " "}, {"text": "two", "parent": "1"}]
    one = read(title="t", url="http://news.example/a?utm_source=x", comments=comments)
    two = read(title="changed", url="https://news.example/a")
    assert one.id == two.id
    assert [(c.id, c.parent) for c in one.comments] == [("1", None), ("2", "1")]


def test_the_given_path_counts_before_the_one_in_the_data() -> None:
    assert article_from_dict({"title": "t", "path": "theirs"}, "ours").path == "ours"
    assert article_from_dict({"title": "t", "path": "theirs"}).path == "theirs"


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, "no title and no text"),
        ({"title": "  "}, "no title and no text"),
        ({"title": 5}, "title is not a string"),
        ({"title": "t", "paragraphs": [1]}, "paragraphs is not a list of strings"),
        ({"title": "t", "authors": {"a": 1}}, "authors is not a list of strings"),
        ({"title": "t", "comments": {}}, "comments is not a list"),
        ({"title": "t", "comments": ["x"]}, r"comments\[0\] is not an object"),
        ({"title": "t", "comments": [{"text": "a"}, {"text": 1}]}, r"comments\[1\]\.text is not a string"),
        ({"title": "t", "reported_comments": True}, "reported_comments is not a count"),
        ({"title": "t", "reported_comments": -1}, "reported_comments is not a count"),
        ({"title": "t", "reported_comments": 2**70}, "reported_comments is not a count"),
        ({"title": "t", "id": True}, "id is not a string"),
        ({"_id": "q1", "text": "which ships sank"}, "a query of a retrieval collection"),
    ],
)
def test_wrong_types_are_named(fields: dict[str, object], reason: str) -> None:
    with pytest.raises(NotRead, match=reason):
        read(**fields)


@pytest.mark.parametrize("value", [[], "text", 5, None, True])
def test_a_line_that_is_no_object(value: object) -> None:
    with pytest.raises(NotRead, match="not a JSON object"):
        article_from_dict(value)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"title": "t", "paragraphs": ["on', "truncated"),
        ('{"title": "t"', "truncated"),
        ('{"title": t}', "not JSON"),
        ("[" * 100_000, "nested too deeply"),
        ('{"reported_comments": ' + "9" * 5000 + "}", "number too long"),
    ],
)
def test_broken_json_is_named(line: str, reason: str) -> None:
    with pytest.raises(NotRead, match=reason):
        loads(line)


def test_hostile_text_is_cleaned() -> None:
    article = article_from_dict(loads(r'{"title": "a\u001b]0;x\u0007b\ud800", "paragraphs": ["c\u202ed\u0000e"]}'))
    assert (article.title, article.paragraphs) == ("a]0;xb\ufffd", ("cde",))


LINE = st.text(max_size=20).map(squash).filter(bool)
LINES = st.lists(LINE, max_size=3).map(tuple)
IDS = st.text(min_size=1, max_size=20).map(given_id).filter(bool)
TIMES = st.none() | st.datetimes(datetime(1700, 1, 1), datetime(2190, 1, 1), timezones=st.just(UTC))
COMMENTS = st.builds(
    Comment,
    id=IDS,
    author=st.none() | LINE,
    posted=TIMES,
    posted_text=st.none() | LINE,
    text=st.text(min_size=1, max_size=30).map(tidy.lines).filter(bool),
    parent=st.none() | IDS,
)
ARTICLES = st.builds(
    Article,
    id=IDS,
    title=LINE,
    url=st.none() | LINE,
    source=st.none() | LINE,
    section=st.none() | LINE,
    place=st.none() | LINE,
    published=TIMES,
    published_text=st.none() | LINE,
    authors=LINES,
    editors=LINES,
    topics=LINES,
    paragraphs=LINES,
    captions=LINES,
    comments=st.lists(COMMENTS, max_size=3, unique_by=lambda comment: comment.id).map(tuple),
    path=st.none() | LINE,
    reported_comments=st.none() | st.integers(0, 1000),
)


@given(ARTICLES)
def test_what_is_written_is_read_back(article: Article) -> None:
    assert article_from_dict(loads(json.dumps(article_to_dict(article)))) == article

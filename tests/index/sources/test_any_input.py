"""Any bytes give articles or reasons, never an exception."""

from __future__ import annotations

import gzip
import json
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.sources import html_page, plain, text_page
from index.sources.jsonl import article_from_dict, loads
from index.sources.records import Limits, NotRead
from index.sources.walk import read_sources
from index.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from index.model import Article

HTML_PIECES = [
    *(
        "<html>",
        "<body>",
        "<article>",
        "</article>",
        "<h1>Head line here</h1>",
        "<p>",
        "</p>",
        "<br>",
        "<title>T</title>",
    ),
    *(
        "<div class='comment' id='c1'>",
        "<li class=comment>",
        "<ol class=children>",
        "</div>",
        "<b class=author>ann</b>",
    ),
    *("<time datetime='2014-06-29'>", "<figcaption>", "<h2>Comments (3)</h2>", "<div itemprop=comment>", "<aside>"),
    *(
        "<script type='application/ld+json'>",
        '{"@type":"NewsArticle","comment":[{"text":"x"}],"author":5}',
        "</script>",
    ),
    *(
        "<meta property=og:title content=T>",
        "<table><tr><td>",
        "<blockquote>",
        "<a href='http://[::1'>",
        "&#27;",
        "&#xD800;",
    ),
    *(
        "<!--",
        "-->",
        "<![CDATA[",
        "<?xml version='1.0'?>",
        "Some words of running text that go on for a while. ",
        "\x00",
    ),
]
TEXT_PIECES = [
    *(
        "Headline of the page",
        "PLACE Sun Jun 29, 2014 4:15am EDT",
        "PLACE (Agency) - A story begins. ",
        "Related Topics",
    ),
    *(
        "Credit: Agency/Ann",
        "(Reporting by Ann, Editing by Bo)",
        "Comments (2)",
        "ann wrote:",
        "Report as abuse",
        "\u00a0",
    ),
    *("Jun 29, 2014\u00a0 6:39am EDT\u00a0 --\u00a0 Report as abuse", "By Ann", "\n", "\n\n", "\r", "\u2028", "(", ")"),
]
FIELDS = st.sampled_from(
    ["id", "_id", "title", "text", "paragraphs", "comments", "author", "posted", "published", "section"]
)
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(FIELDS, inner, max_size=4),
    max_leaves=12,
)


def glued(pieces: list[str]) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(pieces) | st.text(max_size=6), max_size=30).map("".join)


def check(article: Article) -> None:
    texts = (*article.paragraphs, *article.captions, *(comment.text for comment in article.comments))
    assert article.id
    assert article.title or texts
    assert all(texts)
    assert all(clean(text) == text for text in texts)
    assert len({comment.id for comment in article.comments}) == len(article.comments)


def tried(read: Callable[[str, str], Article], text: str) -> None:
    with suppress(NotRead):
        check(read(text, "x"))


@given(glued(HTML_PIECES))
@settings(deadline=None, max_examples=60)
def test_any_html(text: str) -> None:
    tried(html_page.read, text)


@given(glued(TEXT_PIECES))
@settings(deadline=None)
def test_any_text_page(text: str) -> None:
    text_page.looks_like(text)
    tried(text_page.read, text)


@given(st.text())
@settings(deadline=None)
def test_any_plain_text(text: str) -> None:
    tried(plain.read, text)


@given(JSON_VALUES)
def test_any_json(value: object) -> None:
    tried(lambda text, path: article_from_dict(loads(text), path), json.dumps(value))


@given(
    name=st.sampled_from(["a.txt", "a.html", "a.json", "a.jsonl", "a", "a.txt.gz", "a.bin"]),
    start=st.sampled_from([b"", b"<html>", b"{", b'[{"', b"\xff\xfe", b"\xef\xbb\xbf", b"\x1f\x8b\x08", b"Title\n\n"]),
    rest=st.binary(max_size=200) | st.text(max_size=100).map(str.encode),
    packed=st.booleans(),
)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes(tmp_path: Path, name: str, start: bytes, rest: bytes, packed: bool) -> None:
    raw = start + rest
    (tmp_path / name).write_bytes(gzip.compress(raw) if packed else raw)
    events: list[object] = []
    articles = list(read_sources([tmp_path / name], Limits(), events.append))
    for article in articles:
        check(article)
    assert articles or events or not raw.strip()


@pytest.mark.parametrize("line", ["a wrote:\n", "Comments (1)\n", "(Reporting by ", "\n", "A. "])
def test_long_repetitions_take_no_time(line: str) -> None:
    tried(text_page.read, "Headline\n" + line * 30_000)

"""Any bytes give articles or reasons, never an exception."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import tarfile
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.sources import html_page, plain, text_page
from index.sources.jsonl import article_from_dict, loads
from index.sources.records import Limits, Note, NotRead, Skip
from index.sources.walk import read_sources
from index.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from index.model import Article


def zipped(raw: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", raw)
        archive.writestr("b.jsonl", raw)
    return made.getvalue()


def tarred(raw: bytes) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        info = tarfile.TarInfo("x" * 120)
        info.size = len(raw)
        archive.addfile(info, io.BytesIO(raw))
    return made.getvalue()


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


PACKERS = {"": bytes, "gz": gzip.compress, "zst": zstandard.compress, "bz2": bz2.compress, "zip": zipped, "tar": tarred}


@given(
    suffix=st.sampled_from([".html", ".txt", ".jsonl", ".json", ".zip", ".gz", ".tar", ".zst", ".md", ""]),
    start=st.sampled_from(
        [
            b"",
            b"<html>",
            b"{",
            b'[{"',
            b"\xff\xfe",
            b"\xef\xbb\xbf",
            b"\x1f\x8b\x08",
            b"Title\n\n",
            b"PK\x03\x04",
            b"PK\x05\x06",
            b"\x28\xb5\x2f\xfd",
            b"\xfd7zXZ\x00",
            b"BZh91AY&SY",
        ]
    ),
    rest=st.binary(max_size=200) | st.text(max_size=100).map(str.encode),
    packers=st.lists(st.sampled_from(sorted(PACKERS)), max_size=3),
    flips=st.lists(st.tuples(st.integers(0, 2000), st.integers(1, 255)), max_size=3),
)
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes(
    tmp_path: Path, suffix: str, start: bytes, rest: bytes, packers: list[str], flips: list[tuple[int, int]]
) -> None:
    raw = start + rest
    for packer in packers:
        raw = PACKERS[packer](raw)
    damaged = bytearray(raw)
    for place, mask in flips:
        if damaged:
            damaged[place % len(damaged)] ^= mask
    path = tmp_path / f"a{suffix}"
    path.write_bytes(damaged)
    events: list[object] = []
    articles = list(read_sources([path], Limits(), events.append))
    for article in articles:
        check(article)
    assert all(isinstance(event, Skip | Note) and event.path.startswith(str(path)) for event in events)
    assert articles or events or not raw.strip() or flips


@pytest.mark.parametrize("line", ["a wrote:\n", "Comments (1)\n", "(Reporting by ", "\n", "A. "])
def test_long_repetitions_take_no_time(line: str) -> None:
    tried(text_page.read, "Headline\n" + line * 30_000)

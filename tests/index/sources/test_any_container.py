"""Any bytes given to any reader are articles or reasons, and so is every piece of a good file."""

from __future__ import annotations

import gzip
import io
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.sources import feeds, mapping, markdown, mhtml, table, warc
from index.sources.opening import Stream, opened
from index.sources.records import Limits, Note, NotRead, Skip
from index.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from index.model import Article

PAGE = (
    b"<html><title>Ferry</title><h1>Ferry</h1><p>The ferry left the harbour at noon and was not seen again.</p></html>"
)
HTTP = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n"
RECORD = (
    b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://q.example/\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
)
GOOD = {
    "feed": b'<?xml version="1.0"?><rss version="2.0"><channel><title>Q</title><item><title>A</title>'
    b"<link>https://q.example/a</link>"
    b"<pubDate>Mon, 30 Jun 2014 08:15:00 GMT</pubDate>"
    b"<description>&lt;p&gt;One&lt;/p&gt;</description></item></channel></rss>",
    "warc": RECORD % (len(HTTP + PAGE), HTTP + PAGE),
    "mhtml": b'MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n--x\r\n'
    b"Content-Type: text/html; charset=utf-8\r\n"
    b"Content-Transfer-Encoding: quoted-printable\r\nContent-Location: https://q.example/\r\n\r\n"
    + PAGE
    + b"\r\n--x--\r\n",
    "markdown": b"---\ntitle: Ferry\ntags: [a, b]\n---\n# Head\n\n- one *two* [x](y)\n\n| a |\n|---|\n| b |\n",
    "csv": b'title,text,authors,date\nFerry,"One ""x"".\n\nTwo",Ann;Bo,1404115200\nQuay,<p>x,[],"2014"\n',
    "json": b'[{"headline": "F", "body": ["a", {"text": "b"}], "date": 1404115200, '
    b'"comments": [{"body": "x", "user": {"name": "a"}}]}]',
    "jsonl": b'{"comment_text": "x", "article_id": 5, "created_utc": 1404115200.0}\n'
    b'{"comment_text": null, "article_id": [1]}\n',
    "mapping": b'[articles]\nfiles = ["*.csv"]\nid = "title"\ntitle = { column = "text", strip = "O" }\n'
    b'[comments]\nfiles = ["*.csv"]\n'
    b'article = "title"\ntext = "text"\nposted = { column = "date", format = "unix" }\norphans = "keep"\n',
}
SUFFIX = {"csv": "a.csv", "json": "a.json", "jsonl": "a.jsonl", "mapping": "a.mapping.toml"}
LIMITS = Limits(max_file_bytes=2**20, max_line_bytes=2**16)


def check(article: Article) -> None:
    texts = (*article.paragraphs, *article.captions, *(comment.text for comment in article.comments))
    assert article.id
    assert article.title or texts
    assert all(texts)
    assert all(clean(text) == text for text in texts)


def reader(kind: str, folder: Path) -> Callable[[bytes], Iterable[Article]]:
    events: list[Skip | Note] = []

    def markdown_of(raw: bytes) -> list[Article]:
        text = raw.decode("utf-8", "replace")
        markdown.looks_like(text, "x")
        return [markdown.read(text, "x")]

    def of_file(raw: bytes) -> Iterable[Article]:
        path = folder / SUFFIX[kind]
        path.write_bytes(raw)
        if kind == "mapping":
            (folder / "a.csv").write_bytes(GOOD["csv"])
            mapping.claimed(path)
            yield from mapping.read(path, LIMITS, events.append)
            return
        table.looks_like(raw, path.name)
        with opened(path, LIMITS) as stream:
            yield from table.read(stream, path.name, LIMITS, events.append)

    containers: dict[str, Callable[[bytes], Iterable[Article]]] = {
        "feed": lambda raw: feeds.read(raw, "x", events.append) if feeds.looks_like(raw) else (),
        "warc": lambda raw: warc.read(Stream(io.BytesIO(raw), LIMITS), "x", LIMITS, events.append),
        "mhtml": lambda raw: [mhtml.read(raw, "x", events.append)] if mhtml.looks_like(raw) or raw else (),
        "markdown": markdown_of,
    }
    return containers.get(kind, of_file)


@pytest.mark.parametrize("kind", GOOD)
def test_the_good_one_is_read(kind: str, tmp_path: Path) -> None:
    found = list(reader(kind, tmp_path)(GOOD[kind]))
    assert found
    for article in found:
        check(article)


@pytest.mark.parametrize("kind", GOOD)
@given(st.data())
@settings(
    deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_any_bytes(kind: str, tmp_path: Path, data: st.DataObject) -> None:
    good = GOOD[kind]
    start = data.draw(st.integers(0, len(good)))
    end = data.draw(st.integers(start, len(good)))
    middle = data.draw(st.binary(max_size=30) | st.text(max_size=20).map(lambda text: text.encode("utf-8", "replace")))
    raw = good[:start] + middle + good[end:]
    with suppress(NotRead):
        for article in reader(kind, tmp_path)(raw):
            check(article)


@pytest.mark.parametrize("kind", GOOD)
def test_truncations(kind: str, tmp_path: Path) -> None:
    good = GOOD[kind]
    read = reader(kind, tmp_path)
    pieces = [good[:end] for end in range(0, len(good), 7)]
    pieces += [gzip.compress(good)[:end] for end in range(2, 60, 7)] if kind == "warc" else []
    for raw in pieces:
        with suppress(NotRead):
            for article in read(raw):
                check(article)

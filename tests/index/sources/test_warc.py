"""Web archives, written by warcio: pages out of records, all within limits."""

from __future__ import annotations

import gzip
import io
import warnings
import zlib
from typing import TYPE_CHECKING

import brotli
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from index.sources import http_body, warc
from index.sources.opening import Stream
from index.sources.records import Limits, Note, NotRead, Skip

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.model import Article

STORY = "The ferry left the harbour at noon and was never seen again, said the men of the café."
HEAD = "<html><head><title>Ferry lost</title></head>"
PAGE = f"{HEAD}<body><article><h1>Ferry lost</h1><p>{STORY}</p></article></body></html>"
URL = "https://quay.example/ferry"


def archive(
    records: Sequence[tuple[str, bytes, dict[str, str]]], *, packed: bool = True, version: str = "1.0"
) -> bytes:
    """Return an archive of (record type, payload, HTTP fields)."""
    out = io.BytesIO()
    writer = WARCWriter(out, gzip=packed, warc_version=version)
    for kind, payload, fields in records:
        http = None
        if kind in ("response", "revisit"):
            given = dict(fields)
            http = StatusAndHeaders(given.pop(":status", "200 OK"), list(given.items()), protocol="HTTP/1.1")
        elif kind == "request":
            http = StatusAndHeaders("GET / HTTP/1.1", [("Host", "quay.example")], is_http_request=True)
        record = writer.create_warc_record(
            URL,
            kind,
            payload=io.BytesIO(payload),
            http_headers=http,
            warc_content_type=fields.get("Content-Type", "") if kind == "resource" else "",
        )
        with warnings.catch_warnings(action="ignore", category=ResourceWarning):  # warcio leaves its temporary files
            writer.write_record(record)
            del record
    return out.getvalue()


def streamed(raw: bytes, limits: Limits | None = None) -> Stream:
    return Stream(io.BytesIO(raw), limits or Limits())


def read(raw: bytes, limits: Limits | None = None) -> tuple[list[Article], list[Skip | Note]]:
    events: list[Skip | Note] = []
    stream = streamed(raw, limits)
    assert warc.looks_like(stream.head())
    return list(warc.read(stream, "x.warc.gz", limits or Limits(), events.append)), events


HTML = {"Content-Type": "text/html; charset=iso-8859-1"}


@pytest.mark.parametrize("packed", [True, False])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_pages_are_read_and_the_rest_is_counted(packed: bool, version: str) -> None:
    records = [
        ("warcinfo", b"software: tests", {}),
        ("request", b"", {}),
        ("response", PAGE.encode("cp1252"), HTML),
        ("response", b"\x89PNG", {"Content-Type": "image/png"}),
        ("response", PAGE.encode(), {**HTML, ":status": "404 Not Found"}),
        ("resource", PAGE.encode(), {"Content-Type": "text/html"}),
        ("conversion", b"text", {}),
    ]
    articles, events = read(archive(records, packed=packed, version=version))
    assert [(a.title, a.url, a.path) for a in articles] == [("Ferry lost", URL, f"x.warc.gz!/{URL}")] * 2
    assert articles[0].paragraphs == (STORY,)
    assert articles[0].published is None  # the date of the capture is not that of the story
    (note,) = events
    assert note == Note(
        "x.warc.gz", "passed over: 1 of type image/png, 1 answers with status 404, 1 conversion records"
    )


def chunked(body: bytes) -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (body[:7], body[7:])) + b"0\r\n\r\n"


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(body) + packer.flush()


@pytest.mark.parametrize(
    ("payload", "fields"),
    [
        (gzip.compress(PAGE.encode(), mtime=0), {"Content-Encoding": "gzip"}),
        (zlib.compress(PAGE.encode()), {"Content-Encoding": "deflate"}),
        (raw_deflate(PAGE.encode()), {"Content-Encoding": "deflate"}),
        (brotli.compress(PAGE.encode()), {"Content-Encoding": "br"}),
        (chunked(PAGE.encode()), {"Transfer-Encoding": "chunked"}),
        (chunked(gzip.compress(PAGE.encode(), mtime=0)), {"Transfer-Encoding": "chunked", "Content-Encoding": "gzip"}),
        (PAGE.encode(), {"Transfer-Encoding": "chunked", "Content-Encoding": "gzip"}),  # unpacked by the archiver
        (PAGE.encode(), {"Content-Encoding": "br"}),
    ],
    ids=["gzip", "deflate", "raw deflate", "brotli", "chunks", "gzip in chunks", "kept joined", "kept unpacked"],
)
def test_bodies_are_unpacked(payload: bytes, fields: dict[str, str]) -> None:
    (article,), events = read(archive([("response", payload, HTML | fields)]))
    assert (article.paragraphs, events) == ((STORY,), [])


@pytest.mark.parametrize(
    ("payload", "encoding", "reason"),
    [
        (gzip.compress(b"<" * 3_000_000, mtime=0), "gzip", "unpacks to more than"),
        (brotli.compress(b"<" * 30_000_000, quality=1), "br", "unpacks to more than"),
        (gzip.compress(PAGE.encode(), mtime=0)[:-20], "gzip", "is not gzip"),
        (b"\x1f\x8bgarbage", "gzip", "is not gzip"),
        (b"garbage", "br", "is not br"),
        (b"garbage", "zstd", "is not zstd"),
    ],
    ids=["gzip bomb", "brotli bomb", "cut", "no gzip", "no brotli", "unknown"],
)
def test_bodies_beyond_the_limit_or_damaged_are_named(payload: bytes, encoding: str, reason: str) -> None:
    limits = Limits(max_file_bytes=2**20)
    raw = archive([("response", payload, HTML | {"Content-Encoding": encoding}), ("response", PAGE.encode(), HTML)])
    articles, events = read(raw, limits)
    assert len(articles) == 1
    assert isinstance(events[0], Skip)
    assert (events[0].path, reason in events[0].reason) == (f"x.warc.gz!/{URL}", True)


def test_a_record_beyond_the_limit_is_named_and_the_next_is_read() -> None:
    raw = archive([("response", b"<" * 2**21, HTML), ("response", PAGE.encode(), HTML)], packed=False)
    (article,), events = read(raw, Limits(max_file_bytes=2**20))
    assert (article.title, events) == ("Ferry lost", [Skip(f"x.warc.gz!/{URL}", "larger than 1 MiB")])


def test_a_bomb_of_an_archive_stops() -> None:
    record = b"WARC/1.0\r\nWARC-Type: metadata\r\nContent-Length: %d\r\n\r\n" % 60_000_000 + b"\0" * 60_000_000
    with pytest.raises(NotRead, match="unpacks to more than 200 times"):
        read(gzip.compress(record, 6), Limits(max_file_bytes=2**20))


@pytest.mark.parametrize("packed", [True, False])
def test_what_stands_before_a_damage_is_kept(packed: bool) -> None:
    whole = archive([("response", PAGE.encode(), HTML)] * 2, packed=packed)
    found: list[Article] = []
    with pytest.raises(NotRead, match=r"damaged|truncated"):
        found.extend(warc.read(streamed(whole[:-60]), "x", Limits(), lambda _event: None))
    given = warc.read(streamed(whole[:-60]), "x", Limits(), lambda _event: None)
    assert next(given).title == "Ferry lost"


@pytest.mark.parametrize(
    "raw",
    [
        b"WARC/1.0\r\n" + b"a" * 100_000,
        b"WARC/1.0\r\nContent-Length: -5\r\n\r\n",
        b"WARC/1.0\r\nContent-Length: 999999999999999999\r\n\r\n",
        b"WARC/1.0\r\n" + b"a: b\r\n" * 5000,
        b"WARC/1.0\r\nContent-Length: 2\r\n\r\nabcdef\r\n",
    ],
    ids=["endless line", "negative", "too long", "endless header", "too short"],
)
def test_damage_is_named(raw: bytes) -> None:
    with pytest.raises(NotRead, match=r"damaged|truncated"):
        read(raw)


def test_an_answer_without_a_head_is_named() -> None:
    with pytest.raises(NotRead, match="not an HTTP answer"):
        http_body.answer_of(b"nothing")


@pytest.mark.parametrize("head", [b"", b"WARC", b"\x1f\x8b", gzip.compress(b"text", mtime=0), b"WARC/9.9\r\n"])
def test_what_is_no_archive(head: bytes) -> None:
    assert not warc.looks_like(head)

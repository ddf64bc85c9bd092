"""Web archives (WARC 1.0 and 1.1): the HTML pages in them, one after another, plain or gzip.

Each part is read within limits, whatever the archive says of its own lengths. When a page was captured is not when
its story was published, so that date is not taken for one.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from index.sources import container, http_body, sniff
from index.sources.opening import named_faults
from index.sources.records import MIB, Limits, Note, NotRead, Report, Skip
from index.text import squash

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.model import Article
    from index.sources.opening import Stream

_VERSION = re.compile(rb"WARC/(?:0\.1[78]|1\.\d)\s*$")
_LENGTH = re.compile(r"\d{1,18}")
_LONGEST_LINE = 64 * 1024
_MOST_HEADERS = 1000
_CHUNK = MIB
_OK = 200
_HTML = ("text/html", "application/xhtml+xml")
_PASSED_OVER = frozenset(("warcinfo", "request", "metadata", "revisit"))
_TRACES = 120  # characters of an address in a name

Headers = dict[str, str]


def looks_like(head: bytes) -> bool:
    """Tell a web archive by its first bytes."""
    return bool(_VERSION.match(head.partition(b"\n")[0]))


def read(stream: Stream, name: str, limits: Limits, report: Report) -> Iterator[Article]:
    """Yield the articles of a web archive, read from its start; what is damaged ends it with ``NotRead``."""
    passed: Counter[str] = Counter()
    try:
        for headers, body in _records(_Source(stream)):
            what = headers.get("warc-type", "record without a type")[:40]
            if what in ("response", "resource"):
                yield from _page(headers, body, name, passed, limits, report)
            elif what not in _PASSED_OVER:
                passed[f"{what} records"] += 1
    finally:
        if passed:
            told = ", ".join(f"{count:,} {squash(what)}" for what, count in passed.most_common())
            report(Note(name, f"passed over: {told}"))


class _Source:
    """The bytes of an archive, its compression undone."""

    def __init__(self, stream: Stream) -> None:
        self._file = stream.file

    def line(self) -> bytes:
        """Return a line; one too long for a header is damage."""
        with named_faults():
            found = self._file.readline(_LONGEST_LINE + 1)
        if len(found) > _LONGEST_LINE:
            raise NotRead("a damaged web archive: a header line without an end")
        return found

    def take(self, size: int) -> bytes:
        """Return so many bytes, fewer at the end of the file."""
        with named_faults():
            return self._file.read(size)


class _Body:
    """What a record holds, to be read once; what is left of it is passed over."""

    def __init__(self, source: _Source, length: int) -> None:
        self._source = source
        self.left = length

    def take(self, size: int) -> bytes:
        """Return at most so many bytes of the record."""
        wanted = min(size, self.left)
        found = self._source.take(wanted) if wanted else b""
        self.left -= len(found)
        if len(found) < wanted:
            raise NotRead("a truncated web archive: its last record is cut off")
        return found

    def skip(self) -> None:
        """Go to the end of the record."""
        while self.left:
            self.take(_CHUNK)


def _records(source: _Source) -> Iterator[tuple[Headers, _Body]]:
    """Yield the records with their headers, names in lower case."""
    while line := source.line():
        if not line.strip():
            continue
        if not _VERSION.match(line):
            raise NotRead("a damaged web archive: a record does not begin where the one before ends")
        headers = _headers(source)
        length = headers.get("content-length", "")
        if not _LENGTH.fullmatch(length):
            raise NotRead("a damaged web archive: a record without its length")
        body = _Body(source, int(length))
        yield headers, body
        body.skip()


def _headers(source: _Source) -> Headers:
    headers: Headers = {}
    name = ""
    for _line in range(_MOST_HEADERS):
        line = source.line()
        if not line.strip():
            return headers
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if text[:1] in " \t" and name:
            headers[name] += f" {text.strip()}"
            continue
        name, _, value = text.partition(":")
        name = name.strip().lower()
        headers[name] = value.strip()
    raise NotRead("a damaged web archive: a header without an end")


def _page(
    headers: Headers, body: _Body, name: str, passed: Counter[str], limits: Limits, report: Report
) -> Iterator[Article]:
    """Yield the article of a record, if it is an HTML page; report why it gives none."""
    url = headers.get("warc-target-uri", "").strip("<> ")
    where = f"{name}!/{squash(url)[:_TRACES] or 'record'}"
    if body.left > limits.max_file_bytes:
        report(Skip(where, f"larger than {limits.max_file_bytes // MIB} MiB"))
        return
    raw = body.take(body.left)
    try:
        if headers["warc-type"] == "response":
            answer = http_body.answer_of(raw)
            kind, charset, raw = answer.kind, answer.charset, answer.body
            if answer.status != _OK:
                passed[f"answers with status {answer.status}"] += 1
                return
        else:
            kind, charset = http_body.kind_of(headers.get("content-type", ""))
            answer = None
        if kind not in _HTML and not (kind in ("", "application/octet-stream") and sniff.may_be_html(raw)):
            passed[f"of type {kind[:40] or 'unknown'}"] += 1
            return
        page = http_body.unpacked(answer, limits) if answer else raw
        if "warc-truncated" in headers:
            report(Note(where, "the page was cut off when it was archived"))
        yield container.page_article(page, charset, where, url)
    except NotRead as fault:
        report(Skip(where, str(fault)))

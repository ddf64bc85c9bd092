"""Any bytes, as a file of any name, through the walk: ``make fuzz`` runs this.

Coverage leads it through the formats of this package; HTML goes to its process as ever. Starting points are made here,
one of each format and packing.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import tempfile
import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import zstandard

from index.sources import html_door, tar, zip_archive
from index.sources.records import Limits
from index.sources.unpacking import packing_of
from index.sources.walk import read_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NAMES = ("a.html", "a.txt", "a.jsonl", "a.json", "a.zip", "a.tar", "a.md", "a.csv", "a.xml", "a.warc", "a.mhtml",
         "a.mapping.toml", "a")  # fmt: skip
LIMITS = Limits(max_file_bytes=1 << 20, max_line_bytes=1 << 16, free_bytes=1 << 18, max_members=50, max_seconds=10)
PLAIN = b"A headline\n\nA paragraph of ordinary prose that is long enough to be taken for one, and then some.\n"
LINE = b'{"id": "a", "title": "One", "paragraphs": ["Text"], "comments": [{"text": "c"}]}\n'
TABLE = b'headline;body;published\n"One; two";"Text\nwith a line";2014-06-29\n'
FEED = (b"<?xml version='1.0'?><rss version='2.0'><channel><title>F</title><item><title>T</title><link>http://a.example/"
        b"</link><description>&lt;p&gt;Words&lt;/p&gt;</description></item></channel></rss>")  # fmt: skip
ANSWER = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><article><h1>H</h1><p>Then the goat said so.</p></html>"
)
WARC = (b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: http://a.example/\r\nContent-Length: %d\r\n\r\n%s\r\n\r\n"
        % (len(ANSWER), ANSWER))  # fmt: skip
SAVED = (b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n--b\r\nContent-Type: text/html\r\n"
         b"Content-Transfer-Encoding: quoted-printable\r\n\r\n<h1>H</h1><p>A=20b</p>\r\n--b--\r\n")  # fmt: skip
FRONT = b"---\ntitle: One\ntags: [a, b]\n---\n# Head\n\nSome *words* and `code`.\n"
MAPPING = b'[articles]\nfiles = ["*.csv"]\ntitle = "headline"\nparagraphs = { column = "body", strip = "x" }\n'
PAGE = b"<!DOCTYPE html><html><title>T</title><article><h1>Head</h1><p>Then the goat said a word.</p></article></html>"


def check(data: bytes, folder: Path) -> None:
    """Read the bytes behind the first one as a file whose name the first one chooses."""
    if not data:
        return
    path = folder / NAMES[data[0] % len(NAMES)]
    path.write_bytes(data[1:])
    events: list[object] = []
    articles = list(read_sources([path], LIMITS, events.append))
    path.unlink()
    if not (articles or events or not data[1:].strip() or _may_be_silent(data[1:])):
        raise AssertionError("neither articles nor reasons")


def _may_be_silent(raw: bytes) -> bool:
    """Tell what may hold hidden members or folders only, which are passed over without a word."""
    return packing_of(raw) is not None or zip_archive.looks_like(raw) or tar.looks_like(raw)


def seeds() -> list[bytes]:
    """Return one file of each kind, each behind the byte that names it."""
    zipped, tarred = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("one.txt", PLAIN)
        archive.writestr("two.jsonl", LINE)
    with tarfile.open(fileobj=tarred, mode="w") as made:
        info = tarfile.TarInfo("x" * 120)
        info.size = len(LINE)
        made.addfile(info, io.BytesIO(LINE))
    plain = [PAGE, PLAIN, LINE * 2, b"[" + LINE + b"]", zipped.getvalue(), tarred.getvalue()]
    plain += [FRONT, TABLE, FEED, WARC, SAVED, MAPPING]
    packers = (gzip.compress, bz2.compress, lzma.compress, zstandard.compress)
    packed = [pack(raw) for pack in packers for raw in (LINE, tarred.getvalue())]
    return [bytes((number % len(NAMES),)) + raw for number, raw in enumerate([*plain, *packed])]


@contextmanager
def ready() -> Iterator[tuple[Callable[[bytes], None], list[bytes]]]:
    """Give the check, with the process for HTML pages held open, and the inputs to begin with."""
    with tempfile.TemporaryDirectory() as folder, html_door.held():
        yield lambda data: check(data, Path(folder)), seeds()

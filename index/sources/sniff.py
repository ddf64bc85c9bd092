"""Which format a file has, told by its content; the suffix only decides what plain text is taken for."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import TYPE_CHECKING

from index.sources import text_page

if TYPE_CHECKING:
    from pathlib import PurePath


class Format(StrEnum):
    """The formats that can be read."""

    JSON_LINES = "json lines"
    JSON = "json"
    HTML = "html"
    TEXT_PAGE = "text page"
    PLAIN = "plain text"


_HTML_START = re.compile(
    r"<(?:!doctype\s+html|html|head|body|meta|title|article|main|div|p|h1|section|!--)[\s>/-]", re.I
)
_JSON_START = re.compile(r"\s*(?:\{\s*[\"}]|\[\s*[\[{\"\]])")
_JSON_SUFFIXES = frozenset((".json", ".jsonl", ".ndjson"))
_PROSE_SUFFIXES = frozenset(("", ".txt", ".text", ".md"))
_ABOUT_FILES = re.compile(r"^(?:readme|licen[cs]e|copying|notice|authors|changelog|contributing)(?:[.-]|$)", re.I)
_NUL = b"\0"
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def is_about(path: PurePath) -> bool:
    """Tell whether a file is by its name about the folder it lies in."""
    return bool(_ABOUT_FILES.match(path.name))


def suffix(path: PurePath) -> str:
    """Return the suffix that names the format."""
    return path.suffix.lower()


def is_utf16(head: bytes) -> bool:
    """Tell whether a file begins with a byte-order mark of UTF-16."""
    return head.startswith(_UTF16)


def is_binary(head: bytes) -> bool:
    """Tell whether the first bytes of a file are not those of a text."""
    return _NUL in head and not is_utf16(head)


def may_be_html(head: bytes) -> bool:
    """Tell HTML before its encoding is known."""
    return bool(_HTML_START.search(head[:4096].replace(_NUL, b"").decode("latin-1")))


def json_format(head: bytes, path: PurePath) -> Format | None:
    """Return which JSON the file is, told by its first bytes: lines are streamed, a document is read whole."""
    for mark in (b"\xef\xbb\xbf", *_UTF16):
        head = head.removeprefix(mark)
    text = head.replace(_NUL, b"").decode("latin-1").lstrip()
    if suffix(path) not in _JSON_SUFFIXES and not _JSON_START.match(text):
        return None
    if suffix(path) in (".jsonl", ".ndjson"):
        return Format.JSON_LINES
    first, newline, _ = text.partition("\n")
    whole = not newline or first.rstrip().endswith("}")
    return Format.JSON_LINES if first.startswith("{") and len(first) > 1 and whole else Format.JSON


def is_html(text: str) -> bool:
    """Tell whether a decoded file is HTML."""
    start = text.lstrip()[:4096]
    return start.startswith("<") and bool(_HTML_START.search(start))


def text_format(text: str, path: PurePath) -> Format | None:
    """Return the format of a decoded file that is not JSON."""
    if is_html(text):
        return Format.HTML
    if text_page.looks_like(text):
        return Format.TEXT_PAGE
    return Format.PLAIN if suffix(path) in _PROSE_SUFFIXES else None

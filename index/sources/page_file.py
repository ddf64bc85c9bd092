"""Files that hold one page each: HTML, text pages and plain prose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.sources import html_door, markdown, plain, sniff, text_page
from index.sources.opening import decoded
from index.sources.records import Note, NotRead

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import PurePath

    from index.model import Article
    from index.sources.opening import Stream
    from index.sources.records import Limits, Report


def looks_like(head: bytes, _path: PurePath) -> bool:
    """Tell any text; which one is seen when all of it is there."""
    return not sniff.is_binary(head)


def read(stream: Stream, name: str, limits: Limits, report: Report) -> Iterator[Article]:
    """Yield the article of a page."""
    raw = stream.everything()
    text, lost = decoded(raw, declared=sniff.may_be_html(raw))
    if lost:
        report(Note(name, f"{lost} characters could not be decoded"))
    if not text.strip():
        raise NotRead("empty")
    if len(text) > limits.max_text_chars and not sniff.is_html(text):
        raise NotRead(f"more than {limits.max_text_chars:,} characters of text")
    if markdown.looks_like(text, stream.label):
        yield markdown.read(text, name)
        return
    match sniff.text_format(text, stream.label):
        case sniff.Format.HTML:
            yield html_door.read_html(text, name, None, limits)
        case sniff.Format.TEXT_PAGE:
            yield text_page.read(text, name)
        case sniff.Format.PLAIN:
            yield plain.read(text, name)
        case _:
            raise NotRead("not an article in a known format")

"""The formats there are: how each is told by a file's first bytes and its name, and what reads it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from index.sources import feeds, json_file, mapping, mhtml, page_file, sniff, table, tar, warc, zip_archive

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import PurePath

    from index.model import Article
    from index.sources.files import Claims
    from index.sources.members import Member
    from index.sources.opening import Stream
    from index.sources.records import Limits, Report


@dataclass(frozen=True, slots=True)
class Reader:
    """A format of articles."""

    looks_like: Callable[[bytes, PurePath], bool]
    read: Callable[[Stream, str, Limits, Report], Iterator[Article]]
    """Takes the file, the name its articles and skips go by, the limits and where to report; may raise ``NotRead``."""


@dataclass(frozen=True, slots=True)
class Archive:
    """A kind of archive: how it is told, and what gives its members."""

    looks_like: Callable[[bytes], bool]
    members: Callable[[Stream, Limits], Iterator[Member]]


def _is_table(head: bytes, path: PurePath) -> bool:
    return not sniff.is_binary(head) and table.looks_like(head, path.name)


def _is_feed(head: bytes, _path: PurePath) -> bool:
    return feeds.looks_like(head)


def _is_saved_page(head: bytes, _path: PurePath) -> bool:
    return not sniff.is_binary(head) and mhtml.looks_like(head)


def _is_web_archive(head: bytes, _path: PurePath) -> bool:
    return warc.looks_like(head)


def _feed(stream: Stream, name: str, _limits: Limits, report: Report) -> Iterator[Article]:
    yield from feeds.read(stream.everything(), name, report)


def _saved_page(stream: Stream, name: str, _limits: Limits, report: Report) -> Iterator[Article]:
    yield mhtml.read(stream.everything(), name, report)


READERS: Final = (
    Reader(_is_web_archive, warc.read),
    Reader(_is_table, table.read),
    Reader(_is_feed, _feed),
    Reader(_is_saved_page, _saved_page),
    Reader(json_file.are_lines, json_file.read_lines),
    Reader(json_file.is_document, json_file.read_document),
    Reader(page_file.looks_like, page_file.read),  # any text, so the last
)
"""The first that a file looks like reads it."""

ARCHIVES: Final = (
    Archive(zip_archive.looks_like, zip_archive.members),
    Archive(tar.looks_like, tar.members),
)

CLAIMS: Final[Claims] = {mapping.SUFFIX: mapping.claimed}
"""By the end of a file's name, what tells which files of its folder it speaks for: those are not read on their own."""

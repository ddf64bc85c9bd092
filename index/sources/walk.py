"""From files and folders to articles: each file in its format, archives member by member.

Whatever cannot be read is reported by name, and the walk goes on.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from index.sources import files, html_door, mapping, sniff
from index.sources.files import shown
from index.sources.formats import ARCHIVES, CLAIMS, READERS
from index.sources.opening import Stream, opened
from index.sources.records import Exhausted, Limits, Note, NotRead, Report, Skip, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from index.model import Article
    from index.sources.members import Member

_LONGEST_NAME: Final = 1000  # characters of a member's name that are shown and kept


def read_sources(
    paths: Sequence[Path],
    limits: Limits,
    report: Report,
    progress: Callable[[int], None] | None = None,
) -> Iterator[Article]:
    """Yield the articles of files and folders; ``progress`` is called with the bytes on disk read since last time."""
    with html_door.held():
        for source in source_files(paths, report):
            yield from read_source(source, limits, report, progress)


def source_files(paths: Sequence[Path], report: Report) -> Iterator[Source]:
    """Yield the files to read, each once, in the order given and by name within folders."""
    return files.source_files(paths, report, CLAIMS)


def read_source(
    source: Source, limits: Limits, report: Report, progress: Callable[[int], None] | None = None
) -> Iterator[Article]:
    """Yield the articles of one file, or of standard input."""
    tell = progress or (lambda _bytes: None)
    name = shown(source.path)
    done = 0
    try:
        if sniff.is_about(source.path):
            raise NotRead("not an article")
        if mapping.is_mapping(source.path):
            yield from (_bounded(article, limits, report) for article in mapping.read(source.path, limits, report))
            tell(source.size)
            return
        with html_door.held(), opened(source.path, limits) as stream:
            for article in _articles(stream, name, limits, report, 0):
                yield _bounded(article, limits, report)
                position = max(stream.position, done)
                tell(position - done)
                done = position
    except NotRead as fault:
        report(Skip(name, str(fault)))
    tell(max(source.size - done, 0))


def _articles(stream: Stream, name: str, limits: Limits, report: Report, depth: int) -> Iterator[Article]:
    """Read one open file in its format, ``depth`` archives down."""
    head = stream.head()
    if not head:
        raise NotRead("empty")
    for archive in ARCHIVES:
        if archive.looks_like(head):
            if depth >= limits.max_nesting:
                raise NotRead(f"an archive within more than {limits.max_nesting} others")
            for member in archive.members(stream, limits):
                yield from _of_member(member, stream, name, limits, report, depth + 1)
            return
    for reader in READERS:
        if reader.looks_like(head, stream.label):
            yield from reader.read(stream, name, limits, report)
            return
    raise NotRead("binary")


def _of_member(
    member: Member, archive: Stream, within: str, limits: Limits, report: Report, depth: int
) -> Iterator[Article]:
    """Read a member of an archive as if it were a file of a folder: hidden ones are passed over."""
    label = PurePosixPath(member.name)
    if any(part == "__MACOSX" or (part.startswith(".") and part != "..") for part in label.parts):
        return
    name = f"{within}!/{shown(member.name.removeprefix('./')[:_LONGEST_NAME])}"
    try:
        if member.file is None:
            raise NotRead(member.reason)
        if sniff.is_about(label):
            raise NotRead("not an article")
        stream = Stream(member.file, limits, meter=archive.meter, label=label)
        yield from _articles(stream, name, limits, report, depth)
    except Exhausted:
        raise
    except NotRead as fault:
        report(Skip(name, str(fault)))


def _bounded(article: Article, limits: Limits, report: Report) -> Article:
    """Return the article within the limits, reporting what was cut and comments that were not found."""
    name = article.path or article.id
    if len(article.paragraphs) > limits.max_paragraphs:
        report(Note(name, f"only the first {limits.max_paragraphs:,} of {len(article.paragraphs):,} paragraphs kept"))
    if len(article.comments) > limits.max_comments:
        report(Note(name, f"only the first {limits.max_comments:,} of {len(article.comments):,} comments kept"))
    missing = article.reported_comments is not None and article.reported_comments != len(article.comments)
    if missing:
        said = f"the page counts {article.reported_comments:,} comments, {len(article.comments):,} were read"
        report(Note(name, f"{said} ({article.title or article.id})"))
    if len(article.paragraphs) <= limits.max_paragraphs and len(article.comments) <= limits.max_comments:
        return article
    return replace(
        article,
        paragraphs=article.paragraphs[: limits.max_paragraphs],
        comments=article.comments[: limits.max_comments],
    )

"""From files and folders to articles: which files there are, and the reader each one needs.

Folders are walked in name order; hidden files are passed over, links inside a folder are not followed, and only
regular files are opened. Whatever cannot be read is reported and the walk goes on.
"""

from __future__ import annotations

import os
import stat
from dataclasses import replace
from typing import TYPE_CHECKING

from index.sources import jsonl, plain, sniff, text_page
from index.sources.opening import Stream, decoded, opened
from index.sources.records import Limits, Note, NotRead, Report, Skip, Source
from index.text import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from index.model import Article


def read_sources(
    paths: Sequence[Path],
    limits: Limits,
    report: Report,
    progress: Callable[[int], None] | None = None,
) -> Iterator[Article]:
    """Yield the articles of files and folders; ``progress`` is called with the bytes on disk read since last time."""
    for source in source_files(paths, report):
        yield from read_source(source, limits, report, progress)


def source_files(paths: Sequence[Path], report: Report) -> Iterator[Source]:
    """Yield the files to read, each once, in the order given and by name within folders."""
    seen: set[tuple[int, int]] = set()
    for path in paths:
        for found, status in _walk(path, report):
            if (status.st_dev, status.st_ino) not in seen:
                seen.add((status.st_dev, status.st_ino))
                yield Source(found, status.st_size)


def read_source(
    source: Source, limits: Limits, report: Report, progress: Callable[[int], None] | None = None
) -> Iterator[Article]:
    """Yield the articles of one file."""
    tell = progress or (lambda _bytes: None)
    name = shown(source.path)
    done = 0
    try:
        if sniff.is_about(source.path):
            raise NotRead("not an article")
        with opened(source.path, limits) as stream:
            for article in _articles(stream, source.path, limits, report):
                yield _bounded(article, limits, report)
                position = stream.position
                tell(position - done)
                done = position
    except NotRead as fault:
        report(Skip(name, str(fault)))
    tell(max(source.size - done, 0))


def shown(path: Path) -> str:
    """Return a path as text that can be shown and stored, whatever bytes it has."""
    return clean(os.fspath(path))


def _walk(path: Path, report: Report) -> Iterator[tuple[Path, os.stat_result]]:
    """Yield the regular files under ``path``; a path given by name may be a link."""
    try:
        status = path.stat()
    except (OSError, ValueError) as fault:
        report(Skip(shown(path), _reason(fault)))
        return
    if stat.S_ISDIR(status.st_mode):
        yield from _walk_folder(path, report)
    else:
        yield from _regular(path, status, report)


def _walk_folder(folder: Path, report: Report) -> Iterator[tuple[Path, os.stat_result]]:
    """Yield the regular files below a folder in name order; a stack instead of recursion, for any depth."""
    stack = [folder]
    while stack:
        path = stack.pop()
        try:
            status = path.lstat() if path != folder else path.stat()
            if stat.S_ISDIR(status.st_mode):
                entries = (entry for entry in path.iterdir() if not entry.name.startswith("."))
                stack += sorted(entries, key=lambda entry: entry.name, reverse=True)
                continue
        except OSError as fault:
            report(Skip(shown(path), _reason(fault)))
            continue
        yield from _regular(path, status, report)


def _regular(path: Path, status: os.stat_result, report: Report) -> Iterator[tuple[Path, os.stat_result]]:
    if stat.S_ISREG(status.st_mode):
        yield path, status
    elif stat.S_ISLNK(status.st_mode):
        report(Skip(shown(path), "a symbolic link; name its target to read it"))
    else:
        report(Skip(shown(path), "not a regular file"))


def _reason(fault: OSError | ValueError) -> str:
    return (getattr(fault, "strerror", None) or "cannot be opened").lower()


def _articles(stream: Stream, path: Path, limits: Limits, report: Report) -> Iterator[Article]:
    """Read one open file in its format."""
    head = stream.head()
    if not head:
        raise NotRead("empty")
    if sniff.is_binary(head):
        raise NotRead("binary")
    match sniff.json_format(head, path):
        case sniff.Format.JSON_LINES:
            yield from _json_lines(_lines(stream, head), shown(path), limits, report)
        case sniff.Format.JSON:
            yield from _json_document(stream, shown(path), report)
        case _:
            yield _page(stream, path, report)


def _lines(stream: Stream, head: bytes) -> Iterable[bytes | None]:
    """Return the lines of a file; UTF-16 cannot be cut at newline bytes, and is read whole."""
    return decoded(stream.everything())[0].encode().split(b"\n") if sniff.is_utf16(head) else stream.lines()


def _json_lines(lines: Iterable[bytes | None], name: str, limits: Limits, report: Report) -> Iterator[Article]:
    empty = True
    for number, line in enumerate(lines, start=1):
        try:
            if line is None:
                raise NotRead(f"longer than {limits.max_line_bytes} bytes")
            text = decoded(line)[0].strip()
            empty = empty and not text
            if text:
                yield jsonl.article_from_dict(jsonl.loads(text), name)
        except NotRead as fault:
            empty = False
            report(Skip(f"{name}:{number}", str(fault)))
    if empty:
        raise NotRead("empty")


def _json_document(stream: Stream, name: str, report: Report) -> Iterator[Article]:
    """Read a JSON file that is not line by line: one article, or a list of them."""
    found = jsonl.loads(decoded(stream.everything())[0])
    if not isinstance(found, list):
        yield jsonl.article_from_dict(found, name)
        return
    if not any(isinstance(item, dict) for item in found):
        raise NotRead("a JSON list without articles")
    for number, item in enumerate(found):
        try:
            yield jsonl.article_from_dict(item, name)
        except NotRead as fault:
            report(Skip(f"{name}[{number}]", str(fault)))


def _page(stream: Stream, path: Path, report: Report) -> Article:
    """Read a file that holds one page."""
    raw = stream.everything()
    text, lost = decoded(raw, declared=sniff.may_be_html(raw))
    if lost:
        report(Note(shown(path), f"{lost} characters could not be decoded"))
    if not text.strip():
        raise NotRead("empty")
    match sniff.text_format(text, path):
        case sniff.Format.HTML:
            from index.sources import html_page  # loads trafilatura: a second, for HTML only

            return html_page.read(text, shown(path))
        case sniff.Format.TEXT_PAGE:
            return text_page.read(text, shown(path))
        case sniff.Format.PLAIN:
            return plain.read(text, shown(path))
        case _:
            raise NotRead("not an article in a known format")


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
    return replace(
        article,
        paragraphs=article.paragraphs[: limits.max_paragraphs],
        comments=article.comments[: limits.max_comments],
    )

"""Mapping files, ``NAME.mapping.toml``: which columns of the data beside them are which fields.

Articles and comments may lie in files of their own; a key joins them. Paths stay inside the mapping file's folder.
"""

from __future__ import annotations

import codecs
import re
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

from index.sources import joining, rows
from index.sources.fields import Column, Fields
from index.sources.opening import opened
from index.sources.records import MIB, Limits, NotRead, Report, Skip
from index.text import clean, squash

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from index.model import Article
    from index.sources.rows import Row

SUFFIX = ".mapping.toml"
_ARTICLE = ("id", "title", "paragraphs", "published", "authors", "editors", "url", "source", "section", "place",
            "topics", "captions", "comments", "reported_comments", "furniture")  # fmt: skip
_COMMENT = ("article", "id", "author", "posted", "text", "parent", "removed", "article_title", "article_url")
_TIMES = ("published", "posted")
_OPTIONS = {"articles": ("files", "encoding", "key"), "comments": ("files", "encoding", "orphans")}
_IN_COLUMN = ("column", "value", "format", "strip")
_LARGEST = MIB
_DAY = datetime(2001, 2, 3, 4, 5, 6, tzinfo=UTC)  # to try patterns on
_LOOKED_AT = 50  # JSON records do not all have the same keys


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One table of a mapping file: its data files and what their columns are."""

    name: str
    files: tuple[str, ...]
    fields: Fields
    encoding: str | None = None
    key: Column | None = None
    keep_orphans: bool = False


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping file as read; at least one of the two parts is there."""

    path: Path
    articles: Part | None
    comments: Part | None


def is_mapping(path: PurePath) -> bool:
    """Tell a mapping file by its name."""
    return path.name.lower().endswith(SUFFIX)


def claimed(path: Path) -> set[Path]:
    """Return the data files a mapping file names, which are read through it alone; none where it has mistakes."""
    try:
        mapping = load(path)
        return {file for part in (mapping.articles, mapping.comments) if part for file in _files(mapping, part)}
    except NotRead:
        return set()


def read(path: Path, limits: Limits, report: Report) -> Iterator[Article]:
    """Yield the articles of the data a mapping file names; ``NotRead`` says what is wrong with it."""
    mapping = load(path)
    name = clean(str(path))
    articles, comments = mapping.articles, mapping.comments
    if comments is None:
        for row in _rows(mapping, articles, limits, report):
            try:
                yield joining.article_of(row, articles.fields if articles else {})
            except NotRead as fault:
                report(Skip(row.where, str(fault)))
        return
    with joining.shelf() as kept:
        kept.put(joining.keyed_comments(_rows(mapping, comments, limits, report), comments.fields, report))
        kept.close()
        if articles is not None and articles.key is not None:
            found = _rows(mapping, articles, limits, report)
            yield from joining.joined(found, articles.fields, articles.key, kept, limits.max_comments, report)
            joining.tell_orphans(kept, name, report, keep=comments.keep_orphans)
        if articles is None or comments.keep_orphans:
            yield from joining.grouped(kept, name, limits.max_comments)


def load(path: Path) -> Mapping:
    """Return a mapping file checked; every mistake is a ``NotRead`` that says what is allowed."""
    with opened(path, Limits(max_file_bytes=_LARGEST)) as stream:
        raw = stream.everything()
    try:
        found = tomllib.loads(raw.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise NotRead(f"not TOML: {squash(str(fault))}") from None
    _only(found, tuple(_OPTIONS), "table")
    if not found:
        raise NotRead("a mapping without [articles] and without [comments]; give one of them")
    articles = _part("articles", found["articles"], _ARTICLE) if "articles" in found else None
    comments = _part("comments", found["comments"], _COMMENT) if "comments" in found else None
    if articles and not {"title", "paragraphs", "comments"} & articles.fields.keys():
        raise NotRead("[articles] needs title or paragraphs: the column that holds them")
    if comments and not {"article", "text"} <= comments.fields.keys():
        raise NotRead("[comments] needs article (the key of the article) and text: the columns that hold them")
    if articles and comments and articles.key is None:
        raise NotRead("[articles] needs id or key, the column that [comments] article refers to")
    return Mapping(path, articles, comments)


def _part(name: str, table: object, known: tuple[str, ...]) -> Part:
    if not isinstance(table, dict):
        raise NotRead(f"[{name}] is not a table")
    _only(table, (*known, *_OPTIONS[name]), f"field in [{name}]:")
    fields = {field: _column(name, field, table[field]) for field in known if field in table}
    key = _column(name, "key", table["key"]) if "key" in table else fields.get("id")
    return Part(
        name=name,
        files=_patterns(name, table.get("files")),
        fields=fields,
        encoding=_encoding(name, table.get("encoding")),
        key=key if name == "articles" else None,
        keep_orphans=_choice(name, "orphans", table.get("orphans", "drop"), ("keep", "drop")) == "keep",
    )


def _only(table: dict[str, Any], allowed: tuple[str, ...], what: str) -> None:
    for key in table:
        if key not in allowed:
            raise NotRead(f"unknown {what} {squash(key)[:80]!r}; allowed: {', '.join(allowed)}")


def _column(part: str, field: str, given: object) -> Column:
    """Return what a field is filled from: ``"column"``, or a table with a column or a constant."""
    where = f"{field} in [{part}]"
    if isinstance(given, str) and given:
        return Column(name=given)
    if not isinstance(given, dict) or not given:
        raise NotRead(f'{where} is not a column: write "NAME", {{ column = "NAME" }} or {{ value = "TEXT" }}')
    _only(given, _IN_COLUMN, f"key of {where}:")
    if not all(isinstance(value, str) and value for value in given.values()):
        raise NotRead(f"{where} has a value that is not a text")
    if ("column" in given) == ("value" in given) or (field == "article" and "value" in given):
        raise NotRead(f"{where} needs column{'' if field == 'article' else ' or value'}, one of them")
    if "format" in given:
        _check_format(field, where, given["format"])
    return Column(
        name=given.get("column"), value=given.get("value"), format=given.get("format"), strip=given.get("strip")
    )


def _check_format(field: str, where: str, pattern: str) -> None:
    if field not in _TIMES:
        raise NotRead(f"{where} takes no format; only {' and '.join(_TIMES)} do")
    if pattern in ("unix", "unix-ms"):
        return
    try:
        found = datetime.strptime(_DAY.strftime(pattern), pattern).date()
    except (ValueError, OverflowError, re.error):
        found = None
    if found != _DAY.date():  # also a pattern that leaves out the year or the day
        raise NotRead(f'{where} has a format that is none: write "unix", "unix-ms" or a pattern like "%d/%m/%Y %H:%M"')


def _choice(part: str, field: str, given: object, allowed: tuple[str, ...]) -> str:
    if given not in allowed:
        raise NotRead(f"{field} in [{part}] is not one of {', '.join(allowed)}")
    return str(given)


def _encoding(part: str, given: object) -> str | None:
    if given is None:
        return None
    try:
        found = codecs.lookup(given) if isinstance(given, str) else None
        text = found.decode(b"a b" * 4)[0] if found else None
    except (LookupError, ValueError, TypeError, AssertionError):
        found, text = None, None
    if found is None or not isinstance(text, str) or found.name in ("idna", "punycode", "unicode_escape"):
        raise NotRead(f'encoding in [{part}] is not known: write one like "cp1252", "latin-1" or "shift_jis"')
    return found.name


def _patterns(part: str, given: object) -> tuple[str, ...]:
    """Return the patterns of data files, none of which may lead out of the folder."""
    patterns = [given] if isinstance(given, str) else given
    if not isinstance(patterns, list) or not patterns or not all(isinstance(item, str) and item for item in patterns):
        raise NotRead(f'[{part}] needs files, a list of names such as ["{part}.csv"]')
    for pattern in patterns:
        path = PurePath(pattern)
        if path.is_absolute() or ".." in path.parts or "\\" in pattern or "\0" in pattern or not path.parts:
            raise NotRead(
                f"files in [{part}] must stay in the mapping file's folder: {squash(pattern)[:80]!r} does not"
            )
    return tuple(patterns)


def _files(mapping: Mapping, part: Part) -> list[Path]:
    """Return the data files of a part that are there, each once."""
    folder = mapping.path.parent
    home = folder.resolve()
    found: dict[Path, None] = {}
    for pattern in part.files:
        try:
            matches = sorted(folder.glob(pattern))
        except (ValueError, NotImplementedError, OSError, IndexError):
            raise NotRead(f"files in [{part.name}] has a pattern that is none: {squash(pattern)[:80]!r}") from None
        inside = (path for path in matches if path.is_file() and path.resolve().is_relative_to(home))
        found |= dict.fromkeys(path for path in inside if not is_mapping(path))
    return list(found)


def _rows(mapping: Mapping, part: Part | None, limits: Limits, report: Report) -> Iterator[Row]:
    """Yield the rows of all files of a part; a file that cannot be read is reported and the others go on."""
    if part is None:
        return
    files = _files(mapping, part)
    if not files:
        report(
            Skip(clean(str(mapping.path)), f"no file here is {' or '.join(map(squash, part.files))}, in [{part.name}]")
        )
    for file in files:
        try:
            with opened(file, limits) as stream:
                found = rows.rows_of(stream, clean(str(file)), limits, report, part.encoding)
                yield from _checked(found, part)
        except NotRead as fault:
            report(Skip(clean(str(file)), str(fault)))


def _checked(found: Iterator[Row], part: Part) -> Iterator[Row]:
    """Yield the rows if the columns named are among theirs."""
    first: list[Row] = []
    while len(first) < _LOOKED_AT and (row := next(found, None)) is not None:
        first.append(row)
    there = tuple(dict.fromkeys(key for row in first for key in row.cells))
    has: Callable[[str], bool] = lambda name: name in there or name.split(".")[0] in there  # noqa: E731
    table = bool(first) and rows.is_table(first[0].where.rpartition(":")[0])
    columns = [*part.fields.values(), *([part.key] if part.key else [])]
    needed = {column.name: None for column in columns if column.name} if first else {}
    missing = [name for name in needed if not has(name)]
    if missing and (table or len(missing) == len(needed)):
        raise NotRead(f"has no column {rows.listed(tuple(missing))}; it has: {rows.listed(there)}")
    yield from first
    yield from found

"""Tables and JSON dumps with the usual column names, read without being told what is what.

A file of articles gives one article a row. A file of comments gives an article for each key that joins them, without
a text of its own; the articles are joined by a mapping file (``mapping``).
"""

from __future__ import annotations

import re
from itertools import chain, islice
from typing import TYPE_CHECKING

from index.sources import columns, joining, jsonl, rows
from index.sources.fields import comment_record
from index.sources.records import Limits, Note, NotRead, Report, Skip

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from index.model import Article
    from index.sources.columns import Layout
    from index.sources.opening import Stream
    from index.sources.rows import Row

_LOOKED_AT = 50  # JSON records do not all have the same keys
_JSON_START = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:\[\s*)?\{")


def looks_like(head: bytes, name: str) -> bool:
    """Tell a table by its name, and JSON that is not in our own form by the names in its first record."""
    if rows.is_table(name):
        return True
    if not _JSON_START.match(head):
        return False
    names = rows.head_keys(head)
    return bool(names) and not columns.is_own(names)


def read(stream: Stream, name: str, limits: Limits, report: Report) -> Iterator[Article]:
    """Yield the articles of a data file; ``NotRead`` says which columns it has where they are not understood."""
    found = rows.rows_of(stream, name, limits, report)
    first = list(islice(found, _LOOKED_AT))
    names = tuple(dict.fromkeys(key for row in first for key in row.cells))
    layout = columns.layout_of(names)
    if layout is None:
        if not first:
            raise NotRead("no rows in it")
        raise NotRead(
            f"columns not understood: {rows.listed(names)}; write a mapping file (data.mapping.toml) beside it"
        )
    _tell_unread(names, layout, name, report)
    every = chain(first, found)
    if not layout.comments:
        yield from _articles(every, layout, report)
    elif "article" in layout.fields:
        yield from _by_article(every, layout, name, limits, report)
    else:
        yield from _alone(every, layout, report)


def _tell_unread(names: tuple[str, ...], layout: Layout, name: str, report: Report) -> None:
    """Report the columns that fill no field: what is passed over must be known."""
    taken = {column.name for column in layout.fields.values()}
    unread = tuple(column for column in names if column.strip() and column not in taken)
    if unread:
        report(Note(name, f"columns not read: {rows.listed(unread)}"))


def _articles(found: Iterable[Row], layout: Layout, report: Report) -> Iterator[Article]:
    for row in found:
        try:
            yield joining.article_of(row, layout.fields)
        except NotRead as fault:
            report(Skip(row.where, str(fault)))


def _by_article(found: Iterable[Row], layout: Layout, name: str, limits: Limits, report: Report) -> Iterator[Article]:
    """Yield the comments of a file by article; ids of their own, for the articles themselves may lie elsewhere."""
    report(Note(name, "comments without their articles; a file like data.mapping.toml joins the two"))
    with joining.shelf() as kept:
        kept.put(joining.keyed_comments(found, layout.fields, report))
        kept.close()
        yield from joining.grouped(kept, name, limits.max_comments, "comments-on-")


def _alone(found: Iterable[Row], layout: Layout, report: Report) -> Iterator[Article]:
    """Yield an article for each comment, where nothing tells what it was written under."""
    for row in found:
        record = comment_record(row.cells, layout.fields)
        if not record:
            report(Skip(row.where, "a comment without text"))
            continue
        try:
            yield jsonl.article_from_dict({"comments": [record]}, row.where)
        except NotRead as fault:
            report(Skip(row.where, str(fault)))

"""The query language: ``parse(text)`` gives the frozen ``Query`` that everything else works on.

Any text at all gives a ``Query``; what could not be understood is searched as words and said in its ``warnings``.
The one error is ``QueryError``, for a query beyond the limits. Steps: ``marks`` (what the marks look like),
``syntax`` (Whoosh's parser), ``lower`` (its tree into ours), with ``leaves``, ``fields`` and ``dates`` for the parts.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from typing import Final

from index.errors import QueryError
from index.text import clean
from search.fields import FieldReader, shown
from search.leaves import word
from search.marks import plain_words
from search.parts import Gathered, Parts
from search.query import Query

MAX_LENGTH: Final = 1_000


def parse(text: str, *, now: datetime | None = None, timezone: tzinfo = UTC) -> Query:
    """Return the query ``text`` stands for; ``QueryError`` if it is too long, too large or nested too deep.

    Dates are read in ``timezone`` as seen at ``now`` (this moment unless given; without a zone it is in ``timezone``).
    """
    if len(text) > MAX_LENGTH:
        raise QueryError(f"the query has {len(text):,} characters, {MAX_LENGTH:,} are the limit; shorten it")
    text = clean(text)
    gathered = Gathered()
    parts = _plain(text, gathered)
    if parts is None:
        parts = _marked(text, gathered, _reader(now, timezone))
    query = Query(
        text=text,
        scoring=tuple(parts.scoring),
        must=tuple(parts.must),
        must_not=tuple(parts.must_not),
        meaning=" ".join(gathered.meaning),
        warnings=tuple(dict.fromkeys(gathered.warnings)),
    )
    if query.is_empty and text.strip():
        return replace(query, warnings=(*query.warnings, f"nothing to search for in {shown(text)}"))
    return query


def _plain(text: str, gathered: Gathered) -> Parts | None:
    """Return the parts of a text of words alone, which most are: they need no grammar, and Whoosh costs 0.1 s."""
    words = plain_words(text)
    if words is None:
        return None
    parts = Parts()
    for typed in words:
        if (node := word(typed)) is not None:
            gathered.add(node)
            parts.scoring.append(node)
    return parts


def _marked(text: str, gathered: Gathered, reader: FieldReader) -> Parts:
    from search.lower import lower
    from search.syntax import tree

    root, notes = tree(text, reader)
    gathered.warnings += notes
    return lower(root, gathered)


def _reader(now: datetime | None, timezone: tzinfo) -> FieldReader:
    moment = datetime.now(timezone) if now is None else now
    return FieldReader(moment if moment.tzinfo else moment.replace(tzinfo=timezone), timezone)

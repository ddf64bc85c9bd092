"""Filters within the text of a query: read, put in and taken out, so that they stay visible and editable."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from index.text import clean, key, squash
from search.fields import is_field
from search.marks import PHRASE, field_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.marks import FieldMark

_PHRASE: Final = re.compile(PHRASE)
_BARE: Final = re.compile(r"[^\W_][\w.-]*")  # a value that needs no quotes
_ALIASES: Final = {"author": "by"}


def asked(typed: str) -> str:
    """Return what is asked so far: without a field at the end that still waits for its value, as in ``wall by:``."""
    query = typed.strip()
    last = query.rpartition(" ")[2].lstrip("+-")
    return query.removesuffix(last).rstrip(" +-") if last.endswith(":") and is_field(last[:-1]) else query


def values(query: str, field: str) -> tuple[str, ...]:
    """Return the values a query filters ``field`` by."""
    return tuple(value for _, mark in _marks(query, field) for value in mark.values)


def toggled(query: str, field: str, value: str) -> str:
    """Return the query with the value put into the filter of its field, or taken out."""
    wanted = key(value)
    for start, mark in _marks(query, field):
        others = [one for one in mark.values if key(one) != wanted]
        if len(others) == len(mark.values):
            others.append(value)
        return _replaced(query, start, mark.end, field, others)
    return squash(f"{query} {_filter(field, [value])}")


def put(query: str, field: str, value: str | None) -> str:
    """Return the query with its field filtered by one value alone; by none where it is ``None``."""
    for start, mark in _marks(query, field):
        return _replaced(query, start, mark.end, field, [] if value is None else [value])
    return query if value is None else squash(f"{query} {_filter(field, [value])}")


def _replaced(query: str, start: int, end: int, field: str, found: list[str]) -> str:
    return squash(f"{query[:start]}{_filter(field, found)}{query[end:]}")


def _filter(field: str, found: list[str]) -> str:
    return f"{field}:{','.join(map(_quoted, found))}" if found else ""


def _quoted(value: str) -> str:
    said = squash(clean(value))
    if _BARE.fullmatch(said):
        return said
    return f'"{said}"' if '"' not in said else "«" + re.sub("[«»]", "'", said) + "»"


def _marks(query: str, field: str) -> Iterator[tuple[int, FieldMark]]:
    """Yield where each filter of the field stands that is not within quotes, and not excluded."""
    at = 0
    while at < len(query):
        phrase = _PHRASE.match(query, at)
        mark = None if phrase or (at and (query[at - 1].isalnum() or query[at - 1] in "-_")) else field_at(query, at)
        if mark and mark.values and _ALIASES.get(mark.name.casefold(), mark.name.casefold()) == field:
            yield at, mark
        at = phrase.end() if phrase else mark.end if mark and mark.end > at else at + 1

"""What is typed, piece by piece, for whoever colours it: where fields, values, phrases, signs and operators stand.

The pieces are those the parser itself cuts a query into (``cutting``), so that what is coloured is what is
understood. Nothing slow is tried: a date in unusual words is taken for one until the query is asked.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from search import marks
from search.parse import MAX_LENGTH

CUTTING: Final = "search.cutting"


class Role(StrEnum):
    """What a piece of a query is."""

    PHRASE = "phrase"
    MEANING = "meaning"
    PATTERN = "pattern"
    """``milit*``, ``=Iraq`` and the ``~`` of ``khamenei~``: words matched in a way of their own."""
    FIELD = "field"
    VALUE = "value"
    SIGN = "sign"
    """``+`` and ``-``, and brackets."""
    OPERATOR = "operator"
    WEIGHT = "weight"
    UNKNOWN = "unknown"
    """What is not understood: no such field or kind, a quotation mark alone."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters ``[start, end)`` of what was typed, and what they are."""

    start: int
    end: int
    role: Role


def pieces(typed: str) -> tuple[Piece, ...]:
    """Return the pieces of a query in order; plain words and the gaps between pieces are left out.

    A query beyond the limit of length has none. The first query with any marks imports the parser, which takes
    0.1 s; ``prepare`` does so beforehand.
    """
    if len(typed) > MAX_LENGTH or marks.plain_words(typed) is not None:
        return ()
    from search.cutting import cut

    return tuple(cut(typed))


def prepare() -> None:
    """Import the parser, so that ``pieces`` takes well under a millisecond from then on."""
    import search.cutting  # noqa: F401 - to have it imported


def is_prepared() -> bool:
    """Return whether the parser is imported."""
    return hasattr(sys.modules.get(CUTTING), "cut")

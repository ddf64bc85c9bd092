"""Which questions an English model reads badly: those in other scripts than Latin, of which it knows the letters."""

from __future__ import annotations

from typing import Final

import regex

from index.encode import DEFAULT_MODEL, STATIC_MODEL
from search.weights import DEFAULT

ENGLISH: Final = frozenset((DEFAULT_MODEL, STATIC_MODEL))
"""Models that learnt from English alone."""
FOREIGN_ALPHA: Final = 0.3
"""Share of meaning in the hybrid scores of such questions; docs/quality.md says how it was chosen."""

_LETTER: Final = regex.compile(r"\p{L}")
_LATIN: Final = regex.compile(r"\p{Latin}")


def is_foreign(text: str) -> bool:
    """Return whether most letters of a text are of other scripts than Latin."""
    return not text.isascii() and 2 * len(_LATIN.findall(text)) < len(_LETTER.findall(text))


def is_unread(model: str | None, meaning: str) -> bool:
    """Return whether the model of that name reads a question of that meaning badly."""
    return model in ENGLISH and is_foreign(meaning)


def share(alpha: float, *, unread: bool) -> float:
    """Return the share of meaning in the hybrid scores of a question, where the weights in force say ``alpha``.

    What was tuned counts for all questions.
    """
    return FOREIGN_ALPHA if unread and alpha == DEFAULT.alpha else alpha

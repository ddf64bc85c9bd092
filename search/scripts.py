"""Which questions an English model reads badly: those in other scripts than Latin, of which it knows the letters."""

from __future__ import annotations

from typing import Final

import regex

FOREIGN_ALPHA: Final = 0.3
"""Share of meaning in the hybrid scores of such questions; docs/quality.md says how it was chosen."""

_LETTER: Final = regex.compile(r"\p{L}")
_LATIN: Final = regex.compile(r"\p{Latin}")


def is_foreign(text: str) -> bool:
    """Return whether most letters of a text are of other scripts than Latin."""
    return not text.isascii() and 2 * len(_LATIN.findall(text)) < len(_LETTER.findall(text))

"""Words as the systems take them that bring no analysis of their own: lower case, no stop words, English stems."""

from __future__ import annotations

import re
from typing import Final

import Stemmer

# The list of Lucene's English analyser.
STOP_WORDS: Final = frozenset(
    [
        *("a", "an", "and", "are", "as", "at", "be", "but", "by", "for", "if", "in", "into", "is", "it", "no", "not"),
        *("of", "on", "or", "such", "that", "the", "their", "then", "there", "these", "they", "this", "to", "was"),
        *("will", "with"),
    ]
)
_WORD: Final = re.compile(r"\w+")
_stemmer = Stemmer.Stemmer("english")


def words(text: str) -> list[str]:
    """Return the words that count, unstemmed."""
    return [word for word in _WORD.findall(text.lower()) if word not in STOP_WORDS]


def stems(text: str) -> list[str]:
    """Return the stems of the words that count."""
    found: list[str] = _stemmer.stemWords(words(text))
    return found

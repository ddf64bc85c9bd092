"""One word: its exact form and its stem, remembered by surface form. ``index.text`` finds the words of a text."""

from __future__ import annotations

import threading
import unicodedata
from typing import Final

import regex

MAX_TERM: Final = 64  # longer "words" are keys, hashes and noise; their first characters still find them
CACHE_SIZE: Final = 200_000  # distinct surface forms remembered, so that memory does not grow with the corpus

_STOP_WORDS = """
    a about an and are as at be been but by can could did do does for from had has have he her his how i if in into is
    it its me my no not of on or our she should so such than that the their them then there these they this to was we
    were what when where which who whom why will with would you your
"""
STOP_WORDS: Final = frozenset(_STOP_WORDS.split())

UNSPACED: Final = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\u30FC"
APOSTROPHES: Final = "'’‘ʼ＇`´"
UNSPACED_RUN: Final = regex.compile(rf"[{UNSPACED}]", regex.V1)
_POSSESSIVE = regex.compile(rf"[{APOSTROPHES}]s$", regex.IGNORECASE)
_JOINERS = regex.compile(rf"[{APOSTROPHES}\u200C\u200D\u0640]")
_THOUSANDS = regex.compile(r"(?<=\d),(?=\d{3}(?!\d))")
# Accents of Latin, Greek and Cyrillic, Hebrew points and Arabic vowel marks; the marks of other scripts spell.
_MARKS = regex.compile(r"[\u0300-\u0305\u0307-\u036F\u0591-\u05BD\u05BF\u05C1\u05C2\u064B-\u0652\u0670]")
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})
_STEMMERS = {"LATIN": "english", "CYRILLIC": "russian", "GREEK": "greek", "ARABIC": "arabic"}

Word = tuple[str, str, str]  # exact form, stem, and the stem again, empty for a stop word


def fold(word: str) -> str:
    """Return the exact form of one word: case, accents, possessive, inner apostrophes and separators folded."""
    if word.isascii() and word.isalnum():
        return word.lower()[:MAX_TERM]
    word = _JOINERS.sub("", _POSSESSIVE.sub("", word))
    folded = unicodedata.normalize("NFKD", word).casefold()
    folded = unicodedata.normalize("NFC", _MARKS.sub("", folded)).translate(_LETTERS)
    if "." in folded and not any(char.isdigit() for char in folded):
        folded = folded.replace(".", "")
    return str(_THOUSANDS.sub("", folded))[:MAX_TERM]


def stem(exact: str) -> str:
    """Return the Snowball stem of an exact form, by the script it is written in."""
    return analyser.stem(exact)


class _PairFolds(dict[str, Word]):
    """Two characters of a script without spaces -> their word, remembered: there are few and they come often."""

    def __missing__(self, pair: str) -> Word:
        if len(self) >= CACHE_SIZE:
            self.clear()
        exact = fold(pair)
        self[pair] = word = (exact, exact, "" if exact in STOP_WORDS else exact)  # a pair may end in "A", as in 㐀.A
        return word


class _Unspaced(dict[str, bool]):
    """A character -> whether its script is written without spaces, remembered."""

    def __missing__(self, char: str) -> bool:
        self[char] = found = bool(UNSPACED_RUN.match(char))
        return found


class _Analyser(dict[str, Word]):
    """Surface form -> its word, remembered; stemmers are not thread-safe, hence the lock."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._stemmers: dict[str, object] = {}

    def __missing__(self, surface: str) -> Word:
        exact = fold(surface)
        if len(self) >= CACHE_SIZE:
            self.clear()
        stemmed = self.stem(exact)
        self[surface] = word = (exact, stemmed, "" if exact in STOP_WORDS else stemmed)
        return word

    def stem(self, exact: str) -> str:
        if not exact or not exact[0].isalpha():
            return exact
        algorithm = "english" if exact.isascii() else self._algorithm(exact[0])
        if algorithm is None:
            return exact
        with self._lock:
            return str(self._stemmer(algorithm).stemWord(exact)) or exact  # type: ignore[attr-defined]

    @staticmethod
    def _algorithm(letter: str) -> str | None:
        return _STEMMERS.get(unicodedata.name(letter, "").split(" ", 1)[0])

    def _stemmer(self, algorithm: str) -> object:
        if algorithm not in self._stemmers:
            import Stemmer  # a compiled module, loaded with the first word

            self._stemmers[algorithm] = Stemmer.Stemmer(algorithm)
        return self._stemmers[algorithm]


analyser = _Analyser()
pair_folds = _PairFolds()
unspaced = _Unspaced()

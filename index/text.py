"""Text analysis, defined once: cleaning and tokens, used at build time and at query time alike.

Everything here is pure. Whatever changes the tokens of a text must raise ``TEXT_VERSION``: the manifest of an
index carries it, and an index of another version is refused rather than searched with other rules.

A token keeps where it stood (``start`` and ``end`` count characters of the text given), its *exact* form (lower
case, accents, possessives and inner apostrophes folded) and its *stem* (Snowball, chosen by script). Scripts
written without spaces give one token per character, each joined to its right neighbour, so that ``中国人`` is
``中国 国人 人``: a word of two characters is then one term, and a single character a prefix.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from itertools import chain, islice, pairwise
from operator import add
from typing import TYPE_CHECKING, Final, NamedTuple

import regex

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

TEXT_VERSION: Final = 1
MAX_TERM: Final = 64  # longer "words" are keys, hashes and noise; their first characters still find them
CACHE_SIZE: Final = 200_000  # distinct surface forms remembered, so that memory does not grow with the corpus

_STOP_WORDS = """
    a about an and are as at be been but by can could did do does for from had has have he her his how i if in into is
    it its me my no not of on or our she should so such than that the their them then there these they this to was we
    were what when where which who whom why will with would you your
"""
STOP_WORDS: Final = frozenset(_STOP_WORDS.split())

_BREAKS = {0x0D: "\n", 0x85: "\n", 0x2028: "\n", 0x2029: "\n", 0x0B: "\n", 0x0C: "\n"}
_BIDI = (*range(0x202A, 0x202F), *range(0x2066, 0x206A))
_DROPPED = {
    code: None
    for code in (*range(0x20), *range(0x7F, 0xA0), *_BIDI, 0xAD, 0xFEFF)
    if code not in _BREAKS and code not in (0x09, 0x0A)
}
_CLEAN = str.maketrans({**_DROPPED, **_BREAKS})
_UNSAFE = regex.compile(r"[\x00-\x08\x0B-\x1F\x7F-\x9F\xAD\u2028-\u202E\u2066-\u2069\uFEFF\uD800-\uDFFF]")
_SURROGATE = regex.compile(r"[\uD800-\uDFFF]")

_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\u30FC"
_LETTER = rf"[\p{{L}}\p{{M}}\p{{N}}--[{_UNSPACED}]]"
_APOSTROPHES = "'’‘ʼ＇`´"
_TOKEN = regex.compile(
    rf"(?<![\p{{L}}\p{{N}}])\p{{L}}(?:\.\p{{L}})+(?![\p{{L}}\p{{N}}])"  # U.S. as one word
    r"|\p{Nd}+(?:[.,]\p{Nd}+)+"
    rf"|{_LETTER}+(?:[{_APOSTROPHES}\u200C\u200D]{_LETTER}+)*"
    rf"|[{_UNSPACED}][{_UNSPACED}\p{{M}}]*",
    regex.V1,
)
# The same rules for the alphabets most text is written in, in the quicker engine; a test holds the two equal.
_PLAIN_TOKEN = re.compile(
    r"(?<![^\W_])[^\W\d_](?:\.[^\W\d_])+(?![^\W_])"
    r"|\d+(?:[.,]\d+)+"
    rf"|[^\W_]+(?:[{_APOSTROPHES}][^\W_]+)*"
)
_BEYOND_PLAIN = re.compile(
    "[^\x00-\x7f\u00a0-\u00b1\u00b4-\u00b8\u00bb\u00bf-\u02c1\u0370-\u0373\u0376-\u0377\u037b-\u037d"
    "\u0386-\u03ff\u0400-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u203e\u20a0-\u20bf]"
)
_UNSPACED_RUN = regex.compile(rf"[{_UNSPACED}]", regex.V1)
_MARK = regex.compile(r"\p{M}")
_CLUSTER = regex.compile(r"\P{M}\p{M}*|\p{M}+")
_POSSESSIVE = regex.compile(rf"[{_APOSTROPHES}]s$", regex.IGNORECASE)
_JOINERS = regex.compile(rf"[{_APOSTROPHES}\u200C\u200D\u0640]")
_THOUSANDS = regex.compile(r"(?<=\d),(?=\d{3}(?!\d))")
# Accents of Latin, Greek and Cyrillic, Hebrew points and Arabic vowel marks; the marks of other scripts spell.
_MARKS = regex.compile(r"[\u0300-\u0305\u0307-\u036F\u0591-\u05BD\u05BF\u05C1\u05C2\u064B-\u0652\u0670]")
_LETTERS = str.maketrans({"ø": "o", "đ": "d", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"})
_STEMMERS = {"LATIN": "english", "CYRILLIC": "russian", "GREEK": "greek", "ARABIC": "arabic"}

_Word = tuple[str, str, str]  # exact form, stem, and the stem again, empty for a stop word


class Token(NamedTuple):
    """One word where it stands: ``text[start:end]`` analyses to ``exact`` and ``stem``; a tuple, for there are many."""

    start: int
    end: int
    exact: str
    stem: str


def clean(text: str) -> str:
    """Return ``text`` without what could steer a terminal or hide words.

    Control characters (but newline and tab), C1 codes, bidirectional embeddings, overrides and isolates, soft
    hyphens and byte-order marks go; every line break becomes a newline; lone surrogates become U+FFFD. Joiners
    (U+200C, U+200D) stay: emoji and Persian need them.
    """
    if text.isprintable() or not _UNSAFE.search(text):  # what is unsafe is never printable, and that is told at once
        return text
    return str(_SURROGATE.sub("\ufffd", text.replace("\r\n", "\n").translate(_CLEAN)))


def squash(text: str) -> str:
    """Return ``text`` cleaned, on one line, every run of white space (no-break spaces too) one space."""
    if text.isprintable() and "  " not in text and text[:1] != " " and text[-1:] != " ":
        return text  # most text is so already: the only white space that is printable is the plain space
    return " ".join(clean(text).split())


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
    return _analyser.stem(exact)


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of ``text`` in order; in scripts without spaces they overlap."""
    if not _BEYOND_PLAIN.search(text):
        for match in _PLAIN_TOKEN.finditer(text):
            exact, stemmed, _ = _analyser[match.group()]
            yield Token(match.start(), match.end(), exact, stemmed)
        return
    for match in _TOKEN.finditer(text):
        surface, start = match.group(), match.start()
        if _UNSPACED_RUN.match(surface):
            yield from _pairs(surface, start)
        else:
            exact, stemmed, _ = _analyser[surface]
            if exact:
                yield Token(start, match.end(), exact, stemmed)


def stemming_to(stems: Collection[str], text: str) -> list[Token]:
    """Return those of the tokens of ``text`` whose stem is among ``stems``: few of many, so the others are not made."""
    if _BEYOND_PLAIN.search(text):
        return [token for token in tokens(text) if token.stem in stems]
    words = [_analyser[surface] for surface in _PLAIN_TOKEN.findall(text)]
    places = [place for place, (_, stemmed, _) in enumerate(words) if stemmed in stems]
    if not places:
        return []
    matches = list(islice(_PLAIN_TOKEN.finditer(text), places[-1] + 1))
    return [Token(*matches[place].span(), *words[place][:2]) for place in places]


def terms(text: str) -> tuple[list[str], list[str]]:
    """Return the exact forms and the stems of ``text``, two lists of one length, in order."""
    found = _words(text)
    return [exact for exact, _, _ in found], [stemmed for _, stemmed, _ in found]


class Analysis(NamedTuple):
    """The terms of a text in order, joined by spaces: what engines take."""

    exacts: str
    stems: str
    content: str
    """The stems of the words that are not stop words."""


_NOTHING = Analysis("", "", "")


def analysed(text: str) -> Analysis:
    """Return all that engines hold of ``text``."""
    found = _words(text)
    if not found:
        return _NOTHING
    exacts, stems, content = zip(*found, strict=True)
    return Analysis(" ".join(exacts), " ".join(stems), " ".join(filter(None, content)))


def _words(text: str) -> list[_Word]:
    """Return the words of ``text`` in order, those ``tokens`` gives, without their places."""
    if not _BEYOND_PLAIN.search(text):
        return [_analyser[surface] for surface in _PLAIN_TOKEN.findall(text)]
    has_marks = _MARK.search(text) is not None
    found: list[_Word] = []
    for surface in _TOKEN.findall(text):
        if not _unspaced[surface[0]]:
            found.append(_analyser[surface])
        elif has_marks:
            found += _paired(_CLUSTER.findall(surface))
        else:
            found += _paired(surface)
    return [word for word in found if word[0]]


def _paired(run: Sequence[str]) -> Iterable[_Word]:
    """Return the overlapping words of a run of characters written without spaces, the last one alone."""
    return map(_pair_folds.__getitem__, chain(map(add, run, run[1:]), run[-1:]))


def query_tokens(text: str) -> list[Token]:
    """Return the tokens a query needs to find ``text``: as ``tokens``, less what longer ones already say.

    The last character of a run written without spaces is a token of its own in the index, so that it can be
    found alone; behind a longer token of the same end it adds nothing.
    """
    found: list[Token] = []
    for token in tokens(text):
        if not (found and found[-1].end == token.end):
            found.append(token)
    return found


def overlap(found: Sequence[Token]) -> bool:
    """Return whether tokens stem from a run without spaces, where neighbours share characters."""
    return any(left.end > right.start for left, right in pairwise(found))


def is_single(token: Token) -> bool:
    """Return whether a token is one character of a script written without spaces."""
    return bool(_UNSPACED_RUN.match(token.exact)) and len(_CLUSTER.findall(token.exact)) == 1


def key(name: str) -> str:
    """Return the form in which names (authors, sources, places) are compared: spaces and case folded."""
    return squash(unicodedata.normalize("NFKC", name)).casefold()


def keys(names: Iterable[str]) -> list[str]:
    """Return the distinct keys of ``names`` and of each of their words, so that a surname finds a full name."""
    found: dict[str, None] = {}
    for name in names:
        whole = key(name)
        found.update(dict.fromkeys((whole, *whole.split())))
    return [part for part in found if part]


def _pairs(run: str, start: int) -> Iterator[Token]:
    """Yield the overlapping tokens of a run of characters written without spaces."""
    spans = [(start + match.start(), start + match.end()) for match in _CLUSTER.finditer(run)]
    for index, (left, right) in enumerate(spans):
        end = spans[index + 1][1] if index + 1 < len(spans) else right
        exact = _pair_folds[run[left - start : end - start]][0]
        if exact:
            yield Token(left, end, exact, exact)


class _PairFolds(dict[str, _Word]):
    """Two characters of a script without spaces -> their word, remembered: there are few and they come often."""

    def __missing__(self, pair: str) -> _Word:
        if len(self) >= CACHE_SIZE:
            self.clear()
        exact = fold(pair)
        self[pair] = word = (exact, exact, exact)  # which is no stop word
        return word


class _Unspaced(dict[str, bool]):
    """A character -> whether its script is written without spaces, remembered."""

    def __missing__(self, char: str) -> bool:
        self[char] = found = bool(_UNSPACED_RUN.match(char))
        return found


class _Analyser(dict[str, _Word]):
    """Surface form -> its word, remembered; stemmers are not thread-safe, hence the lock."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = threading.Lock()
        self._stemmers: dict[str, object] = {}

    def __missing__(self, surface: str) -> _Word:
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


_analyser = _Analyser()
_pair_folds = _PairFolds()
_unspaced = _Unspaced()

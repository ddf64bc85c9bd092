"""Text analysis, defined once: cleaning and tokens, used at build time and at query time alike.

Everything here is pure; how one word is folded and stemmed is in ``index.analyser``. Whatever changes the tokens of a
text must raise ``TEXT_VERSION``: the manifest of an index carries it, and an index of another version is refused
rather than searched with other rules.

A token keeps where it stood (``start`` and ``end`` count characters of the text given), its *exact* form (lower
case, accents, possessives and inner apostrophes folded) and its *stem* (Snowball, chosen by script). Scripts
written without spaces give one token per character, each joined to its right neighbour, so that ``中国人`` is
``中国 国人 人``: a word of two characters is then one term, and a single character a prefix.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from itertools import chain, pairwise
from operator import add
from typing import TYPE_CHECKING, Final, NamedTuple

import regex

from index.analyser import APOSTROPHES, UNSPACED, UNSPACED_RUN, Word, analyser, pair_folds, unspaced

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

TEXT_VERSION: Final = 1
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

_LETTER = rf"[\p{{L}}\p{{M}}\p{{N}}--[{UNSPACED}]]"
_TOKEN = regex.compile(
    rf"(?<![\p{{L}}\p{{N}}])\p{{L}}(?:\.\p{{L}})+(?![\p{{L}}\p{{N}}])"  # U.S. as one word
    r"|\p{Nd}+(?:[.,]\p{Nd}+)+"
    rf"|{_LETTER}+(?:[{APOSTROPHES}\u200C\u200D]{_LETTER}+)*"
    rf"|[{UNSPACED}][{UNSPACED}\p{{M}}]*",
    regex.V1,
)
# The same rules for the alphabets most text is written in, and for the one most of that is, in the quicker engine;
# tests hold them equal. What begins an abbreviation is told by its dot before what stands before it is looked at.
_PLAIN_TOKEN = re.compile(
    r"[^\W\d_]\.(?<![^\W_]..)[^\W\d_](?:\.[^\W\d_])*(?![^\W_])"
    r"|\d+(?:[.,]\d+)+"
    rf"|[^\W_]+(?:[{APOSTROPHES}][^\W_]+)*"
)
_ASCII_TOKEN = re.compile(
    r"[A-Za-z]\.(?<![A-Za-z0-9]..)[A-Za-z](?:\.[A-Za-z])*(?![A-Za-z0-9])"
    r"|[0-9]++(?:[.,][0-9]++)++"
    r"|[A-Za-z0-9]++(?:['`][A-Za-z0-9]++)*+"
)
_BEYOND_PLAIN = re.compile(
    "[^\x00-\x7f\u00a0-\u00b1\u00b4-\u00b8\u00bb\u00bf-\u02c1\u0370-\u0373\u0376-\u0377\u037b-\u037d"
    "\u0386-\u03ff\u0400-\u0482\u048a-\u052f\u2010-\u2027\u2030-\u203e\u20a0-\u20bf]"
)
_LAST_ASCII: Final = "\x7f"
_MARK = regex.compile(r"\p{M}")
_CLUSTER = regex.compile(r"\P{M}\p{M}*|\p{M}+")


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


def tokens(text: str) -> Iterator[Token]:
    """Yield the tokens of ``text`` in order; in scripts without spaces they overlap."""
    if (plain := _plain(text)) is not None:
        for match in plain.finditer(text):
            exact, stemmed, _ = analyser[match.group()]
            yield Token(match.start(), match.end(), exact, stemmed)
        return
    for match in _TOKEN.finditer(text):
        surface, start = match.group(), match.start()
        if UNSPACED_RUN.match(surface):
            yield from _pairs(surface, start)
        else:
            exact, stemmed, _ = analyser[surface]
            if exact:
                yield Token(start, match.end(), exact, stemmed)


def _plain(text: str) -> re.Pattern[str] | None:
    """Return what finds the words of ``text`` in the quicker engine, or ``None`` where only the full rules do."""
    if text.isascii():
        return _ASCII_TOKEN
    return None if _BEYOND_PLAIN.search(text) else _PLAIN_TOKEN


def stemming_to(stems: Collection[str], text: str) -> list[Token]:
    """Return those of the tokens of ``text`` whose stem is among ``stems``: few of many, so the others are not made."""
    plain = _plain(text)
    if plain is None:
        return [token for token in tokens(text) if token.stem in stems]
    begins = _begins(frozenset(stems))
    found: list[Token] = []
    for match in plain.finditer(text):
        surface = match[0]
        if surface[0] in begins or surface[0] > _LAST_ASCII:
            exact, stemmed, _ = analyser[surface]
            if stemmed in stems:
                found.append(Token(match.start(), match.end(), exact, stemmed))
    return found


@lru_cache(maxsize=64)
def _begins(stems: frozenset[str]) -> frozenset[str]:
    """Return the characters of ASCII that words of those stems can begin with: as the stem does."""
    return frozenset(begin for stem in stems if stem for begin in (stem[0], stem[0].upper()))


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
    size: int
    """How many words there are."""


_NOTHING = Analysis("", "", "", 0)


def analysed(text: str) -> Analysis:
    """Return all that engines hold of ``text``."""
    found = _words(text)
    if not found:
        return _NOTHING
    exacts, stems, content = zip(*found, strict=True)
    return Analysis(" ".join(exacts), " ".join(stems), " ".join(filter(None, content)), len(found))


def _words(text: str) -> list[Word]:
    """Return the words of ``text`` in order, those ``tokens`` gives, without their places."""
    if (plain := _plain(text)) is not None:
        return [analyser[surface] for surface in plain.findall(text)]
    has_marks = _MARK.search(text) is not None
    found: list[Word] = []
    for surface in _TOKEN.findall(text):
        if not unspaced[surface[0]]:
            found.append(analyser[surface])
        elif has_marks:
            found += _paired(_CLUSTER.findall(surface))
        else:
            found += _paired(surface)
    return [word for word in found if word[0]]


def _paired(run: Sequence[str]) -> Iterable[Word]:
    """Return the overlapping words of a run of characters written without spaces, the last one alone."""
    return map(pair_folds.__getitem__, chain(map(add, run, run[1:]), run[-1:]))


@lru_cache(maxsize=1024)
def query_tokens(text: str) -> tuple[Token, ...]:
    """Return the tokens a query needs to find ``text``: as ``tokens``, less what longer ones already say.

    The last character of a run written without spaces is a token of its own in the index, so that it can be
    found alone; behind a longer token of the same end it adds nothing.
    """
    found: list[Token] = []
    for token in tokens(text):
        if not (found and found[-1].end == token.end):
            found.append(token)
    return tuple(found)


def overlap(found: Sequence[Token]) -> bool:
    """Return whether tokens stem from a run without spaces, where neighbours share characters."""
    return any(left.end > right.start for left, right in pairwise(found))


def is_single(token: Token) -> bool:
    """Return whether a token is one character of a script written without spaces."""
    return bool(UNSPACED_RUN.match(token.exact)) and len(_CLUSTER.findall(token.exact)) == 1


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
        exact = pair_folds[run[left - start : end - start]][0]
        if exact:
            yield Token(left, end, exact, exact)

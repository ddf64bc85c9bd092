"""Did you mean: a word nobody wrote, replaced by the most plausible one of the index.

Only words that rank or must occur are looked at, never exclusions, metadata, patterns or ``word~``, and the text
around them stays as it was typed. Candidates come from the index's own words, through the beginnings a misspelling
leaves standing, so that no vocabulary is held in memory.
"""

from __future__ import annotations

import re
from math import log
from typing import TYPE_CHECKING, Final

from index import text as analysis
from index.keyword.clause import Field
from search import marks
from search.fields import WITH_VALUES
from search.leaves import MAX_EDITS, SHORT_WORD, is_pattern
from search.plan import leaves
from search.query import Phrase, Word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.protocol import Index
    from index.text import Token
    from search.query import Query

MAX_CANDIDATES: Final = 2_000  # commonest words of one beginning that are compared
MAX_WORDS: Final = 5  # unknown words looked at; a text with more of them is in another language
SHORTEST: Final = 3  # letters; every shorter word is one edit away from many
RARE: Final = 2  # passages; so few may all be the same misspelling ...
RARER: Final = 100  # ... of a word that is this many times as common
# Words one edit away are tried first, but one that is so many times (e**5) as common is likelier at two.
_EDIT_COST: Final = 5.0
_FIRST_LETTER_COST: Final = 2.0  # the first letter is seldom the wrong one

_WORD: Final = marks.WORD.replace("?P<text>", "?:")
_MARK: Final = re.compile(
    rf"(?P<gap>{marks.GAPS})|(?P<open>\()|(?P<close>\))|(?P<ban>{marks.MINUS}|{marks.operator('NOT')})"
    rf"|(?P<fuzzy>{_WORD}{marks.FUZZY})|(?P<phrase>{marks.PHRASE})|(?P<meant>{marks.MEANING})|(?P<word>=*{_WORD})"
)
_OPERATORS: Final = frozenset({"and", "or", "not"})
_ENDS: Final = (("a", "z"), ("α", "ω"), ("а", "я"), ("א", "ת"), ("ا", "ي"))
_ALPHABETS: Final = tuple(tuple(map(chr, range(ord(first), ord(last) + 1))) for first, last in _ENDS)


def did_you_mean(index: Index, query: Query, text: str) -> str | None:
    """Return ``text``, which was parsed to ``query``, with its unknown words respelt; ``None`` if nothing is better.

    A word is unknown where no passage holds it in any form. So is one that a passage or two hold, beside another
    spelling a hundred times as common: ask only where a query found little.
    """
    asked = {
        token.exact
        for leaf in leaves((*query.scoring, *query.must))
        if isinstance(leaf, Word | Phrase)
        for token in analysis.tokens(leaf.text)
    }
    places = [token for token in _respellable(text) if token.exact in asked]
    better: dict[str, str] = {}
    for token in list({token.exact: token for token in places if _is_unknown(index, token)}.values())[:MAX_WORDS]:
        if word := _best(index, token):
            better[token.exact] = word
    for token in reversed(places):
        if token.exact in better:
            respelt = _in_the_case_of(text[token.start : token.end], better[token.exact])
            text = text[: token.start] + respelt + text[token.end :]
    return text if better else None


def _respellable(text: str) -> Iterator[Token]:
    """Yield the tokens of the plain words and phrases of a query that are not excluded, in order."""
    brackets: list[bool] = []  # of every open one: whether it is excluded
    is_banned = False
    at = 0
    while at < len(text):
        if field := marks.field_at(text, at):
            has_values = field.name.casefold() in WITH_VALUES
            at = field.end if has_values else field.colon
            is_banned = _level(brackets) if has_values else is_banned
            continue
        mark = _MARK.match(text, at)
        kind = mark.lastgroup if mark else None
        if mark and kind in ("word", "phrase") and not is_banned and not _is_pattern(mark):
            yield from _tokens(text, mark.start(), mark.end())
        is_banned = _banned(kind, brackets, is_banned=is_banned)
        at = mark.end() if mark else at + 1


def _banned(kind: str | None, brackets: list[bool], *, is_banned: bool) -> bool:
    """Return whether what follows a mark of this kind is excluded, and keep account of the brackets."""
    if kind == "gap" or kind is None:
        return is_banned
    if kind == "ban":
        return True
    if kind == "open":
        brackets.append(is_banned)
    elif kind == "close" and brackets:
        brackets.pop()
    return _level(brackets)


def _level(brackets: list[bool]) -> bool:
    return bool(brackets) and brackets[-1]


def _is_pattern(mark: re.Match[str]) -> bool:
    return mark.lastgroup == "word" and is_pattern(mark.group())


def _tokens(text: str, start: int, end: int) -> Iterator[Token]:
    for token in analysis.tokens(text[start:end]):
        yield type(token)(token.start + start, token.end + start, token.exact, token.stem)


def _is_unknown(index: Index, token: Token) -> bool:
    """Whether a word is worth another look; the pairs of a script without spaces are too short to be."""
    return len(token.exact) >= SHORTEST and token.exact.isalpha() and _passages(index, token) <= RARE


def _passages(index: Index, token: Token) -> int:
    return max(index.frequency(Field.STEM, token.stem), index.frequency(Field.EXACT, token.exact))


def _best(index: Index, token: Token) -> str | None:
    """Return the likeliest word within the edits that a misspelling of this length may have."""
    from rapidfuzz import process  # a compiled module, needed by few queries
    from rapidfuzz.distance import OSA

    word, known = token.exact, _passages(index, token)
    edits = 1 if known or len(word) <= SHORT_WORD else MAX_EDITS
    counts = {other: count for other, count in _candidates(index, word) if count > known * RARER and other.isalpha()}
    near = process.extract(word, counts.keys(), scorer=OSA.distance, score_cutoff=edits, limit=None)

    def cost(other: str, distance: float) -> tuple[float, str]:
        return distance * _EDIT_COST + (other[0] != word[0]) * _FIRST_LETTER_COST - log(counts[other]), other

    found = [cost(other, distance) for other, distance, _ in near if other != word]
    return min(found)[1] if found else None


def _candidates(index: Index, word: str) -> Iterator[tuple[str, int]]:
    """Yield words of the index that begin as the word does, or would without one mistake in its first letters."""
    for beginning in _beginnings(word):
        yield from index.completions(Field.EXACT, beginning, MAX_CANDIDATES)


def _beginnings(word: str) -> set[str]:
    """Return what a word may begin with; three letters each where one is changed, so that few words share them."""
    first, second, third = word[0], word[1], word[2]
    found = {word[:2], word[:3], word[1:4], first + word[2:4], second + first + third, first + third + second}
    for letter in next((letters for letters in _ALPHABETS if first in letters), ()):
        found |= {letter + first + second, letter + second + third, first + letter + second, first + letter + third}
    return found


def _in_the_case_of(typed: str, word: str) -> str:
    """Return a word in capitals, capitalised or as it is, as what was typed; never as an operator."""
    if typed.isupper():
        return word if word in _OPERATORS else word.upper()
    return word.capitalize() if typed[:1].isupper() else word

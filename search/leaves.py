"""One word, pattern or phrase as typed -> its node of a ``Query``, or nothing where it holds no word at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import regex

from index.analyser import fold
from index.text import query_tokens, tokens
from search.query import Fuzzy, Group, Meaning, Phrase, Wildcard, Word

if TYPE_CHECKING:
    from search.query import Node

SHORT_WORD: Final = 5  # letters; up to here one edit is a misspelling and two are another word
MAX_EDITS: Final = 2
MAX_SLOP: Final = 100  # words between those of a phrase; beyond it they have nothing to do with each other
SHORTEST_MEANING: Final = 3  # letters of a pattern that still say something

_PUNCTUATION = ",;:!?…¿¡،؛؟。，、"
_PIECE = regex.compile(r"[\p{L}\p{M}\p{N}_*?'’\u200C\u200D]+")


def word(typed: str, *, exact: bool = False) -> Node | None:
    """Return a word without the punctuation around it; the marks of ``C++``, ``#tag`` and ``U.S.`` stay."""
    text = typed.strip(_PUNCTUATION)
    if text.endswith(".") and "." not in text.rstrip("."):
        text = text.rstrip(".")
    return Word(text, exact) if query_tokens(text) else None


def is_pattern(typed: str) -> bool:
    """Return whether a word holds wildcards. Question marks that end a word ask a question, as in ``war?``."""
    return "://" not in typed and ("*" in typed or "?" in typed.rstrip("?!.:"))


def pattern(typed: str) -> Node | None:
    """Return the node of a wildcard pattern, each word of ``al-mal*`` asked for; ``None`` if all is wild."""
    return _together([node for piece in _PIECE.findall(typed) if (node := _pattern_piece(piece))])


def fuzzy(typed: str, edits: int | None) -> Node | None:
    """Return the node of ``typed~``; ``edits`` is what was asked for, ``None`` to go by the length."""
    if edits == 0:
        return word(typed)
    return _together([node for piece in _PIECE.findall(typed) if (node := _fuzzy_piece(piece, edits))])


def phrase(text: str, slop: int) -> Node | None:
    """Return the node of a quoted text; one word in quotes is that word."""
    text = " ".join(text.split())
    count = _count(text)
    if count > 1:
        return Phrase(text, min(slop, MAX_SLOP))
    return Word(text) if count else None


def meaning(text: str) -> Node | None:
    """Return the node of ``~"text"``."""
    text = " ".join(text.split())
    return Meaning(text) if _count(text) else None


def words_of(node: Node) -> str:
    """Return what a leaf adds to the text that the semantic leg encodes."""
    match node:
        case Word(text) | Phrase(text) | Meaning(text) | Fuzzy(text):
            return text
        case Wildcard(typed):
            letters = typed.replace("*", "").replace("?", "")
            return letters if len(letters) >= SHORTEST_MEANING else ""
        case Group(must):
            return " ".join(filter(None, map(words_of, must)))
        case _:
            return ""


def _pattern_piece(piece: str) -> Node | None:
    if "*" not in piece and "?" not in piece:
        return word(piece)
    squeezed = regex.sub(r"\*+", "*", piece)
    return Wildcard(squeezed) if _count(squeezed) else None


def _fuzzy_piece(piece: str, edits: int | None) -> Node | None:
    text = piece.replace("*", "").replace("?", "")
    length = len(fold(text))
    if _count(text) != 1 or length == 1:  # of a script without spaces, or a letter one edit away from every other
        return word(text)
    by_length = 1 if length <= SHORT_WORD else MAX_EDITS
    return Fuzzy(text, by_length if edits is None else min(edits, MAX_EDITS))


def _together(pieces: list[Node]) -> Node | None:
    if not pieces:
        return None
    return pieces[0] if len(pieces) == 1 else Group(must=tuple(pieces))


def _count(text: str) -> int:
    """Return how many tokens there are, as far as it matters: none, one, or more."""
    found = tokens(text)
    return sum(1 for _ in zip(range(2), found, strict=False))

"""Word highlights and snippets, computed by us from the text and the query: spans, never markup.

The same analyser that indexed a text finds the words in it again, so that what is lit is what matched: stems for
plain words, exact forms for ``=word``, patterns and near spellings, and phrases only where they are phrases.
"""

from __future__ import annotations

import bisect
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from index import analyser, text
from search import query as q
from search.plan import folded_pattern, leaves, loose_tokens, ranked
from search.results import Snippet, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from index.text import Token
    from search.query import Node, Query

SNIPPET_CHARS: Final = 240
FRAGMENTS: Final = 2  # beside the first window
_LEAD: Final = 50  # characters shown before the first word that matched


@dataclass(frozen=True, slots=True)
class Highlighter:
    """The visible words of a query, ready to be found in any text."""

    stems: frozenset[str] = frozenset()
    exacts: frozenset[str] = frozenset()
    patterns: tuple[re.Pattern[str], ...] = ()
    fuzzy: tuple[q.Fuzzy, ...] = ()
    phrases: tuple[tuple[tuple[str, ...], int], ...] = ()

    @classmethod
    def of(cls, query: Query) -> Highlighter:
        """Return the highlighter of a query: what ranks and what must be there, not what must not."""
        stems: set[str] = set()
        others: list[Node] = []
        for node in ranked(query):
            if told := _stems(node):
                stems.update(told)
            else:
                others.append(node)
        parts = [_sought(leaf) for leaf in leaves((*others, *query.must))]
        if not parts:  # most queries are plain words
            return cls(frozenset(stems))
        return cls(
            stems=frozenset(stems).union(*(part.stems for part in parts)),
            exacts=frozenset().union(*(part.exacts for part in parts)),
            patterns=tuple(dict.fromkeys(pattern for part in parts for pattern in part.patterns)),
            fuzzy=tuple(dict.fromkeys(fuzzy for part in parts for fuzzy in part.fuzzy)),
            phrases=tuple(dict.fromkeys(phrase for part in parts for phrase in part.phrases)),
        )

    def matches(self, words: str) -> list[Token]:
        """Return the tokens of a text that the query asked for, in order."""
        if not (self.exacts or self.patterns or self.fuzzy or self.phrases):
            return list(_plain(words, self.stems))
        found = _read(words)
        lit = {place for place, token in enumerate(found) if self._is_word(token)}
        for phrase, slop in self.phrases:
            lit |= _phrase_places([token.stem for token in found], phrase, slop)
        return [found[place] for place in sorted(lit)]

    @property
    def size(self) -> int:
        """How many words, patterns and phrases there are to be found."""
        return sum(map(len, (self.stems, self.exacts, self.patterns, self.fuzzy, self.phrases)))

    def found_in(self, words: str) -> int:
        """Return how many of them a text holds."""
        if not (self.exacts or self.patterns or self.fuzzy or self.phrases):
            return len({token.stem for token in _plain(words, self.stems)})
        tokens = _read(words)
        stems, exacts = [token.stem for token in tokens], {token.exact for token in tokens}
        return (
            len(self.stems.intersection(stems))
            + len(self.exacts & exacts)
            + sum(any(map(pattern.fullmatch, exacts)) for pattern in self.patterns)
            + sum(any(near(exact, fuzzy.text, fuzzy.edits) for exact in exacts) for fuzzy in self.fuzzy)
            + sum(bool(_phrase_places(stems, phrase, slop)) for phrase, slop in self.phrases)
        )

    def spans(self, words: str) -> tuple[Span, ...]:
        """Return what to light in a text, in order, without overlaps."""
        return _merged(self.matches(words))

    def _is_word(self, token: Token) -> bool:
        return (
            token.stem in self.stems
            or token.exact in self.exacts
            or any(pattern.fullmatch(token.exact) for pattern in self.patterns)
            or any(near(token.exact, fuzzy.text, fuzzy.edits) for fuzzy in self.fuzzy)
        )


@lru_cache(maxsize=64)
def _read(words: str) -> tuple[Token, ...]:
    """Return the tokens of a text; a hit is read for its snippet and again for its reasons."""
    return tuple(text.tokens(words))


@lru_cache(maxsize=64)
def _plain(words: str, stems: frozenset[str]) -> tuple[Token, ...]:
    """Return what plain words find in a text: most queries ask for nothing else."""
    return tuple(text.stemming_to(stems, words))


def snippets(words: str, highlighter: Highlighter, width: int = SNIPPET_CHARS) -> tuple[Snippet, ...]:
    """Return the window of a text that holds most of the query's distinct words, and what it leaves out.

    All are cut between words and none overlaps another. Up to two further, shorter fragments follow, in the order
    of the text, for words that the first one does not show.
    """
    found = highlighter.matches(words)
    if len(words) <= width:
        return (Snippet(words, _merged(found)),)
    first = _cut(words, found, *_window(words, found, width))
    rest: list[Snippet] = []
    left = _unseen(found, [first])
    while left and len(rest) < FRAGMENTS:
        start, end = _window(words, left, width // 2)
        anchor = next(token for token in left if token.start >= start)
        taken = [(piece.start, piece.start + len(piece.text)) for piece in (first, *rest)]
        start = max([start, *(stop for _, stop in taken if stop <= anchor.start)])
        end = min([end, *(begin for begin, _ in taken if begin >= anchor.end)])
        rest.append(_cut(words, found, start, max(end, anchor.end)))
        left = _unseen(found, [first, *rest])
    return (first, *sorted(rest, key=lambda fragment: fragment.start))


def _cut(words: str, found: Sequence[Token], start: int, end: int) -> Snippet:
    inside = [token for token in found if token.start >= start and token.end <= end]
    return Snippet(words[start:end], _merged(inside, start), start)


def _unseen(found: Sequence[Token], shown: Sequence[Snippet]) -> list[Token]:
    """Return the tokens whose words no fragment shows yet."""
    windows = [(piece.start, piece.start + len(piece.text)) for piece in shown]
    seen = {token.stem for token in found for start, end in windows if start < token.end and token.start < end}
    return [token for token in found if token.stem not in seen]


def near(word: str, wanted: str, edits: int) -> bool:
    """Return whether ``word`` is within ``edits`` insertions, deletions, changes or swaps of ``wanted``."""
    if abs(len(word) - len(wanted)) > edits:
        return False
    before: list[int] = []
    row = list(range(len(wanted) + 1))
    for i, char in enumerate(word, 1):
        before, last, row = row, before, [i] + [0] * len(wanted)
        for j, other in enumerate(wanted, 1):
            row[j] = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (char != other))
            if i > 1 and j > 1 and char == wanted[j - 2] and word[i - 2] == other:
                row[j] = min(row[j], last[j - 2] + 1)
        if min(row) > edits:
            return False
    return row[-1] <= edits


def _stems(node: Node) -> tuple[str, ...]:
    """Return the stems that a plain word that ranks makes visible, each of its parts; none for anything else."""
    if not isinstance(node, q.Word) or node.exact:
        return ()
    found = loose_tokens(node) or text.query_tokens(node.text)
    return () if len(found) == 1 and text.is_single(found[0]) else tuple(token.stem for token in found)


def _sought(leaf: Node) -> Highlighter:
    """Return what one leaf of a query makes visible."""
    match leaf:
        case q.Wildcard(pattern):
            return _patterned(folded_pattern(pattern))
        case q.Fuzzy(word, edits):
            return Highlighter(fuzzy=(q.Fuzzy(analyser.fold(word), edits),))
        case q.Word(word, exact):
            return _word(text.query_tokens(word), exact=exact)
        case q.Phrase(words, slop):
            stems = tuple(token.stem for token in text.query_tokens(words))
            return Highlighter(phrases=((stems, slop),)) if stems else Highlighter()
        case _:
            return Highlighter()


def _word(found: Sequence[Token], *, exact: bool) -> Highlighter:
    if len(found) == 1 and text.is_single(found[0]):
        return _patterned(found[0].exact + "*")
    if exact and len(found) == 1:
        return Highlighter(exacts=frozenset((found[0].exact,)))
    stems = tuple(token.stem for token in found)
    if len(found) == 1 or text.overlap(found):
        return Highlighter(stems=frozenset(stems))
    return Highlighter(phrases=((stems, 0),)) if stems else Highlighter()


def _patterned(pattern: str) -> Highlighter:
    if not pattern.strip("*?"):
        return Highlighter()
    parts = ({"*": ".*", "?": "."}.get(char, re.escape(char)) for char in re.sub(r"\*+", "*", pattern))
    return Highlighter(patterns=(re.compile("".join(parts), re.DOTALL),))


def _phrase_places(stems: Sequence[str], phrase: tuple[str, ...], slop: int) -> set[int]:
    """Return the places of ``stems`` that take part in the phrase with at most ``slop`` words between."""
    places: dict[str, list[int]] = {}
    for place, stem in enumerate(stems):
        places.setdefault(stem, []).append(place)
    lit: set[int] = set()
    for start in places.get(phrase[0], ()):
        chain = [start]
        for stem in phrase[1:]:
            later = places.get(stem, [])
            after = bisect.bisect_right(later, chain[-1])
            if after == len(later):
                break
            chain.append(later[after])
        if len(chain) == len(phrase) and chain[-1] - start - len(phrase) + 1 <= slop:
            lit.update(chain)
    return lit


def _merged(found: Iterable[Token], start: int = 0) -> tuple[Span, ...]:
    """Return spans in order, counted from ``start``; overlapping tokens (of scripts without spaces) become one span."""
    spans: list[Span] = []
    for token in found:
        if spans and token.start - start < spans[-1].end:
            spans[-1] = Span(spans[-1].start, max(spans[-1].end, token.end - start))
        else:
            spans.append(Span(token.start - start, token.end - start))
    return tuple(spans)


def _window(words: str, found: Sequence[Token], width: int) -> tuple[int, int]:
    """Return the character window with most distinct matching stems, the earliest of equals."""
    start = max(0, _best_start(found, width - _LEAD) - _LEAD) if found else 0
    start = min(start, len(words) - width)
    return between_words(words, start, start + width)


def _best_start(found: Sequence[Token], width: int) -> int:
    best, best_score = found[0].start, (0, 0)
    right = 0
    for left, token in enumerate(found):
        right = max(right, left)
        while right < len(found) and found[right].end <= token.start + width:
            right += 1
        window = found[left:right]
        score = (len({match.stem for match in window}), len(window))
        if score > best_score:
            best, best_score = token.start, score
    return best


def between_words(words: str, start: int, end: int) -> tuple[int, int]:
    """Return the window moved inward to white space, unless that would cost much of it."""
    margin = (end - start) // 6
    if start > 0:
        space = _next_space(words, start - 1, start + margin)
        start = start if space is None else space + 1
    if end < len(words):
        space = next((at for at in range(end, end - margin, -1) if words[at].isspace()), None)
        end = end if space is None else space
    return start, end


def _next_space(words: str, start: int, end: int) -> int | None:
    return next((at for at in range(start, end) if words[at].isspace()), None)

"""Which paragraph of its article a comment answers, if any: decided at build time, by meaning, words and quotes.

Three signs are put together for each comment and paragraph, each between 0 and 1: how near their vectors are (best
window), how many distinctive words they share (BM25 within the article, so that the words of its topic, which stand
everywhere in it, say little), and how much of the paragraph the comment repeats word for word. What a paragraph has
over the next best counts twice, and must be something: a comment on the story as a whole is as near to many
paragraphs, and answers none.
The weights were chosen on comments that quote one paragraph, with the quotation taken out, and by reading.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np
import regex

from index import analyser, text
from index.model import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy.typing as npt

    from index.keyword.protocol import Rows
    from index.vectors import VectorIndex

    Signs = npt.NDArray[np.float64]  # (paragraphs,), 0..1 each
    Thread = Sequence[tuple[int, Kind, str]]  # (row, kind, text), rows ascending

THRESHOLD: Final = 0.37
LEAD: Final = 0.04  # over the next paragraph: of links with less, one in ten was right
MEANING: Final = 0.6  # the weight of the vectors; the words have the rest, or all where there are no vectors
FAR: Final = 0.2  # cosines up to here say nothing,
NEAR: Final = 0.7  # from here on everything
HALF_WORDS: Final = 8.0  # BM25 at which the shared words count half
HALF_QUOTE: Final = 18.0  # letters in quoted words, stop words left out, at which a quotation counts half

_K1: Final = 1.2
_B: Final = 0.75
_RUN: Final = 4  # words in a row that make a quotation
_DECIMALS: Final = 6  # below float32's noise: the order of additions must not choose paragraphs
_BLOCK: Final = 256  # comments whose similarities are held at a time
_ADDRESS: Final = regex.compile(r"\b(?:https?://|www\.)[^\s)\]>\"]+", regex.IGNORECASE)


def links(thread: Thread, vectors: VectorIndex | None) -> Iterator[tuple[int, int, float]]:
    """Yield (row of the comment, row of the paragraph, score) for each comment that answers a paragraph.

    ``thread`` holds the paragraphs and the comments of one article; without ``vectors`` words alone decide. Scores
    lie between ``THRESHOLD`` and 1.
    """
    paragraphs = [(row, words) for row, kind, words in thread if kind is Kind.PARAGRAPH]
    comments = [(row, words) for row, kind, words in thread if kind is Kind.COMMENT]
    if not paragraphs:
        return
    target = _Target([words for _, words in paragraphs])
    rows = [row for row, _ in paragraphs]
    for start in range(0, len(comments), _BLOCK):
        block = comments[start : start + _BLOCK]
        cosines = None if vectors is None else _cosines(vectors, [row for row, _ in block], rows)
        for at, (row, words) in enumerate(block):
            place, score = _decide(target, words, None if cosines is None else cosines[at])
            if score >= THRESHOLD:
                yield row, rows[place], score


class _Target:
    """The paragraphs of one article, ready to be compared with many comments."""

    def __init__(self, paragraphs: Sequence[str]) -> None:
        analysed = [text.terms(_without_addresses(words)) for words in paragraphs]
        self._count = len(paragraphs)
        self._weights = _postings([stems for _, stems in analysed])
        self._runs: dict[tuple[str, ...], set[int]] = defaultdict(set)
        for place, (exacts, _) in enumerate(analysed):
            for run in _runs(exacts):
                self._runs[run].add(place)

    def signs(self, comment: str) -> tuple[Signs, Signs]:
        """Return the signs of shared words and of quotations."""
        exacts, stems = text.terms(_without_addresses(comment))
        return _half(self._shared(stems), HALF_WORDS), _half(self._quoted(exacts), HALF_QUOTE)

    def _shared(self, stems: list[str]) -> Signs:
        """Return the BM25 of each paragraph."""
        found = [0.0] * self._count
        for stem in dict.fromkeys(stems):
            for place, weight in self._weights.get(stem, ()):
                found[place] += weight
        return np.array(found)

    def _quoted(self, exacts: list[str]) -> Signs:
        """Return for each paragraph the letters of the words quoted from it, stop words left out."""
        positions: dict[int, set[int]] = defaultdict(set)
        for start, run in enumerate(_runs(exacts)):
            for place in self._runs.get(run, ()):
                positions[place].update(range(start, start + _RUN))
        found = np.zeros(self._count)
        for place, quoted in positions.items():
            found[place] = sum(len(exacts[at]) for at in quoted if exacts[at] not in analyser.STOP_WORDS)
        return found


def _postings(paragraphs: Sequence[list[str]]) -> dict[str, list[tuple[int, float]]]:
    """Return for each stem the paragraphs that hold it, each with its BM25 weight; stop words are left out."""
    counts = [Counter(stem for stem in stems if stem not in _stop_stems()) for stems in paragraphs]
    holders = Counter(stem for count in counts for stem in count)
    average = sum(map(len, paragraphs)) / len(paragraphs) or 1.0
    postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for place, (count, stems) in enumerate(zip(counts, paragraphs, strict=True)):
        damping = _K1 * (1 - _B + _B * len(stems) / average)
        for stem, times in count.items():
            rarity = math.log(1 + (len(counts) - holders[stem] + 0.5) / (holders[stem] + 0.5))
            postings[stem].append((place, rarity * times * (_K1 + 1) / (times + damping)))
    return postings


def _runs(exacts: list[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(exacts[start:] for start in range(_RUN)), strict=False)


def _without_addresses(words: str) -> str:
    return _ADDRESS.sub(" ", words) if "://" in words or "www." in words.casefold() else words


def _half(values: Signs, half: float) -> Signs:
    """Return values from 0 up as numbers between 0 and 1: little counts for nothing, ``half`` for a half."""
    squares = values**2
    return np.asarray(squares / (squares + half**2))


def _decide(target: _Target, comment: str, cosines: Signs | None) -> tuple[int, float]:
    """Return the place of the likeliest paragraph and its score."""
    words, quotes = target.signs(comment)
    likely = words if cosines is None else MEANING * _meaning(cosines) + (1 - MEANING) * words
    likely = 1 - (1 - likely) * (1 - quotes)
    place = int(np.argmax(likely))
    best = float(likely[place])
    if len(likely) == 1:
        return place, round(best, 4)
    likely[place] = -1.0  # below all others
    lead = best - float(likely.max())
    return place, min(1.0, round(best + lead, 4)) if lead >= LEAD else 0.0


def _meaning(cosines: Signs) -> Signs:
    return np.clip((cosines - FAR) / (NEAR - FAR), 0.0, 1.0)


def _cosines(vectors: VectorIndex, comments: Sequence[int], paragraphs: Sequence[int]) -> Signs:
    """Return the cosine of the best windows, (comments, paragraphs) float64; rows of each ascend without gaps."""
    owners, theirs = vectors.windows(comments[0], comments[-1])
    targets, ours = vectors.windows(paragraphs[0], paragraphs[-1])
    best = np.maximum.reduceat(np.maximum.reduceat(theirs @ ours.T, _heads(owners), axis=0), _heads(targets), axis=1)
    return np.asarray(np.round(best, _DECIMALS), dtype=np.float64)


def _heads(owners: Rows) -> npt.NDArray[np.intp]:
    """Return where the windows of each passage begin."""
    return np.flatnonzero(np.diff(owners, prepend=-1))


@cache
def _stop_stems() -> frozenset[str]:
    """Return the stems of the stop words, which look different at times."""
    return frozenset(map(analyser.stem, analyser.STOP_WORDS)) | analyser.STOP_WORDS

"""Stacks: near-identical passages of one kind, such as reprinted paragraphs, copied captions and pasted comments.

Two passages stack where their words are the same, or where the sets of their three-word shingles overlap by at
least ``THRESHOLD`` (Jaccard) and no figure tells them apart: by reading, what is less alike than that, or alike but
for a figure ("up 6-1/4 pct", "up 6-3/8 pct"), is two pieces of news. MinHash only proposes pairs; every pair is
verified on the words themselves. A passage joins the most similar leader, never a mere member, so that stacks do
not drift along chains. Short texts stay alone: "Agreed." from two readers is no reprint.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Final

from index import text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

THRESHOLD: Final = 0.8
FEWEST_WORDS: Final = 5
FEWEST_LETTERS: Final = 20  # for scripts without spaces, where a token is a character and five of them say little

_SIZE: Final = 3
_EDGE: Final = "\x02"  # so that the first and the last words weigh as much as those between: there names stand
_SLOTS: Final = 30
_BANDS: Final = 10  # three slots each: a pair at the threshold is proposed with a probability of 0.999
_SEED: Final = 1
_BATCH: Final = 1024
_REMEMBERED: Final = 4096

Shingles = frozenset[str]


class Stacker:
    """Finds the stacks of one kind of passage; feed it the earliest passages first, in one go or in several.

    Of each distinct text it keeps a digest, of each leader a sketch (about 1.7 kB together); ``text_of`` gives a
    leader's text back where a pair must be verified.
    """

    def __init__(self, text_of: Callable[[int], str]) -> None:
        from rensa import RMinHashLSH  # a compiled module that only builds need

        self._lsh = RMinHashLSH(threshold=THRESHOLD, num_perm=_SLOTS, num_bands=_BANDS)
        self._founders: list[int] = []  # rows of leaders, as fed: the sketches are kept under their places here
        self._leaders: dict[bytes, int] = {}
        self._compared = lru_cache(_REMEMBERED)(lambda row: _compared(text.terms(text_of(row))[0]))

    def feed(self, passages: Iterable[tuple[int, str]]) -> Iterator[tuple[int, int]]:
        """Take (row, text) pairs; yield (row, row of its leader) for each passage that joins an earlier one."""
        from rensa import RMinHash

        for batch in _batches((row, text.terms(words)[0]) for row, words in passages):
            sketches = RMinHash.from_token_sets(
                [sorted(shingles(words)) for _, words in batch], num_perm=_SLOTS, seed=_SEED
            )
            for (row, words), sketch in zip(batch, sketches, strict=True):
                leader = self._place(row, words, sketch)
                if leader != row:
                    yield row, leader

    def _place(self, row: int, words: list[str], sketch: object) -> int:
        """Return the leader of a passage: its own row where it is like none before."""
        digest = hashlib.blake2b(" ".join(words).encode(), digest_size=16).digest()
        leader = self._leaders.get(digest)
        if leader is None:
            leader = self._leaders[digest] = self._likest(row, words, sketch)
        return leader

    def _likest(self, row: int, words: list[str], sketch: object) -> int:
        """Return the leader most like a text not met before; where there is none the text becomes one."""
        mine = _compared(words)
        asked: list[int] = self._lsh.query(sketch)
        likeness = {at: _likeness(mine, self._compared(self._founders[at])) for at in asked}
        near = [at for at, value in likeness.items() if value >= THRESHOLD]
        if near:
            return self._founders[min(near, key=lambda at: (-likeness[at], at))]  # equals: the earliest
        self._lsh.insert(len(self._founders), sketch)
        self._founders.append(row)
        return row


def shingles(words: list[str]) -> Shingles:
    """Return the runs of three words, those over both edges too; ``words`` are exact forms in order."""
    padded = [_EDGE] * (_SIZE - 1) + words + [_EDGE] * (_SIZE - 1)
    return frozenset(" ".join(padded[at : at + _SIZE]) for at in range(len(padded) - _SIZE + 1))


def is_long_enough(words: list[str]) -> bool:
    """Return whether a text of these exact forms may stack at all."""
    return len(words) >= FEWEST_WORDS and sum(map(len, words)) >= FEWEST_LETTERS


def _compared(words: list[str]) -> tuple[Shingles, frozenset[str]]:
    """Return what two texts are compared by: their shingles and their figures."""
    return shingles(words), frozenset(word for word in words if any(map(str.isdigit, word)))


def _likeness(one: tuple[Shingles, frozenset[str]], other: tuple[Shingles, frozenset[str]]) -> float:
    """Return the Jaccard similarity, 0..1; 0 where each text has a figure that the other lacks."""
    if one[1] - other[1] and other[1] - one[1]:
        return 0.0
    shared = len(one[0] & other[0])
    return shared / (len(one[0]) + len(other[0]) - shared)


def _batches(passages: Iterator[tuple[int, list[str]]]) -> Iterator[list[tuple[int, list[str]]]]:
    kept = ((row, words) for row, words in passages if is_long_enough(words))
    while batch := list(islice(kept, _BATCH)):
        yield batch

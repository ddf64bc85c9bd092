"""What two texts are compared by: their words, their three-word shingles, their figures, and sketches of these.

Two texts are near where the sets of their shingles overlap by at least ``THRESHOLD`` (Jaccard), no figure tells them
apart, and their MinHash sketches share a band. The last is what makes near pairs cheap to find and is part of the
rule, so that every way to look for them finds the same; a pair at the threshold misses it once in a thousand times.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

    Keys = npt.NDArray[np.uint64]

THRESHOLD: Final = 0.8
FEWEST_WORDS: Final = 5
FEWEST_LETTERS: Final = 20  # for scripts without spaces, where a token is a character and five of them say little
BANDS: Final = 10  # three slots each: a pair at the threshold is proposed with a probability of 0.999

_EDGES: Final = (
    "\x02",
    "\x02",
)  # so that the first and the last words weigh as much as those between: there names stand
_PER_BAND: Final = 3
_SEED: Final = 1
_MIXERS: Final = np.array([0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9], dtype=np.uint64)  # odd

Shingles = frozenset[str]


@dataclass(frozen=True, slots=True)
class Features:
    """What a text is compared by."""

    shingles: Shingles
    figures: frozenset[str]

    @classmethod
    def of(cls, words: Sequence[str]) -> Features:
        """Return the features of a text of these exact forms, in order."""
        return cls(shingles(words), figures(words))


def shingles(words: Sequence[str]) -> Shingles:
    """Return the runs of three words, those over both edges too; ``words`` are exact forms in order."""
    padded = [*_EDGES, *words, *_EDGES]
    return frozenset(map(" ".join, zip(padded, padded[1:], padded[2:], strict=False)))


def figures(words: Sequence[str]) -> frozenset[str]:
    """Return those of the words that hold a digit."""
    return frozenset(word for word in words if not word.isalpha() and any(map(str.isdigit, word)))


def is_long_enough(words: Sequence[str]) -> bool:
    """Return whether a text of these exact forms may stack at all."""
    return len(words) >= FEWEST_WORDS and len("".join(words)) >= FEWEST_LETTERS


def likeness(one: Features, other: Features) -> float:
    """Return the Jaccard similarity of the shingles, 0..1; 0 where each text has a figure that the other lacks."""
    if one.figures - other.figures and other.figures - one.figures:
        return 0.0
    shared = len(one.shingles & other.shingles)
    return shared / (len(one.shingles) + len(other.shingles) - shared)


def digest(words: Sequence[str]) -> bytes:
    """Return 16 bytes that are equal where the words are."""
    return hashlib.blake2b(" ".join(words).encode(), digest_size=16).digest()


def bands(texts: Sequence[Shingles]) -> Keys:
    """Return the keys of the bands of each text's sketch, (n, BANDS) uint64; texts that share one may be near."""
    from rensa import RMinHash  # a compiled module that only builds need

    found = RMinHash.digests_from_token_sets(texts, num_perm=BANDS * _PER_BAND, seed=_SEED)
    slots = np.array(found, dtype=np.uint64).reshape(len(texts), BANDS, _PER_BAND)
    keys: Keys = (slots * _MIXERS).sum(axis=2, dtype=np.uint64)  # wraps around, as hashes do
    return keys

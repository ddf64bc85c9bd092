"""An encoder without a model: stems hashed into a vector. Deterministic, instant, and blind to meaning.

It serves tests and corpora whose words are all one wants; texts are similar as far as they share stems.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

import numpy as np

from index import text
from index.encode.protocol import ModelCard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.encode.protocol import Vectors

DIMENSION: Final = 256


class HashEncoder:
    """Feature hashing of stems, signed, square root of counts, unit length."""

    card = ModelCard("hash", str(text.TEXT_VERSION), "-", DIMENSION, 1_000_000)
    is_instant = False  # it stands for the slow ones in tests

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, (n, 256) float32."""
        vectors = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        for row, words in enumerate(texts):
            for stem in text.terms(words)[1]:
                code = zlib.crc32(stem.encode("utf-8", "replace"))
                vectors[row, code % DIMENSION] += 1.0 if code & 0x80000000 else -1.0
            if not vectors[row].any():
                vectors[row, 0] = 1.0
        vectors = np.sign(vectors) * np.sqrt(np.abs(vectors))
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)

    def encode_question(self, text: str) -> Vectors:
        """Return the unit vector of a question, (256,) float32, encoded as passages are."""
        vector: Vectors = self.encode([text])[0]
        return vector

    def windows(self, texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        """Return one span a text: there is no window to overflow."""
        return [[(0, len(words))] for words in texts]

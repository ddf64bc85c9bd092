"""The static encoder: a text is the sum of its tokens' vectors, distilled from the default model.

It knows words and not what they mean beside each other: much faster than the model, and much blunter; docs/quality.md
has the figures. No weights but the table's are read, and no runtime is loaded but to distil it.
"""

from __future__ import annotations

import threading
from itertools import chain
from typing import TYPE_CHECKING, Final

import numpy as np

from index.encode import STATIC_MODEL, distil, model_files
from index.encode.protocol import ModelCard

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokenizers import Tokenizer

    from index.encode.distil import Table
    from index.encode.protocol import Vectors

DIMENSION: Final = 384
REMEMBERED: Final = 200_000  # words and their tokens


class StaticEncoder:
    """Adds up vectors of tokens; safe to use from several threads."""

    card = ModelCard(STATIC_MODEL, distil.RECIPE, model_files.DEFAULT_SHA256, DIMENSION, 1_000_000)
    is_instant = True

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._parts: tuple[Tokenizer, Table] | None = None
        self._words: dict[str, list[int]] = {}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Return one unit vector a text, (n, 384) float32; raises ``ModelError`` where it cannot be distilled."""
        vectors = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        with self._lock:
            tokenizer, table = self._loaded()
            tokens = self._tokens(texts, tokenizer)
        for row, numbers in enumerate(tokens):
            np.add.reduce(table[numbers], axis=0, out=vectors[row])
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors[lengths[:, 0] == 0, 0] = lengths[lengths == 0] = 1.0  # nothing in it is known
        return np.asarray(vectors / lengths, dtype=np.float32)

    def encode_question(self, text: str) -> Vectors:
        """Return the unit vector of a question, (384,) float32, encoded as passages are."""
        vector: Vectors = self.encode([text])[0]
        return vector

    def windows(self, texts: Sequence[str]) -> list[list[tuple[int, int]]]:
        """Return one span a text: there is no window to overflow."""
        return [[(0, len(words))] for words in texts]

    def _tokens(self, texts: Sequence[str], tokenizer: Tokenizer) -> list[list[int]]:
        """Return the tokens of each text: those of what stands between its spaces, most of it met before."""
        split = [text.split() for text in texts]
        if len(self._words) > REMEMBERED:
            self._words.clear()
        fresh = sorted(set(chain.from_iterable(split)).difference(self._words))
        encodings = tokenizer.encode_batch_fast(model_files.joined(fresh), add_special_tokens=False)
        self._words.update((word, tokens.ids) for word, tokens in zip(fresh, encodings, strict=True))
        return [list(chain.from_iterable(map(self._words.__getitem__, words))) for words in split]

    def _loaded(self) -> tuple[Tokenizer, Table]:
        if self._parts is None:
            self._parts = model_files.tokenizer(model_files.packaged()), distil.table()
        return self._parts

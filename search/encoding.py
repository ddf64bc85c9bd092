"""Queries become vectors with the model the index was built with; recent ones are remembered."""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from index.encode import DEFAULT_MODEL, open_encoder
from index.errors import IndexOutdated, UsageError
from search.meaning import SentenceFinder

if TYPE_CHECKING:
    from index.encode.protocol import Encoder, ModelCard
    from index.protocol import Vector

REMEMBERED: Final = 256  # queries
NO_VECTORS: Final = "this index has words only; searched by words"


class QueryEncoder:
    """Loads the index's model with the first query that needs it; safe to use from several threads."""

    def __init__(self, card: ModelCard | None, encoder: Encoder | None = None) -> None:
        self._card = card
        self._encoder = encoder
        self._vectors: OrderedDict[str, Vector] = OrderedDict()
        self._finder: SentenceFinder | None = None
        self._lock = threading.Lock()
        self._is_warm = card is None

    @property
    def is_warm(self) -> bool:
        """Whether the next query is encoded without loading the model first."""
        return self._is_warm

    def warm(self) -> None:
        """Load the model."""
        if not self._is_warm:
            self.encode("news")

    def encode(self, words: str) -> Vector:
        """Return the vector of a query, (dimension,) float32."""
        with self._lock:
            if words in self._vectors:
                self._vectors.move_to_end(words)
                return self._vectors[words]
        vector: Vector = self._model().encode_question(words)
        with self._lock:
            self._is_warm = True
            self._vectors[words] = vector
            if len(self._vectors) > REMEMBERED:
                self._vectors.popitem(last=False)
        return vector

    def sentences(self) -> SentenceFinder:
        """Return the finder of nearest sentences."""
        model = self._model()
        with self._lock:
            if self._finder is None:
                self._finder = SentenceFinder(model)
            return self._finder

    def _model(self) -> Encoder:
        """Return the encoder; raises ``IndexOutdated`` where its model is not the one that built the index."""
        card = self._card
        if card is None:
            raise UsageError(f"{NO_VECTORS}; run `broadsheet index rebuild --model {DEFAULT_MODEL}`")
        with self._lock:
            if self._encoder is None:
                self._encoder = open_encoder(card.name, may_fetch=False)
        if self._encoder.card != card:
            raise IndexOutdated(
                f"the index was built with model {card.identity}, here is {self._encoder.card.identity}; "
                "run `broadsheet index rebuild`"
            )
        return self._encoder

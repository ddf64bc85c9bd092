"""Giving passages their vectors: from the cache where their text was encoded before, else by the model.

During a rebuild this runs in a lane of its own, beside reading and the keyword engine: the model works outside
Python's lock.
"""

from __future__ import annotations

import threading
from contextlib import ExitStack, closing
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Final

import numpy as np

from index.cache import EmbeddingCache
from index.store_writer import StoreWriter
from index.vectors import VectorWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from index.encode.protocol import Encoder, Vectors
    from index.keyword.protocol import Rows
    from index.progress import Progress

BLOCK: Final = 128  # passages encoded between two commits of the cache: what a kill can cost
PATIENCE: Final = 240.0  # seconds: about 20,000 passages on two cores
_PAUSE: Final = 0.05  # seconds between two looks for more


class Embedder:
    """Appends the vectors of passages to a folder, behind its first ``count`` ones."""

    def __init__(self, encoder: Encoder, cache: Path, folder: Path, count: int = 0) -> None:
        card = encoder.card
        self._encoder = encoder
        self._cache: EmbeddingCache | None = None
        with ExitStack() as undo:
            if not encoder.is_instant:
                self._cache = undo.enter_context(closing(EmbeddingCache(cache, card.identity, card.dimension)))
            self._vectors = undo.enter_context(closing(VectorWriter(folder, card.dimension, count)))
            self._files = undo.pop_all()
        self.texts = 0
        self.encoded = 0

    def take(self, block: Sequence[tuple[int, str]]) -> None:
        """Append the vectors of (row, text) pairs; rows ascend over all calls."""
        owners, windows = _windows(self._encoder, block)
        self._vectors.append(owners, self._encoded(windows))
        self.texts += len(windows)

    def close(self) -> None:
        """Make everything appended durable."""
        self._files.close()

    def _encoded(self, windows: list[str]) -> Vectors:
        """Return the vectors of texts, (n, dimension), asking the model for those that are new."""
        if self._cache is None:
            self.encoded += len(windows)
            return self._encoder.encode(windows)
        known = self._cache.get(windows)
        unknown = sorted(set(windows) - known.keys(), key=lambda words: (len(words), words))
        if unknown:
            fresh = self._encoder.encode(unknown)
            self._cache.put(unknown, fresh)
            known |= dict(zip(unknown, fresh, strict=True))
        self.encoded += len(unknown)
        return np.stack([known[words] for words in windows])


def append_vectors(
    encoder: Encoder, store: StoreWriter, cache: Path, folder: Path, after: int, progress: Progress
) -> tuple[int, int]:
    """Give the passages behind row ``after`` their vectors, and the store their new number.

    Returns how many windows of text that took, and how many of them the model was asked for.
    """
    count = store.number("vectors")
    progress.start("encoding", store.text_count(after), "passage")
    with closing(Embedder(encoder, cache, folder, count)) as embedder:
        while block := list(store.texts(after, BLOCK)):
            embedder.take(block)
            after = block[-1][0]
            progress.advance(len(block))
    progress.finish()
    store.set_number("vectors", count + embedder.texts)
    return embedder.texts, embedder.encoded


@dataclass(frozen=True, slots=True)
class Stopgap:
    """What gives passages their vectors for the time being where the model would take long."""

    encoder: Callable[[], Encoder]
    patience: float = PATIENCE
    """Seconds of encoding ahead from which on that is too long."""


class Lane(threading.Thread):
    """Encodes what a store holds and goes on holding, until it is told that no more will come."""

    def __init__(
        self, encoder: Encoder, cache: Path, folder: Path, store: Path, stopgap: Stopgap | None = None
    ) -> None:
        super().__init__(name="encoding", daemon=True)
        self.encoder = encoder
        """What the vectors are of: the stopgap's once the encoder given turned out to take long."""
        self._given = (cache, folder)
        self._store = store
        self._stopgap = stopgap
        self._complete = threading.Event()
        self._abandoned = threading.Event()
        self._fault: BaseException | None = None
        self.passages = 0
        self.texts = 0
        self.encoded = 0

    def run(self) -> None:
        """Follow the store; what goes wrong is raised by ``finish``."""
        try:
            with closing(StoreWriter(self._store)) as store:
                if not self._follow(store, self._stopgap) and self._stopgap is not None:
                    self.passages = self.texts = self.encoded = 0
                    self.encoder = self._stopgap.encoder()
                    self._follow(store, None)
        except BaseException as fault:  # noqa: BLE001 - it is raised again where somebody waits for it
            self._fault = fault

    def finish(self, progress: Progress, total: int) -> None:
        """Wait until all is encoded that was committed before this call; ``total`` is the number of passages."""
        self._complete.set()
        told, encoder = total, None
        while True:
            if encoder is not self.encoder:
                if encoder is not None:
                    progress.finish()
                told, encoder = 0, self.encoder
                progress.start("encoding", total, "passage")
            done = max(told, self.passages)
            progress.advance(done - told)
            told = done
            if not self.is_alive():
                break
            self.join(2 * _PAUSE)
        progress.finish()
        if self._fault is not None:
            raise self._fault

    def abandon(self) -> None:
        """Stop after the block at hand; harmless after ``finish``."""
        self._abandoned.set()
        self._complete.set()
        self.join()

    def _follow(self, store: StoreWriter, stopgap: Stopgap | None) -> bool:
        """Encode from the first passage on; return ``False`` if that would take longer than one may wait."""
        row, patience = 0, float("inf") if stopgap is None else stopgap.patience
        with closing(Embedder(self.encoder, *self._given)) as embedder:
            while not self._abandoned.is_set():
                complete = self._complete.is_set()
                block = list(store.texts(row, BLOCK))
                if len(block) < BLOCK and not complete:
                    self._complete.wait(_PAUSE)
                    continue
                if not block:
                    break
                began, is_first = monotonic(), not row
                embedder.take(block)
                row = block[-1][0]
                self.passages += len(block)
                self.texts, self.encoded = embedder.texts, embedder.encoded
                # The first block tells nothing: the model is loaded in it.
                pace = 0.0 if is_first else (monotonic() - began) / len(block)
                if pace * (store.last_row() - row) > patience:
                    return False
        return True


def _windows(encoder: Encoder, block: Sequence[tuple[int, str]]) -> tuple[Rows, list[str]]:
    """Return the row of each window, (n,) int64 ascending, and its text."""
    owners: list[int] = []
    windows: list[str] = []
    for (row, words), spans in zip(block, encoder.windows([words for _, words in block]), strict=True):
        owners += [row] * len(spans)
        windows += [words[start:end] for start, end in spans]
    return np.array(owners, dtype=np.int64), windows

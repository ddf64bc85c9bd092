"""Giving passages their vectors: from the cache where their text was encoded before, else by the model.

During a rebuild this runs in a lane of its own, beside reading and the keyword engine: the model works outside
Python's lock.
"""

from __future__ import annotations

import threading
from contextlib import ExitStack, closing
from typing import TYPE_CHECKING, Final

import numpy as np

from index.cache import EmbeddingCache
from index.store_writer import StoreWriter
from index.vectors import VectorWriter

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from index.encode.protocol import Encoder
    from index.keyword.protocol import Rows
    from index.progress import Progress

BLOCK: Final = 128  # passages encoded between two commits of the cache: what a kill can cost
_PAUSE: Final = 0.05  # seconds between two looks for more


class Embedder:
    """Appends the vectors of passages to a folder, behind its first ``count`` ones."""

    def __init__(self, encoder: Encoder, cache: Path, folder: Path, count: int = 0) -> None:
        card = encoder.card
        self._encoder = encoder
        with ExitStack() as undo:
            self._cache = undo.enter_context(closing(EmbeddingCache(cache, card.identity, card.dimension)))
            self._vectors = undo.enter_context(closing(VectorWriter(folder, card.dimension, count)))
            self._files = undo.pop_all()
        self.texts = 0
        self.encoded = 0

    def take(self, block: Sequence[tuple[int, str]]) -> None:
        """Append the vectors of (row, text) pairs; rows ascend over all calls."""
        owners, windows = _windows(self._encoder, block)
        known = self._cache.get(windows)
        unknown = sorted(set(windows) - known.keys(), key=lambda words: (len(words), words))
        if unknown:
            fresh = self._encoder.encode(unknown)
            self._cache.put(unknown, fresh)
            known |= dict(zip(unknown, fresh, strict=True))
        self._vectors.append(owners, np.stack([known[words] for words in windows]))
        self.texts += len(windows)
        self.encoded += len(unknown)

    def close(self) -> None:
        """Make everything appended durable."""
        self._files.close()


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


class Lane(threading.Thread):
    """Encodes what a store holds and goes on holding, until it is told that no more will come."""

    def __init__(self, encoder: Encoder, cache: Path, folder: Path, store: Path) -> None:
        super().__init__(name="encoding", daemon=True)
        self._given = (encoder, cache, folder)
        self._store = store
        self._complete = threading.Event()
        self._abandoned = threading.Event()
        self._fault: BaseException | None = None
        self.passages = 0
        self.texts = 0
        self.encoded = 0

    def run(self) -> None:
        """Follow the store; what goes wrong is raised by ``finish``."""
        try:
            with closing(StoreWriter(self._store)) as store, closing(Embedder(*self._given)) as embedder:
                self._follow(store, embedder)
        except BaseException as fault:  # noqa: BLE001 - it is raised again where somebody waits for it
            self._fault = fault

    def finish(self, progress: Progress, total: int) -> None:
        """Wait until all is encoded that was committed before this call; ``total`` is the number of passages."""
        self._complete.set()
        progress.start("encoding", total, "passage")
        told = 0
        while True:
            self.join(2 * _PAUSE)
            progress.advance(self.passages - told)
            told = self.passages
            if not self.is_alive():
                break
        progress.finish()
        if self._fault is not None:
            raise self._fault

    def abandon(self) -> None:
        """Stop after the block at hand; harmless after ``finish``."""
        self._abandoned.set()
        self._complete.set()
        self.join()

    def _follow(self, store: StoreWriter, embedder: Embedder) -> None:
        row = 0
        while not self._abandoned.is_set():
            complete = self._complete.is_set()
            block = list(store.texts(row, BLOCK))
            if len(block) == BLOCK or (complete and block):
                embedder.take(block)
                row = block[-1][0]
                self.passages += len(block)
                self.texts, self.encoded = embedder.texts, embedder.encoded
            elif complete:
                return
            else:
                self._complete.wait(_PAUSE)


def _windows(encoder: Encoder, block: Sequence[tuple[int, str]]) -> tuple[Rows, list[str]]:
    """Return the row of each window, (n,) int64 ascending, and its text."""
    owners: list[int] = []
    windows: list[str] = []
    for (row, words), spans in zip(block, encoder.windows([words for _, words in block]), strict=True):
        owners += [row] * len(spans)
        windows += [words[start:end] for start, end in spans]
    return np.array(owners, dtype=np.int64), windows

"""Purging: the embedding cache forgets every text that the index does not hold, and old snapshots go."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Final

from index import snapshot
from index.cache import EmbeddingCache, sha256
from index.errors import IndexLocked
from index.store_writer import StoreWriter

if TYPE_CHECKING:
    from index.encode.protocol import Encoder
    from index.snapshot import IndexPaths

_BLOCK: Final = 1000  # passages


def purge(paths: IndexPaths, encoder: Encoder | None) -> int:
    """Forget embeddings that no passage of the live snapshot needs; return how many.

    ``encoder`` is that of the snapshot, ``None`` for one of words only: then all are forgotten. Raises ``IndexLocked``
    where somebody still reads an older snapshot, which cannot go before that.
    """
    with snapshot.writing(paths):
        live, _, mark = snapshot.open_live(paths)
        with closing(mark):
            forgotten = _forget(paths, live, encoder)
        snapshot.sweep(paths)
        if any(folder.name != live.root.name for folder in paths.snapshots.iterdir()):
            raise IndexLocked(f"somebody still reads an older state of {paths.root}; end that and purge again")
    return forgotten


def _forget(paths: IndexPaths, live: snapshot.SnapshotPaths, encoder: Encoder | None) -> int:
    if encoder is None:
        paths.cache.unlink(missing_ok=True)
        return 0
    wanted: set[bytes] = set()
    with closing(StoreWriter.open(live.store)) as store:
        row = 0
        while block := list(store.texts(row, _BLOCK)):
            texts = [words for _, words in block]
            for words, spans in zip(texts, encoder.windows(texts), strict=True):
                wanted.update(sha256(words[start:end]) for start, end in spans)
            row = block[-1][0]
    with closing(EmbeddingCache(paths.cache, encoder.card.identity, encoder.card.dimension)) as cache:
        return cache.keep_only(wanted)

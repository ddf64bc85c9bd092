"""Writing tantivy's index: passages, and beside them the stories that some of them begin."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Final

from tantivy import Query

from index.durable import sync_folder
from index.keyword.tantivy_documents import ROW, STORIES, from_row, opened, passage, story
from index.keyword.tantivy_guard import sound

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from index.keyword.protocol import KeywordDocument

HEAP_BYTES: Final = 256_000_000  # one writer thread, so that rows stay in order; fewer segments answer sooner
STORY_HEAP_BYTES: Final = 32_000_000
_BATCH: Final = 256


class TantivyWriter:
    """Writes passages, one commit a batch."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        if create:
            path.mkdir(mode=0o700)
            (path / STORIES).mkdir(mode=0o700)
        for left in path.rglob(".tmp*"):  # what a killed writer was about to rename; no reader makes such files
            left.unlink()
        index, stories = opened(path, create=create), opened(path / STORIES, create=create)
        self._path, self._schema = path, index.schema
        with sound(path):
            self._writer = index.writer(HEAP_BYTES, 1)
            self._stories = stories.writer(STORY_HEAP_BYTES, 1)

    def add(self, documents: Iterable[KeywordDocument]) -> None:
        """Add passages; their rows were never used before."""
        stream = iter(documents)
        while batch := list(islice(stream, _BATCH)):  # what goes wrong while they are made is not the engine's fault
            with sound(self._path):
                for document in batch:
                    self._writer.add_document(passage(document))
                    if document.story:
                        self._stories.add_document(story(document))

    def delete(self, rows: Sequence[int]) -> None:
        """Remove passages by row; rows not present are ignored."""
        if rows:
            chosen = Query.term_set_query(self._schema, ROW, list(rows))
            self._stories.delete_documents_by_query(chosen)
            self._writer.delete_documents_by_query(chosen)

    def delete_from(self, row: int) -> None:
        """Remove every passage from that row on: what a crash left behind the store."""
        self._stories.delete_documents_by_query(from_row(self._schema, row))
        self._writer.delete_documents_by_query(from_row(self._schema, row))

    def commit(self) -> None:
        """Make what was added and deleted durable and visible."""
        with sound(self._path):
            self._stories.commit()
            self._writer.commit()
            for folder in (self._path / STORIES, self._path):
                sync_folder(folder)  # tantivy renames its table of contents into place and leaves it at that

    def close(self) -> None:
        """Wait for merges; what was not committed is dropped."""
        with sound(self._path):
            self._stories.wait_merging_threads()
            self._writer.wait_merging_threads()

"""Files asked without an index: read into memory, searched by the engine in memory, and forgotten.

Everything else is as in an index: the same store (in memory), furniture, stacks, links and metadata.
"""

from __future__ import annotations

from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from index import furniture, linking, settling
from index.deletions import Deletions
from index.errors import SourceError
from index.files import Files
from index.intake import Intake, nothing_read
from index.keyword.memory_engine import Memory, MemoryIndex, MemoryWriter
from index.local import LocalIndex
from index.manifest import Manifest
from index.progress import Silent
from index.report import BuildReport
from index.snapshot import IndexPaths, SnapshotPaths
from index.sources import html_door
from index.sources.walk import source_files
from index.store_writer import StoreWriter

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from index.encode.protocol import Encoder
    from index.sources.records import Note, Skip
    from index.vectors import VectorIndex

MOST_ENCODED: Final = 2_000
"""Passages up to which vectors are made; for more of them the wait is not worth a single question."""

_BLOCK: Final = 128


class UnindexedFiles(LocalIndex):
    """An index of a few files that lives as long as this object; its folder holds what does not fit in memory."""

    def __init__(
        self,
        sources: Sequence[Path],
        encoder: Encoder | None = None,
        on_event: Callable[[Skip | Note], None] = lambda _event: None,
    ) -> None:
        """Read ``sources``: files, folders, archives or ``STDIN``; raises ``SourceError`` where there is no article.

        With an ``encoder`` and few enough passages they are found by meaning, too.
        """
        report = BuildReport(on_event=on_event)
        with ExitStack() as held:
            self._root = Path(held.enter_context(TemporaryDirectory(prefix="broadsheet-")))
            self._paths = SnapshotPaths(self._root)
            writer = held.enter_context(closing(StoreWriter.create(Path(":memory:"))))
            writer.begin()
            self._take(writer, sources, report)
            self._keyword = _words(writer)
            if encoder is not None and writer.text_count() > MOST_ENCODED:
                encoder = None
            self._vectors = None if encoder is None else _encoded(writer, self._root, encoder, report)
            linking.stack(writer, Silent(), report, self._root)
            linking.answer(writer, writer.threads(), self._vectors, Silent(), report)
            writer.commit()
            self._store = writer.reader
            self._facts = self._store.numbers()
            self._held = held.pop_all()
        self._hidden = ()
        self._mark = None
        self._manifest = Manifest(
            engine="memory",
            model=None if encoder is None else encoder.card,
            built=datetime.now(UTC).isoformat(timespec="seconds"),
            sources=tuple(map(str, sources)),
            files={},
        )

    @property
    def is_live(self) -> bool:
        """Always: there is nothing newer to open."""
        return True

    def close(self) -> None:
        """Forget what was read, and remove the folder."""
        self._keyword.close()
        self._held.close()

    def _take(self, writer: StoreWriter, sources: Sequence[Path], report: BuildReport) -> None:
        """Read every article into the store, and judge what is furniture."""
        writer.load()
        learner = furniture.Furniture(writer.connection)
        nobody = Deletions(IndexPaths(self._root))
        intake = Intake(
            store=writer,
            files=Files(writer),
            learner=learner,
            deletions=nobody,
            report=report,
            round=1,
            next_row=1,
        )
        with html_door.held():
            for source in source_files(sources, report.hear):
                intake.take_file(source, lambda _bytes: None)
        if not report.articles:
            raise SourceError(nothing_read(sources, report))
        writer.loaded()
        writer.furnish(learner.judge())
        writer.done()
        writer.set_number("next_row", intake.next_row)
        writer.set_number("passages", intake.passages)


def _words(writer: StoreWriter) -> MemoryIndex:
    memory = Memory()
    with closing(MemoryWriter(memory)) as keyword:
        settling.write_new(writer, keyword, 1)
        keyword.commit()
    return MemoryIndex(memory)


def _encoded(writer: StoreWriter, folder: Path, encoder: Encoder, report: BuildReport) -> VectorIndex:
    from index.embed import Embedder  # words alone need none
    from index.vectors import VectorIndex

    texts = list(writer.texts())
    with closing(Embedder(encoder, IndexPaths(folder).cache, folder)) as embedder:
        for start in range(0, len(texts), _BLOCK):
            embedder.take(texts[start : start + _BLOCK])
    report.texts = embedder.texts
    writer.set_number("vectors", embedder.texts)
    return VectorIndex(folder, encoder.card.dimension, embedder.texts, writer.masked())

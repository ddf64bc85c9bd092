"""``broadsheet search --in FILE``: a searcher over files that were never indexed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from search.results import Mode

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from search.searcher import Searcher


def opened(files: Sequence[Path], mode: Mode) -> Searcher:
    """Return a searcher of files, folders and archives; raises ``SourceError`` where no article could be read.

    Only a mode that asks for meaning loads the model and encodes what was read.
    """
    from index import settings

    settings.without_blas_threads()
    from index import summary
    from index.encode import NO_MODEL, open_encoder
    from index.unindexed import UnindexedFiles
    from search.searcher import Searcher

    chosen = settings.load()
    model = NO_MODEL if mode is Mode.KEYWORD else chosen.passages_model
    encoder = None if model == NO_MODEL else open_encoder(model)
    return Searcher(UnindexedFiles(files, encoder, summary.tell), encoder, chosen.zone)

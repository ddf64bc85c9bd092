"""Any text as a query, over a small index: results or one of our errors. ``make fuzz`` runs this.

The first byte chooses the mode, the order and the grouping; the rest is the query, as UTF-8 with what is none replaced.
"""

from __future__ import annotations

import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from index.build import Rebuild
from index.encode.hashing import HashEncoder
from index.errors import BroadsheetError
from index.snapshot import IndexPaths
from search.searcher import Searcher

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PAGES = Path(__file__).parents[2] / "seeds"
MODES = ("keyword", "hybrid", "semantic")
SORTS = ("relevance", "newest", "oldest")
CORPUS = Path(__file__).parent / "corpus" / "query"


def check(data: bytes, searcher: Searcher) -> None:
    """Search for the bytes behind the first; raises where the answer contradicts itself."""
    if not data:
        return
    choice, text = data[0], data[1:].decode("utf-8", "replace")
    group = "article" if choice // 9 % 2 else None
    try:
        found = searcher.search(text, mode=MODES[choice % 3], sort=SORTS[choice // 3 % 3], group_by=group, limit=5)
    except BroadsheetError:
        return
    assert len({hit.passage.id for hit in found}) == len(found)
    assert found.total >= len(found)
    for hit in found:
        for piece in (hit.snippet, *hit.fragments):
            assert hit.passage.text[piece.start : piece.start + len(piece.text)] == piece.text
            assert all(0 <= span.start < span.end <= len(piece.text) for span in piece.spans)


def searcher(folder: Path) -> Searcher:
    """Return a searcher over the pages of this project, by the hash encoder."""
    Rebuild(paths=IndexPaths(folder), sources=[PAGES], encoder=HashEncoder()).run()
    return Searcher.open(folder)


def seeds() -> list[bytes]:
    """Return the kept inputs."""
    return [path.read_bytes() for path in sorted(CORPUS.iterdir())]


@contextmanager
def ready() -> Iterator[tuple[Callable[[bytes], None], list[bytes]]]:
    """Give the check, over an index of its own, and the inputs to begin with."""
    with tempfile.TemporaryDirectory() as folder, searcher(Path(folder) / "index") as opened:
        yield lambda data: check(data, opened), seeds()

"""An index with any bytes put over any of its files is opened and asked: answers or one of our errors.

``make fuzz`` runs this. The first byte chooses the file, the next two where in it (a share of its size),
the rest is written there. Files of the engine are checked against their checksums at opening, so that most of what gets
through is in the manifest, the store, the vectors and the journals.
"""

from __future__ import annotations

import shutil
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

PAGES = Path(__file__).parents[2] / "seeds" / "wire-archive.jsonl"
CORPUS = Path(__file__).parent / "corpus" / "index"
QUERIES = (("probe", "keyword"), ("lost signal", "hybrid"), ('"squared paper" in:comment', "semantic"))


def check(data: bytes, root: Path, copy: Path) -> None:
    """Overwrite a copy, open it and ask it."""
    if len(data) < 4:
        return
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(root, copy)
    files = sorted(path for path in copy.rglob("*") if path.is_file())
    path = files[data[0] % len(files)]
    place = path.stat().st_size * int.from_bytes(data[1:3], "big") // 65536
    with path.open("r+b") as file:
        file.seek(place)
        file.write(data[3:])
    try:
        with Searcher.open(copy) as searcher:
            for query, mode in QUERIES:
                for hit in searcher.search(query, mode=mode, limit=3):
                    searcher.article(hit.passage.article_id)
    except BroadsheetError:
        pass


def build(root: Path) -> None:
    """Build what is damaged."""
    Rebuild(paths=IndexPaths(root), sources=[PAGES], encoder=HashEncoder()).run()


def seeds() -> list[bytes]:
    """Return the kept inputs."""
    return [path.read_bytes() for path in sorted(CORPUS.iterdir())]


@contextmanager
def ready() -> Iterator[tuple[Callable[[bytes], None], list[bytes]]]:
    """Give the check, over an index of its own, and the inputs to begin with."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "index"
        build(root)
        yield lambda data: check(data, root, Path(folder) / "copy"), seeds()

"""Makes the fixture of the current format: ``python tests/index/formats/make.py``, once before a format is released.

It writes ``format-N-ENGINE.tar.xz`` beside itself: an index with all there is, and the articles it was made from.
Archives of older formats stay as they are.
"""

from __future__ import annotations

import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[2]))

from benchmarks import damage  # noqa: E402 - run as a script
from index.manifest import FORMAT  # noqa: E402


def nameless(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = entry.mtime = 0
    entry.uname = entry.gname = ""
    return entry


def main() -> None:
    for engine in ("tantivy", "whoosh"):
        with tempfile.TemporaryDirectory(prefix="broadsheet-") as folder:
            damage.make(Path(folder), 9, engine)
            with tarfile.open(HERE / f"format-{FORMAT}-{engine}.tar.xz", "w:xz") as archive:
                for name in ("index", "articles.jsonl"):
                    archive.add(Path(folder) / name, name, filter=nameless)


if __name__ == "__main__":
    main()

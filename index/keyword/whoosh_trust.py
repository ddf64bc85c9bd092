"""What Whoosh pickled is read here, and nothing in it can run.

Whoosh keeps its table of contents, the directory of each segment and every block of postings as pickles, and a pickle
may call anything. So before an index is opened, the functions Whoosh unpickles with are replaced, for the whole
process, by ones that admit the two classes its segments are made of and plain containers; the pickled schema is never
read at all, ours is given instead.
"""

from __future__ import annotations

import io
import pickle  # nowhere else, which tests/test_house.py holds: what is admitted here is data
from collections import defaultdict
from types import SimpleNamespace
from typing import IO, Any, Final

from index.errors import IndexDamaged


def _bytes(letters: str = "", encoding: str = "latin1") -> bytes:
    """Stand in for what old pickles make bytes with, which could call any codec there is."""
    return letters.encode("latin1")


SEGMENTS: Final = frozenset({("whoosh.codec.whoosh3", "W3Segment"), ("whoosh.codec.whoosh3", "W3Codec")})
CONTAINERS: Final = {
    ("collections", "defaultdict"): defaultdict,
    ("builtins", "int"): int,  # what such a dictionary counts with
    ("_codecs", "encode"): _bytes,
    ("__builtin__", "bytes"): _bytes,
}


class _Restricted(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in SEGMENTS:
            return super().find_class(module, name)
        if (module, name) in CONTAINERS:
            return CONTAINERS[module, name]
        raise IndexDamaged(
            f"a file of the keyword index would load {module}.{name}, which no index of ours does; somebody may "
            "have tampered with it: run `broadsheet index rebuild`"
        )


def load(file: IO[bytes]) -> Any:
    """Return what is pickled next in a file; raises ``IndexDamaged`` for anything but data."""
    return _Restricted(file).load()


def loads(data: bytes) -> Any:
    """Return what is pickled in bytes; raises ``IndexDamaged`` for anything but data."""
    return load(io.BytesIO(data))


def guard() -> None:
    """Make Whoosh read its pickles through this file, and refuse the formats of its forerunners."""
    from whoosh import columns, formats, index, legacy
    from whoosh.codec import whoosh3
    from whoosh.filedb import structfile

    for module in (columns, formats, whoosh3):
        module.loads = loads
    structfile.load_pickle = load
    index.pickle = SimpleNamespace(loads=loads, dumps=pickle.dumps, PicklingError=pickle.PicklingError)
    legacy.toc_loaders.clear()

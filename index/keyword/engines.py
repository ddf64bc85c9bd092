"""Which keyword engines an index can have on disk, by the name in its manifest; each is imported when it is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from index.errors import IndexDamaged

if TYPE_CHECKING:
    from pathlib import Path

    from index.keyword.protocol import KeywordIndex, KeywordWriter

DEFAULT: Final = "tantivy"
ENGINES: Final = (DEFAULT, "whoosh")


def open_engine(name: str, path: Path) -> KeywordIndex:
    """Open an engine's folder for reading; raises ``IndexDamaged``."""
    if name == "whoosh":
        from index.keyword.whoosh_engine import WhooshIndex

        return WhooshIndex(path)
    _check(name)
    from index.keyword.tantivy_engine import TantivyIndex

    return TantivyIndex(path)


def open_writer(name: str, path: Path, *, create: bool = False) -> KeywordWriter:
    """Open an engine's folder for writing, or make it; raises ``IndexDamaged``."""
    if name == "whoosh":
        from index.keyword.whoosh_engine import WhooshWriter

        return WhooshWriter(path, create=create)
    _check(name)
    from index.keyword.tantivy_writer import TantivyWriter

    return TantivyWriter(path, create=create)


def _check(name: str) -> None:
    if name != DEFAULT:
        raise IndexDamaged(f"no keyword engine {name!r}; run `broadsheet index rebuild`")

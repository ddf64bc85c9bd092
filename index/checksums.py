"""Checksums of files that stay as they were written, and of a table of JSON."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from index.errors import IndexDamaged

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SMALL: Final = 1 << 20  # bytes: some milliseconds of sha256, for a whole small index and the heads of a great one
_WHOLE: Final = (".store", ".del")  # of any size: a bit that flips in them may end the process that opens them


def of_file(path: Path) -> dict[str, Any]:
    """Return the size and sha256 of a file."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "sha256": sha256}


def check_small(root: Path, files: Mapping[str, Mapping[str, Any]], limit: int) -> None:
    """Raise ``IndexDamaged`` where a lasting file of up to ``limit`` bytes is not what was written: for every opening.

    Native code that is given a damaged file may take the process with it, and there is no catching that.
    """
    for name, facts in files.items():
        path = root / name
        if (facts["bytes"] <= limit or path.suffix in _WHOLE) and is_lasting(path):
            with suppress(FileNotFoundError):  # a writer has merged it with others meanwhile
                if of_file(path) != facts:
                    raise IndexDamaged(f"{path} is damaged; run `broadsheet index rebuild --from-index`")


def of_table(table: dict[str, Any]) -> str:
    """Return the sha256 of a table, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(table, sort_keys=True).encode()).hexdigest()


def is_lasting(path: Path) -> bool:
    """Tell whether a file of a snapshot is there and stays as it was written: segments of the keyword engine do."""
    return path.parent.name in ("keyword", "stories") and path.suffix not in ("", ".json", ".lock") and path.is_file()

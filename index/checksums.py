"""Checksums of files that stay as they were written, and of a table of JSON."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


def of_file(path: Path) -> dict[str, Any]:
    """Return the size and sha256 of a file."""
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return {"bytes": path.stat().st_size, "sha256": sha256}


def of_table(table: dict[str, Any]) -> str:
    """Return the sha256 of a table, whatever the order of its keys."""
    return hashlib.sha256(json.dumps(table, sort_keys=True).encode()).hexdigest()


def is_lasting(path: Path) -> bool:
    """Tell whether a file of a snapshot is there and stays as it was written: segments of the keyword engine do."""
    return path.parent.name in ("keyword", "stories") and path.suffix not in ("", ".json", ".lock") and path.is_file()

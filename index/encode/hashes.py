"""The sha256 of large files, worked out again only when a file may have changed.

What was found is remembered in the cache directory under everything the system tells of a file: device, inode, size and
the times of its last write and of its last change of any kind, which no program can set back. Bits that rot leave those
as they are, so that nothing is believed for longer than a week.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import time
from typing import TYPE_CHECKING, Any, Final

from index import settings
from index.durable import write_durably

if TYPE_CHECKING:
    from pathlib import Path

BELIEVED: Final = 7 * 24 * 3600  # seconds
_MOST_BYTES: Final = 1 << 20


def sha256(path: Path) -> str:
    """Return the sha256 of a file in hexadecimal; raises ``OSError`` where it cannot be read."""
    memory = settings.cache_dir() / "hashes.json"
    key, looks, now = str(path.absolute()), _looks(path), time.time()
    known = _read(memory)
    entry = known.get(key)
    if isinstance(entry, dict) and entry.get("looks") == looks and 0 <= now - _checked(entry) < BELIEVED:
        return str(entry.get("sha256"))
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if _looks(path) == looks:
        with contextlib.suppress(OSError):  # nowhere to remember it: it is worked out each time
            memory.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_durably(memory, json.dumps(known | {key: {"looks": looks, "checked": now, "sha256": found}}))
    return found


def _looks(path: Path) -> list[int]:
    facts = path.stat()
    return [facts.st_dev, facts.st_ino, facts.st_size, facts.st_mtime_ns, facts.st_ctime_ns]


def _checked(entry: dict[str, Any]) -> float:
    checked = entry.get("checked")
    return float(checked) if isinstance(checked, int | float) else 0.0


def _read(memory: Path) -> dict[str, Any]:
    try:
        with memory.open("rb") as file:
            table = json.loads(file.read(_MOST_BYTES))
    except (OSError, ValueError, RecursionError):
        return {}
    return table if isinstance(table, dict) else {}

"""What a reader works with and reports: limits, files, and what was skipped or noticed on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

MIB = 1024 * 1024
STDIN: Final = Path("-")
"""The source that is standard input; a file of that name is named by its folder too, as in ``/data/-``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one file, line or article may hold; what lies beyond is skipped or cut, and reported."""

    max_file_bytes: int = 64 * MIB
    """Pages and JSON documents, after unpacking; JSON Lines are streamed and have no such limit."""
    max_line_bytes: int = 16 * MIB
    max_paragraphs: int = 20_000
    max_comments: int = 200_000
    max_text_chars: int = 4 * MIB
    """Of a page that is not HTML: text is read in this process, in time and memory that grow with it."""
    max_json_values: int = 3_000_000
    """Of a JSON document or line, told by its commas, colons and brackets."""
    max_ratio: int = 200
    """Unpacked to packed bytes of a file on disk, all that is packed within it taken together."""
    free_bytes: int = 8 * MIB
    """As much may always be unpacked, whatever the ratio."""
    max_members: int = 100_000
    """Of all the archives in a file on disk taken together."""
    max_member_bytes: int = 1024 * MIB
    """One member of an archive, unpacked."""
    max_nesting: int = 3
    """Archives within archives."""
    max_seconds: float = 30.0
    """Reading one HTML page."""
    max_memory_bytes: int = 2048 * MIB
    """Address space of the process that reads HTML pages, where the system can bound it."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read; ``size`` is its bytes on disk, with those of its parts."""

    path: Path
    size: int
    parts: tuple[Path, ...] = ()
    """Files of its folder that are read through it."""


@dataclass(frozen=True, slots=True)
class Skip:
    """Something that was not read: a file, or one line of it (``file.jsonl:17``), and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Note:
    """Something to know about an article that was read, such as comments that are missing."""

    path: str
    text: str


Report = Callable[[Skip | Note], None]


class NotRead(Exception):
    """A file or line that gives no article; the message is the reason. It never leaves this package."""


class Exhausted(NotRead):
    """A limit of the whole file on disk is crossed: nothing further is read from it, whatever it was within."""

"""What a reader works with and reports: limits, files, and what was skipped or noticed on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much one file, line or article may hold; what lies beyond is skipped or cut, and reported."""

    max_file_bytes: int = 64 * MIB
    """Pages and JSON documents, after unpacking; JSON Lines are streamed and have no such limit."""
    max_line_bytes: int = 16 * MIB
    max_paragraphs: int = 20_000
    max_comments: int = 200_000
    max_gzip_ratio: int = 200
    """Unpacked to packed bytes, judged once ``max_file_bytes`` have come out."""


@dataclass(frozen=True, slots=True)
class Source:
    """One file to read; ``size`` is its bytes on disk."""

    path: Path
    size: int


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

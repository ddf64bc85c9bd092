"""What workers send to the main screen. Answers carry their question's number: only the newest counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from pathlib import Path

    from index.errors import BroadsheetError
    from search.results import Hit, Mode, Results
    from tui.counts import Counts
    from tui.engine import Page


@dataclass
class Answered(Message):
    """A search has ended."""

    number: int
    mode: Mode
    """What it was asked by, which may be less than what is wanted in the end."""
    answer: Results | BroadsheetError


@dataclass
class MoreFound(Message):
    """A page of the hits shown has come."""

    first: Results
    """The answer it belongs to."""
    page: int
    answer: Results | BroadsheetError


@dataclass
class EndFound(Message):
    """The last page of the hits shown has come."""

    first: Results
    """The answer it belongs to."""
    answer: tuple[int, Results] | BroadsheetError
    """The number of the page, and its hits."""


@dataclass
class PageRead(Message):
    """An article has been read, or could not be."""

    number: int
    answer: Page | BroadsheetError


@dataclass
class Unfolded(Message):
    """What lies folded under a hit has been read."""

    hit: Hit
    answer: tuple[Hit, ...] | BroadsheetError


@dataclass
class Judged(Message):
    """A judgement is kept, or could not be (then ``error`` says why)."""

    query: str
    passage_id: str
    relevant: bool | None
    error: BroadsheetError | None


@dataclass
class Counted(Message):
    """What was found has been counted."""

    number: int
    answer: Counts | BroadsheetError


@dataclass
class Exported(Message):
    """Hits have been written to a file: how many, or why not."""

    path: Path
    answer: int | BroadsheetError


@dataclass
class Warmed(Message):
    """The embedding model is loaded, or could not be (then ``error`` says why)."""

    error: BroadsheetError | None

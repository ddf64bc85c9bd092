"""What workers send to the main screen. Answers carry their question's number: only the newest counts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from pathlib import Path

    from index.errors import BroadsheetError, IndexUnusable
    from index.protocol import IndexInfo
    from search.results import Hit, Mode, Results
    from tui.completing import Offer
    from tui.counts import Counts
    from tui.engine import Engine, Page
    from tui.history import Asked
    from tui.question import Question
    from tui.saved import Saved


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
class Acquainted(Message):
    """What the index holds is known, or cannot be."""

    answer: IndexInfo | BroadsheetError


@dataclass
class Renewed(Message):
    """There was a look for a newer index: what it holds if there was one, or why it cannot be read."""

    answer: IndexInfo | BroadsheetError | None


@dataclass
class Unusable(Message):
    """The index cannot answer any more."""

    error: IndexUnusable


@dataclass
class JobEnded(Message):
    """A rebuild or sync has ended, in whatever way."""


@dataclass
class Opened(Message):
    """There is an index where there was none."""

    engine: Engine


@dataclass
class Offered(Message):
    """What may complete a text has been looked up."""

    typed: str
    answer: tuple[Offer, ...] | BroadsheetError


@dataclass
class Settled(Message):
    """The reader has settled on a query: he pressed Enter, or opened a hit."""

    query: str


@dataclass
class Recalled(Message):
    """The history of earlier runs has been read, or could not be."""

    answer: tuple[Asked, ...] | BroadsheetError


@dataclass
class SavedRead(Message):
    """The saved searches have been read, or could not be."""

    answer: tuple[Saved, ...] | BroadsheetError
    asked: Question | None
    """What is to be saved; ``None`` where they are to be listed."""


@dataclass
class Exported(Message):
    """Hits have been written to a file: how many, or why not."""

    path: Path
    answer: int | BroadsheetError


@dataclass
class Warmed(Message):
    """The embedding model is loaded, or could not be (then ``error`` says why)."""

    error: BroadsheetError | None

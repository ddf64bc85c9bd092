"""What a verification finds: faults, each with its file and what repairs it, and notes that are no faults."""

from __future__ import annotations

import sqlite3
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from index.errors import BroadsheetError, IndexUnreachable

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

FROM_INDEX: Final = "`broadsheet index rebuild --from-index`"
FROM_SOURCES: Final = "`broadsheet index rebuild SOURCE…`, or --from-index, which leaves out what is damaged"
_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it was written, or disagrees with the rest."""

    file: str
    """Relative to the index directory."""
    what: str
    repair: str
    """What to run or do."""


@dataclass(slots=True)
class Findings:
    """The outcome of one verification."""

    faults: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    """What is no damage but worth knowing: what was sampled, what a writer left to the next one."""
    checked: dict[str, int] = field(default_factory=dict)
    """How many of what were looked at."""

    @property
    def is_sound(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    def add(self, file: str, what: str, repair: str = FROM_INDEX) -> None:
        """Add a fault."""
        self.faults.append(Fault(file, what, repair))

    def rows(self, file: str, what: str, rows: Collection[object], repair: str = FROM_INDEX) -> None:
        """Add a fault of some rows or ids, where there are any; the first few are named."""
        if len(rows):
            named = ", ".join(map(str, list(rows)[:_NAMED]))
            self.add(file, f"{what}: {named}" + (f" and {len(rows) - _NAMED:,} more" * (len(rows) > _NAMED)), repair)

    @contextmanager
    def reading(self, file: str, repair: str = FROM_INDEX) -> Iterator[None]:
        """Take what cannot even be read for a fault of that file."""
        try:
            yield
        except IndexUnreachable as error:
            self.add(file, str(error), "what it says")
        except (BroadsheetError, sqlite3.Error, OSError, ValueError, TypeError, ArithmeticError, LookupError) as error:
            self.add(file, f"cannot be read: {type(error).__name__}: {error}", repair)

    def as_dict(self) -> dict[str, Any]:
        """Return everything as plain values, for JSON."""
        return {"sound": self.is_sound} | asdict(self)

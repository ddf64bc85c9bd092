"""What was asked before: queries the reader settled on, newest first, each once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from index.text import clean, squash
from search.parse import MAX_LENGTH
from search.results import timestamp

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.state import State

NOUN: Final = "history"
MOST: Final = 1_000  # queries; the oldest go


@dataclass(frozen=True, slots=True)
class Asked:
    """A query, and when it was asked last."""

    query: str
    when: datetime


class History:
    """The history kept in ``state``."""

    def __init__(self, state: State) -> None:
        self._state = state

    def all(self) -> tuple[Asked, ...]:
        """Return every query, newest first; raises ``StateDamaged``."""
        return self._state.read(NOUN, _shaped) or ()

    def add(self, asked: Asked) -> None:
        """Put a query before all others; raises ``UsageError``, ``StateDamaged``."""
        self._state.change(NOUN, _shaped, lambda known: _listed(with_newest(known or (), asked)))

    def forget(self, query: str) -> None:
        """Take a query out; raises ``UsageError``, ``StateDamaged``."""
        self._state.change(NOUN, _shaped, lambda known: _listed(one for one in known or () if one.query != query))


def asked_now(query: str) -> Asked | None:
    """Return a query as asked at this moment; ``None`` where it is not worth keeping."""
    said = squash(query)
    return Asked(said, datetime.now(UTC)) if said and len(said) <= MAX_LENGTH else None


def with_newest(known: Iterable[Asked], asked: Asked) -> tuple[Asked, ...]:
    """Return a history with ``asked`` before all others, and in no other place."""
    return (asked, *(one for one in known if one.query != asked.query))[:MOST]


def _listed(known: Iterable[Asked]) -> list[dict[str, str | None]]:
    return [{"query": one.query, "when": timestamp(one.when)} for one in known]


def _shaped(table: object) -> tuple[Asked, ...]:
    if not isinstance(table, list):
        raise TypeError("it is no list")
    found = (Asked(squash(clean(one["query"]))[:MAX_LENGTH], _moment(one["when"])) for one in table[:MOST])
    return tuple({one.query: one for one in found if one.query}.values())


def _moment(said: str) -> datetime:
    when = datetime.fromisoformat(said)
    return when if when.tzinfo else when.replace(tzinfo=UTC)

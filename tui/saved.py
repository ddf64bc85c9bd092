"""Saved searches: questions kept under names, to be asked again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from index.errors import UsageError
from index.text import clean, squash
from search.parse import MAX_LENGTH
from search.results import Mode, Sort
from tui.question import Question

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tui.state import State

NOUN: Final = "searches"
MOST: Final = 500  # searches
LONGEST: Final = 80  # characters of a name


@dataclass(frozen=True, slots=True)
class Saved:
    """A question and its name."""

    name: str
    question: Question


class SavedSearches:
    """The searches kept in ``state``, by name in alphabetical order; names that differ in case alone are one."""

    def __init__(self, state: State) -> None:
        self._state = state

    def all(self) -> tuple[Saved, ...]:
        """Return every search; raises ``StateDamaged``."""
        return self._state.read(NOUN, _shaped) or ()

    def save(self, saved: Saved) -> None:
        """Keep a search, in the place of one of its name; raises ``UsageError``, ``StateDamaged``."""
        self._change(lambda known: with_saved(known, saved))

    def rename(self, old: str, new: str) -> None:
        """Give a search another name, in the place of one that has it; raises ``UsageError``, ``StateDamaged``."""

        def renamed(known: tuple[Saved, ...]) -> tuple[Saved, ...]:
            found = named(known, old)
            return known if found is None else with_saved(without(known, old), Saved(new, found.question))

        self._change(renamed)

    def delete(self, name: str) -> None:
        """Keep a search no longer; raises ``UsageError``, ``StateDamaged``."""
        self._change(lambda known: without(known, name))

    def _change(self, edit: Callable[[tuple[Saved, ...]], Iterable[Saved]]) -> None:
        self._state.change(NOUN, _shaped, lambda known: [_record(one) for one in edit(known or ())])


def name_of(typed: str) -> str:
    """Return a name as it is kept: on one line, and not too long."""
    return squash(clean(typed))[:LONGEST].strip()


def named(known: Iterable[Saved], name: str) -> Saved | None:
    """Return the search of that name."""
    return next((one for one in known if one.name.casefold() == name.casefold()), None)


def told(question: Question) -> str:
    """Return how a question is asked, as far as that is not the usual way."""
    parts = (
        "" if question.mode is Mode.HYBRID else {Mode.KEYWORD: "by words", Mode.SEMANTIC: "by meaning"}[question.mode],
        "" if question.alpha is None else f"{question.alpha:.0%} meaning",
        "by article" if question.by_article else "",
        "" if question.sort is Sort.RELEVANCE else f"{question.sort.value} first",
    )
    return ", ".join(part for part in parts if part)


def with_saved(known: Iterable[Saved], saved: Saved) -> tuple[Saved, ...]:
    """Return searches with one more, in the place of one of its name; raises ``UsageError`` beyond the bound."""
    others = without(known, saved.name)
    if len(others) >= MOST:
        raise UsageError(f"{MOST} saved searches are the most there can be; delete some first")
    return tuple(sorted((*others, saved), key=lambda one: one.name.casefold()))


def without(known: Iterable[Saved], name: str) -> tuple[Saved, ...]:
    """Return searches without the one of that name."""
    return tuple(one for one in known if one.name.casefold() != name.casefold())


def _record(saved: Saved) -> dict[str, object]:
    asked = saved.question
    about = {"name": saved.name, "query": asked.text, "mode": asked.mode.value, "sort": asked.sort.value}
    return about | {"by_article": asked.by_article, "alpha": asked.alpha}


def _shaped(table: object) -> tuple[Saved, ...]:
    if not isinstance(table, list):
        raise TypeError("it is no list")
    found = [_saved(one) for one in table[:MOST]]
    return tuple({one.name.casefold(): one for one in found if one.name and one.question.text}.values())


def _saved(record: Any) -> Saved:
    alpha = record.get("alpha")
    if alpha is not None and not 0.0 <= alpha <= 1.0:
        raise ValueError("alpha must be from 0 to 1")
    asked = Question(
        text=squash(clean(record["query"]))[:MAX_LENGTH],
        mode=Mode(record["mode"]),
        by_article=bool(record["by_article"]),
        sort=Sort(record["sort"]),
        alpha=alpha,
    )
    return Saved(name_of(record["name"]), asked)

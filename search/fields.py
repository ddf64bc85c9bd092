"""The names that may stand before a colon, and what their values mean."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from index.keyword.clause import Facet
from index.model import Kind
from search import dates
from search.query import Answers, Dates, Filter, Group

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime, tzinfo

    from search.query import Node

KINDS: Final = tuple(kind.value for kind in Kind)
"""Text fields: ``headline:iran`` is the word within passages of that kind."""

_ARTICLE: Final[tuple[str, ...]] = (Kind.HEADLINE.value, Kind.CAPTION.value, Kind.PARAGRAPH.value)
_IN: Final = {
    name + plural: kinds
    for name, kinds in ({kind: (kind,) for kind in KINDS} | {"article": _ARTICLE}).items()
    for plural in ("", "s")
}
FACETS: Final = {
    "by": Facet.AUTHOR,
    "author": Facet.AUTHOR,
    "source": Facet.SOURCE,
    "section": Facet.SECTION,
    "place": Facet.PLACE,
    "topic": Facet.TOPIC,
    "article": Facet.ARTICLE,
}
DATES: Final = frozenset({"after", "before", "on"})
"""Fields whose values are times."""
_ANSWERS: Final = "answers"
WITH_VALUES: Final = frozenset({"in", _ANSWERS, *FACETS, *DATES})
"""Fields of metadata, which take values: ``by:a,"b c"``."""


@dataclass(slots=True)
class Reading:
    """What came of a field and its values: a node, values to search as words instead, and why."""

    node: Node | None = None
    words: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


class FieldReader:
    """Reads the fields of one query; dates in unusual words are slow to read: it tries ``patience`` of them."""

    def __init__(self, now: datetime, timezone: tzinfo, patience: int = 3) -> None:
        self._now = now
        self._timezone = timezone
        self._patience = patience

    def read(self, name: str, values: Sequence[str]) -> Reading:
        """Return what ``name:values`` asks for; ``name`` is one of ``WITH_VALUES``."""
        if name == "in":
            return _kinds(values)
        if name in DATES:
            return self._times(name, values)
        if name == _ANSWERS:
            return Reading(Answers(tuple(dict.fromkeys(values))))
        return Reading(Filter(FACETS[name], tuple(dict.fromkeys(values))))

    def _times(self, name: str, values: Sequence[str]) -> Reading:
        """``on:`` may name several periods; ``after:`` and ``before:`` take one, as in ``after:June,2014``."""
        reading = Reading()
        nodes: list[Node] = []
        for text in values if name == "on" else [", ".join(values)]:
            found = self._period(text)
            if found:
                nodes.append(_bounds(name, *found))
            else:
                reading.words.append(text)
                reading.warnings.append(f"no date in {shown(text)}; searched as words")
        if nodes:
            reading.node = nodes[0] if len(nodes) == 1 else Group(should=tuple(nodes))
        return reading

    def _period(self, text: str) -> dates.Period | None:
        found = dates.period(text, now=self._now, timezone=self._timezone, thorough=False)
        if found is None and self._patience:
            self._patience -= 1
            found = dates.period(text, now=self._now, timezone=self._timezone)
        return found


def is_field(name: str) -> bool:
    """Return whether a name before a colon means something."""
    return name.casefold() in WITH_VALUES or name.casefold() in KINDS


def _kinds(values: Sequence[str]) -> Reading:
    reading = Reading()
    kinds: list[str] = []
    for value in values:
        found = _IN.get(value.casefold())
        if found:
            kinds += found
        else:
            reading.words.append(value)
            known = ", ".join((*KINDS, "article"))
            reading.warnings.append(f"no kind {shown(value)}; searched as words (kinds: {known})")
    if kinds:
        reading.node = Filter(Facet.KIND, tuple(dict.fromkeys(kinds)))
    return reading


def _bounds(name: str, start: datetime, end: datetime | None) -> Node:
    if name == "on":
        return Dates(start, end)
    return Dates(after=start) if name == "after" else Dates(before=start)


def shown(text: str) -> str:
    """Return text of the query as a warning quotes it: short, on one line."""
    longest = 40
    line = " ".join(text.split())
    return f"'{line}'" if len(line) <= longest else f"'{line[: longest - 1]}…'"

"""Ways to go on from what is being typed: words, authors and values of the index, names of fields, dates by example."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from search.fields import DATES
from search.results import Mode
from search.suggest import ending, field_names
from tui.counts import NAMED

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from search.suggest import Ending
    from tui.engine import Engine

MOST: Final = 6  # offers at once
NAMES: Final = 2  # of them names of fields, beside words
PERIODS: Final = 3  # of them periods counted, beside examples
SHORTEST: Final = 2  # letters of a word worth completing
FIELD: Final = "field"
DATE: Final = "date"
_EXAMPLES: Final = ("{0:%Y}", "{0:%Y-%m}", "{0:%Y-%m-%d}", "yesterday", "last week", "last month", "last year")
_THIS_FIELD: Final = re.compile(r"[+-]?\w+:\S*$")


@dataclass(frozen=True, slots=True)
class Offer:
    """One way to go on."""

    text: str
    kind: str
    """``word``, the facet whose value it is, ``field`` or ``date``."""
    count: int | None
    """Passages it would find; ``None`` where that is not counted."""
    query: str
    """What to put in the place of all that was typed."""


def offers(engine: Engine, typed: str, now: datetime) -> tuple[Offer, ...]:
    """Return what may complete ``typed``, the likeliest first.

    There is nothing to offer where the likeliest is what stands there already.
    """
    last = ending(typed)
    if last.name in DATES:
        found = [one for one in _dates(engine, last, now) if one.text.casefold().startswith(last.value.casefold())]
        return tuple(one for one in found[:MOST] if one.query != typed)
    if not last.name and len(last.value.lstrip("+-")) < SHORTEST:
        return ()
    known = engine.suggest(typed, MOST)
    if known and known[0].query == typed:
        return ()
    names = tuple(Offer(name, FIELD, None, _named(last, name)) for name in field_names(typed)[:NAMES])
    values = (Offer(one.text, one.kind, one.count, one.query) for one in known if one.query != typed)
    return (*tuple(values)[: MOST - len(names)], *names)


def narrowed(found: tuple[Offer, ...], typed: str) -> tuple[Offer, ...]:
    """Return the offers that still go on from what is typed by now."""
    return tuple(one for one in found if one.query.startswith(typed) and one.query != typed)


def _named(last: Ending, name: str) -> str:
    signs = last.value[: len(last.value) - len(last.value.lstrip("+-"))]
    return f"{last.head}{signs}{name}"


def _dates(engine: Engine, last: Ending, now: datetime) -> Iterator[Offer]:
    """Yield the periods in which most of what is asked was written, then dates by example."""
    if about := _THIS_FIELD.sub("", last.head).strip():
        dates = engine.facets(about, Mode.KEYWORD).dates
        fullest = sorted(dates.buckets, key=lambda bucket: -bucket.count)[:PERIODS]
        for bucket in fullest:
            if bucket.count:
                name = f"{bucket.start:{NAMED[dates.unit]}}"
                yield Offer(name, DATE, bucket.count, last.head + name)
    for example in _EXAMPLES:
        name = example.format(now)
        yield Offer(name, DATE, None, last.head + (f'"{name}"' if " " in name else name))

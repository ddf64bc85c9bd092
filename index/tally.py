"""How often each value of the metadata occurs among given passages: what facets are made of.

Counting happens where the data is, so that a wide query does not bring a hundred thousand passages into Python; a
tally is plain counts, and those of several indexes may be added.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from index import text
from index.keyword.clause import Facet
from index.model import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from index.keyword.protocol import Rows

    Read = Callable[[str, Sequence[object]], list[Any]]

COUNTED: Final = (Facet.KIND, Facet.AUTHOR, Facet.SOURCE, Facet.SECTION, Facet.PLACE, Facet.TOPIC)

# The rows come as one JSON list: as quick as a temporary table, and a reader writes nothing. CROSS JOIN keeps SQLite
# from walking all passages instead of looking up those asked for.
_CHOSEN: Final = "FROM json_each(?) AS chosen CROSS JOIN passages AS p ON p.row = chosen.value"
FOUND_AS: Final = f"CASE WHEN p.furniture THEN '{Kind.FURNITURE}' ELSE p.kind END"
"""The kind a passage ``p`` is found as, in SQL."""
_KINDS: Final = f"SELECT p.article, p.kind, {FOUND_AS}, count(*) {_CHOSEN} GROUP BY 1, 2, 3"
_AUTHORS: Final = f"SELECT p.author, count(*) {_CHOSEN} WHERE p.kind = '{Kind.COMMENT}' GROUP BY 1"
_TIMES: Final = f"SELECT p.time, count(*) {_CHOSEN} GROUP BY 1"
_ARTICLES: Final = (
    "SELECT a.number, a.authors, a.source, a.section, a.place, a.topics "
    "FROM json_each(?) AS chosen CROSS JOIN articles AS a ON a.number = chosen.value"
)


@dataclass(frozen=True, slots=True)
class Tally:
    """Counts over passages. A passage counts once for each of its values, however often that value is spelt there."""

    total: int
    values: Mapping[Facet, Mapping[str, int]]
    """Value as written -> passages; two spellings of one ``index.text.key`` are two entries."""
    times: Mapping[int, int]
    """Seconds since the epoch -> passages."""
    undated: int


def tally(read: Read, rows: Rows) -> Tally:
    """Return the counts over ``rows``, as far as they exist; ``read`` runs a statement on the store."""
    chosen = (json.dumps(rows.tolist()),)
    values: dict[Facet, Counter[str]] = {facet: Counter() for facet in COUNTED}
    passages: Counter[int] = Counter()
    commented: Counter[int] = Counter()
    for article, kind, found_as, count in read(_KINDS, chosen):
        values[Facet.KIND][found_as] += count
        passages[article] += count
        commented[article] += count if kind == Kind.COMMENT else 0
    values[Facet.AUTHOR].update({name: count for name, count in read(_AUTHORS, chosen) if name})
    for number, authors, source, section, place, topics in read(_ARTICLES, (json.dumps(list(passages)),)):
        count = passages[number]
        _add(values[Facet.AUTHOR], json.loads(authors), count - commented[number])
        _add(values[Facet.SOURCE], (source,), count)
        _add(values[Facet.SECTION], (section,), count)
        _add(values[Facet.PLACE], (place,), count)
        _add(values[Facet.TOPIC], json.loads(topics), count)
    times = dict(read(_TIMES, chosen))
    undated = times.pop(None, 0)
    return Tally(passages.total(), values, times, undated)


def _add(counter: Counter[str], names: Iterable[str | None], count: int) -> None:
    """Count each distinct name once; of two spellings of one name in an article the first is taken."""
    distinct = {text.key(name): name for name in reversed(list(names)) if name} if count else {}
    for name in distinct.values():
        counter[name] += count

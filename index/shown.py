"""What a page of results shows, read at once: its passages, their articles, and the passages that these name.

At most two statements serve a page of any size, where one a kind of thing would be seven; where nothing on it has to
do with other passages the first one says so.
"""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from index.model import ArticleInfo, Passage
from index.passages import passage_id
from index.schema import INFO, PASSAGE, info, kind_of, passage, sensible

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Read = Callable[[str, Sequence[object]], list[Any]]

_INFO: Final = ", ".join(f"a.{name}" for name in INFO.split(", "))
_COLUMNS: Final = PASSAGE.count(",") + 1
_IS_LINKED: Final = """
p.stack IS NOT NULL OR p.answers IS NOT NULL OR EXISTS (SELECT 1 FROM passages AS q WHERE q.answers = p.row)
"""
# The rows come as JSON lists, and CROSS JOIN keeps SQLite from walking all passages instead of looking them up.
_SHOWN: Final = (
    f"SELECT {PASSAGE}, {_INFO}, {_IS_LINKED} FROM json_each(?) AS chosen "
    "CROSS JOIN passages AS p ON p.row = chosen.value JOIN articles AS a ON a.number = p.article"
)
_NAMED: Final = """
WITH chosen (row) AS (SELECT value FROM json_each(?1)), links (link, row, other) AS (
    SELECT 'stack', p.row, q.row FROM chosen CROSS JOIN passages AS p ON p.row = chosen.row
        CROSS JOIN passages AS q ON q.stack = p.stack WHERE q.row <> p.row
    UNION ALL
    SELECT 'answers', p.row, p.answers FROM chosen CROSS JOIN passages AS p ON p.row = chosen.row
        WHERE p.answers IS NOT NULL
    UNION ALL
    SELECT 'answered', q.answers, q.row FROM chosen CROSS JOIN passages AS q ON q.answers = chosen.row
    UNION ALL
    SELECT '', 0, value FROM json_each(?2)
)
SELECT link, links.row, other, a.id, p.kind, p.position FROM links CROSS JOIN passages AS p ON p.row = links.other
    JOIN articles AS a ON a.number = p.article
    ORDER BY link, CASE link WHEN 'stack' THEN p.time IS NULL END, CASE link WHEN 'stack' THEN p.time END, other
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The passages of a page by row, and what they have to do with others."""

    passages: Mapping[int, Passage] = field(default_factory=dict)
    articles: Mapping[str, ArticleInfo] = field(default_factory=dict)
    ids: Mapping[int, str] = field(default_factory=dict)
    """The passage ids of all rows that are named below, and of those that were to be named."""
    stacks: Mapping[int, Sequence[int]] = field(default_factory=dict)
    """The other rows of its stack, the earliest first, undated ones last."""
    answers: Mapping[int, int] = field(default_factory=dict)
    """The row of the paragraph that a comment answers."""
    answered_by: Mapping[int, Sequence[int]] = field(default_factory=dict)
    """The rows of the comments that answer a paragraph, in order."""


def shown(read: Read, rows: Sequence[int], named: Sequence[int]) -> Shown:
    """Return what there is to show of ``rows``, and the ids of those that are ``named`` besides.

    ``read`` answers a statement with its values. Unknown rows are left out. Raises ``IndexDamaged`` for nonsense.
    """
    if not rows:
        return Shown()
    passages: dict[int, Passage] = {}
    articles: dict[str, ArticleInfo] = {}
    linked: list[int] = []
    for record in read(_SHOWN, (json.dumps(rows),)):
        found = passages[record[0]] = passage(record[:_COLUMNS])
        if found.article_id not in articles:
            articles[found.article_id] = ArticleInfo(**info(record[_COLUMNS:-1]))
        if record[-1]:
            linked.append(record[0])
    if not (linked or named):
        return Shown(passages=passages, articles=articles)
    ids: dict[int, str] = {}
    links: defaultdict[str, defaultdict[int, list[int]]] = defaultdict(lambda: defaultdict(list))
    for link, row, other, article_id, kind, position in read(_NAMED, (json.dumps(linked), json.dumps(named))):
        with sensible():
            ids[other] = passage_id(article_id, kind_of(kind), position)
        links[link][row].append(other)
    return Shown(
        passages=passages,
        articles=articles,
        ids=ids,
        stacks=links["stack"],
        answers={row: paragraphs[0] for row, paragraphs in links["answers"].items()},
        answered_by=links["answered"],
    )

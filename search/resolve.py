"""What in a query only the index knows: which comments answer a passage."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from index.errors import NotFound
from search.query import Answers, Boost, Group, InKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.protocol import Index
    from search.query import Node, Query


def resolved(query: Query, index: Index) -> Query:
    """Return the query with every ``answers:ID`` turned into rows; an id nobody knows is said in the warnings."""
    unknown: list[str] = []

    def turned(nodes: Iterable[Node]) -> tuple[Node, ...]:
        return tuple(map(turn, nodes))

    def turn(node: Node) -> Node:
        match node:
            case Answers(ids):
                return Answers(ids, _rows(index, ids, unknown))
            case Group(must, should, must_not):
                return Group(turned(must), turned(should), turned(must_not))
            case InKind() | Boost():
                return replace(node, node=turn(node.node))
            case _:
                return node

    scoring, must, must_not = turned(query.scoring), turned(query.must), turned(query.must_not)
    if (scoring, must, must_not) == (query.scoring, query.must, query.must_not):
        return query
    told = tuple(f"no passage {name!r}; nothing answers it" for name in unknown)
    return replace(query, scoring=scoring, must=must, must_not=must_not, warnings=(*query.warnings, *told))


def _rows(index: Index, ids: Iterable[str], unknown: list[str]) -> tuple[int, ...]:
    found: list[int] = []
    for name in ids:
        try:
            row = index.row(name)
        except NotFound:
            unknown.append(name)
            continue
        found += index.answered_by([row]).get(row, [])
    return tuple(found)

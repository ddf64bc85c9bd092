"""Furniture of pages is found by those who name it, and by nobody else: whether a query does, and what follows.

Every query becomes clauses through ``planned``, so that totals, facets, batches and exports agree on what is hidden.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from index.keyword.clause import Facet
from index.model import Kind
from search.plan import plan
from search.query import Boost, Filter, Group, InKind
from search.results import Mode

if TYPE_CHECKING:
    from index.protocol import Index
    from search.plan import Plan
    from search.query import Node, Query

BY_WORDS: Final = "furniture is found by words only"


def planned(index: Index, query: Query, story: float = 0.0) -> Plan:
    """Return what to ask of ``index`` for ``query``: without its furniture, unless the query names that kind.

    ``story`` is the share of whole stories in the score of words.
    """
    asked = plan(query, story, hides_furniture=not asks_for_it(query) and _has_any(index))
    if _asks_for_it_alone(query) and asked.words is not None:
        return replace(asked, meaning="")
    return asked


def asks_for_it(query: Query) -> bool:
    """Whether a query names furniture, outside exclusions."""
    return any(map(_names_it, (*query.must, *query.scoring)))


def warnings(query: Query, mode: Mode) -> tuple[str, ...]:
    """Return what to say of a query for furniture that wants meaning alone."""
    return (BY_WORDS,) if mode is Mode.SEMANTIC and asks_for_it(query) else ()


def _has_any(index: Index) -> bool:
    """Whether the index holds furniture: one look into its dictionary, where leaving out nothing would cost more."""
    return bool(index.completions(Facet.KIND, Kind.FURNITURE.value, 1))


def _asks_for_it_alone(query: Query) -> bool:
    """Whether nothing else can be found: a constraint says so, or every word asked for does."""
    return any(map(_is_it, query.must)) or (bool(query.scoring) and all(map(_is_it, query.scoring)))


def _is_it(node: Node) -> bool:
    match node:
        case Filter(Facet.KIND, kinds):
            return kinds == (Kind.FURNITURE.value,)
        case InKind(kind, _):
            return kind == Kind.FURNITURE.value
        case Boost(inner, _):
            return _is_it(inner)
        case _:
            return False


def _names_it(node: Node) -> bool:
    match node:
        case Filter(Facet.KIND, kinds):
            return Kind.FURNITURE.value in kinds
        case InKind(kind, inner):
            return kind == Kind.FURNITURE.value or _names_it(inner)
        case Boost(inner, _):
            return _names_it(inner)
        case Group(must, should, _):
            return any(map(_names_it, (*must, *should)))
        case _:
            return False

"""The nodes the parser tags a query with, as pieces; imports Whoosh, so ``pieces`` imports this when it must."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from whoosh.qparser import plugins, syntax

from search import marks
from search.fields import DATES, FieldReader, is_field
from search.pieces import Piece, Role
from search.query import Meaning
from search.syntax import tagged
from search.tree import Leaf, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.tree import Tree

_ROLES: Final = (
    (Unknown, Role.UNKNOWN),
    (syntax.FieldnameNode, Role.FIELD),
    (syntax.Operator, Role.OPERATOR),
    (plugins.BoostPlugin.BoostNode, Role.WEIGHT),
    (plugins.FuzzyTermPlugin.FuzzinessNode, Role.PATTERN),
    ((plugins.PlusMinusPlugin.Plus, plugins.PlusMinusPlugin.Minus), Role.SIGN),
    ((plugins.GroupPlugin.OpenBracket, plugins.GroupPlugin.CloseBracket), Role.SIGN),
)


def cut(typed: str) -> Iterator[Piece]:
    """Yield the pieces of a query in order, plain words left out."""
    reader = FieldReader(datetime.now(UTC), UTC, patience=0)
    for node in tagged(typed, reader):
        field = marks.field_at(typed, node.startchar)
        if field is not None and field.end == node.endchar and is_field(field.name):
            yield Piece(node.startchar, field.colon, Role.FIELD)
            yield from _values(field, typed, reader)
        elif (role := _role(node, typed[node.startchar : node.endchar])) is not None:
            yield Piece(node.startchar, node.endchar, role)


def _values(field: marks.FieldMark, typed: str, reader: FieldReader) -> Iterator[Piece]:
    name = field.name.casefold()
    for start, end, value in marks.values_between(typed, field.colon, field.end):
        is_known = name in DATES or not reader.read(name, [value]).words
        yield Piece(start, end, Role.VALUE if is_known else Role.UNKNOWN)


def _role(node: Tree, said: str) -> Role | None:
    if isinstance(node, Leaf):
        if isinstance(node.node, Meaning) or said.startswith("~"):
            return Role.MEANING
        return Role.PHRASE if said[0] in marks.QUOTES else Role.PATTERN
    for kinds, role in _ROLES:
        if isinstance(node, kinds):
            return role
    if said.endswith(":") and is_field(said[:-1]):
        return Role.FIELD
    return Role.UNKNOWN if said in marks.QUOTES else None

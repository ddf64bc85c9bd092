"""The nodes of the syntax tree: Whoosh's own and these. Whoosh has no types, hence ``Tree``.

Whoosh's parser costs 0.1 s to import; this file, ``arrange``, ``syntax`` and ``lower`` bring it, and only ``parse``
brings them, when a query has any marks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from whoosh.qparser import syntax

from index.errors import QueryError

if TYPE_CHECKING:
    from search.query import Node

MAX_DEPTH: Final = 20

Tree = Any
"""A node of Whoosh's syntax tree; Whoosh has no types."""

AllOf, AnyOf, Not = syntax.AndGroup, syntax.OrGroup, syntax.NotGroup


class Sequence(syntax.GroupNode):  # type: ignore[misc]
    """What stands side by side, at the top or within brackets."""


class Splice(syntax.GroupNode):  # type: ignore[misc]
    """Several nodes in place of one, as if typed side by side; a sign before it binds them all."""


class Required(syntax.GroupNode):  # type: ignore[misc]
    """``+`` and its node."""


class Scoped(syntax.GroupNode):  # type: ignore[misc]
    """A kind of passage and the node to be found there."""

    def __init__(self, nodes: list[Tree] | None = None, kind: str = "", **kwargs: Any) -> None:
        super().__init__(nodes, kind=kind, **kwargs)
        self.kind = kind


class Leaf(syntax.SyntaxNode):  # type: ignore[misc]
    """A finished node of the ``Query``, ``None`` where what was typed asks for nothing; ``binds`` if it constrains."""

    has_boost = True

    def __init__(self, node: Node | None, *, binds: bool = False) -> None:
        self.node = node
        self.binds = binds
        self.boost = 1.0


class Unknown(syntax.WordNode):  # type: ignore[misc]
    """The name of a field that does not exist: a word, joined to its value where a sign stands before it."""


def check_depth(depth: int) -> None:
    """Raise ``QueryError`` beyond the depth at which anyone still reads a query."""
    if depth > MAX_DEPTH:
        raise QueryError(f"the query nests deeper than {MAX_DEPTH} levels; take out some brackets")

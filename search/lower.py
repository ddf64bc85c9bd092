"""Whoosh's syntax tree -> the nodes of our ``Query``: what ranks, what must be, what must not.

Nodes side by side, at the top or within brackets, are read by one rule: words, patterns and meanings rank; phrases,
metadata, dates, text fields, ``+`` and explicit operators constrain. Brackets around a constraint are a constraint.
``Meaning`` never constrains, since its words need not occur.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from whoosh.qparser.plugins import FuzzyTermPlugin
from whoosh.qparser.syntax import GroupNode

from index.keyword.clause import Facet
from search import leaves
from search.parts import Parts
from search.query import Answers, Boost, Dates, Filter, Group, InKind, Meaning
from search.tree import AllOf, AnyOf, Leaf, Not, Required, Scoped, Sequence, Splice, check_depth

if TYPE_CHECKING:
    from search.parts import Gathered
    from search.query import Node
    from search.tree import Tree

MAX_WEIGHT: Final = 100.0

_OFF_LIMITS: Final = "what is only meant ('~') cannot be excluded; ignored"


def lower(tree: Tree, gathered: Gathered) -> Parts:
    """Return the parts of a whole syntax tree; ``gathered`` takes what is told of its leaves."""
    while isinstance(tree, Sequence) and len(tree) == 1 and isinstance(tree[0], Sequence) and tree[0].boost == 1:
        tree = tree[0]
    return _Lowering(gathered).parts(tree)


class _Lowering:
    """One walk over the tree, from left to right; it knows how deep it is and whether within an exclusion."""

    def __init__(self, gathered: Gathered) -> None:
        self._gathered = gathered
        self._depth = 0
        self._excluded = 0

    def parts(self, group: Tree) -> Parts:
        """Return the nodes of a group by what they do."""
        parts = Parts()
        for child in group:
            self._place(child, parts)
        return parts

    def _place(self, tree: Tree, parts: Parts) -> None:
        if isinstance(tree, Not):
            self._exclude(tree, parts)
        elif isinstance(tree, Splice):
            for child in tree:
                self._place(child, parts)
        elif isinstance(tree, AllOf):
            for child in tree:
                self._demand(child, parts)
        elif _constrains(tree):
            self._demand(tree, parts)
        elif (node := self._node(tree)) is not None:
            parts.scoring.append(node)

    def _demand(self, tree: Tree, parts: Parts) -> None:
        if isinstance(tree, Not):
            self._exclude(tree, parts)
            return
        node = self._node(tree)
        if isinstance(node, InKind) and _is_meaning(node):
            parts.must.append(Filter(Facet.KIND, (node.kind,)))
            node = node.node
        if node is not None:
            (parts.scoring if _is_meaning(node) else parts.must).append(node)

    def _exclude(self, tree: Tree, parts: Parts) -> None:
        self._excluded += 1
        node = self._node(tree[0])
        self._excluded -= 1
        if _is_meaning(node):
            self._gathered.warnings.append(_OFF_LIMITS)
        elif node is not None:
            parts.must_not.append(node)

    def _node(self, tree: Tree) -> Node | None:
        nests = isinstance(tree, Sequence | Scoped)
        self._depth += nests
        check_depth(self._depth)
        node = self._group(tree) if isinstance(tree, GroupNode) else self._leaf(tree)
        self._depth -= nests
        if node is None or tree.boost == 1 or isinstance(node, Answers | Filter | Dates):
            return node
        return Boost(node, min(max(tree.boost, 0.0), MAX_WEIGHT))

    def _leaf(self, tree: Tree) -> Node | None:
        node = _leaf_node(tree)
        if node is not None:
            self._gathered.add(node, excluded=bool(self._excluded))
        return node

    def _group(self, tree: Tree) -> Node | None:
        if isinstance(tree, AnyOf):
            children = tuple(node for child in tree if (node := self._node(child)) is not None)
            return Group(should=children) if len(children) > 1 else children[0] if children else None
        if isinstance(tree, Scoped):
            node = self._node(tree[0])
            return None if node is None else InKind(tree.kind, node)
        if isinstance(tree, Required):
            return self._node(tree[0])
        return self.parts(tree if isinstance(tree, Sequence | Splice) else [tree]).node()


def _leaf_node(tree: Tree) -> Node | None:
    if isinstance(tree, Leaf):
        return tree.node
    if isinstance(tree, FuzzyTermPlugin.FuzzyTermNode):
        return leaves.fuzzy(tree.text, tree.maxdist)
    return leaves.word(tree.text)


def _constrains(tree: Tree) -> bool:
    """Return whether a node is more than a wish."""
    if isinstance(tree, Leaf):
        return tree.binds
    if isinstance(tree, AnyOf):  # whatever may only be meant is possible everywhere
        return not any(isinstance(child, Leaf) and _is_meaning(child.node) for child in tree)
    if isinstance(tree, Sequence | Splice):
        return any(map(_constrains, tree))
    return isinstance(tree, GroupNode)


def _is_meaning(node: Node | None) -> bool:
    while isinstance(node, Boost | InKind):
        node = node.node
    return isinstance(node, Meaning)

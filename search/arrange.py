"""What rearranges the flat list of tagged nodes, in place of plug-ins of Whoosh that cannot be configured to.

Whoosh's PlusMinusPlugin and FieldsPlugin lose signs and fields inside brackets, and its OperatorsPlugin lets the
first of ``a AND AND b`` take the second for its operand.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from whoosh.qparser import plugins, syntax

from search import marks
from search.fields import shown
from search.tree import Leaf, Not, Required, Scoped, Splice, Unknown, check_depth

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from whoosh.qparser import QueryParser
    from whoosh.qparser.taggers import FnTagger

    from search.tree import Tree


class _Step(plugins.Plugin):  # type: ignore[misc]
    """A plug-in that rearranges the nodes once, when its turn comes."""

    priority = 0

    def filters(self, parser: QueryParser) -> list[tuple[Callable[..., Tree], int]]:
        """Return what Whoosh asks of a plug-in: the step, and its turn."""
        return [(self.rearranged, self.priority)]

    def rearranged(self, parser: QueryParser, group: Tree) -> Tree:
        """Return the group with its nodes in order."""
        raise NotImplementedError


class Brackets(_Step):
    """Drops brackets without a partner and refuses nesting deeper than anyone reads."""

    priority = -10

    def __init__(self, notes: list[str]) -> None:
        self._notes = notes

    def rearranged(self, parser: QueryParser, group: Tree) -> Tree:
        """Return the flat group without stray brackets."""
        partners = _partners(group)
        kept = group.empty_copy()
        depth = 0
        for place, node in enumerate(group):
            if not _is_bracket(node):
                kept.append(node)
            elif place in partners:
                depth += 1 if isinstance(node, plugins.GroupPlugin.OpenBracket) else -1
                check_depth(depth)
                kept.append(node)
            else:
                self._notes.append("a bracket without its partner; ignored")
        return kept


class Prefixes(_Step):
    """Signs and text fields take the node glued to them, from right to left: ``-headline:iran``."""

    priority = 520

    def __init__(self) -> None:
        self._signs = plugins.PlusMinusPlugin(marks.PLUS, marks.MINUS)

    def taggers(self, parser: QueryParser) -> Iterable[tuple[FnTagger, int]]:
        """Return Whoosh's taggers of the signs."""
        found: Iterable[tuple[FnTagger, int]] = self._signs.taggers(parser)
        return found

    def rearranged(self, parser: QueryParser, group: Tree) -> Tree:
        """Return the group with every prefix around its node."""
        done: list[Tree] = []
        for node in reversed(group.nodes):
            if isinstance(node, syntax.GroupNode):
                done.append(self.rearranged(parser, node))
            else:
                done.append(_with_prefix(node, done) if done else _alone(node))
        result = group.empty_copy()
        result.extend(reversed(done))
        return result


class Operators(_Step):
    """Drops operators at an end or behind another; a text of nothing but operators is searched as words."""

    priority = 590

    def __init__(self, notes: list[str]) -> None:
        self._notes = notes

    def rearranged(self, parser: QueryParser, group: Tree) -> Tree:
        """Return the group with operators only where they join something."""
        kept = group.empty_copy()
        if group and all(isinstance(node, syntax.Operator) for node in group):
            kept.extend(syntax.WordNode(node.text) for node in group)
            return kept
        for node in group:
            if isinstance(node, syntax.GroupNode):
                kept.append(self.rearranged(parser, node))
            elif isinstance(node, syntax.Operator) and not _joins(node, kept):
                self._drop(node)
            else:
                kept.append(node)
        while kept and isinstance(kept[-1], syntax.Operator):
            self._drop(kept.pop())
        return kept

    def _drop(self, operator: Tree) -> None:
        self._notes.append(f"{shown(operator.text)} joins nothing here; ignored")


def _is_bracket(node: Tree) -> bool:
    return isinstance(node, plugins.GroupPlugin.OpenBracket | plugins.GroupPlugin.CloseBracket)


def _partners(group: Tree) -> set[int]:
    """Return the places of the brackets that open or close something."""
    opened: list[int] = []
    found: set[int] = set()
    for place, node in enumerate(group):
        if isinstance(node, plugins.GroupPlugin.OpenBracket):
            opened.append(place)
        elif opened and isinstance(node, plugins.GroupPlugin.CloseBracket):
            found |= {opened.pop(), place}
    return found


def _with_prefix(node: Tree, done: list[Tree]) -> Tree:
    """Return ``node`` joined to what stands right of it (the last of ``done``, which it leaves) if it is a prefix."""
    signed = isinstance(node, syntax.MarkerNode) and isinstance(done[-1], Required | Not)
    if signed or isinstance(done[-1], syntax.Operator):
        return _alone(node)
    if isinstance(node, plugins.PlusMinusPlugin.Plus):
        return Required([done.pop()])
    if isinstance(node, plugins.PlusMinusPlugin.Minus):
        return Not([done.pop()])
    if isinstance(node, syntax.FieldnameNode):
        return Scoped([done.pop()], node.fieldname)
    if isinstance(node, Unknown):
        value = done.pop()
        if not isinstance(value, Splice):
            return Splice([node, value])
        value.insert(0, node)  # in place: a:a:a:... stays flat
        return value
    return node


def _alone(node: Tree) -> Tree:
    """Return a prefix with nothing to stand before: a field is a word, a sign nothing."""
    if isinstance(node, syntax.FieldnameNode):
        return syntax.WordNode(node.original)
    return Leaf(None) if isinstance(node, syntax.MarkerNode) else node


def _joins(operator: Tree, before: Tree) -> bool:
    """Return whether an operator stands where it can: an infix behind an operand, NOT anywhere but behind NOT."""
    if isinstance(operator, syntax.PrefixOperator):
        return not (before and isinstance(before[-1], syntax.PrefixOperator))
    return bool(before) and not isinstance(before[-1], syntax.Operator)

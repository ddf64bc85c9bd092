"""The grammar of the query language: text -> Whoosh's syntax tree, by Whoosh's plug-ins and a few of our own.

Whoosh tags the text from left to right, then its plug-ins rearrange the flat list step by step (the numbers are
their priorities)::

     -10  brackets without a partner go, deep nesting is refused
       0  brackets become groups, ``~`` joins its word                 (Whoosh: GroupPlugin, FuzzyTermPlugin)
     500  white space goes                                             (Whoosh: WhitespacePlugin)
     510  ``^2`` joins what stands before it                           (Whoosh: BoostPlugin)
     520  ``+``, ``-`` and ``headline:`` take what stands after them
     590  operators that join nothing go
     600  AND, OR, NOT                                                 (Whoosh: OperatorsPlugin)

Ours stand in where Whoosh's cannot be configured: see ``arrange`` for those that rearrange. Here, its PhrasePlugin
cannot tell ``"a b"`` from ``"a b"~1``, and its WildcardPlugin swallows a phrase beside a ``*`` and takes the Arabic
question mark for a wildcard.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from whoosh.qparser import QueryParser, plugins, syntax
from whoosh.qparser.taggers import FnTagger

from search import leaves, marks
from search.arrange import Brackets, Operators, Prefixes
from search.fields import KINDS, WITH_VALUES, is_field, shown
from search.tree import Leaf, Sequence, Splice, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable

    from search.fields import FieldReader
    from search.tree import Tree


def tree(text: str, reader: FieldReader) -> tuple[Tree, list[str]]:
    """Return the syntax tree of ``text`` and what had to be said about it.

    Leaves are ``Leaf``, Whoosh's ``WordNode`` for words, and its ``FuzzyTermNode``; groups those of ``tree``.
    """
    notes: list[str] = []
    return _parser(reader, notes).process(text), notes


def tagged(text: str, reader: FieldReader) -> list[Tree]:
    """Return the nodes ``text`` is first cut into, side by side, each with its ``startchar`` and ``endchar``."""
    return list(_parser(reader, []).tag(text))


def _parser(reader: FieldReader, notes: list[str]) -> QueryParser:
    parser = QueryParser(None, None, plugins=[], group=Sequence)
    parser.remove_plugin_class(plugins.WhitespacePlugin)
    parser.add_plugins([
        plugins.WhitespacePlugin(marks.GAPS),
        plugins.GroupPlugin(),
        _Fuzziness(marks.FUZZY),
        plugins.BoostPlugin(marks.BOOST),
        plugins.OperatorsPlugin(
            Not=marks.operator("NOT"), And=marks.operator("AND"), Or=marks.operator("OR"),
            AndNot=None, AndMaybe=None, Require=None,
        ),
        Brackets(notes),
        _Fields(reader, notes),
        Prefixes(),
        Operators(notes),
        _Leaves(notes),
    ])  # fmt: skip
    return parser


class _Fuzziness(plugins.FuzzyTermPlugin):  # type: ignore[misc]
    """Whoosh's, but "not said" stays apart from ``~1``, and Lucene's ``~0.8`` is "not said"."""

    def create(self, parser: QueryParser, match: Any) -> Tree:
        said = match["maxdist"]
        edits = min(int(said[:3]), 3) if said.isdigit() else None
        return self.FuzzinessNode(edits, 0, match.group())


class _Leaves(plugins.Plugin):  # type: ignore[misc]
    """Words and everything that looks like one: phrases, meanings, exact words, patterns."""

    def __init__(self, notes: list[str]) -> None:
        self._notes = notes

    def taggers(self, parser: QueryParser) -> list[tuple[FnTagger, int]]:
        makers: list[tuple[str, Callable[..., Tree]]] = [
            (marks.PHRASE, _phrase),
            (marks.MEANING, self._meaning),
            (marks.EXACT, lambda text: self._word(text, exact=True)),
            (marks.STRAY_QUOTE, self._stray),
            (marks.WORD, self._word),
        ]
        return [(FnTagger(pattern, make), 200 + rank) for rank, (pattern, make) in enumerate(makers)]

    def _word(self, text: str, *, exact: bool = False) -> Tree:
        if text.endswith(":") and is_field(text[:-1]):
            self._notes.append(f"{shown(text)} needs its value right behind the colon; searched as words")
        if not leaves.is_pattern(text):
            return Leaf(leaves.word(text, exact=True)) if exact else syntax.WordNode(text)
        node = leaves.pattern(text)
        if node is None and "*" in text:
            self._notes.append(f"{shown(text)} matches every word; ignored")
        return Leaf(node)

    @staticmethod
    def _meaning(typed: str) -> Tree:
        quoted = typed[0] in marks.QUOTES
        return Leaf(leaves.meaning(marks.unquoted(typed) if quoted else typed))

    def _stray(self) -> Tree:
        self._notes.append("a quotation mark without its partner; searched as words")
        return syntax.Whitespace()


class _Fields(plugins.Plugin):  # type: ignore[misc]
    """Tags ``name:``, and for metadata the values after it; ``Prefixes`` joins text fields to their nodes."""

    def __init__(self, reader: FieldReader, notes: list[str]) -> None:
        self._reader = reader
        self._notes = notes

    def taggers(self, parser: QueryParser) -> list[tuple[_Fields, int]]:
        return [(self, 150)]

    def match(self, parser: QueryParser, text: str, pos: int) -> Tree | None:
        """Return the node of the field at ``pos`` if there is one: what Whoosh asks of a tagger."""
        found = marks.field_at(text, pos)
        if found is None:
            return None
        name = found.name.casefold()
        if name in KINDS:
            node: Tree = syntax.FieldnameNode(name, found.name)
        elif name not in WITH_VALUES:
            self._notes.append(f"no field {shown(found.name)}; searched as words")
            node = Unknown(found.name)
        elif found.values:
            return self._with_values(name, found.values).set_range(pos, found.end)
        else:
            self._notes.append(f'{shown(found.name + ":")} needs a name, a "quoted name" or a,b,c; ignored')
            node = syntax.Whitespace()
        return node.set_range(pos, found.colon)

    def _with_values(self, name: str, values: list[str]) -> Tree:
        reading = self._reader.read(name, values)
        self._notes += reading.warnings
        words = [syntax.WordNode(word) for value in reading.words for word in value.split()]
        if reading.node is None:
            return Splice(words)
        return Splice([Leaf(reading.node, binds=True), *words]) if words else Leaf(reading.node, binds=True)


def _phrase(quoted: str, slop: str | None) -> Tree:
    return Leaf(leaves.phrase(marks.unquoted(quoted), int((slop or "0")[:4])), binds=True)

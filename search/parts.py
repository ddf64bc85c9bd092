"""What a question is gathered in while it is read: three lists of nodes, the text of its meaning, its warnings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from index.errors import QueryError
from search.leaves import words_of
from search.query import Group

if TYPE_CHECKING:
    from search.query import Node

MAX_CLAUSES: Final = 64


@dataclass(slots=True)
class Parts:
    """Nodes side by side, sorted by what they do."""

    scoring: list[Node] = field(default_factory=list)
    must: list[Node] = field(default_factory=list)
    must_not: list[Node] = field(default_factory=list)

    def node(self) -> Node | None:
        """Return all of it as one node."""
        if not self.must_not and len(self.must) + len(self.scoring) <= 1:
            return next(iter((*self.must, *self.scoring)), None)
        return Group(tuple(self.must), tuple(self.scoring), tuple(self.must_not))


@dataclass(slots=True)
class Gathered:
    """What is told of the leaves in order of typing."""

    meaning: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    clauses: int = 0

    def add(self, leaf: Node, *, excluded: bool = False) -> None:
        """Count a leaf and note its words, unless they are excluded; ``QueryError`` beyond the limit."""
        self.clauses += 1
        if self.clauses > MAX_CLAUSES:
            raise QueryError(f"the query has more than {MAX_CLAUSES} words and conditions; search for a part of it")
        if not excluded and (words := words_of(leaf)):
            self.meaning.append(words)

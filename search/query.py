"""The form of a question that everything after the parser knows: a frozen ``Query`` tree.

Words keep the characters they were typed with; analysis happens when a leaf is turned into clauses and when
highlights are sought, by the one analyser in ``index.text``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.text import clean

if TYPE_CHECKING:
    from datetime import datetime

    from index.keyword.clause import Facet


@dataclass(frozen=True, slots=True)
class Word:
    """One word as typed; ``exact`` for ``=word``, which is matched unstemmed.

    One "word" may analyse to several tokens (``al-Maliki``, a run of Chinese). Where it ranks it matches by any of
    them; where it constrains, ``al-Maliki`` matches only where they stand side by side, as a phrase does.
    """

    text: str
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words side by side and in order, with up to ``slop`` other words between them."""

    text: str
    slop: int = 0


@dataclass(frozen=True, slots=True)
class Wildcard:
    """A pattern for one word: ``*`` any run of characters, ``?`` one. ``milit*`` is the pattern of a prefix."""

    pattern: str


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Words spelt like this one: 1 edit for up to 5 letters, 2 beyond, unless ``edits`` says otherwise."""

    text: str
    edits: int


@dataclass(frozen=True, slots=True)
class Meaning:
    """``~"words"``: asks the semantic leg only; the words need not occur."""

    text: str


@dataclass(frozen=True, slots=True)
class InKind:
    """The node within passages of one kind: ``headline:iran``."""

    kind: str
    node: Node


@dataclass(frozen=True, slots=True)
class Filter:
    """Metadata: the facet is one of the values (as typed; compared by ``index.text.key``)."""

    facet: Facet
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answers:
    """The comments that answer one of these passages, by id; ``rows`` once an index was asked which they are."""

    ids: tuple[str, ...]
    rows: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Dates:
    """Time in ``[after, before)``, aware datetimes."""

    after: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Boost:
    """``war^2``."""

    node: Node
    weight: float


@dataclass(frozen=True, slots=True)
class Group:
    """All of ``must``, none of ``must_not``; ``should`` ranks, and one of it must match where ``must`` is empty."""

    must: tuple[Node, ...] = ()
    should: tuple[Node, ...] = ()
    must_not: tuple[Node, ...] = ()


Node = Word | Phrase | Wildcard | Fuzzy | Meaning | InKind | Filter | Answers | Dates | Boost | Group


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A parsed question.

    The top level is flattened into what ranks and what constrains: ``scoring`` (plain words and optional nodes),
    ``must`` and ``must_not`` (``+``, ``-``, phrases, explicit Boolean operators, filters, dates). Constraints bind
    both legs.
    """

    text: str
    """As typed."""
    scoring: tuple[Node, ...] = ()
    must: tuple[Node, ...] = ()
    must_not: tuple[Node, ...] = ()
    meaning: str = ""
    """What the semantic leg encodes: the words and phrases asked for, without syntax, filters and exclusions."""
    warnings: tuple[str, ...] = ()

    @classmethod
    def of_words(cls, text: str) -> Query:
        """Return the question that asks for the words of a text and its meaning; nothing in it is syntax."""
        cleaned = clean(text)
        return cls(text=text, scoring=tuple(map(Word, cleaned.split())), meaning=" ".join(cleaned.split()))

    @property
    def is_empty(self) -> bool:
        """Whether nothing at all was asked."""
        return not (self.scoring or self.must or self.must_not or self.meaning)

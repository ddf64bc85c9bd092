"""What an engine is asked: a small tree of clauses over analysed terms and metadata.

The query language lives in ``search``; by the time a question reaches an engine its words are analysed terms
(``index.text``) and its filters are comparisons of keys. Every engine gives the same answers to the same clause.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Field(StrEnum):
    """The text fields of a passage.

    ``BODY`` holds the stems without stop words, without positions: what ranked words are scored on, so that a text's
    length is that of its content. ``STEM`` and ``EXACT`` hold every word in order. ``TITLE`` is the headline of the
    passage's article, lent to it as context.

    ``STORY`` is an article as a whole: headline twice, captions and paragraphs. Stories are a collection of their own,
    each under the row of its article's first passage, so that rarity and length are told among stories. A clause with
    a term of ``STORY`` asks for stories, and then every term in it has to be of that field.
    """

    BODY = "body"
    STEM = "stem"
    EXACT = "exact"
    TITLE = "title"
    STORY = "story"


class Facet(StrEnum):
    """The metadata fields of a passage, compared by ``index.text.key``."""

    KIND = "kind"
    AUTHOR = "author"
    SOURCE = "source"
    SECTION = "section"
    PLACE = "place"
    TOPIC = "topic"
    ARTICLE = "article"


@dataclass(frozen=True, slots=True)
class Term:
    """Passages holding the term, scored by BM25."""

    field: Field
    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Passages holding the terms in order, with at most ``slop`` other words between them; scored by BM25.

    Two terms or more, always in an order; ``slop`` counts added words only, never a change of order.
    """

    field: Field
    terms: tuple[str, ...]
    slop: int = 0


@dataclass(frozen=True, slots=True)
class Pattern:
    """Passages holding a term that matches a wildcard pattern: ``*`` any run, ``?`` one character; scores 1."""

    field: Field
    pattern: str


@dataclass(frozen=True, slots=True)
class Fuzzy:
    """Passages holding a term within ``edits`` (1 or 2, transpositions count once) of ``text``; scores 1."""

    field: Field
    text: str
    edits: int


@dataclass(frozen=True, slots=True)
class Among:
    """Passages whose facet has one of the keys; a filter, scores 0."""

    facet: Facet
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Between:
    """Passages dated in ``[after, before)``, in seconds since the epoch; undated ones fail; scores 0."""

    after: int | None = None
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Only:
    """The passages of these rows; a filter, scores 0."""

    rows: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Everything:
    """Every passage; scores 0."""


@dataclass(frozen=True, slots=True)
class Boosted:
    """The clause with its score multiplied by ``weight`` (0 or more)."""

    clause: Clause
    weight: float


@dataclass(frozen=True, slots=True)
class Group:
    """All of ``must``, none of ``must_not``, and, where there is no ``must``, at least one of ``should``.

    The score is the sum over the matching clauses of ``must`` and ``should``. A group of exclusions alone means
    everything but those; an empty group matches nothing.
    """

    must: tuple[Clause, ...] = ()
    should: tuple[Clause, ...] = ()
    must_not: tuple[Clause, ...] = ()


Clause = Term | Phrase | Pattern | Fuzzy | Among | Between | Only | Everything | Boosted | Group
NOTHING = Group()


def asks_stories(clause: Clause) -> bool:
    """Tell whether a clause is about whole stories, not passages."""
    match clause:
        case Term(field, _):
            return field is Field.STORY
        case Boosted(inner, _):
            return asks_stories(inner)
        case Group(must, should, _):
            return any(map(asks_stories, (*must, *should)))
        case _:
            return False


def filtered(clause: Clause) -> Clause:
    """Return the clause as a filter: the same passages, no score."""
    return Boosted(clause, 0.0)

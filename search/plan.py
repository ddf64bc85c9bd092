"""A parsed ``Query`` becomes what the legs are asked: one clause that ranks by words, one that constrains both.

This is where typed words meet ``index.text`` on their way to an engine. Words of a ranked query that are stop
words are left out unless nothing else remains; words in phrases and constraints never are.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import TYPE_CHECKING, Final

from index import analyser, text
from index.errors import QueryError
from index.keyword.clause import (
    Among,
    Between,
    Boosted,
    Clause,
    Facet,
    Field,
    Fuzzy,
    Group,
    Only,
    Pattern,
    Phrase,
    Term,
    filtered,
)
from index.model import Kind
from search import query as q
from search.lending import in_stories, lent_by_headline

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from search.query import Node, Query

MAX_EXPANSIONS: Final = 1_024
FURNITURE: Final = Among(Facet.KIND, (Kind.FURNITURE.value,))


@dataclass(frozen=True, slots=True)
class Plan:
    """What to ask of an index."""

    words: Clause | None
    """Ranks by words, constraints included; ``None`` where no word was asked for."""
    constraint: Clause | None
    """What every hit must satisfy whichever leg finds it; ``None`` where anything may come."""
    meaning: str
    """What the semantic leg encodes; empty where there is nothing to encode."""
    parts: tuple[tuple[str, Clause], ...] = ()
    """What is scored by words, each with a name: their scores add up to that of ``words``."""
    story: Clause | None = None
    """What the stories of the passages found are scored by; ``None`` where they have no say."""
    story_parts: tuple[tuple[str, Clause], ...] = ()
    """What ``story`` is made of, each with a name."""


def plan(query: Query, story: float = 0.0, *, hides_furniture: bool = True) -> Plan:
    """Return what to ask of an index for ``query``; ``story`` is the share of whole stories in the score of words.

    What no story is scored by (phrases, patterns, words that must be exact) counts in full where a passage has it.
    Without ``hides_furniture`` furniture is not left out; the semantic leg needs no constraint for that: it finds none.
    """
    must = _clauses(query.must)
    must_not = _clauses(query.must_not)
    is_constrained = bool(must or must_not)
    if hides_furniture:
        must_not += (FURNITURE,)
    constraint = Group(must=tuple(map(filtered, must)), must_not=must_not) if is_constrained else None
    named = [(shown(node), clause) for node in ranked(query) if (clause := _ranked_clause(node)) is not None]
    required = [
        (shown(node), clause) for node in query.must if _has_words(node) and (clause := clause_of(node)) is not None
    ]
    if not (named or required):
        return Plan(None, constraint, query.meaning)
    told = in_stories([clause for _, clause in (*required, *named)]) if story else {}

    def own(clause: Clause, part: Clause | None = None) -> Clause:
        """Return ``clause``, or its ``part``, with the share that the story of the passage leaves to it."""
        return Boosted(part or clause, 1 - story) if clause in told else part or clause

    context = [
        (f"{name}, lent by the headline", own(clause, lent))
        for name, clause in named
        if (lent := lent_by_headline(clause)) is not None
    ]
    whole = [
        (f"{name}, in the whole story", Boosted(told[clause], story))
        for name, clause in (*required, *named)
        if clause in told
    ]
    must, required = tuple(map(own, must)), [(name, own(clause)) for name, clause in required]
    named = [(name, own(clause)) for name, clause in named]
    scoring, lending = tuple(clause for _, clause in named), tuple(clause for _, clause in context)
    if required or not scoring:
        words = Group(must=must, should=scoring + lending, must_not=must_not)
    else:
        words = Group(must=(*must, Group(should=scoring)), should=lending, must_not=must_not)
    return Plan(
        words,
        constraint,
        query.meaning,
        (*required, *named, *context),
        Group(should=tuple(clause for _, clause in whole)) if whole else None,
        tuple(whole),
    )


def clause_of(node: Node) -> Clause | None:  # noqa: C901, PLR0911 - one line a kind of node
    """Return the clause of one node; ``None`` where it asks nothing of an engine."""
    match node:
        case q.Word(words, exact):
            return _word(words, Field.EXACT if exact else Field.STEM)
        case q.Phrase(words, slop):
            return _phrase(words, slop)
        case q.Wildcard(pattern):
            folded = folded_pattern(pattern)
            return Pattern(Field.EXACT, folded) if folded.strip("*?") else None
        case q.Fuzzy(words, edits):
            folded = analyser.fold(words)
            return Fuzzy(Field.EXACT, folded, edits) if folded else None
        case q.Filter(facet, values):
            return Among(facet, tuple(dict.fromkeys(map(text.key, values))))
        case q.Dates(after, before):
            return Between(_seconds(after), _seconds(before))
        case q.Answers(_, rows):
            return Only(rows or ())
        case q.InKind(kind, inner):
            clause = clause_of(inner)
            return None if clause is None else Group(must=(Among(Facet.KIND, (kind,)), clause))
        case q.Boost(inner, weight):
            clause = clause_of(inner) if weight > 0 else None  # a word of no weight asks nothing
            return None if clause is None else Boosted(clause, weight)
        case q.Group():
            return _group(node)
        case q.Meaning():
            return None


def folded_pattern(pattern: str) -> str:
    """Return a wildcard pattern with its literal parts folded as indexed words are."""
    parts: list[str] = []
    literal = ""
    for char in pattern:
        if char in "*?":
            parts += [analyser.fold(literal) if literal else "", char]
            literal = ""
        else:
            literal += char
    return "".join([*parts, analyser.fold(literal) if literal else ""])


def ranked(query: Query) -> tuple[Node, ...]:
    """Return the nodes that rank, stop words left out unless there is nothing else."""
    kept = tuple(node for node in query.scoring if not _is_stop_word(node))
    return kept if kept or query.must else query.scoring


def _is_stop_word(node: Node) -> bool:
    if not isinstance(node, q.Word) or node.exact:
        return False
    found = text.query_tokens(node.text)
    return bool(found) and all(token.exact in analyser.STOP_WORDS for token in found)


def shown(node: Node) -> str:
    """Return a node as one reads it in an explanation."""
    match node:
        case q.Word(words, exact):
            return f"={words}" if exact else words
        case q.Phrase(words, slop):
            return f'"{words}"~{slop}' if slop else f'"{words}"'
        case q.Wildcard(pattern):
            return pattern
        case q.Fuzzy(words, edits):
            return f"{words}~{edits}"
        case q.InKind(kind, inner):
            return f"{kind}:{shown(inner)}"
        case q.Boost(inner, weight):
            return f"{shown(inner)}^{weight:g}"
        case q.Group(must, should, must_not):
            parts = [f"+{shown(part)}" for part in must] + [shown(part) for part in should]
            return "(" + " ".join(parts + [f"-{shown(part)}" for part in must_not]) + ")"
        case _:
            return type(node).__name__.lower()


def _has_words(node: Node) -> bool:
    """Whether a node asks for words, as opposed to metadata."""
    match node:
        case q.Filter() | q.Answers() | q.Dates() | q.Meaning():
            return False
        case q.Boost(inner, _):
            return _has_words(inner)
        case q.Group(must, should, _):
            return any(map(_has_words, (*must, *should)))
        case _:
            return clause_of(node) is not None


def _clauses(nodes: Iterable[Node]) -> tuple[Clause, ...]:
    return tuple(clause for node in nodes if (clause := clause_of(node)) is not None)


def _group(node: q.Group) -> Clause | None:
    must, should, must_not = _clauses(node.must), _clauses(node.should), _clauses(node.must_not)
    if not (must or should or must_not):
        return None
    return Group(must, should, must_not)


def _ranked_clause(node: Node) -> Clause | None:
    """Return the clause of a node that ranks: a word of several parts ranks by any of them, as words do."""
    parts = loose_tokens(node)
    return Group(should=tuple(map(_stem, parts))) if parts else clause_of(node)


def loose_tokens(node: Node) -> tuple[text.Token, ...]:
    """Return the tokens by any of which a ranked word of several parts is found; none for any other node.

    Stop words among them count only where there is nothing else.
    """
    if not isinstance(node, q.Word) or node.exact:
        return ()
    found = text.query_tokens(node.text)
    kept = tuple(token for token in found if token.exact not in analyser.STOP_WORDS)
    return (kept or found) if len(found) > 1 else ()


def _word(words: str, field: Field) -> Clause | None:
    found = text.query_tokens(words)
    if not found:
        return None
    terms = tuple(token.exact if field is Field.EXACT else token.stem for token in found)
    if len(terms) == 1:
        return _one(found[0], Term(field, terms[0]) if field is Field.EXACT else _stem(found[0]))
    if text.overlap(found):
        return Group(should=tuple(Term(field, term) for term in terms))
    return Phrase(field, terms)


def _stem(token: text.Token) -> Term:
    """Return the term of a plain word; stop words stand only where every word of a text does."""
    return Term(Field.STEM if token.exact in analyser.STOP_WORDS else Field.BODY, token.stem)


def _phrase(words: str, slop: int) -> Clause | None:
    found = text.query_tokens(words)
    if len(found) < 2:  # noqa: PLR2004 - a phrase of one word is that word
        return _one(found[0], _stem(found[0])) if found else None
    ways = comb(len(found) - 1 + slop, slop)
    if ways > MAX_EXPANSIONS:
        raise QueryError(
            f"{len(found)} words with up to {slop} others between can stand in {ways:,} ways, more than the "
            f"{MAX_EXPANSIONS:,} looked at; use fewer words or a smaller number after ~"
        )
    return Phrase(Field.STEM, tuple(token.stem for token in found), slop)


def _one(token: text.Token, term: Term) -> Clause:
    """Return the clause of one token; a single character of an unspaced script begins longer terms."""
    return Pattern(Field.EXACT, token.exact + "*") if text.is_single(token) else term


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp())


def leaves(nodes: Sequence[Node]) -> Iterable[Node]:
    """Yield the words, phrases and patterns that can be seen in a text, exclusions left out."""
    for node in nodes:
        match node:
            case q.InKind(_, inner) | q.Boost(inner, _):
                yield from leaves((inner,))
            case q.Group(must, should, _):
                yield from leaves((*must, *should))
            case q.Filter() | q.Answers() | q.Dates() | q.Meaning():
                continue
            case _:
                yield node

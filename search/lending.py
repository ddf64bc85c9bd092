"""What its headline and the whole story lend to a passage that matches by itself: they rank, and never make a match."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from index.keyword.clause import Boosted, Field, Group, Term

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.keyword.clause import Clause

TITLE_WEIGHT: Final = 0.4


def lent_by_headline(clause: Clause) -> Clause | None:
    """Return what the headline adds to a passage that has the word itself: a little, and never a match."""
    match clause:
        case Term(Field.BODY, stem):
            return Boosted(Term(Field.TITLE, stem), TITLE_WEIGHT)
        case Group((), should, ()):
            lent = tuple(part for clause in should if (part := lent_by_headline(clause)) is not None)
            return Group(should=lent) if lent else None
        case _:
            return None


def in_stories(clauses: Iterable[Clause]) -> dict[Clause, Clause]:
    """Return, for each clause that whole stories can be asked in full, what they are asked."""
    return {clause: told for clause in clauses if (told := _told(clause)) is not None}


def _told(clause: Clause) -> Clause | None:
    match clause:
        case Term(Field.BODY, stem):
            return Term(Field.STORY, stem)
        case Boosted(inner, weight):
            told = _told(inner)
            return None if told is None else Boosted(told, weight)
        case Group((), should, ()):
            parts = tuple(part for inner in should if (part := _told(inner)) is not None)
            return Group(should=parts) if parts and len(parts) == len(should) else None
        case _:
            return None

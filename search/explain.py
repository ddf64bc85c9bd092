"""Why a hit was found, in one line of plain words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from index.model import Kind

if TYPE_CHECKING:
    from index.model import Passage
    from search.results import LegScore
    from search.snippet import Highlighter

_LEAD: Final = 2  # the first paragraphs of a story


def why(passage: Passage, highlighter: Highlighter, keyword: LegScore | None, semantic: LegScore | None) -> str:
    """Return the reasons of one hit, as in "3 of 4 words, in the lead; meaning 0.71; 2nd by words"."""
    parts = [_words(passage, highlighter)] if keyword is not None else []
    if semantic is not None:
        parts.append(f"meaning {semantic.score:.2f}")
    parts.append(_ranks(keyword, semantic))
    return "; ".join(part for part in parts if part)


def ordinal(number: int) -> str:
    """Return ``1st``, ``2nd``, ``3rd``, ``4th``, …, ``11th``."""
    teens = number % 100 in (11, 12, 13)
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _words(passage: Passage, highlighter: Highlighter) -> str:
    found, size = highlighter.found_in(passage.text), highlighter.size
    if not size:
        return ""
    if not found:
        return "no word in common"
    told = f"{found} of {size} words" if size > 1 else "the word"
    if passage.kind is Kind.HEADLINE:
        return f"{told}, in the headline"
    is_lead = passage.kind is Kind.PARAGRAPH and passage.position <= _LEAD
    return f"{told}, in the lead" if is_lead else told


def _ranks(keyword: LegScore | None, semantic: LegScore | None) -> str:
    told = [
        f"{ordinal(leg.rank)} by {name}"
        for name, leg in (("words", keyword), ("meaning", semantic))
        if leg is not None and leg.rank is not None
    ]
    return ", ".join(told)

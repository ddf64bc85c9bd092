"""What a search that found little says besides; the means for it are loaded where it does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from search.legs import Legs
    from search.query import Query

FEW: Final = 3  # word matches up to which another spelling is suggested


def another_spelling(legs: Legs, query: Query) -> str | None:
    """Return another spelling of a query whose words are unknown or found little, ``None`` where none is better."""
    if (legs.words is None and not query.meaning) or legs.word_matches() > FEW:
        return None
    from search.spelling import did_you_mean

    return did_you_mean(legs.index, query, query.text)

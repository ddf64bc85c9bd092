"""What a caller may choose of a search; every other value is named in the error."""

from __future__ import annotations

from typing import Final, TypeVar

from index.errors import UsageError
from search.results import Mode, Sort

Choice = TypeVar("Choice", Mode, Sort)

MAX_LIMIT: Final = 10_000


def chosen(choices: type[Choice], value: Choice | str) -> Choice:
    """Return the choice of that name; raises ``UsageError``."""
    try:
        return choices(value)
    except ValueError:
        raise UsageError(f"no {choices.__name__.lower()} {value!r}; choose one of: {', '.join(choices)}") from None


def check(limit: int, offset: int, group_by: str | None = None, alpha: float | None = None) -> None:
    """Raise ``UsageError`` for a page or a weight beyond the bounds, or a way to group that there is not."""
    if not (0 < limit <= MAX_LIMIT and offset >= 0):
        raise UsageError(f"limit must be between 1 and {MAX_LIMIT} and offset 0 or more")
    if group_by not in (None, "article"):
        raise UsageError(f"cannot group by {group_by!r}; use 'article' or nothing")
    if alpha is not None and not 0.0 <= alpha <= 1.0:
        raise UsageError(f"alpha is the share of meaning in a score, from 0 to 1, not {alpha:g}")

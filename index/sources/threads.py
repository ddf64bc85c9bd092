"""Who answers whom where the markup does not nest: by the depth a comment states, or by the name it answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.model import Comment

_LONGEST_NAME = 100
_MOST_WORDS = 5


def by_depth(comments: Sequence[Comment], depths: Sequence[int | None]) -> list[Comment]:
    """Return the comments with the last one less deep as the parent of each; those of no known depth as they are."""
    open_at: list[tuple[int, str]] = []
    threaded = []
    for comment, depth in zip(comments, depths, strict=True):
        if depth is None:
            threaded.append(comment)
            continue
        while open_at and open_at[-1][0] >= depth:
            open_at.pop()
        threaded.append(replace(comment, parent=open_at[-1][1]) if open_at else comment)
        open_at.append((depth, comment.id))
    return threaded


def by_name(comments: Sequence[Comment], answered: Sequence[str | None]) -> tuple[Comment, ...]:
    """Return the comments with the parent they name, where exactly one earlier comment is by somebody of that name.

    ``answered`` holds for each comment the name it answers, ``None`` where it says none.
    """
    by_author: dict[str, list[str]] = {}
    threaded = []
    for comment, name in zip(comments, answered, strict=True):
        earlier = by_author.get(_key(name), []) if name and not comment.parent else []
        threaded.append(replace(comment, parent=earlier[0]) if len(earlier) == 1 else comment)
        if comment.author:
            by_author.setdefault(_key(comment.author), []).append(comment.id)
    return tuple(threaded)


def spoken_to(comments: Sequence[Comment]) -> list[str | None]:
    """Return for each comment the earlier author its text begins with: ``@Name …``."""
    authors: set[str] = set()
    found = []
    for comment in comments:
        opening = comment.text[1:_LONGEST_NAME].casefold() if comment.text.startswith("@") else ""
        words = opening.replace(":", " ").replace(",", " ").split()
        starts = (" ".join(words[:count]) for count in range(min(len(words), _MOST_WORDS), 0, -1))
        found.append(next((start for start in starts if start in authors), None))
        if comment.author:
            authors.add(_key(comment.author))
    return found


def _key(name: str) -> str:
    return name.strip(" @:,").casefold()

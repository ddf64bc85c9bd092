"""The comments of an article in the order of a conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from index.model import Passage


def threaded(comments: Iterable[Passage]) -> Iterator[tuple[Passage, int]]:
    """Yield every comment once, replies after what they answer, with its depth; order is otherwise kept.

    A comment whose parent is not there starts a conversation, and so does one in a ring of replies.
    Depth is followed without recursion: hostile threads are deep.
    """
    waiting = {comment.id: comment for comment in comments}
    replies: dict[str, list[Passage]] = {}
    roots: list[Passage] = []
    for comment in waiting.values():
        siblings = replies.setdefault(comment.parent, []) if comment.parent in waiting else roots
        siblings.append(comment)
    for root in (*roots, *tuple(waiting.values())):
        stack = [(root, 0)]
        while stack:
            comment, depth = stack.pop()
            if waiting.pop(comment.id, None) is not None:
                yield comment, depth
                stack += [(reply, depth + 1) for reply in reversed(replies.get(comment.id, ()))]

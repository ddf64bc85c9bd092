"""Which paragraph a comment answers, and which comments answer a paragraph, by the ids of passages."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.model import Passage
    from index.protocol import Index


def answers(index: Index, passages: Sequence[Passage]) -> dict[str, str]:
    """Return, for those of ``passages`` that are comments, the id of the paragraph each answers."""
    rows = {index.row(passage.id): passage.id for passage in passages}
    links = {row: paragraph for row, (paragraph, _) in index.answers(list(rows)).items()}
    named = index.passages(sorted(set(links.values())))
    return {rows[row]: named[paragraph].id for row, paragraph in links.items() if paragraph in named}


def answered_by(index: Index, passages: Sequence[Passage]) -> dict[str, tuple[str, ...]]:
    """Return, for those of ``passages`` that are paragraphs, the ids of the comments that answer them."""
    rows = {index.row(passage.id): passage.id for passage in passages}
    links = index.answered_by(list(rows))
    named = index.passages([comment for comments in links.values() for comment in comments])
    return {rows[row]: tuple(named[c].id for c in comments if c in named) for row, comments in links.items()}

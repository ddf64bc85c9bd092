"""The values of the house: articles, comments and the passages cut from them.

All are immutable. Times are timezone-aware; the text as printed is kept beside the parsed time, and a time
that could not be read is ``None``, never invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime


class Kind(StrEnum):
    """What a passage is."""

    HEADLINE = "headline"
    CAPTION = "caption"
    PARAGRAPH = "paragraph"
    COMMENT = "comment"
    FURNITURE = "furniture"

    @property
    def mark(self) -> str:
        """The letter this kind has in a passage id (``#h``, ``#k1``, ``#p3``, ``#c2``, ``#f1``)."""
        return _MARKS[self]

    @property
    def plural(self) -> str:
        """What several of them are called."""
        return self.value if self is Kind.FURNITURE else f"{self.value}s"

    def counted(self, count: int) -> str:
        """Return how many of them there are, in words."""
        return f"{count:,} {self.value if count == 1 else self.plural}"


_MARKS = {Kind.HEADLINE: "h", Kind.CAPTION: "k", Kind.PARAGRAPH: "p", Kind.COMMENT: "c", Kind.FURNITURE: "f"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One reader comment; ``parent`` is the id of the comment it replies to, within the same article."""

    id: str
    author: str | None = None
    posted: datetime | None = None
    posted_text: str | None = None
    text: str
    parent: str | None = None
    removed: bool = False
    """Deleted by its author or a moderator: it keeps its place in the thread, ``text`` is what stands there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleInfo:
    """An article without its text: what a result line shows."""

    id: str
    title: str | None = None
    url: str | None = None
    source: str | None = None
    section: str | None = None
    place: str | None = None
    published: datetime | None = None
    published_text: str | None = None
    authors: tuple[str, ...] = ()
    editors: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    path: str | None = None
    """Where it was read; within an archive ``archive.zip!/member``."""
    reported_comments: int | None = None
    """The page's own comment count, when it prints one: a check that nothing was lost."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article(ArticleInfo):
    """A whole article as a source reader gives it: furniture out, captions once, comments in page order."""

    paragraphs: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    comments: tuple[Comment, ...] = ()
    furniture: tuple[str, ...] = ()
    """Lines of the page that are not the story: prompts, notices, related links; kept findable, never ranked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The unit of search: a headline, caption, paragraph or comment, or a line of furniture.

    ``id`` is the article id, ``#``, the kind's mark and the 1-based position, and stays the same over rebuilds
    of the same text. ``author``, ``posted`` and ``parent`` (a passage id) are set for comments only.
    """

    id: str
    article_id: str
    kind: Kind
    position: int
    text: str
    author: str | None = None
    posted: datetime | None = None
    posted_text: str | None = None
    comment_id: str | None = None
    """The comment's id in its source."""
    parent: str | None = None
    reply_to: str | None = None
    """The source's id of the comment this one replies to, also where that comment is not there."""
    furniture: bool = False
    """Kept but never ranked: a line of that kind, a removed comment, or a line learnt from its source's pages."""

    @property
    def found_as(self) -> Kind:
        """The kind it is found and counted as: furniture, whatever kind gave it its id, else that kind."""
        return Kind.FURNITURE if self.furniture else self.kind


class Place(NamedTuple):
    """Where a passage stands; a tuple, for every search asks for hundreds of them."""

    article: int
    """The number of its article, meaningful within one index."""
    kind: Kind
    stack: int | None = None
    """The row of the leader of its stack of near-identical passages, ``None`` where it is alone."""

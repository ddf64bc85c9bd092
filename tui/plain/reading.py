"""An article read aloud: its passages one after the other, each with what it is and whom it answers."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from index.errors import NotFound
from index.model import Kind
from search.results import SpanKind
from tui.plain.telling import NUMBERED, position
from tui.plain.wording import counted, listed, marked, short, stamp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.model import Passage
    from search.results import Hit, Snippet, Span
    from tui.plain.engine import Engine


class Reading:
    """One open article, lit by a query, and the place in it.

    Lines around the story are read only where one of them was what was found.
    """

    def __init__(self, engine: Engine, query: str, hit: Hit) -> None:
        self._article = hit.article
        whole = engine.passages_of(hit.article.id)
        is_furniture = hit.passage.kind is Kind.FURNITURE
        self._passages = [one for one in whole if is_furniture or one.kind is not Kind.FURNITURE]
        self._left_out = len(whole) - len(self._passages)
        words = engine.highlight(query, self._passages)
        self._lit = {one.id: [*spans] for one, spans in zip(self._passages, words, strict=True)}
        self._lit.setdefault(hit.passage.id, []).extend(_meant(hit.snippet))
        self._answers = engine.answers([one for one in self._passages if one.kind is Kind.COMMENT])
        self._by_id = {one.id: one for one in self._passages}
        self._sizes = {kind: sum(one.kind is kind for one in self._passages) for kind in Kind}
        self._at = self._place_of(hit.passage.id)

    def head(self) -> Iterator[str]:
        """Yield what the article is."""
        article = self._article
        yield f"Article: {short(article.title or 'without a headline')}"
        by = listed(article.authors)
        about = listed((stamp(article.published), article.source, article.place))
        yield f"By {by}, {about}" if by else about
        # The address is not told here: aloud it takes longer than a paragraph, and `copy` gives it.
        parts = ((Kind.PARAGRAPH, "paragraph"), (Kind.COMMENT, "comment"))
        left_out = f"; left out: {counted(self._left_out, 'line')} around the story" if self._left_out else ""
        yield "It has " + " and ".join(counted(self._sizes[kind], noun) for kind, noun in parts) + left_out

    def rewind(self) -> None:
        """Go to the beginning."""
        self._at = 0

    def move(self, steps: int) -> bool:
        """Go on, or back; returns whether there was something."""
        place = self._at + steps
        if not 0 <= place < len(self._passages):
            return False
        self._at = place
        return True

    def passage(self) -> Iterator[str]:
        """Yield the passage here."""
        passage = self._passages[self._at]
        told = marked(passage.text, self._lit[passage.id])
        is_comment = passage.kind is Kind.COMMENT
        if passage.furniture and passage.kind is not Kind.FURNITURE and not is_comment:
            yield "Not part of the story:"
        if not is_comment:
            yield f"{self._name(passage)}: {told}"
            return
        yield self._name(passage)
        if relations := "; ".join(self._relations(passage)):
            yield relations[0].upper() + relations[1:]
        yield told

    def _place_of(self, passage_id: str) -> int:
        for place, passage in enumerate(self._passages):
            if passage.id == passage_id:
                return place
        raise NotFound("that article has changed since; search again")

    def _name(self, passage: Passage) -> str:
        of = f"{passage.position:,} of {self._sizes[passage.kind]:,}"
        if passage.kind is Kind.COMMENT:
            who = "removed" if passage.furniture else None
            by = f"by {passage.author}" if passage.author else "author unknown"
            return f"Comment {of}, {listed((who, by, stamp(passage.posted)))}"
        if passage.kind is Kind.FURNITURE:
            return f"Line around the story {of}"
        noun = NUMBERED.get(passage.kind)
        return f"{noun.capitalize()} {of}" if noun else "Headline"

    def _relations(self, comment: Passage) -> Iterator[str]:
        parent = self._by_id.get(comment.parent or "")
        if parent is not None:
            who = short(parent.author) if parent.author else "an unknown author"
            yield f"reply to {who}, {'removed ' if parent.furniture else ''}comment {parent.position:,}"
        elif comment.reply_to or comment.parent:
            yield "reply to a comment that is not here"
        if (paragraph := self._answers.get(comment.id)) is not None:
            yield f"answers paragraph {position(paragraph)}"


def _meant(snippet: Snippet) -> Iterator[Span]:
    """Yield the spans of a snippet that words do not explain, as spans of the whole passage."""
    for span in snippet.spans:
        if span.kind is SpanKind.MEANING:
            yield replace(span, start=span.start + snippet.start, end=span.end + snippet.start)

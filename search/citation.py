"""Where a hit was said: who, in what, when, and which characters of which passage, so that it can be found again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from index import text
from index.model import Kind
from search.results import timestamp

if TYPE_CHECKING:
    from search.results import Hit

TITLE_CHARS: Final = 80  # a longer headline is cut in the line, never in the value
_DAY: Final = len("2014-06-29")


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """The source of one snippet; ``passage_id`` and the span name its characters exactly."""

    passage_id: str
    kind: Kind
    position: int
    start: int
    """First character of the snippet within the passage."""
    end: int
    """Behind its last character."""
    title: str | None = None
    author: str | None = None
    source: str | None = None
    date: str | None = None
    """The day, ISO 8601, in UTC: of posting for a comment, of publication for anything else."""
    url: str | None = None

    def text(self) -> str:
        """Return one line in plain words, ``Bo, comment on "The harbour", Herald, 2014-06-29, a1#c2:0-240``."""
        place = f"{self.passage_id}:{self.start}-{self.end}"
        return text.squash(
            ", ".join(part for part in (self.author, self._what(), self.source, self.date, place) if part)
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form: the values, and the line as ``text``."""
        return {
            "text": self.text(),
            "id": self.passage_id,
            "start": self.start,
            "end": self.end,
            "title": self.title,
            "author": self.author,
            "source": self.source,
            "date": self.date,
            "url": self.url,
        }

    def _what(self) -> str:
        title = f'"{_short(self.title)}"' if self.title else "an article without a headline"
        return {
            Kind.HEADLINE: title,
            Kind.CAPTION: f"caption {self.position} in {title}",
            Kind.PARAGRAPH: f"{title}, paragraph {self.position}",
            Kind.COMMENT: f"comment on {title}",
            Kind.FURNITURE: f"line {self.position} around {title}",
        }[self.kind]


def cite(hit: Hit) -> Citation:
    """Return the citation of a hit: of the piece of the passage that its snippet shows."""
    passage, snippet = hit.passage, hit.snippet
    return Citation(
        passage_id=passage.id,
        kind=passage.kind,
        position=passage.position,
        start=snippet.start,
        end=snippet.start + len(snippet.text),
        title=hit.article.title,
        author=hit.author,
        source=hit.article.source,
        date=(timestamp(hit.when) or "")[:_DAY] or None,
        url=hit.article.url,
    )


def _short(title: str) -> str:
    """Return a headline of at most ``TITLE_CHARS``, cut between words where it has any."""
    words = text.squash(title)
    if len(words) <= TITLE_CHARS:
        return words
    head = words[: TITLE_CHARS - 1]
    return (head.rpartition(" ")[0] or head) + "…"

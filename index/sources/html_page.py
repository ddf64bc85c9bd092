"""A saved HTML page: its story by trafilatura, facts and comments by what the page marks up.

Comments, captions and furniture are taken out before the story is looked for, so that none of them can be
mistaken for a paragraph of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.model import Article, Comment
from index.sources import (
    byline,
    captions,
    furniture,
    html_meta,
    identity,
    jsonld,
    markup,
    page_clock,
    page_furniture,
    tidy,
)
from index.sources.dates import is_date
from index.sources.html_comments import take_comments
from index.sources.html_story import story_of
from index.sources.lead import place_and_agency
from index.sources.markup import Element, has_word
from index.sources.records import NotRead
from index.text import squash

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.sources.dates import Clock

_CAPTION = re.compile(r"wp-caption-text|(?:photo|image|img|picture|media)[-_]?caption(?:[-_]text)?")
_HEADER_BLOCKS = 4  # first blocks of a story, where a byline and a date may stand
_LEAST_CHARS = 25  # of all the paragraphs together, less is no story


@dataclass(frozen=True, slots=True)
class _Story:
    """The text of an article, what stood in it that is not, and whom its bylines name."""

    paragraphs: tuple[str, ...]
    rest: tuple[str, ...]
    authors: tuple[str, ...]
    editors: tuple[str, ...]


def read(text: str, path: str) -> Article:
    """Return the article on a page."""
    root = markup.parse(text)
    things = jsonld.things(script.text or "" for script in root.iter("script") if _is_jsonld(script))
    reported = html_meta.comment_count(root, things)
    around = page_furniture.lines_of(root)
    comments = _comments(root, things, page_clock.clock_of(root, text, things))
    _drop_comment_places(root)
    facts = html_meta.facts_of(root, things)
    pictures = _take_captions(root)
    page_furniture.drop(root)
    headings = [squash(markup.text_of(heading)) for heading in root.iter("h1")][:1]  # further ones divide the story
    cut = _cut(story_of(root), {facts.title, *headings})
    paragraphs = cut.paragraphs
    if not facts.title or not (comments or sum(map(len, paragraphs)) >= _LEAST_CHARS):
        raise NotRead("no headline and story in it")
    place, _ = place_and_agency(paragraphs)
    return Article(
        id=identity.article_id(facts.url, facts.title, paragraphs or [comment.text for comment in comments]),
        title=facts.title,
        url=facts.url,
        source=facts.source,
        section=facts.section,
        place=place or facts.place,
        published=facts.published,
        published_text=facts.published_text,
        authors=facts.authors or cut.authors,
        editors=facts.editors or cut.editors,
        topics=facts.topics,
        paragraphs=paragraphs,
        captions=pictures,
        comments=comments,
        furniture=_furniture((*around, *cut.rest), (facts.title, *facts.authors), paragraphs, pictures, comments),
        path=path,
        reported_comments=reported,
    )


def _is_jsonld(script: Element) -> bool:
    return "ld+json" in (script.get("type") or "").lower()


def _comments(root: Element, things: list[jsonld.Thing], clock: Clock) -> tuple[Comment, ...]:
    """Return the comments of the page; those only given for machines where the page itself shows fewer."""
    shown = take_comments(root, clock)
    stated = jsonld.comments(jsonld.article_of(things))
    return stated if len(stated) > len(shown) else shown


def _drop_comment_places(root: Element) -> None:
    """Take out what is left around the comments: policies, forms and buttons."""
    page_furniture.drop_elements(root, [element for element in root.iter() if html_meta.is_comment_place(element)])


def _take_captions(root: Element) -> tuple[str, ...]:
    """Return the captions of the story's pictures, each once and without credits, and take all out of the page."""
    marked = [e for e in root.iter() if e.tag == "figcaption" or has_word(e, _CAPTION)]
    story = [e for e in root.iter("article", "main") if next(e.iter("p"), None) is not None]
    found = []
    for element in marked:
        for part in list(filter(page_furniture.is_picture_credit, markup.within(element))):
            markup.detach(part)
        if next(element.iter("h1", "h2", "h3", "h4", "h5", "h6"), None) is not None:
            continue  # the teaser of another article
        if not story or any(up in story for up in element.iterancestors("article", "main")):
            found.append(squash(markup.text_of(element)))
        markup.detach(element)
    return captions.once(filter(None, found))


def _furniture(
    lines: Sequence[str],
    heads: Sequence[str | None],
    paragraphs: Sequence[str],
    pictures: Sequence[str],
    comments: Sequence[Comment],
) -> tuple[str, ...]:
    """Return what is not the story, without what is told as a part of it."""
    told = {*heads, *paragraphs, *pictures, *(line for comment in comments for line in comment.text.split("\n"))}
    return page_furniture.kept(lines, {line for line in told if line})


def _cut(blocks: Sequence[str], headlines: set[str | None]) -> _Story:
    """Return the paragraphs without what is not story, and the authors and editors that bylines name."""
    feet = [block for block in blocks if byline.is_foot(block)]
    header = [block for block in blocks[:_HEADER_BLOCKS] if byline.from_header(block) or is_date(block)]
    authors, editors = byline.credits_of(" ".join(feet))
    lead_names = tidy.distinct(name for block in header for name in byline.from_header(block))
    dropped = {*feet, *header, *headlines}
    paragraphs, rest = furniture.parted(tidy.distinct(block for block in blocks if block not in dropped))
    return _Story(tuple(paragraphs), tuple(rest), authors or lead_names, editors)

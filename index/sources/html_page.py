"""A saved HTML page: its story by trafilatura, facts and comments by what the page marks up.

Comments, captions and furniture are taken out before the story is looked for, so that none of them can be
mistaken for a paragraph of it.
"""

from __future__ import annotations

import logging
import re
from functools import cache
from typing import TYPE_CHECKING, Any

from index.model import Article, Comment
from index.sources import byline, captions, furniture, html_meta, identity, jsonld, markup, page_clock, tidy
from index.sources.dates import parse_date
from index.sources.html_comments import take_comments
from index.sources.lead import place_and_agency
from index.sources.markup import Element, has_word
from index.sources.records import NotRead
from index.text import squash

if TYPE_CHECKING:
    from collections.abc import Sequence

    from index.sources.dates import Clock

# trafilatura checks little of what it is given; these are the ways in which odd pages make it fail.
_FAULTS = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RuntimeError, AssertionError)

_FURNITURE = re.compile(
    r"(?:.*[-_])?(?:newsletter|related|share|sharing|sharebar|share-?buttons?|social|pull-?quote|read-?more|see-?also"
    r"|most-?read|correction|standfirst|kicker|tagline|cookies?|gdpr|consent|breadcrumbs?|byline|dateline|stamp"
    r"|advert\w*|promo|sponsored|subscribe|signup|credit)(?:[-_](?:box|links?|stories|bar|list|posts|articles|overlay))?"
)
_CREDIT = re.compile(r"(?:.*[-_])?(?:credits?|copyright|photographer)")
_CAPTION = re.compile(r"wp-caption-text|(?:photo|image|img|picture|media)[-_]?caption(?:[-_]text)?")
_STORY_BLOCKS = frozenset(("p", "head", "item", "quote", "row", "code", "list", "table", "ab", "fw"))
_MOST_OF_PAGE = 0.4  # an element with more of the page's text than this is no furniture
_HEADER_BLOCKS = 4  # first blocks of a story, where a byline and a date may stand
_LEAST_CHARS = 25  # of all the paragraphs together, less is no story


def read(text: str, path: str) -> Article:
    """Return the article on a page."""
    root = markup.parse(text)
    things = jsonld.things(script.text or "" for script in root.iter("script") if _is_jsonld(script))
    reported = html_meta.comment_count(root, things)
    comments = _comments(root, things, page_clock.clock_of(root, text, things))
    _drop_comment_places(root)
    facts = html_meta.facts_of(root, things)
    pictures = _take_captions(root)
    _drop_furniture(root)
    headings = [squash(markup.text_of(heading)) for heading in root.iter("h1")][:1]  # further ones divide the story
    paragraphs, authors, editors = _cut(_story(root), {facts.title, *headings})
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
        authors=facts.authors or authors,
        editors=facts.editors or editors,
        topics=facts.topics,
        paragraphs=paragraphs,
        captions=pictures,
        comments=comments,
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
    _drop(root, [element for element in root.iter() if html_meta.is_comment_place(element)])


def _drop_furniture(root: Element) -> None:
    """Take out what is named as something else than the story."""
    _drop(
        root,
        [
            e
            for e in root.iter()
            if e.tag in ("aside", "address") or e.get("aria-hidden") == "true" or has_word(e, _FURNITURE)
        ],
    )


def _drop(root: Element, elements: Sequence[Element]) -> None:
    """Detach elements, but none that holds the headline or most of the text."""
    total = _weight(root)
    for element in elements:
        if element.tag in ("html", "head", "body", "main", "article", "h1") or element.getparent() is None:
            continue
        if next(element.iter("h1"), None) is None and _weight(element) <= _MOST_OF_PAGE * total:
            markup.detach(element)


def _weight(element: Element) -> int:
    """Return how much running text is in an element: the characters of its paragraphs."""
    return sum(len(text) for paragraph in element.iter("p") for text in paragraph.itertext())


def _take_captions(root: Element) -> tuple[str, ...]:
    """Return the captions of the story's pictures, each once and without credits, and take all out of the page."""
    marked = [e for e in root.iter() if e.tag == "figcaption" or has_word(e, _CAPTION)]
    story = [e for e in root.iter("article", "main") if next(e.iter("p"), None) is not None]
    found = []
    for element in marked:
        for part in [part for part in markup.within(element) if part.tag == "small" or has_word(part, _CREDIT)]:
            markup.detach(part)
        if not story or any(up in story for up in element.iterancestors("article", "main")):
            found.append(squash(markup.text_of(element)))
        markup.detach(element)
    return captions.once(filter(None, found))


def _story(root: Element) -> list[str]:
    """Return the blocks of the story."""
    try:
        document = _trafilatura().bare_extraction(root, include_comments=False, include_tables=True)
    except _FAULTS:
        document = None
    if document is None or document.body is None:
        return [squash(markup.text_of(paragraph)) for paragraph in root.iter("p")]
    return list(tidy.blocks(_story_text(document.body)))


def _story_text(body: Element) -> str:
    """Return the text of trafilatura's own elements, blank lines between blocks."""
    from lxml import etree

    parts: list[str] = []
    for event, element in etree.iterwalk(body, events=("start", "end")):
        parts.append(
            "\n\n" if element.tag in _STORY_BLOCKS else "\n" if element.tag == "lb" else " " * (element.tag == "cell")
        )
        text = element.text if event == "start" else element.tail
        parts.append(text.replace("\n", " ") if text else "")
    return "".join(parts)


def _cut(blocks: Sequence[str], headlines: set[str | None]) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]:
    """Return the paragraphs without what is not story, and the authors and editors that bylines name."""
    feet = [block for block in blocks if byline.is_foot(block)]
    header = [block for block in blocks[:_HEADER_BLOCKS] if byline.from_lead(block) or parse_date(block)]
    authors, editors = byline.credits_of(" ".join(feet))
    lead_names = tidy.distinct(name for block in header for name in byline.from_lead(block))
    dropped = {*feet, *header, *headlines}
    paragraphs = tidy.distinct(b for b in blocks if b not in dropped and not furniture.is_prompt(b))
    return paragraphs, authors or lead_names, editors


@cache
def _trafilatura() -> Any:  # untyped, and imported with the first page: it takes a second
    for name in ("trafilatura", "htmldate", "justext", "courlan", "charset_normalizer"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    import trafilatura

    return trafilatura

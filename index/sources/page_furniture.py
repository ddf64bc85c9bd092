"""What of an HTML page is not its story: named elements are taken out of it, and their lines kept."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.sources import furniture, markup
from index.sources.markup import Element, has_word

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

_NAMED = re.compile(
    r"(?:.*[-_])?(?:newsletter|related|share|sharing|sharebar|share-?buttons?|social|pull-?quote|read-?more|see-?also"
    r"|most-?read|correction|standfirst|kicker|tagline|cookies?|gdpr|consent|breadcrumbs?|byline|dateline|stamp"
    r"|advert\w*|promo|sponsored|subscribe|signup|paywall|credit)"
    r"(?:[-_](?:box|links?|stories|bar|list|posts|articles|overlay|notice|banner))?"
)
_PICTURE_CREDIT = re.compile(r"(?:.*[-_])?(?:credits?|copyright|photographer)")
_MOST_OF_PAGE = 0.4  # an element with more of the page's text than this is no furniture
_MOST_LINES = 300
_LONGEST = 400


def drop(root: Element) -> None:
    """Take out what is named as something else than the story."""
    drop_elements(root, [element for element in root.iter() if _is_named(element)])


def drop_elements(root: Element, elements: Sequence[Element]) -> None:
    """Detach elements, but none that holds the headline or most of the text."""
    total = _weight(root)
    for element in elements:
        if element.tag in ("html", "head", "body", "main", "article", "h1") or element.getparent() is None:
            continue
        if next(element.iter("h1"), None) is None and _weight(element) <= _MOST_OF_PAGE * total:
            markup.detach(element)


def is_picture_credit(element: Element) -> bool:
    """Tell whether an element of a caption names the photographer."""
    return element.tag == "small" or has_word(element, _PICTURE_CREDIT)


def lines_of(root: Element) -> list[str]:
    """Return the lines of a whole page that are not the story, in page order: by their wording, or by their place."""
    named = {element for element in root.iter() if _is_named(element) or _is_credit(element)}
    return [line for line, inside in markup.lines_of(root, named) if inside or furniture.is_furniture(line)]


def kept(lines: Iterable[str], others: Container[str]) -> tuple[str, ...]:
    """Return the lines of furniture, each once, without those that are told elsewhere in the article."""
    once = dict.fromkeys(line for line in lines if len(line) <= _LONGEST and line not in others and _says(line))
    return tuple(once)[:_MOST_LINES]


def _says(line: str) -> bool:
    return any(map(str.isalpha, line))


def _is_named(element: Element) -> bool:
    if element.tag in ("aside", "address") or element.get("aria-hidden") == "true":
        return True
    return has_word(element, _NAMED)


def _is_credit(element: Element) -> bool:
    return is_picture_credit(element) and any(up.tag in ("figure", "figcaption") for up in element.iterancestors())


def _weight(element: Element) -> int:
    """Return how much running text is in an element: the characters of its paragraphs."""
    return sum(len(text) for paragraph in element.iter("p") for text in paragraph.itertext())

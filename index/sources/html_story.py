"""The blocks of a page's story, found by trafilatura."""

from __future__ import annotations

import logging
from functools import cache
from typing import TYPE_CHECKING, Any

from index.sources import markup, tidy
from index.text import squash

if TYPE_CHECKING:
    from index.sources.markup import Element

# trafilatura checks little of what it is given; these are the ways in which odd pages make it fail.
_FAULTS = (ValueError, TypeError, AttributeError, LookupError, ArithmeticError, RuntimeError, AssertionError)
_BLOCKS = frozenset(("p", "head", "item", "quote", "row", "list", "table", "ab", "fw"))


def story_of(root: Element) -> list[str]:
    """Return the blocks of the story."""
    try:
        document = _trafilatura().bare_extraction(root, include_comments=False, include_tables=True)
    except _FAULTS:
        document = None
    if document is None or document.body is None:
        return [squash(markup.text_of(paragraph)) for paragraph in root.iter("p")]
    return list(tidy.blocks(_text(document.body)))


def _text(body: Element) -> str:
    """Return the text of trafilatura's own elements, blank lines between blocks."""
    from lxml import etree

    parts: list[str] = []
    for event, element in etree.iterwalk(body, events=("start", "end")):
        parts.append(_break(element))
        text = element.text if event == "start" else element.tail
        parts.append(text.replace("\n", " ") if text else "")
    return "".join(parts)


def _break(element: Element) -> str:
    """Return what parts an element from the text before it; code within a sentence is a part of it."""
    if element.tag in _BLOCKS or (element.tag == "code" and "\n" in "".join(element.itertext()).strip()):
        return "\n\n"
    return "\n" if element.tag == "lb" else " " * (element.tag == "cell")


@cache
def _trafilatura() -> Any:  # untyped, and imported with the first page: it takes a second
    for name in ("trafilatura", "htmldate", "justext", "courlan", "charset_normalizer"):
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    import trafilatura

    return trafilatura

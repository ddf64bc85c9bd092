"""A parsed HTML page: parsing without network or entity tricks, class names as words, text with its line breaks."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from index.sources.records import NotRead
from index.text import clean, squash

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Element = Any  # lxml ships no types

_BLOCKS = frozenset(
    (
        *("address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure", "footer", "form"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "ol", "pre", "section", "table", "td", "tr", "ul"),
    )
)
_SINGLE = frozenset(("br", "hr"))
_UNSEEN = frozenset(("script", "style", "noscript", "template", "textarea", "select", "option", "svg", "iframe"))
_LONGEST_WORD = 80
_LONGEST_LIST = 1000
# Thousands of attributes on one tag take the parser minutes; pictures written into attributes are as long.
_GIANT_TAG = re.compile(r"<[a-zA-Z][^<>]{32768,}>")
_SPACE = re.compile(r"\s+")


def parse(text: str) -> Element:
    """Return the tree of a page: at most 256 levels deep, without comments, entities or network."""
    from lxml import etree, html

    parser = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, no_network=True, huge_tree=False, recover=True
    )
    try:
        root = html.document_fromstring(_GIANT_TAG.sub("", clean(text)).encode("utf-8"), parser=parser)
    except (etree.LxmlError, ValueError, AssertionError, RecursionError):
        raise NotRead("HTML that cannot be parsed") from None
    if "&#" in text:  # control characters come through as character references only
        for element in root.iter():
            element.text = clean(element.text) if element.text else None
            element.tail = clean(element.tail) if element.tail else None
    return root


def has_word(element: Element, pattern: re.Pattern[str]) -> bool:
    """Tell whether a class name or the id of an element matches as a whole, in lower case."""
    named, own = element.get("class"), element.get("id")
    return bool(named or own) and _matches(pattern, f"{(named or '')[:_LONGEST_LIST]} {(own or '')[:_LONGEST_LIST]}")


@lru_cache(maxsize=16_384)
def _matches(pattern: re.Pattern[str], named: str) -> bool:
    """Match each word; pages repeat a few class names thousands of times."""
    return any(len(word) <= _LONGEST_WORD and pattern.fullmatch(word) for word in named.lower().split())


def is_prop(element: Element, *names: str) -> bool:
    """Tell whether an element is marked as one of these schema.org properties."""
    marked = element.get("itemprop")
    return bool(marked) and any(name in names for name in marked.split())


def text_of(root: Element) -> str:
    """Return the text of an element with a line break at each block and a blank line at each paragraph."""
    from lxml import etree

    parts: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        parts.append("" if event == "end" and element.tag in _SINGLE else _break(element.tag))
        if event == "start":
            if element.tag in _UNSEEN:
                walk.skip_subtree()
            else:
                parts.append(_SPACE.sub(" ", element.text or ""))
        elif element is not root:
            parts.append(_SPACE.sub(" ", element.tail or ""))
    return "".join(parts)


def lines_of(root: Element, marked: set[Element]) -> Iterator[tuple[str, bool]]:
    """Yield the lines of a page, and for each whether it is in one of the marked elements."""
    from lxml import etree

    parts: list[str] = []
    depth = 0
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        if _break(element.tag) or element in marked:
            if line := squash("".join(parts)):
                yield line, depth > 0
            parts.clear()
        depth += (element in marked) * (1 if event == "start" else -1)
        if event == "start" and (element.tag in _UNSEEN or element.tag in ("head", "title")):
            walk.skip_subtree()
        else:
            parts.append((element.text if event == "start" else element.tail) or "")
    if line := squash("".join(parts)):
        yield line, depth > 0


def short_text(root: Element, limit: int) -> str | None:
    """Return the text of an element on one line, ``None`` where it has none or more than ``limit`` characters."""
    parts: list[str] = []
    size = 0
    for text in root.itertext():
        size += len(text.strip())
        if size > limit:
            return None
        parts.append(text)
    return " ".join(" ".join(parts).split()) or None


def first(elements: Iterable[Element]) -> Element | None:
    """Return the first of some elements."""
    return next(iter(elements), None)


def within(root: Element) -> Iterator[Element]:
    """Return the elements below ``root`` in document order, without itself."""
    walk = root.iter()
    next(walk)
    return walk  # type: ignore[no-any-return]


def detach(element: Element) -> None:
    """Take an element out of its tree, leaving the text that follows it."""
    if element.getparent() is not None:
        element.drop_tree()


def _break(tag: str) -> str:
    if tag == "p":
        return "\n\n"
    return "\n" if tag in _BLOCKS else ""

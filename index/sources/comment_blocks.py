"""Comments that no element is named for: definition lists, posts of a forum, blocks that repeat below a heading."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from index.sources.dates import find_date
from index.sources.markup import Element, has_word, short_text, text_of, within

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MARK = "broadsheet-comment"
_PLACE = re.compile(r"(?:.*[-_])?(?:comments?|discussion|responses?|kommentare?|commentaires?|comentarios)(?:[-_].*)?")
_TERM = re.compile(r"(?:.*[-_])?comment(?:-?author|[-_].*)?")
_POST = re.compile(r"postbit(?:legacy)?|postcontainer|message--post|topic-post|crawler-post|forum-?post|post_block")
_PHPBB = re.compile(r"p\d{3,}|post_?\d{3,}")
_LEAST_POSTS = 2
_LEAST_WORDS = 3
_LONGEST_LINE = 160
_LONGEST_HEAD = 100
_MOST_LEVELS = 4  # below the block, where its date may stand


def mark(root: Element) -> None:
    """Give elements that are comments, but not called so, a class that says it."""
    for block in list(root.iter("dl")):
        _wrap_terms(block)
    posts = _outermost(element for element in root.iter("div", "li", "article", "table") if _is_post(element))
    if len(posts) >= _LEAST_POSTS:
        for post in posts[1:]:  # the first of a thread is what the others talk about
            _name(post)


def repeated(root: Element, shielded: set[Element]) -> list[Element]:
    """Return the blocks in a place of comments that look alike and have a date each, at least two."""
    groups: dict[tuple[Element, str, str], list[Element]] = defaultdict(list)
    for place in _outermost(
        element for element in root.iter("div", "section", "ul", "ol") if has_word(element, _PLACE)
    ):
        for element in (place, *within(place)):
            if element.tag in ("div", "li", "article", "tr") and element not in shielded and element.get("class"):
                groups[(element.getparent(), element.tag, element.get("class"))].append(element)
    likely = [group for group in groups.values() if len(group) >= _LEAST_POSTS and all(map(_is_dated, group))]
    return max(likely, key=len, default=[])


def are_heads(named: Sequence[Element], blocks: Sequence[Element]) -> bool:
    """Tell elements that hold only name and date of comments, with the text beside them, each in its block."""
    if not named or len(named) != len(blocks):
        return False
    return all(
        block in head.iterancestors() and short_text(head, _LONGEST_HEAD) and len(text_of(block)) > len(text_of(head))
        for head, block in zip(named, blocks, strict=True)
    )


def _is_post(element: Element) -> bool:
    if has_word(element, _POST):
        return True
    return "post" in (element.get("class") or "").split() and bool(_PHPBB.fullmatch(element.get("id") or ""))


def _outermost(elements: Iterator[Element]) -> list[Element]:
    """Return the elements, in page order, that are not inside another one of them."""
    kept: list[Element] = []
    seen: set[Element] = set()
    for element in elements:
        if element.getparent() not in seen and not any(up in seen for up in element.iterancestors()):
            kept.append(element)
        seen.add(element)
    return kept


def _wrap_terms(block: Element) -> None:
    """Wrap each ``dt`` that names a comment with the ``dd`` elements that follow it."""
    terms = [term for term in block.iter("dt") if has_word(term, _TERM)]
    for term in terms:
        wrapper = block.makeelement("div", {"class": MARK, "id": term.get("id") or ""})
        term.addprevious(wrapper)
        following = []
        for sibling in term.itersiblings():
            if sibling.tag != "dd":
                break
            following.append(sibling)
        for element in (term, *following):
            wrapper.append(element)


def _name(element: Element) -> None:
    element.set("class", f"{element.get('class') or ''} {MARK}")


def _is_dated(block: Element) -> bool:
    """Tell a block that has words and, apart from them, a date."""
    if len(text_of(block).split()) < _LEAST_WORDS:
        return False
    level: Sequence[Element] = [block]
    for _ in range(_MOST_LEVELS):
        level = [inner for element in level for inner in element]
        lines = filter(None, (short_text(element, _LONGEST_LINE) for element in level))
        if any(find_date(line) for line in lines):
            return True
    return False

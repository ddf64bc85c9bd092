"""Comments in HTML: where they are marked up as such, each is read and taken out of the page.

Pages nest them (a reply inside the comment it answers), wrap them twice (``li`` and ``div`` for one comment) and
use many names. So the elements that look like comments are read from the innermost out: what is left of an outer
one when the inner ones are gone is its own, and if nothing is left it was a wrapper.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.model import Comment
from index.sources import comment_blocks, identity
from index.sources.dates import Clock
from index.sources.html_comment import Draft, read_one
from index.sources.markup import Element, has_word, is_prop, within
from index.sources.removed import is_removed
from index.sources.threads import by_depth, by_name, spoken_to

if TYPE_CHECKING:
    from collections.abc import Sequence

_CONTAINERS = frozenset(("li", "div", "article", "section", "tr", "dd", "dl", "details", "shreddit-comment"))
_NAMED = re.compile(
    r"(?!add|edit|post-|new|leave|write|no|has|icon|recent|form|view|hide|show|load|last|top)"
    r"(?:[a-z]{1,12}[-_])?comment(?:[-_]?(?:item|entry|article|list-item|single|container))?[-_]*"
    r"|single-?comment|reader-?comment|(?:(?:li|div|dsq|xenforo)-)?comment-+\d+|comment-\d+-wrapper|thecomment"
    r"|u_cbox_comment|uficomment|fbfeedbackpost|hyvor-talk-comment|shreddit-comment|broadsheet-comment"
)
_PINGS = re.compile(r"pingback|trackback")
_REPLIES = re.compile(r"(?:.*[-_])?(?:repl(?:y|ies)|children|child|answers?|nested|indent)(?:[-_].*)?")
_DEPTH = re.compile(r"(?:.*[-_])?(?:depth|level|indent)[-_]?(\d{1,2})")
_LEVEL = re.compile(r"level (\d{1,2})")


@dataclass(frozen=True, slots=True)
class _Found:
    """The elements that look like comments, in page order, and for each the index of the one it is nested in."""

    elements: Sequence[Element]
    outer: Sequence[int | None]
    drafts: list[Draft]
    above: Sequence[frozenset[Element]]
    """The elements between each and the one it is nested in."""
    depths: Sequence[int | None]


def take_comments(root: Element, clock: Clock | None = None) -> tuple[Comment, ...]:
    """Return the comments marked up in a page, and take them out of it."""
    comment_blocks.mark(root)
    shielded = _shielded(root)
    repeated = comment_blocks.repeated(root, shielded)
    named = [element for element in within(root) if element not in shielded and _is_comment(element)]
    if comment_blocks.are_heads(named, repeated):
        named = repeated
    return _taken(named, clock or Clock()) or _taken(repeated, clock or Clock())


def _taken(elements: Sequence[Element], clock: Clock) -> tuple[Comment, ...]:
    """Return the comments that some elements are."""
    outer, above = _nesting(elements)
    depths = [_depth(element) for element in elements]
    drafts = [read_one(element, clock, ping=has_word(element, _PINGS)) for element in reversed(elements)]
    drafts.reverse()
    found = _Found(elements, outer, drafts, above, depths)
    _join(found)
    return _threaded(found)


def _threaded(found: _Found) -> tuple[Comment, ...]:
    stands_for = _wrapped(found)
    drafts = found.drafts
    kept = [index for index, draft in enumerate(drafts) if draft.text]
    ids = dict(zip(kept, identity.comment_ids([drafts[index].name for index in kept]), strict=True))
    comments = [_comment(drafts[index], ids[index], _parent(index, found, stands_for, ids)) for index in kept]
    if not any(comment.parent for comment in comments):
        comments = by_depth(comments, [found.depths[index] for index in kept])
    answers = [drafts[index].answers for index in kept]
    nested = any(comment.parent for comment in comments) or any(answers)
    return by_name(comments, answers if nested else spoken_to(comments))


def _is_comment(element: Element) -> bool:
    if element.tag not in _CONTAINERS:
        return False
    if is_prop(element, "comment") or (element.get("itemtype") or "").endswith(("/Comment", "/UserComments")):
        return True
    if element.tag == "shreddit-comment" or element.get("data-comment-id") is not None:
        return True
    return has_word(element, _NAMED) or has_word(element, _PINGS)


def _shielded(root: Element) -> set[Element]:
    """Return the elements that hold the headline or the story: never comments, whatever they are called."""
    held: set[Element] = {root, *root.iter("body", "main")}
    for element in root.iter("h1", "div", "section", "article"):
        if element.tag == "h1" or is_prop(element, "articleBody"):
            held.update((element, *element.iterancestors()))
    return held


def _nesting(found: Sequence[Element]) -> tuple[list[int | None], list[frozenset[Element]]]:
    """Return for each comment the index of the one it is nested in, and the elements between the two."""
    index_of = {element: index for index, element in enumerate(found)}
    outer: list[int | None] = []
    between: list[frozenset[Element]] = []
    for element in found:
        path = []
        holder = None
        for up in element.iterancestors():
            if up in index_of:
                holder = index_of[up]
                break
            path.append(up)
        outer.append(holder)
        between.append(frozenset(path if holder is not None else ()))
    return outer, between


def _depth(element: Element) -> int | None:
    """Return how deep in its thread a comment says it is."""
    for name in ("depth", "data-depth", "data-level", "aria-level"):
        if (element.get(name) or "").isdigit():
            return int(element.get(name)[:3])
    words = (element.get("class") or "").lower().split()[:50]
    named = next((found for word in words if (found := _DEPTH.fullmatch(word))), None)
    said = named or next(filter(None, (_LEVEL.fullmatch(span.text or "") for span in element.iter("span"))), None)
    return int(said[1]) if said else None


def _join(found: _Found) -> None:
    """Join what pages take apart: the name and date on an outer element, the text on one inside it."""
    drafts = found.drafts
    for above in set(found.outer) - {None}:
        if above is not None and not drafts[above].signed:
            drafts[above] = drafts[above].silent()  # buttons and numbers, by nobody and of no date
    for index, above in enumerate(found.outer):
        if above is not None and drafts[above].signed and not (drafts[above].text or drafts[index].signed):
            drafts[above] = replace(drafts[above], text=drafts[index].text)
            drafts[index] = drafts[index].silent()


def _wrapped(found: _Found) -> dict[int, int]:
    """Return for each wrapper the comment it stands for: the first with text inside it."""
    stands_for: dict[int, int] = {}
    for index in range(len(found.drafts) - 1, -1, -1):
        above = found.outer[index]
        if above is not None and not found.drafts[above].text:
            stands_for[above] = index if found.drafts[index].text else stands_for.get(index, index)
    return stands_for


def _parent(index: int, found: _Found, stands_for: dict[int, int], ids: dict[int, str]) -> str | None:
    """Return the id of the comment this one answers: as it says, else by how they are nested."""
    stated = found.drafts[index].parent
    if stated:
        return stated
    inner, above = index, found.outer[index]
    while above is not None:
        real = stands_for.get(above, above)
        if real != index and real in ids and (real == above or _is_below(inner, real, found, stands_for)):
            return ids[real]
        inner, above = above, found.outer[above]
    return None


def _is_below(index: int, first: int, found: _Found, wrappers: dict[int, int]) -> bool:
    """Tell whether a comment answers the first one in its wrapper; comments side by side are in one list."""
    while found.outer[first] != found.outer[index]:
        above = found.outer[first]
        if above is None:
            return True
        first = above
    if first == index:
        return False
    if index in wrappers and first not in wrappers:
        return True
    apart = found.above[index] - found.above[first]
    return len(found.above[index]) > len(found.above[first]) or any(has_word(e, _REPLIES) for e in apart)


def _comment(draft: Draft, unique: str, parent: str | None) -> Comment:
    return Comment(
        id=unique,
        author=draft.author,
        posted=draft.posted,
        posted_text=draft.printed,
        text=draft.text,
        parent=parent,
        removed=is_removed(draft.text),
    )

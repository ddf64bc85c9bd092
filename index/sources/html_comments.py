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
from index.sources import furniture, identity, tidy
from index.sources.dates import parse_date
from index.sources.markup import Element, detach, has_word, is_prop, text_of, within
from index.text import squash

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_CONTAINERS = frozenset(("li", "div", "article", "section", "tr", "dd", "dl", "details"))
_NAMED = re.compile(
    r"(?!add|edit|post-|new|leave|write|no|has|icon|recent|form|view|hide|show|load|last|top)"
    r"(?:[a-z]{1,12}[-_])?comment(?:[-_]?(?:item|entry|article|list-item|single|container))?[-_]*"
    r"|single-?comment|reader-?comment|(?:(?:li|div|dsq|xenforo)-)?comment-+\d+|comment-\d+-wrapper|thecomment"
)
_PINGS = re.compile(r"pingback|trackback")
_BODY = re.compile(
    r"(?:[a-z]{1,12}[-_]{1,2})?(?:this)?comments?[-_]*(?:content|text|message|msg|copy|body-text|main|inner-text)"
    r"|comment-?body|thiscommentbody|field-comment-body|commentsbody|commenttext|message-?(?:body|text|content)"
    r"|(?:comment|message|entry|post)-content|content|text|message|body|comment-body-text"
)
_AUTHOR = tuple(
    map(
        re.compile,
        (
            r"fn",
            r".*(?:author|user)[-_]{0,2}name|user-?name|nick-?name|display-?name|.*comment[-_]?(?:user|username)",
            r"(?:[a-z]{1,12}[-_])?(?:comment[-_]{0,2})?author(?:[-_]link)?|commenter|poster|nick|by-?line|user|url",
        ),
    )
)
_PROFILE = re.compile(r"/(?:users?|profiles?|members?|people|u|author)\b|\bprofile\.")
_DATE = re.compile(
    r".*(?:date|time|timestamp|posted[-_]?(?:on|at)?|published)|(?:comment-?)?meta(?:data)?|commentmetadata|permalink"
)
_ASIDE = re.compile(
    r".*(?:avatar|author|vcard|username|meta|metadata|date|time|timestamp|reply|replies|respond|actions?|tools?"
    r"|toolbar|buttons?|report|flag|likes?|rating|votes?|share|permalink|says|head|header|footer|edit-link|number)"
)
_ASIDE_TAGS = frozenset(("header", "footer", "form", "button", "time", "nav", "input", "h1", "h2", "h3", "h4", "h5"))
_PARENT = ("data-parent-id", "data-in-reply-to", "data-parentid", "data-parent", "data-parent-comment-id")
_SAYS = re.compile(
    r"\s*(?:says?|said|wrote|writes|sagt|schreibt|schrieb|meint|a dit|dice|dijo|zegt|am \d.*|on \w+ \d.*)?\s*:?\s*$",
    re.IGNORECASE,
)
_SAID = re.compile(r"[^\W\d_]|[^\x00-\xbf]")  # letters or emoji: more than a counter
_LONGEST_NAME = 100
_LONGEST_DATE = 80


@dataclass(frozen=True, slots=True)
class _Draft:
    """What could be read from one element; without text it is a wrapper."""

    name: str | None
    author: str | None
    printed: str | None
    stamp: str | None
    text: str
    parent: str | None

    @property
    def signed(self) -> bool:
        """Whether a name or a date stands by it."""
        return bool(self.author or self.printed or self.stamp)


def take_comments(root: Element) -> tuple[Comment, ...]:
    """Return the comments marked up in a page, and take them out of it."""
    shielded = _shielded(root)
    found = [element for element in within(root) if element not in shielded and _is_comment(element)]
    outer = _outer(found)
    drafts: list[_Draft] = [_read(element) for element in reversed(found)]
    drafts.reverse()
    _join(drafts, outer)
    stands_for = _wrapped(drafts, outer)
    kept = [index for index, draft in enumerate(drafts) if draft.text]
    ids = dict(zip(kept, identity.comment_ids([drafts[index].name for index in kept]), strict=True))
    return tuple(_comment(drafts[index], ids[index], _parent(index, drafts, outer, stands_for, ids)) for index in kept)


def _is_comment(element: Element) -> bool:
    if element.tag not in _CONTAINERS:
        return False
    if is_prop(element, "comment") or (element.get("itemtype") or "").endswith(("/Comment", "/UserComments")):
        return True
    return element.get("data-comment-id") is not None or has_word(element, _NAMED) or has_word(element, _PINGS)


def _shielded(root: Element) -> set[Element]:
    """Return the elements that hold the headline or the story: never comments, whatever they are called."""
    held: set[Element] = {root, *root.iter("body", "main")}
    for element in root.iter("h1", "div", "section", "article"):
        if element.tag == "h1" or is_prop(element, "articleBody"):
            held.update((element, *element.iterancestors()))
    return held


def _outer(found: Sequence[Element]) -> list[int | None]:
    """Return for each comment the index of the one it is nested in."""
    index_of = {element: index for index, element in enumerate(found)}
    above = (next((index_of[up] for up in element.iterancestors() if up in index_of), None) for element in found)
    return list(above)


def _join(drafts: list[_Draft], outer: Sequence[int | None]) -> None:
    """Join what pages take apart: the name and date on an outer element, the text on one inside it."""
    for above in set(outer) - {None}:
        if above is not None and not drafts[above].signed:
            drafts[above] = replace(drafts[above], text="")  # buttons and numbers, by nobody and of no date
    for index, above in enumerate(outer):
        if above is not None and drafts[above].signed and not (drafts[above].text or drafts[index].signed):
            drafts[above] = replace(drafts[above], text=drafts[index].text)
            drafts[index] = replace(drafts[index], text="")


def _wrapped(drafts: Sequence[_Draft], outer: Sequence[int | None]) -> dict[int, int]:
    """Return for each wrapper the comment it stands for: the first with text inside it."""
    stands_for: dict[int, int] = {}
    for index in range(len(drafts) - 1, -1, -1):
        above = outer[index]
        if above is not None and not drafts[above].text:
            stands_for[above] = index if drafts[index].text else stands_for.get(index, index)
    return stands_for


def _parent(
    index: int,
    drafts: Sequence[_Draft],
    outer: Sequence[int | None],
    stands_for: dict[int, int],
    ids: dict[int, str],
) -> str | None:
    """Return the id of the comment this one answers: as it says, else by how they are nested."""
    stated = drafts[index].parent
    if stated:
        return stated
    above = outer[index]
    while above is not None:
        real = stands_for.get(above, above)
        if real != index and real in ids:
            return ids[real]
        above = outer[above]
    return None


def _comment(draft: _Draft, unique: str, parent: str | None) -> Comment:
    return Comment(
        id=unique,
        author=draft.author,
        posted=parse_date(draft.stamp) or parse_date(draft.printed),
        posted_text=draft.printed or draft.stamp,
        text=draft.text,
        parent=parent,
    )


def _read(element: Element) -> _Draft:
    """Read one comment and take it out of the page; those nested in it are gone already."""
    body = _body(element)
    author, signature = _author(element, body)
    printed, stamp = _date(element)
    parent = identity.given_id(next(filter(None, map(element.get, _PARENT)), None))
    text = "" if has_word(element, _PINGS) else _text(body, signature)
    said = text != author and (author or printed or stamp or _SAID.search(text))
    detach(element)
    return _Draft(
        name=_name(element),
        author=author,
        printed=printed,
        stamp=stamp,
        text=text if said else "",
        parent=None if parent == "0" else parent,
    )


def _name(element: Element) -> str | None:
    given = element.get("data-comment-id") or element.get("id") or (element.get("itemid") or "").rpartition("#")[2]
    return identity.given_id(given)


def _author(element: Element, body: Element) -> tuple[str | None, Element | None]:
    """Return the name of who wrote, and where it stands."""
    for part in _candidates_for_author(element, body):
        name = _SAYS.sub("", tidy.one_line(part.get("content") or text_of(part)) or "").strip(" ,;·")
        if name and len(name) <= _LONGEST_NAME and not furniture.is_prompt(name):
            return name, part
    return None, None


def _candidates_for_author(element: Element, body: Element) -> Iterator[Element]:
    """Yield the elements that may hold the name: by their marks, else a profile's link or what stands out on top."""
    parts = list(within(element))
    marked = [part for part in parts if is_prop(part, "author", "creator")]
    for part in marked:
        yield from (inner for inner in within(part) if is_prop(inner, "name"))
        yield part
    for pattern in _AUTHOR:
        yield from (part for part in parts if has_word(part, pattern))
    outside = [part for part in parts if body is element or not _is_said(part, body)]
    yield from (part for part in outside if part.tag == "a" and _PROFILE.search(part.get("href") or ""))
    start = "" if body is not element else squash(text_of(element))
    bold = (part for part in outside if part.tag in ("cite", "b", "strong"))
    yield from (part for part in bold if not start or start.startswith(squash(text_of(part))))


def _is_said(part: Element, body: Element) -> bool:
    """Tell whether a part of a comment belongs to its text: inside the body, and in no header of it."""
    above = list(part.iterancestors())
    return body in above and not any(has_word(up, _ASIDE) for up in above[: above.index(body)])


def _date(element: Element) -> tuple[str | None, str | None]:
    """Return the date as printed, and as given for machines."""
    first: tuple[str | None, str | None] = (None, None)
    for part in _candidates_for_date(element):
        stamp = tidy.one_line(part.get("datetime") or part.get("content") or part.get("title"))
        printed = tidy.one_line(text_of(part))
        printed = printed if printed and len(printed) <= _LONGEST_DATE else None
        if parse_date(stamp) or parse_date(printed):
            return printed, stamp
        first = first if any(first) else (printed, None)
    return first


def _candidates_for_date(element: Element) -> Iterator[Element]:
    parts = list(within(element))
    yield from (part for part in parts if is_prop(part, "dateCreated", "datePublished", "commentTime"))
    yield from (part for part in parts if part.tag == "time")
    dated = [part for part in parts if has_word(part, _DATE)]
    yield from dated
    for part in dated:
        yield from within(part)
    yield from (part for part in parts if part.tag == "abbr")


def _text(body: Element, signature: Element | None) -> str:
    """Return what the comment says, without its name, date and buttons."""
    if signature is not None and body in signature.iterancestors():
        detach(signature)
    for part in list(within(body)):
        if part.tag in _ASIDE_TAGS or has_word(part, _ASIDE) or is_prop(part, "author", "dateCreated"):
            detach(part)
    kept = (line for line in text_of(body).split("\n") if not furniture.is_prompt(squash(line)))
    return tidy.lines("\n".join(kept))


def _body(element: Element) -> Element:
    parts = list(within(element))
    marked = next((part for part in parts if is_prop(part, "text", "commentText", "description")), None)
    if marked is not None:
        return marked
    named = [part for part in parts if has_word(part, _BODY) and part.tag not in ("a", "input", "textarea")]
    return _fullest(named) if named else element


def _fullest(parts: Iterable[Element]) -> Element:
    """Return the outermost of the named parts that has text: the first in document order."""
    ordered = list(parts)
    return next((part for part in ordered if text_of(part).strip()), ordered[0])

"""What a page says about itself in JSON-LD: the article, and the comments where they are given."""

from __future__ import annotations

import json
from html import unescape
from typing import TYPE_CHECKING, Any

from index.model import Comment
from index.sources import identity, tidy
from index.sources.dates import parse_date
from index.sources.removed import is_removed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Thing = dict[str, Any]

_ARTICLE_ENDINGS = ("article", "posting", "blogpost", "report")
_MOST_COUNTED = 2**31 - 1


def things(blocks: Iterable[str]) -> list[Thing]:
    """Return the objects of the JSON-LD blocks of a page, those of a graph too; what is no JSON is passed over."""
    found: list[Thing] = []
    for block in blocks:
        try:
            queue: list[Any] = [json.loads(block.strip().strip(";"), strict=False)]
        except (ValueError, RecursionError):
            continue
        for value in queue:
            if isinstance(value, list):
                queue.extend(value)
            elif isinstance(value, dict):
                found.append(value)
                queue.extend(_listed(value.get("@graph")))
    return found


def article_of(objects: Iterable[Thing]) -> Thing:
    """Return the object that is the article, or an empty one."""
    articles = [thing for thing in objects if any(kind.endswith(_ARTICLE_ENDINGS) for kind in _kinds(thing))]
    return next((thing for thing in articles if thing.get("headline")), articles[0] if articles else {})


def text(value: object) -> str | None:
    """Return a property that is text, on one line; of several the first."""
    first = next(iter(_listed(value)), None)
    if isinstance(first, dict):
        first = first.get("@value") or first.get("name")
    return tidy.one_line(unescape(first)) if isinstance(first, str) else None


def names(value: object, objects: Iterable[Thing] = ()) -> tuple[str, ...]:
    """Return the names of people, outlets or topics, also where they are only referred to."""
    known = {thing["@id"]: thing for thing in objects if isinstance(thing.get("@id"), str)}
    found = []
    for item in _listed(value):
        entry = known.get(item.get("@id"), item) if isinstance(item, dict) and "name" not in item else item
        name = text(entry.get("name")) if isinstance(entry, dict) else text(entry)
        if name and len(name) <= tidy.MAX_NAME and "://" not in name:
            found.append(name)
    return tidy.distinct(found)


def count(thing: Thing) -> int | None:
    """Return the number of comments an object states."""
    stated = thing.get("commentCount")
    if isinstance(stated, str) and stated.strip().isascii() and stated.strip().isdigit():
        stated = int(stated.strip()[:10])
    return stated if isinstance(stated, int) and not isinstance(stated, bool) and 0 <= stated <= _MOST_COUNTED else None


def comments(thing: Thing) -> tuple[Comment, ...]:
    """Return the comments an article object lists, replies after what they answer."""
    stack: list[tuple[object, str | None]] = [(item, None) for item in reversed(_listed(thing.get("comment")))]
    drafts: list[Thing] = []
    while stack:
        item, above = stack.pop()
        if not isinstance(item, dict):
            continue
        own = _name_of(item)
        draft = _draft(item, own, above)
        if draft["text"]:
            drafts.append(draft)
        stack += [(reply, own) for reply in reversed(_listed(item.get("comment")))]
    ids = identity.comment_ids([draft.pop("id") for draft in drafts])
    return tuple(Comment(id=unique, **draft) for unique, draft in zip(ids, drafts, strict=True))


def _draft(item: Thing, own: str | None, above: str | None) -> Thing:
    body = item.get("text") or item.get("description") or item.get("articleBody")
    printed = text(item.get("dateCreated")) or text(item.get("datePublished"))
    parent = item.get("parentItem")
    said = tidy.lines(body) if isinstance(body, str) else ""
    return {
        "id": own,
        "author": next(iter(names(item.get("author"))), None),
        "posted": parse_date(printed),
        "posted_text": printed,
        "text": said,
        "removed": is_removed(said),
        "parent": (_name_of(parent) if isinstance(parent, dict) else None) or above,
    }


def _name_of(item: Thing) -> str | None:
    """Return the id of a comment: the fragment of its address, else the address."""
    for key in ("@id", "identifier", "url"):
        value = item.get(key)
        if isinstance(value, str) and value.strip():
            return identity.given_id(value.rpartition("#")[2] or value)
    return None


def _kinds(thing: Thing) -> Iterator[str]:
    return (kind.lower() for kind in _listed(thing.get("@type")) if isinstance(kind, str))


def _listed(value: object) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]

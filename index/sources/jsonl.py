"""JSON Lines, one article a line: the documented way in for other people's data, and the way out.

Fields are those of ``Article``; unknown ones are ignored, a field of the wrong type makes the line unreadable.
Lines of retrieval collections (``_id``, ``title``, ``text``) are understood too.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from index.model import Article, Comment
from index.sources import identity, tidy
from index.sources.dates import parse_date
from index.sources.records import NotRead

if TYPE_CHECKING:
    from datetime import datetime

_MOST_COMMENTS = 2**31 - 1  # a printed count beyond this is not one

Record = dict[str, Any]


def loads(text: str) -> Any:  # JSON is any of six things until looked at
    """Parse JSON; what is wrong with it is raised as ``NotRead``."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as fault:
        cut = fault.pos >= len(text.rstrip()) or fault.msg.startswith("Unterminated")
        raise NotRead("truncated JSON" if cut else f"not JSON: {fault.msg.lower()}") from None
    except (RecursionError, ValueError):
        raise NotRead("not JSON: nested too deeply or a number too long") from None


def article_from_dict(data: object, path: str | None = None) -> Article:
    """Return the article a JSON object describes; ``path``, where it is read now, counts before its own."""
    if not isinstance(data, dict):
        raise NotRead("not a JSON object")
    record: Record = data
    if "_id" in record and "title" not in record:
        raise NotRead("a query of a retrieval collection, not an article")
    paragraphs = _paragraphs(record)
    title = tidy.one_line(_text(record, "title"))
    comments = _comments(record)
    if not (title or paragraphs or comments):
        raise NotRead("no title and no text")
    url = tidy.one_line(_text(record, "url"))
    given = identity.given_id(_name(record, "id") or _name(record, "_id"))
    published, published_text = _time(record, "published")
    section, further = _section(record)
    return Article(
        id=given or identity.article_id(url, title, paragraphs or tuple(c.text for c in comments)),
        title=title,
        url=url,
        source=tidy.one_line(_text(record, "source")),
        section=section,
        place=tidy.one_line(_text(record, "place")),
        published=published,
        published_text=published_text,
        authors=_texts(record, "authors"),
        editors=_texts(record, "editors"),
        topics=_texts(record, "topics") or further,
        paragraphs=paragraphs,
        captions=_texts(record, "captions"),
        comments=comments,
        furniture=_texts(record, "furniture"),
        path=path or _text(record, "path"),
        reported_comments=_count(record),
    )


def article_to_dict(article: Article) -> Record:
    """Return the JSON object of an article; ``article_from_dict`` gives the same article back."""
    return {
        "id": article.id,
        "title": article.title,
        "url": article.url,
        "source": article.source,
        "section": article.section,
        "place": article.place,
        "published": _stamp(article.published),
        "published_text": article.published_text,
        "authors": list(article.authors),
        "editors": list(article.editors),
        "topics": list(article.topics),
        "paragraphs": list(article.paragraphs),
        "captions": list(article.captions),
        "comments": [_comment_to_dict(comment) for comment in article.comments],
        "furniture": list(article.furniture),
        "path": article.path,
        "reported_comments": article.reported_comments,
    }


def _comment_to_dict(comment: Comment) -> Record:
    return {
        "id": comment.id,
        "author": comment.author,
        "posted": _stamp(comment.posted),
        "posted_text": comment.posted_text,
        "text": comment.text,
        "parent": comment.parent,
        "removed": comment.removed,
    }


def _stamp(moment: datetime | None) -> str | None:
    return re.sub(r"\+00:00$", "Z", moment.isoformat()) if moment else None  # not "+00:00:01"


def _paragraphs(record: Record) -> tuple[str, ...]:
    given = record.get("paragraphs", record.get("text"))
    if given is None:
        return ()
    if isinstance(given, str):
        return tidy.blocks(given)
    return _texts(record, "paragraphs")


def _comments(record: Record) -> tuple[Comment, ...]:
    found = record.get("comments")
    if found is None:
        return ()
    if not isinstance(found, list):
        raise NotRead("comments is not a list")
    read = [_comment(item, f"comments[{number}]") for number, item in enumerate(found)]
    kept = [comment for comment in read if comment["text"] or comment["removed"]]
    ids = identity.comment_ids([comment.pop("id") for comment in kept])
    return tuple(Comment(id=unique, **comment) for unique, comment in zip(ids, kept, strict=True))


def _comment(item: object, where: str) -> Record:
    if not isinstance(item, dict):
        raise NotRead(f"{where} is not an object")
    posted, posted_text = _time(item, "posted", where)
    removed = item.get("removed") is True
    return {
        "id": _name(item, "id", where),
        "author": tidy.one_line(_text(item, "author", where)),
        "posted": posted,
        "posted_text": posted_text,
        "text": tidy.lines(_text(item, "text", where) or "") or ("[removed]" if removed else ""),
        "removed": removed,
        "parent": identity.given_id(_name(item, "parent", where)),
    }


def _time(record: Record, field: str, where: str = "") -> tuple[datetime | None, str | None]:
    """Return a point in time and the text as printed; data that gives only one of them is read from that."""
    value = tidy.one_line(_text(record, field, where))
    printed = tidy.one_line(_text(record, f"{field}_text", where))
    if field not in record:
        return parse_date(printed), printed
    if value and f"{field}_text" not in record:
        printed = value
    return parse_date(value), printed


def _section(record: Record) -> tuple[str | None, tuple[str, ...]]:
    """Return the section; of several, the first, and all of them to serve as topics."""
    if isinstance(record.get("section"), list):
        sections = _texts(record, "section")
        return (sections[0] if sections else None), sections
    return tidy.one_line(_text(record, "section")), ()


def _texts(record: Record, field: str) -> tuple[str, ...]:
    value = record.get(field)
    if value is None:
        return ()
    if isinstance(value, str):
        return tidy.many([value])
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise NotRead(f"{field} is not a list of strings")
    return tidy.many(value)


def _text(record: Record, field: str, where: str = "") -> str | None:
    value = record.get(field)
    if value is not None and not isinstance(value, str):
        raise NotRead(f"{where}{'.' if where else ''}{field} is not a string")
    return value


def _name(record: Record, field: str, where: str = "") -> str | None:
    """Return an id, which data also writes as a number."""
    value = record.get(field)
    if isinstance(value, int) and not isinstance(value, bool) and value.bit_length() <= 64:  # noqa: PLR2004
        return str(value)
    return _text(record, field, where)


def _count(record: Record) -> int | None:
    value = record.get("reported_comments")
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= _MOST_COMMENTS:
        raise NotRead("reported_comments is not a count")
    return value

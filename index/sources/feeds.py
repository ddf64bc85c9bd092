"""News feeds (RSS, Atom): each entry an article; feeds of comments: an article for each story commented on.

The bytes are decoded and made well-formed here, without document type and entities, before feedparser sees them: then
nothing in them can grow, be fetched, or send it to its slow reader for broken feeds.
"""

from __future__ import annotations

import html
import io
import re
from typing import TYPE_CHECKING, Any

from index.sources import html_fragment, jsonl, tidy
from index.sources.opening import decoded
from index.sources.records import Note, NotRead, Report, Skip
from index.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.model import Article
    from index.sources.fields import Record

Feed = Any  # feedparser ships no types
Entry = Any

_ROOT = re.compile(rb"<(?:rss|feed|rdf:RDF|channel)[\s>]", re.IGNORECASE)
_PROLOG = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<")
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,300}\?>", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[<>]{0,1000}(?:\[(?:[^\]]|\](?!\s*>))*\]\s*)?>", re.IGNORECASE)
_ENTITY_DECLARED = re.compile(r"<!(?:ENTITY|ELEMENT|ATTLIST|NOTATION)\b", re.IGNORECASE)
_NAMED_ENTITY = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)([a-zA-Z]{2,10}\d{0,2});")
_COMMENTS_ON = re.compile(r"(?:comments on|kommentare zu|commentaires sur|comentarios en)\s*:?\s*(.+)", re.IGNORECASE)
_BY = re.compile(r"(?:by|von|par|por)\s*:\s*(.+)", re.IGNORECASE)
_COMMENT_ON_BY = re.compile(r"comment on (.+) by (.+)", re.IGNORECASE)
# What feedparser raises for odd feeds.
_FAULTS = (ValueError, TypeError, LookupError, AttributeError, AssertionError, RecursionError, ArithmeticError)


def looks_like(head: bytes) -> bool:
    """Tell a feed by its first element."""
    start = head.replace(b"\0", b"").lstrip(b"\xff\xfe")
    found = _ROOT.search(start)
    return bool(_PROLOG.match(start)) and found is not None and b"<html" not in start[: found.start()].lower()


def read(raw: bytes, name: str, report: Report) -> Iterator[Article]:
    """Yield the articles of a feed; entries without title and text are reported."""
    feed = _parsed(_well_formed(_text(raw)))
    if not feed.entries:
        raise NotRead("a feed without entries" if feed.version else "not a feed that can be read")
    title = html_fragment.line_of(_string(feed.feed, "title"))
    if _is_of_comments(title, feed.entries):
        yield from _commented(feed, title, name, report)
        return
    elsewhere = sum(bool(entry.get("wfw_commentrss")) for entry in feed.entries)
    if elsewhere:
        report(Note(name, f"{elsewhere:,} entries have their comments in feeds of their own, which are not fetched"))
    for number, entry in enumerate(feed.entries, start=1):
        yield from _article(_entry_record(entry, title), f"{name}[{number}]", name, report)


def _article(record: Record, where: str, name: str, report: Report) -> Iterator[Article]:
    try:
        yield jsonl.article_from_dict(record, name)
    except NotRead as fault:
        report(Skip(where, str(fault)))


def _text(raw: bytes) -> str:
    try:
        return clean(decoded(raw, declared=True)[0])
    except NotRead:
        if raw[:1] == b"<" and raw[1:2] == b"\0":
            return clean(raw.decode("utf-16-le", "replace"))
        raise


def _well_formed(text: str) -> bytes:
    """Return the feed as XML that any parser takes: no document type, no entities but those of XML."""
    from lxml import etree

    text = _DOCTYPE.sub("", _DECLARATION.sub("", text, count=1), count=1)
    if _ENTITY_DECLARED.search(text[:65_536]):
        raise NotRead("a feed that declares entities of its own; such are not read")
    text = _NAMED_ENTITY.sub(lambda found: html.unescape(found[0]), text)
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
    )
    try:
        root = etree.fromstring(text.strip().encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError) as fault:
        raise NotRead(f"not XML: {clean(str(fault))[:200].lower()}") from None
    if root is None:
        raise NotRead("not XML")
    written: bytes = etree.tostring(root, encoding="utf-8")
    return written


def _parsed(xml: bytes) -> Feed:
    import feedparser

    try:
        return feedparser.parse(io.BytesIO(xml), sanitize_html=False, resolve_relative_uris=False)
    except _FAULTS:
        raise NotRead("a feed that cannot be parsed") from None


def _entry_record(entry: Entry, source: str | None) -> Record:
    """Return an entry as the record of an article."""
    link = tidy.web_address(_string(entry, "link"))
    texts = [part.get("value") for part in entry.get("content", ()) if isinstance(part.get("value"), str)]
    text = max(texts, key=len, default="") or _string(entry, "summary") or ""
    own = entry.get("source")
    count = (_string(entry, "slash_comments") or "").strip()
    return {
        "id": _string(entry, "id") or link,
        "title": html_fragment.line_of(_string(entry, "title")),
        "url": link,
        "source": html_fragment.line_of(_string(own, "title") if isinstance(own, dict) else None) or source,
        "published": _string(entry, "published") or _string(entry, "updated"),
        "authors": _authors(entry),
        "topics": list(tidy.distinct(tag.get("term") or "" for tag in entry.get("tags", ()))),
        "paragraphs": list(html_fragment.paragraphs(text)),
        "reported_comments": int(count) if re.fullmatch(r"[0-9]{1,9}", count) else None,
    }


def _authors(entry: Entry) -> list[str]:
    named = [person.get("name") for person in entry.get("authors", ()) if isinstance(person, dict)]
    return list(tidy.distinct(name for name in named or [_string(entry, "author")] if name))


def _string(thing: Any, field: str) -> str | None:
    if field not in thing:  # its own get() would take one date for another, and warn
        return None
    return thing[field] if isinstance(thing[field], str) else None


def _is_of_comments(title: str | None, entries: list[Entry]) -> bool:
    """Tell a feed of comments: by the titles of all its entries, or by its own title and its entries' threading."""
    titles = [_string(entry, "title") or "" for entry in entries]
    if all(_BY.match(text) or _COMMENT_ON_BY.match(text) for text in titles):
        return True
    return bool(_COMMENTS_ON.match(title or "")) and all(_thread(entry) for entry in entries)


def _thread(entry: Entry) -> str | None:
    """Return what an entry says it replies to, in any of the forms feedparser gives."""
    given = entry.get("thr_in-reply-to") or entry.get("in-reply-to")
    return (given.get("ref") or given.get("href")) if isinstance(given, dict) else None


def _commented(feed: Feed, title: str | None, name: str, report: Report) -> Iterator[Article]:
    """Yield an article for each story the comments of a feed are on, in the order they come."""
    on = _COMMENTS_ON.match(title or "")
    whole = on[1] if on else None
    stories: dict[str, tuple[str | None, str | None, list[Record]]] = {}
    for entry in feed.entries:
        printed = html_fragment.line_of(_string(entry, "title")) or ""
        told = _COMMENT_ON_BY.match(printed)
        by = told[2] if told else (found[1] if (found := _BY.match(printed)) else None)
        link = (tidy.web_address(_string(entry, "link")) or "").partition("#")[0] or None
        key = link or (told[1] if told else whole) or ""
        story = stories.setdefault(key, (told[1] if told else whole, link, []))
        story[2].append(_comment_record(entry, by))
    for number, (headline, link, comments) in enumerate(stories.values(), start=1):
        source = html_fragment.line_of(_string(feed.feed, "subtitle")) if whole is None else None
        record = {"title": headline, "url": link, "source": source, "comments": comments}
        yield from _article(record, f"{name}[{number}]", name, report)


def _comment_record(entry: Entry, by: str | None) -> Record:
    texts = [part.get("value") or "" for part in entry.get("content", ())]
    text = max(texts, key=len, default="") or _string(entry, "summary") or ""
    authors = _authors(entry)
    return {
        "id": _string(entry, "id") or _string(entry, "link"),
        "author": authors[0] if authors else by,
        "posted": _string(entry, "published") or _string(entry, "updated"),
        "text": html_fragment.text_of(text),
        "parent": _thread(entry),
    }

"""What an HTML page says about its article: JSON-LD first, then microdata, ``meta`` elements and the visible page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from index.sources import byline, jsonld, names, tidy
from index.sources.dates import parse_date
from index.sources.markup import Element, has_word, is_prop, text_of
from index.text import squash

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

Metas = dict[str, list[str]]

_PUBLISHED_METAS = ("article:published_time", "datepublished", "date", "dc.date", "dc.date.issued", "pubdate")
_PUBLISHED_CLASS = re.compile(r".*(?:published|pubdate|post-?date|entry-?date|article-?date|timestamp).*")
_EDITED = re.compile(r"^edit(?:ed|or|ing)(?: by)?:?\s+(?P<names>\S.{1,150})$", re.IGNORECASE)
_EDITOR_CLASS = re.compile(r"(?:.*[-_])?editors?")
_AUTHOR_CLASS = re.compile(r"(?:.*[-_])?(?:byline|author)(?:[-_]name)?")
_SITE_TAIL = re.compile(r"\s+[|–—·»-]\s+[^|–—·»]{1,60}$")
_TAILS = re.compile(r"(?:\s+[|–—·»-]\s+[^|–—·»]{1,60}){1,4}")
_COUNTED = re.compile(
    r"^(?:(?:reader |user |your )?(?:comments?|responses?|replies|kommentare?|commentaires?|comentarios|opinions)\s*"
    r"[(:\[]?\s*(?P<after>\d[\d.,]{0,9})\s*[)\]]?"
    r"|(?P<before>\d[\d.,]{0,9})\s*(?:(?:reader|user) )?"
    r"(?:comments?|responses?|replies|thoughts|kommentare?|reaktionen|commentaires?|comentarios|opinions)\b.{0,200})$",
    re.IGNORECASE,
)
_ONE = re.compile(r"^(?:one|ein|eine) (?:comment|response|thought|reply|kommentar|reaktion)\b", re.IGNORECASE)
_COMMENT_PLACE = re.compile(
    r"(?:.*[-_])?(?:comments?|commentlist|commentsheader|discussions?|responses?|respond|disqus|kommentare?)(?:[-_].*)?"
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "legend", "summary")
_TITLE_SHARE = 3  # a heading is the headline if it makes a third of the window's title
_NO_NAME = re.compile(
    r"://|\b(?:all|alle|my|more) (?:\w+ )?(?:posts|articles|profile|beiträge|artikel)\b", re.IGNORECASE
)
_LEVELS = 5  # above a heading, to see whether it stands over comments
_LONGEST_HEADING = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known about an article besides its text."""

    title: str | None
    url: str | None
    source: str | None
    section: str | None
    place: str | None
    published: datetime | None
    published_text: str | None
    authors: tuple[str, ...]
    editors: tuple[str, ...]
    topics: tuple[str, ...]


def facts_of(root: Element, things: list[jsonld.Thing]) -> Facts:
    """Return what a page says about its article; comments must be out of it, their authors and dates mislead."""
    about = jsonld.article_of(things)
    metas = _metas(root)
    published, published_text = _published(root, about, metas)
    return Facts(
        title=_title(root, about, metas),
        url=_url(root, about, metas),
        source=_first([*jsonld.names(about.get("publisher"), things), *_meta(metas, "og:site_name")]),
        section=_first([jsonld.text(about.get("articleSection")), *_props(root, "articleSection"), *_section(metas)]),
        place=_first([jsonld.text(about.get("contentLocation")), jsonld.text(about.get("dateline"))]),
        published=published,
        published_text=published_text,
        authors=_authors(root, about, things, metas),
        editors=_editors(root, about, things),
        topics=_topics(about, metas),
    )


def comment_count(root: Element, things: list[jsonld.Thing]) -> int | None:
    """Return the number of comments a page prints, else the one it states for machines."""
    for heading in root.iter(*_HEADINGS):
        printed = tidy.one_line(text_of(heading))
        count = counted(printed) if printed and len(printed) <= _LONGEST_HEADING else None
        if count is not None and _stands_over_comments(heading):
            return count
    for prop in _props(root, "commentCount"):
        if prop.isascii() and prop.isdigit():
            return int(prop[:9])
    return jsonld.count(jsonld.article_of(things))


def is_comment_place(element: Element) -> bool:
    """Tell whether an element is by its name where the comments of a page are."""
    return has_word(element, _COMMENT_PLACE)


def counted(heading: str) -> int | None:
    """Return the number of comments a heading prints: ``Comments (3)``, ``5 thoughts on …``."""
    if _ONE.match(heading):
        return 1
    found = _COUNTED.match(heading)
    digits = re.sub(r"\D", "", found["after"] or found["before"]) if found else ""
    return int(digits) if digits else None


def _stands_over_comments(heading: Element) -> bool:
    above = heading
    for _ in range(_LEVELS):
        if above is None or above.tag in ("body", "html"):
            return False
        if is_comment_place(above):
            return True
        above = above.getparent()
    return False


def _title(root: Element, about: jsonld.Thing, metas: Metas) -> str | None:
    """Return the headline: as given for machines, else the heading that the title of the window repeats."""
    given = _first([jsonld.text(about.get("headline")), *_props(root, "headline"), *_meta(metas, "og:title", "title")])
    headings = [heading for heading in (tidy.one_line(text_of(h)) for h in root.iter("h1", "h2", "h3")) if heading]
    if given:
        return _shown(given, headings)
    window = tidy.one_line(next((text_of(title) for title in root.iter("title")), None)) or ""
    tops = [tidy.one_line(text_of(heading)) or "" for heading in root.iter("h1")]
    alike = tops if len(tops) == 1 and _alike(tops[0], window) else []
    repeated = sorted((heading for heading in headings if heading in window), key=len, reverse=True)
    likely = (heading for heading in (*alike, *repeated) if len(heading) * _TITLE_SHARE >= len(window))
    return _first([*likely, _SITE_TAIL.sub("", window), *tops])


def _alike(heading: str, window: str) -> bool:
    """Tell whether half the words of a heading are in the title of the window: sites shorten it differently."""
    shared = set(heading.casefold().split())
    return bool(shared) and len(shared & set(window.casefold().split())) * 2 >= len(shared)


def _shown(given: str, headings: list[str]) -> str:
    """Return the title given for machines, without the site's name where a heading of the page lacks it."""
    return next((h for h in headings if given.startswith(h) and _TAILS.fullmatch(given[len(h) :])), given)


def _url(root: Element, about: jsonld.Thing, metas: Metas) -> str | None:
    links = [link.get("href") for link in root.iter("link") if "canonical" in (link.get("rel") or "").lower().split()]
    stated = [
        *links,
        *_meta(metas, "og:url"),
        jsonld.text(about.get("url")),
        jsonld.text(about.get("mainEntityOfPage")),
    ]
    addresses = [address for address in map(tidy.web_address, stated) if address]
    # The front page is no address of an article, though careless sites give it for each of them.
    return next((a for a in addresses if urlsplit(a).path.strip("/") or urlsplit(a).query), None)


def _published(root: Element, about: jsonld.Thing, metas: Metas) -> tuple[datetime | None, str | None]:
    for stamp in (jsonld.text(about.get("datePublished")), *_meta(metas, *_PUBLISHED_METAS)):
        if moment := parse_date(stamp):
            return moment, _printed(root, moment) or stamp
    for element in _dated(root):
        printed = tidy.one_line(text_of(element), tidy.MAX_NAME)
        stamp = tidy.one_line(element.get("datetime") or element.get("content") or element.get("title"))
        if moment := parse_date(stamp) or parse_date(printed):
            return moment, printed or stamp
    return None, None


def _printed(root: Element, moment: datetime) -> str | None:
    """Return how the page itself prints a point in time."""
    times = (time for time in root.iter("time") if parse_date(time.get("datetime")) == moment)
    return next(filter(None, (tidy.one_line(text_of(time), tidy.MAX_NAME) for time in times)), None)


def _dated(root: Element) -> Iterator[Element]:
    """Yield the elements that may hold the date of publication, the likeliest first."""
    elements = list(root.iter())
    yield from (element for element in elements if is_prop(element, "datePublished"))
    yield from (element for element in elements if is_prop(element, "dateCreated"))
    times = [element for element in elements if element.tag == "time"]
    yield from (element for element in times if element.get("pubdate") is not None)
    yield from (element for element in elements if has_word(element, _PUBLISHED_CLASS))
    yield from times[:1]


def _authors(root: Element, about: jsonld.Thing, things: list[jsonld.Thing], metas: Metas) -> tuple[str, ...]:
    stated = jsonld.names(about.get("author"), things) or tidy.distinct(_props(root, "author"))
    if stated:
        return _people(stated)
    linked = [text_of(a) for a in root.iter("a") if "author" in (a.get("rel") or "").lower().split()]
    listed = _meta(metas, "author", "article:author", "dc.creator")
    printed = [text_of(element) for element in root.iter("p", "div", "span") if has_word(element, _AUTHOR_CLASS)]
    named = [name for line in printed for name in byline.from_lead(squash(line))]
    return _people(listed) or _people(linked) or _people(named)


def _people(lines: Iterable[str]) -> tuple[str, ...]:
    named = (line for line in map(squash, lines) if not _NO_NAME.search(line))
    return tidy.distinct(name for line in named for name in names.people(line))


def _editors(root: Element, about: jsonld.Thing, things: list[jsonld.Thing]) -> tuple[str, ...]:
    stated = jsonld.names(about.get("editor"), things)
    printed = (squash(text_of(e)) for e in root.iter("p", "div", "span") if has_word(e, _EDITOR_CLASS))
    found = filter(None, map(_EDITED.match, printed))
    return stated or tidy.distinct(name for match in found for name in byline.people_in(match["names"]))


def _topics(about: jsonld.Thing, metas: Metas) -> tuple[str, ...]:
    keywords = jsonld.names(about.get("keywords")) or tuple(_meta(metas, "article:tag", "news_keywords"))
    return tidy.distinct(part for keyword in keywords for part in keyword.split(","))


def _section(metas: Metas) -> list[str]:
    return [section for section in _meta(metas, "article:section") if "://" not in section]


def _props(root: Element, name: str) -> list[str]:
    """Return the values of a microdata property of the article, that is, of none nested under another author."""
    found = []
    for element in root.iter():
        if not is_prop(element, name):
            continue
        inner = [part for part in element.iter() if part is not element and is_prop(part, "name")]
        value = element.get("content") or (text_of(inner[0]) if inner else text_of(element))
        found.append(squash(value or inner[0].get("content") or "" if inner else value))
    return [value for value in found if value and len(value) <= _LONGEST_HEADING]


def _metas(root: Element) -> Metas:
    found: Metas = {}
    for meta in root.iter("meta"):
        content = tidy.one_line(meta.get("content"))
        for attribute in ("property", "name", "itemprop"):
            name = (meta.get(attribute) or "").lower()
            if name and content:
                found.setdefault(name, []).append(content)
    return found


def _meta(metas: Metas, *names: str) -> list[str]:
    return [content for name in names for content in metas.get(name, ())]


def _first(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value), None)

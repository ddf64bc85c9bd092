"""Markdown: front matter in YAML or TOML, the first heading as the headline, the text without its marks."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from index.sources import byline, fields, furniture, html_fragment, jsonl, tidy
from index.sources.dates import parse_date
from index.sources.records import MIB, NotRead
from index.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from index.model import Article
    from index.sources.fields import Record

Token = Any
Front = dict[str, Any]

_SUFFIXES = frozenset((".md", ".markdown", ".mdown", ".mkd"))
_PACKED = re.compile(r"\.(?:gz|zst|bz2|xz)$", re.IGNORECASE)
_FRONT = re.compile(r"\s*(---|\+\+\+)[ \t]*\n(.{0,16384}?)\n(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_YAML_START = re.compile(r"\s*---[ \t]*\n\s*(?:#[^\n]*\n)*[\w-]+:[ \t\n]")
_LARGEST = 2 * MIB
_HEADER_BLOCKS = 3  # below the headline, where a byline and a date may stand
_HEADLINE_CHARS = 300
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_SIGNS = "[]*_~`<!&"
_MOST_SIGNS = 1000
_MOST_BRACKETS = 200  # the YAML parser takes minutes over thousands
_NAMES = {  # fields of an article and how front matter calls them
    "id": ("id", "guid"),
    "title": ("title", "headline"),
    "published": ("date", "published", "pubdate", "publishDate", "published_at", "created"),
    "url": ("url", "canonical_url", "canonical", "link", "original_url", "source_url"),
    "source": ("source", "site", "publication", "publisher"),
    "section": ("section", "category"),
    "place": ("place", "location"),
}


def looks_like(text: str, path: PurePath | str) -> bool:
    """Tell Markdown by its name, or by YAML front matter where the name says nothing."""
    suffix = PurePath(_PACKED.sub("", PurePath(path).name)).suffix.lower()
    return suffix in _SUFFIXES or (suffix in ("", ".txt", ".text") and bool(_YAML_START.match(text[:4096])))


def read(text: str, name: str) -> Article:
    """Return the article a Markdown text is."""
    if len(text) > _LARGEST:
        raise NotRead(f"Markdown larger than {_LARGEST // MIB} MiB")
    front, body = _parted(clean(text))
    try:
        headline, blocks, captions = _blocks(body)
    except (RecursionError, ValueError, IndexError):
        raise NotRead("Markdown that cannot be parsed") from None
    record: Record = {field: told for field, names in _NAMES.items() if (told := _given(front, names))}
    if "title" not in record:
        record["title"] = headline or _short_start(blocks)
    authors = fields.people_in(_first(front, ("authors", "author", "by", "byline")))
    record |= _header(blocks, record, authors)
    blocks = [block for block in blocks if block != record["title"] and not furniture.is_prompt(block)]
    topics = _first(front, ("tags", "topics", "keywords", "categories"))
    split = re.split(r"[;,]", topics) if isinstance(topics, str) else topics
    return jsonl.article_from_dict(
        record | {"paragraphs": blocks, "captions": captions, "topics": _strings(split)}, name
    )


def _parted(text: str) -> tuple[Front, str]:
    """Return the front matter and what follows it; what is none is left in the text."""
    found = _FRONT.match(text)
    front = _front(found[2], found[1]) if found else None
    return (front, text[found.end() :]) if found and front is not None else ({}, text)


def _front(written: str, mark: str) -> Front | None:
    """Parse front matter; YAML by the loader that knows only texts, lists and mappings."""
    import yaml

    if written.count("[") + written.count("{") > _MOST_BRACKETS:
        return None
    try:
        found = tomllib.loads(written) if mark == "+++" else yaml.load(written, Loader=yaml.BaseLoader)
    except (yaml.YAMLError, tomllib.TOMLDecodeError, RecursionError, ValueError):
        return None
    return found if isinstance(found, dict) else {} if found is None else None


def _first(front: Front, names: Iterable[str]) -> Any:
    return next((front[name] for name in names if front.get(name)), None)


def _given(front: Front, names: Iterable[str]) -> str | None:
    value = _first(front, names)
    if hasattr(value, "isoformat"):  # TOML has dates of its own
        return str(value.isoformat())
    return tidy.one_line(value) if isinstance(value, str) else None


def _strings(value: Any) -> list[str]:
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _short_start(blocks: Sequence[str]) -> str | None:
    """Return the first block as the headline, if it may be one."""
    return blocks[0] if len(blocks) > 1 and len(blocks[0]) <= _HEADLINE_CHARS else None


def _header(blocks: list[str], record: Record, authors: list[str]) -> Record:
    """Take the byline and the date that stand under the headline out of the text, where nothing else gave them."""
    start = [block for block in blocks if block != record["title"]][:_HEADER_BLOCKS]
    line = next((block for block in start if byline.from_lead(block)), None) if not authors else None
    printed = next(filter(parse_date, start), None) if "published" not in record else None
    for block in filter(None, (line, printed)):
        blocks.remove(block)
    header: Record = {"authors": list(byline.from_lead(line)) if line else authors}
    return header | ({"published": printed} if printed else {})


def _blocks(body: str) -> tuple[str | None, list[str], list[str]]:
    """Return the headline (the first heading of rank one, else the first), the blocks of text and the captions."""
    references: dict[str, Any] = {}
    headings: list[tuple[str, str]] = []
    blocks: list[str] = []
    captions: list[str] = []
    row: list[str] | None = None
    opened = ""
    for token in _parser().parse(body, references):
        children = _inline(token.content, references) if token.type == "inline" else []
        texts = _texts(token, children)
        captions += [child.content for child in children if child.type == "image" and child.content]
        if token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            blocks += tidy.many([" ".join(row or ())])
            row = None
        elif opened in _HEADINGS and texts:
            headings.append((opened, texts[0]))
        (blocks if row is None else row).extend(texts)
        opened = token.tag if token.type == "heading_open" else ""
    first = next((text for tag, text in headings if tag == "h1"), headings[0][1] if headings else None)
    return first, blocks, list(tidy.distinct(captions))


def _inline(content: str, references: dict[str, Any]) -> Sequence[Token]:
    """Parse the marks within a block; thousands of them in one block would take minutes, and stay as they are."""
    if sum(map(content.count, _SIGNS)) > _MOST_SIGNS:
        return (_Verbatim(content),)
    found: list[Token] = []
    _parser().inline.parse(content, _parser(), references, found)
    return found


@dataclass(frozen=True, slots=True)
class _Verbatim:
    """Text in which no marks are looked for, in the form of the parser's tokens."""

    content: str
    type: str = "text"


def _texts(token: Token, children: Sequence[Token]) -> tuple[str, ...]:
    """Return the blocks of text a token holds, on one line each."""
    if token.type == "inline":
        return tidy.many(["".join(_words(children))])
    if token.type in ("fence", "code_block"):
        return tidy.many([token.content])
    return html_fragment.paragraphs(f"<div>{token.content}</div>") if token.type == "html_block" else ()


def _words(children: Iterable[Token]) -> Iterator[str]:
    """Yield the text of inline marks; pictures give none, for their words are captions."""
    for child in children:
        if child.type in ("softbreak", "hardbreak"):
            yield " "
        elif child.type in ("text", "text_special", "code_inline"):
            yield child.content


@cache
def _parser() -> Any:  # imported with the first Markdown file
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable(["table", "strikethrough"]).disable("inline")

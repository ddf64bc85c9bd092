"""Plain prose as an article: the first line is the headline, the rest its paragraphs."""

from __future__ import annotations

import re
from itertools import dropwhile

from index.model import Article
from index.sources import byline, furniture, identity, page_furniture, tidy
from index.sources.dates import parse_date
from index.sources.records import NotRead
from index.text import clean, squash

_HEADLINE_CHARS = 300
_PROSE_CHARS = 40  # of the longest paragraph; fewer where a blank line sets the headline off
_FEW_CHARS = 8
_PROSE_SHARE = 0.75  # letters and spaces among its characters
_HEADER_LINES = 3  # below the headline, where a byline and a date may stand
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_MARKDOWN = re.compile(r"^#{1,6}\s+|\s+#+$")


def read(text: str, path: str) -> Article:
    """Return the text as an article, if it reads like prose."""
    title, *rest = _blocks(text)
    title = _MARKDOWN.sub("", title)
    if len(title) > _HEADLINE_CHARS:
        raise NotRead("not an article: its first line is too long for a headline")
    header = rest[:_HEADER_LINES]
    authors = next(filter(None, map(byline.from_lead, header)), ())
    printed = next(filter(parse_date, header), None)
    paragraphs = tuple(
        line for line in rest if line != printed and not furniture.is_furniture(line) and not _is_byline(line, authors)
    )
    least = _FEW_CHARS if _BLANK_LINE.search(clean(text).strip()) else _PROSE_CHARS
    if not title or not any(_is_prose(paragraph, least) for paragraph in paragraphs):
        raise NotRead("not an article: no headline with prose below it")
    return Article(
        id=identity.article_id(None, title, paragraphs),
        title=title,
        published=parse_date(printed),
        published_text=printed,
        authors=authors,
        paragraphs=paragraphs,
        furniture=page_furniture.kept(filter(furniture.is_furniture, rest), {title, *paragraphs}),
        path=path,
    )


def _blocks(text: str) -> list[str]:
    """Return the headline and the paragraphs: between blank lines, or line by line where there are none."""
    lines = list(dropwhile(_is_no_headline, clean(text).split("\n"))) or [""]
    body = "\n".join(lines[1:])
    parts = tidy.blocks(body)
    return [squash(lines[0]), *(parts if len(parts) > 1 else tidy.many(lines[1:]))]


def _is_no_headline(line: str) -> bool:
    squashed = squash(line)
    return not squashed or furniture.is_prompt(squashed)


def _is_byline(line: str, authors: tuple[str, ...]) -> bool:
    return bool(authors) and byline.from_lead(line) == authors


def _is_prose(paragraph: str, least: int) -> bool:
    letters = sum(char.isalpha() or char == " " for char in paragraph)
    return len(paragraph) >= least and letters >= _PROSE_SHARE * len(paragraph)

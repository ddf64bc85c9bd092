"""Text as it is passed on: cleaned, paragraphs on one line, names and addresses made safe."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from index.text import clean, squash

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_NAME = 300  # a "name" beyond this is a mistake of the page

_BLANK_LINE = re.compile(r"\n[^\S\n]*(?:\n[^\S\n]*)+")


def one_line(text: str | None, limit: int | None = None) -> str | None:
    """Return ``text`` on one clean line, or ``None`` where nothing is left."""
    squashed = squash(text) if text else ""
    return (squashed[:limit].rstrip() if limit else squashed) or None


def many(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the texts on one line each, without the empty ones."""
    return tuple(line for line in map(squash, texts) if line)


def distinct(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the texts on one line each, each once, in order."""
    return tuple(dict.fromkeys(many(texts)))


def lines(text: str) -> str:
    """Return the text with its line breaks: each line squashed, blank lines at most one at a time."""
    squashed = "\n".join(map(squash, clean(text).split("\n")))
    return re.sub(r"\n{3,}", "\n\n", squashed).strip()


def blocks(text: str) -> tuple[str, ...]:
    """Split on blank lines and return what stands between them, one line each."""
    return many(_BLANK_LINE.split(clean(text)))


def names(text: str) -> tuple[str, ...]:
    """Split a printed list of people: ``A, B and C``."""
    parts = re.split(r"\s*[;,]\s*(?:and\s+)?|\s+(?:and|&)\s+", squash(text))
    return distinct(part for part in parts if len(part) <= MAX_NAME)


def web_address(url: str | None) -> str | None:
    """Return ``url`` if it is an absolute web address."""
    address = one_line(url)
    if not address or " " in address:
        return None
    try:
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and parts.netloc else None

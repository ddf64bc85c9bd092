"""Ids: those given, made safe, and those made from an address or from the text.

The same page saved twice must be one article, so tracking parameters, fragments and the scheme of an address do
not count.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from index.text import squash

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MAX_ID = 200
_DIGITS = 16  # of the sha256: two articles meet by chance only beyond billions

_TRACKING = re.compile(r"(?:utm_\w*|fbclid|gclid|dclid|msclkid|yclid|igshid|mc_cid|mc_eid)(?:=|$)", re.IGNORECASE)
_UNSAFE = re.compile(r"[\s#]+")
_DEFAULT_PORT = re.compile(r":(?:80|443)?$")


def given_id(value: str | None) -> str | None:
    """Return an id from data without spaces, control characters and ``#``; very long ones are hashed."""
    safe = _UNSAFE.sub("_", squash(value or ""))
    return _hash(safe) if len(safe) > MAX_ID else safe or None


def article_id(url: str | None, title: str | None, texts: Iterable[str]) -> str:
    """Return the id of an article that has none: of its address, else of its words."""
    address = canonical(url) if url else None
    return _hash(address or "\n".join((title or "", *texts)))


def canonical(url: str) -> str | None:
    """Return what identifies a web page: host, path and query without tracking parameters."""
    try:
        parts = urlsplit(squash(url))
    except ValueError:
        return None
    if not parts.netloc:
        return None
    host = _DEFAULT_PORT.sub("", parts.netloc.rpartition("@")[2].lower())
    query = "&".join(pair for pair in parts.query.split("&") if pair and not _TRACKING.match(pair))
    return f"{host}{parts.path.rstrip('/')}{'?' if query else ''}{query}"


def comment_ids(given: Sequence[str | None]) -> list[str]:
    """Return one id per comment, each different: as given, else the position counted from 1."""
    known = [given_id(value) for value in given]
    taken = set(known)
    seen: set[str] = set()
    ids = []
    for position, value in enumerate(known, start=1):
        unique = value or _free(str(position), taken)
        unique = _free(unique, seen) if unique in seen else unique
        seen.add(unique)
        ids.append(unique)
    return ids


def _free(wanted: str, taken: set[str | None] | set[str]) -> str:
    """Return ``wanted`` or the first of ``wanted-2``, ``wanted-3``, … that is not taken."""
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}-{number}", number + 1
    return name


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:_DIGITS]

"""Pages saved as one file with all their parts (MHTML), and mails that hold a page (EML).

The date of such a file is when it was saved or sent; that is never taken for when the story was published.
"""

from __future__ import annotations

import re
from email import message_from_bytes, policy
from typing import TYPE_CHECKING

from index.sources import container
from index.sources.records import NotRead, Report

if TYPE_CHECKING:
    from email.message import Message

    from index.model import Article

_FIELD = re.compile(rb"[!-9;-~]{1,100}:|[ \t]")
_NEEDED = (b"mime-version:", b"content-type:")
_MOST_LINES = 60
# What the parser, made for mail as it should be, raises for mail as it is.
_FAULTS = (ValueError, TypeError, LookupError, AttributeError, AssertionError, RecursionError)
_MOST_PARTS = 10_000


def looks_like(head: bytes) -> bool:
    """Tell a saved page by its mail header."""
    lines = head.lstrip(b"\r\n")[:16_384].replace(b"\r\n", b"\n").partition(b"\n\n")[0].split(b"\n")[:_MOST_LINES]
    names = b"\n" + b"\n".join(lines).lower()
    return all(b"\n" + name in names for name in _NEEDED) and all(map(_FIELD.match, filter(None, lines)))


def read(raw: bytes, name: str, report: Report) -> Article:
    """Return the article on the page that the file holds."""
    try:
        message = message_from_bytes(raw.lstrip(b"\r\n"), policy=policy.compat32)
        part = _page_of(message)
        page = part.get_payload(decode=True) if part is not None else None
        charset = part.get_content_charset() if part is not None else None
        address = _address(message, part) if part is not None else None
    except _FAULTS:
        raise NotRead("a saved page that cannot be taken apart") from None
    if not isinstance(page, bytes):
        raise NotRead("a mail or saved page without HTML in it")
    return container.page_article(page, charset, name, address)


def _page_of(message: Message) -> Message | None:
    """Return the part that is the page: the one the container names as its start, else the first HTML."""
    start = _param(message, "start")
    found = []
    for number, part in enumerate(message.walk()):
        if number >= _MOST_PARTS:
            break
        if part.get_content_type() in ("text/html", "application/xhtml+xml"):
            found.append(part)
    named = (part for part in found if start and str(part.get("Content-ID", "")).strip() == start)
    return next(named, found[0] if found else None)


def _param(message: Message, name: str) -> str | None:
    value = message.get_param(name)
    return value.strip() if isinstance(value, str) else None


def _address(message: Message, part: Message) -> str | None:
    """Return where the page was: told by the browser for the whole, or by the part."""
    given = message.get("Snapshot-Content-Location") or part.get("Content-Location")
    return "".join(str(given).split()) if given else None

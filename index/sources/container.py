"""What readers of containers of pages share: the bytes of a page as text, and its article with its address."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from index.sources import html_door
from index.sources.opening import decoded, read_as, text_encoding
from index.sources.records import NotRead

if TYPE_CHECKING:
    from index.model import Article


def page_article(raw: bytes, charset: str | None, name: str, url: str | None) -> Article:
    """Return the article on a page given as bytes; an address the page does not tell itself is the container's."""
    text = page_text(raw, charset)
    if not text.strip():
        raise NotRead("empty")
    return html_door.read_html(text, name, url)


def page_text(raw: bytes, charset: str | None) -> str:
    """Return a page as text: UTF-8 if it is that, else what its container says, else what it declares itself."""
    encoding = text_encoding(charset)
    if encoding is not None and not raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) and not _is_utf8(raw):
        found = read_as(raw, encoding)
        if found is not None:
            return found[0]
    return decoded(raw, declared=True)[0]


def _is_utf8(raw: bytes) -> bool:
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True

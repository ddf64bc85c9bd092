"""What readers of containers of pages share: the bytes of a page as text, and its article with its address."""

from __future__ import annotations

import codecs
from dataclasses import replace
from typing import TYPE_CHECKING

from index.sources import html_door, identity, tidy
from index.sources.opening import decoded
from index.sources.records import NotRead

if TYPE_CHECKING:
    from index.model import Article

# As browsers do: the wider encoding that contains the one declared.
_WIDER = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932",
          "euc_kr": "cp949", "iso8859-9": "cp1254", "big5": "big5hkscs", "tis-620": "cp874"}  # fmt: skip
_PREFIXES = ("utf", "iso8859", "cp", "koi8", "gb", "big5", "euc", "shift", "iso2022", "mac", "ascii", "tis")
_TOLERATED = 1000  # one undecodable byte in so many is a scratch, more is another encoding


def page_article(raw: bytes, charset: str | None, name: str, url: str | None) -> Article:
    """Return the article on a page given as bytes; an address the page does not tell itself is the container's."""
    text = page_text(raw, charset)
    if not text.strip():
        raise NotRead("empty")
    address = tidy.web_address(url)
    article = html_door.read_html(text, name, address)
    if article.url is not None or address is None:
        return article
    texts = article.paragraphs or tuple(comment.text for comment in article.comments)
    return replace(article, url=address, id=identity.article_id(address, article.title, texts))


def page_text(raw: bytes, charset: str | None) -> str:
    """Return a page as text: UTF-8 if it is that, else what its container says, else what it declares itself."""
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        encoding = _text_encoding(charset)
    if encoding is not None and not raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = raw.decode(encoding, "replace")
        if text.count("\ufffd") * _TOLERATED <= len(text):
            return text.removeprefix("\ufeff")
    return decoded(raw, declared=True)[0]


def _text_encoding(charset: str | None) -> str | None:
    try:
        name = codecs.lookup((charset or "").strip(" \"'")).name
    except (LookupError, ValueError):
        return None
    return _WIDER.get(name, name) if name.startswith(_PREFIXES) and name != "utf-7" else None

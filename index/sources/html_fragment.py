"""HTML in a field of something else, a feed's entry or a table's cell: its text, without the hunt for a story."""

from __future__ import annotations

import html
import re

from index.sources import markup, tidy
from index.sources.records import NotRead

_TAG = re.compile(
    r"</?(?:p|br|div|span|a|b|i|em|strong|ul|ol|li|h[1-6]|img|blockquote|figure|table)\b[^<>]{0,2000}>", re.I
)
_ENTITY = re.compile(r"&(?:[a-zA-Z]{2,8}|#\d{2,6}|#x[0-9a-fA-F]{2,5});")


def is_html(text: str) -> bool:
    """Tell whether a text is written in HTML, by any of the tags that text is written with."""
    return bool(_TAG.search(text))


def text_of(text: str) -> str:
    """Return the text of a fragment with its line breaks; what is not HTML has its character references read."""
    if "<" not in text and "&" not in text:
        return text
    if not is_html(text):
        return html.unescape(text) if _ENTITY.search(text) else text
    try:
        return markup.text_of(markup.parse(f"<html><body><div>{text}</div></body></html>"))
    except NotRead:
        return ""


def line_of(text: str | None) -> str | None:
    """Return the text of a fragment on one line, or ``None`` where nothing is left."""
    return tidy.one_line(text_of(text)) if text else None


def paragraphs(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a fragment."""
    return tidy.blocks(text_of(text))

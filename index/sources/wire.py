"""An article between two processes: the JSON object of ``jsonl``, taken back exactly as it was sent.

``jsonl.article_from_dict`` is for other people's data and tidies what it is given; here nothing may change, so every
field is put back as it is, and one that is missing or new is an error.
"""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import datetime
from struct import Struct
from typing import TYPE_CHECKING, Any, Final

from index.model import Article, Comment
from index.sources.jsonl import article_to_dict

if TYPE_CHECKING:
    from index.sources.jsonl import Record

LENGTH: Final = Struct(">Q")
"""What stands before each message: the number of its bytes."""


def packed(message: Record) -> bytes:
    """Return a message as it travels: its length, then JSON in ASCII, which carries lone surrogates too."""
    body = json.dumps(message).encode("ascii")
    return LENGTH.pack(len(body)) + body


def unpacked(body: bytes) -> Record:
    """Return the message without its length; raises ``ValueError`` where it is none."""
    message = json.loads(body)
    if not isinstance(message, dict):
        raise ValueError("not a message")
    return message


def to_record(article: Article) -> Record:
    """Return the JSON object of an article."""
    return article_to_dict(article)


def from_record(record: Record) -> Article:
    """Return the very article whose object this is."""
    comments = tuple(Comment(**_values(Comment, comment)) for comment in record["comments"])
    return Article(**{**_values(Article, record), "comments": comments})


def _values(kind: type[Article | Comment], record: Record) -> Record:
    return {field.name: _value(field.name, record[field.name]) for field in fields(kind)}


def _value(name: str, value: Any) -> Any:
    if name in ("published", "posted") and value is not None:
        return datetime.fromisoformat(value)
    return tuple(value) if isinstance(value, list) else value

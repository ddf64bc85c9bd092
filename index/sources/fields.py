"""Which column of foreign data fills which field, and the records of our own form that come of it.

A record goes on to ``jsonl.article_from_dict``, so that there is one place where an article is made of data.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from index.sources import byline, html_fragment, tidy

if TYPE_CHECKING:
    from collections.abc import Mapping

Record = dict[str, Any]

_NOTHING = frozenset(("", "nan", "NaN", "None", "none", "null", "NULL", "N/A", "n/a", "\\N", "-"))
_NAMED_BY = ("name", "full_name", "title", "text", "value", "label", "term", "#text", "username", "href", "url")
_QUOTED = re.compile(r"""'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)\"""")
_BY = re.compile(r"^(?:by|von|par|por|di|door)\s+", re.IGNORECASE)
_REMOVED = re.compile(r"\[?\s*(?:deleted|removed|comment (?:deleted|removed)|deleted by \w+)\s*\]", re.IGNORECASE)
_SECONDS = re.compile(r"1\d{9}(?:\.0*)?")  # 2001 to 2033; other numbers are no clear times
_MILLISECONDS = re.compile(r"1\d{12}")
_WRAPPED_AT = 100  # lines beyond are paragraphs, shorter ones may be broken by width
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DEEPEST = 8
YEARS = range(1600, 2200)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """Where the value of a field comes from: a column (dotted inside nested data), or a constant."""

    name: str | None = None
    value: str | None = None
    format: str | None = None
    """Of a time: ``unix``, ``unix-ms`` or a pattern of ``strptime``; ``None`` where it is to be told by its look."""
    strip: str | None = None
    """What is cut off the front of a value, such as ``t3_``."""


Fields = dict[str, Column]


def article_record(cells: Mapping[str, Any], fields: Fields) -> Record:
    """Return the record of an article, its comments in it where the data nests them."""
    record: Record = {}
    for field, column in fields.items():
        value = _value(cells, column)
        if value is not None:
            record |= _article_field(field, value, column)
    return record


def comment_record(cells: Mapping[str, Any], fields: Fields) -> Record:
    """Return the record of a comment; without text and without a mark that it was removed it is empty."""
    record: Record = {}
    for field in ("id", "author", "posted", "parent"):
        value = _value(cells, fields[field]) if field in fields else None
        if value is not None:
            record |= _time(field, value, fields[field]) if field == "posted" else {field: text_in(value)}
    raw = text_in(_value(cells, fields["text"])) or ""
    text = tidy.lines(html_fragment.text_of(raw))
    gone = bool(_REMOVED.fullmatch(text)) or _is_true(fields.get("removed"), cells)
    return record | {"text": text, "removed": gone} if text or gone else {}


def key_of(cells: Mapping[str, Any], column: Column) -> str | None:
    """Return what joins a comment to its article, one line of text."""
    return tidy.one_line(text_in(_value(cells, column)))


def text_in(value: object) -> str | None:
    """Return a value as text: a number as it is written, an object by its name, a list joined."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool) or (isinstance(value, int) and value.bit_length() > 64):  # noqa: PLR2004
        return None
    if isinstance(value, (int, float)):
        return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    if isinstance(value, dict):
        return next((value[key] for key in _NAMED_BY if isinstance(value.get(key), str)), None)
    return "\n\n".join(filter(None, map(text_in, value))) if isinstance(value, list) and _is_flat(value) else None


def _is_flat(value: list[Any]) -> bool:
    return not any(isinstance(item, list) for item in value)


def _value(cells: Mapping[str, Any], column: Column) -> Any:  # data of any kind
    """Return what the cells hold for a column; what stands for "nothing" in data is ``None``."""
    if column.value is not None:
        return column.value
    found = _at(cells, column.name or "")
    if isinstance(found, str):
        found = found.removeprefix(column.strip) if column.strip else found
        return None if found.strip() in _NOTHING else found
    return None if found in ([], {}) or found != found else found  # noqa: PLR0124 -- NaN


def _at(cells: Mapping[str, Any], name: str) -> Any:
    """Return the value at a dotted name; a list on the way gives the list of what its members have there."""
    if name in cells:
        return cells[name]
    found: Any = cells
    for part in name.split(".")[:_DEEPEST]:
        if isinstance(found, list):
            found = [item[part] for item in found if isinstance(item, dict) and part in item]
        else:
            found = found.get(part) if isinstance(found, dict) or found is cells else None
    return found


def _article_field(field: str, value: Any, column: Column) -> Record:
    match field:
        case "paragraphs":
            return {field: _paragraphs(value)}
        case "published":
            return _time(field, value, column)
        case "authors" | "editors":
            return {field: people_in(value)}
        case "topics" | "captions":
            return {field: _list(value, ";|," if field == "topics" else "\n")}
        case "reported_comments":
            counted = text_in(value) or ""
            return {field: int(counted)} if re.fullmatch(r"\d{1,9}", counted) else {}
        case "comments":
            return {field: value}
        case "title":
            return {field: html_fragment.line_of(text_in(value))}
        case _:
            return {field: text_in(value)}


def _paragraphs(value: Any) -> list[str]:
    """Split at blank lines and HTML's own breaks; long lines without blank ones are paragraphs too."""
    if isinstance(value, list):
        return [block for item in value for block in _paragraphs(text_in(item) or "")]
    text = html_fragment.text_of(text_in(value) or "")
    blocks = tidy.blocks(text)
    if len(blocks) == 1 and "\n" in text and max(map(len, text.split("\n"))) > _WRAPPED_AT:
        return list(tidy.many(text.split("\n")))
    return list(blocks)


def people_in(value: Any) -> list[str]:
    """Return the people a value names: a list, a list written as text, or a printed byline."""
    if isinstance(value, list):
        return [person for item in value for person in people_in(text_in(item))]
    text = tidy.one_line(html_fragment.text_of(text_in(value) or "")) or ""
    if text[:1] == "[" and text[-1:] == "]":
        return list(tidy.distinct(_written_list(text)))
    text = _BY.sub("", text)
    return list(tidy.distinct(text.split(";")) if ";" in text else byline.people_in(text))


def _list(value: Any, signs: str) -> list[str]:
    if isinstance(value, list):
        return [text for text in map(text_in, value) if text]
    text = html_fragment.text_of(text_in(value) or "")
    if text[:1] == "[" and text[-1:] == "]":
        return list(tidy.distinct(_written_list(text)))
    return list(tidy.distinct(re.split(rf"[{re.escape(signs)}]", text)))


def _written_list(text: str) -> list[str]:
    """Return the members of a list as Python and JSON print it."""
    found = ["".join(pair) for pair in _QUOTED.findall(text)]
    return found or text[1:-1].split(",")


def _time(field: str, value: Any, column: Column) -> Record:
    """Return a point in time and its printed form; a number of seconds is no printed form."""
    text = tidy.one_line(text_in(value)) or ""
    moment = _moment(text, column.format)
    if moment is not None:
        numeric = not any(map(str.isalpha, text)) and (column.format or "unix").startswith("unix")
        return {field: moment.isoformat(), f"{field}_text": None if numeric else text}
    return {field: None, f"{field}_text": text} if column.format else {field: text}


def _moment(text: str, pattern: str | None) -> datetime | None:
    """Return the point in time of a number, or of a text by its pattern; ``None`` where it is none."""
    try:
        if pattern in ("unix", "unix-ms") or (pattern is None and (_is_seconds(text) or _MILLISECONDS.fullmatch(text))):
            thousands = pattern == "unix-ms" or (pattern is None and not _is_seconds(text))
            found = _EPOCH + timedelta(seconds=float(text) / (1000 if thousands else 1))
        elif pattern is None:
            return None
        else:
            found = datetime.strptime(text, pattern)
        found = (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        return found if found.year in YEARS else None
    except (ValueError, OverflowError, re.error):
        return None


def _is_seconds(text: str) -> bool:
    return bool(_SECONDS.fullmatch(text))


def _is_true(column: Column | None, cells: Mapping[str, Any]) -> bool:
    value = _value(cells, column) if column else None
    return value is True or (isinstance(value, str) and value.strip().lower() in ("true", "1", "yes", "t", "y"))

"""Data files as rows: tables (CSV, TSV, semicolons) and JSON, each row with its place and its cells by name."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from index.sources import delimited, jsonl, sniff
from index.sources.opening import HEAD_BYTES, Stream, decoded
from index.sources.records import Limits, NotRead, Report, Skip
from index.text import squash

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TABLE_SUFFIXES = frozenset((".csv", ".tsv", ".tab"))
_PACKED = re.compile(r"\.(?:gz|zst|bz2|xz)$", re.IGNORECASE)
_WRAPPERS = ("articles", "comments", "posts", "items", "results", "entries", "stories", "records", "docs", "documents",
             "rows", "data", "news", "response", "hits")  # fmt: skip
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:]')
_UNDECODED = re.compile(r"[\ud800-\udfff]")
_MOST_NAMES = 40


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a data file; ``where`` is ``file.csv:17`` or ``file.json[3]``."""

    where: str
    cells: Mapping[str, Any]


def is_table(name: str) -> bool:
    """Tell by its name whether a file is a table."""
    return PurePath(_PACKED.sub("", name)).suffix.lower() in TABLE_SUFFIXES


def rows_of(stream: Stream, name: str, limits: Limits, report: Report, encoding: str | None = None) -> Iterator[Row]:
    """Yield the rows of a data file; those that cannot be read are reported, a file without any is ``NotRead``."""
    head = stream.head()
    if not head:
        raise NotRead("empty")
    if is_table(name):
        return _table(stream, name, limits, report, encoding or _encoding(head))
    if sniff.is_binary(head):
        raise NotRead("binary")
    plain = PurePath(_PACKED.sub("", name))
    if sniff.json_format(head, plain) is sniff.Format.JSON_LINES:
        return _json_lines(_lines(stream, encoding or _encoding(head)), name, limits, report)
    return _json_document(stream, name, report)


def head_keys(head: bytes) -> tuple[str, ...]:
    """Return the names in the first JSON object, as far as the bytes given reach, without parsing it."""
    text = head.decode("utf-8-sig", "replace")
    keys: list[str] = []
    depth, last, opened = 0, "", False
    for found in _TOKEN.finditer(text):
        token = found[0]
        if token in "{[":
            depth += token == "{" or opened
            opened = True if token == "{" else opened
        elif token in "}]":
            depth -= opened
            if opened and depth <= 0:
                break
        elif token == ":" and depth == 1:
            keys.append(last)
        last = token[1:-1]
    return tuple(keys)


def unwrapped(document: object) -> object:
    """Return the list of records inside a JSON document such as ``{"status": "ok", "articles": [...]}``."""
    for _level in range(3):
        if not isinstance(document, dict) or {"title", "text", "paragraphs", "body", "headline"} & document.keys():
            return document
        inner = next((document[key] for key in _WRAPPERS if isinstance(document.get(key), (list, dict))), None)
        if inner is None:
            return document
        document = inner
    return document


def listed(names: tuple[str, ...]) -> str:
    """Return column names as a reason can show them."""
    shown = [squash(name)[:_MOST_NAMES] or "(no name)" for name in names[:_MOST_NAMES]]
    return ", ".join(shown) + (", …" if len(names) > _MOST_NAMES else "")


def _encoding(head: bytes) -> str:
    """Return the encoding of a file: UTF-8, or UTF-16 by its mark."""
    return "utf-16" if sniff.is_utf16(head) else "utf-8"


def _lines(stream: Stream, encoding: str) -> Iterator[str | None]:
    """Yield decoded lines; ``None`` is one over the limit. UTF-16 cannot be cut at newline bytes and is read whole."""
    if codecs.lookup(encoding).name.startswith(("utf-16", "utf-32")):
        yield from _text(stream.everything(), encoding).splitlines(keepends=True)
        return
    mark = codecs.BOM_UTF8
    for line in stream.lines():
        yield line if line is None else line.removeprefix(mark).decode(encoding, "surrogateescape")
        mark = b"\0"  # once, at the start


def _text(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeError:
        raise NotRead(f"not {encoding.upper()}") from None


def _table(stream: Stream, name: str, limits: Limits, report: Report, encoding: str) -> Iterator[Row]:
    head = stream.head()
    if sniff.is_binary(head) and encoding == "utf-8":
        raise NotRead("binary")
    start = head.decode(encoding, "replace").removeprefix("\ufeff")
    whole = len(head) < HEAD_BYTES
    dialect = delimited.dialect_of(start if whole else start[: start.rfind("\n") + 1] or start)
    rows = delimited.Rows(_lines(stream, encoding), dialect, limits.max_line_bytes)
    header: tuple[str, ...] = ()
    while True:
        try:
            number, cells = next(rows)
            _decodable(cells)
            if not any(map(str.strip, cells)) or (number == 1 and "".join(cells).lower().startswith("sep=")):
                continue
            if header:
                yield Row(f"{name}:{number}", _named(header, cells))
            else:
                header = tuple(cell.strip() for cell in cells)
        except StopIteration:
            break
        except NotRead as fault:
            report(Skip(f"{name}:{rows.begins}", str(fault)))
    if not header:
        raise NotRead("a table without a header")


def _decodable(cells: list[str]) -> None:
    for cell in cells:
        if not cell.isascii() and _UNDECODED.search(cell):
            raise NotRead("not UTF-8; a mapping file can name another encoding")


def _named(header: tuple[str, ...], cells: list[str]) -> dict[str, str]:
    """Return the cells by column name; of two columns of one name the first counts."""
    if any(map(str.strip, cells[len(header) :])):
        raise NotRead(f"has {len(cells)} cells where the header has {len(header)} columns")
    named: dict[str, str] = {}
    for column, cell in zip(header, cells, strict=False):
        named.setdefault(column, cell)
    return named


def _json_lines(lines: Iterator[str | None], name: str, limits: Limits, report: Report) -> Iterator[Row]:
    empty = True
    for number, line in enumerate(lines, start=1):
        try:
            if line is None:
                raise NotRead(f"longer than {limits.max_line_bytes} bytes")
            if text := line.strip():
                empty = False
                _decodable([text])
                yield Row(f"{name}:{number}", _object(jsonl.loads(text)))
        except NotRead as fault:
            empty = False
            report(Skip(f"{name}:{number}", str(fault)))
    if empty:
        raise NotRead("empty")


def _json_document(stream: Stream, name: str, report: Report) -> Iterator[Row]:
    found = unwrapped(jsonl.loads(decoded(stream.everything())[0]))
    if not isinstance(found, list):
        yield Row(name, _object(found))
        return
    if not any(isinstance(item, dict) for item in found):
        raise NotRead("a JSON list without articles")
    for number, item in enumerate(found):
        try:
            yield Row(f"{name}[{number}]", _object(item))
        except NotRead as fault:
            report(Skip(f"{name}[{number}]", str(fault)))


def _object(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise NotRead("not a JSON object")
    return value

"""Files of JSON: articles line by line, one article, or a list of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from index.sources import jsonl, sniff
from index.sources.opening import decoded
from index.sources.records import NotRead, Skip

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import PurePath

    from index.model import Article
    from index.sources.opening import Stream
    from index.sources.records import Limits, Report


def are_lines(head: bytes, path: PurePath) -> bool:
    """Tell JSON that is read line by line."""
    return not sniff.is_binary(head) and sniff.json_format(head, path) == sniff.Format.JSON_LINES


def is_document(head: bytes, path: PurePath) -> bool:
    """Tell JSON that is read whole."""
    return not sniff.is_binary(head) and sniff.json_format(head, path) == sniff.Format.JSON


def read_lines(stream: Stream, name: str, limits: Limits, report: Report) -> Iterator[Article]:
    """Yield an article a line; lines that give none are named by their number."""
    empty = True
    for number, line in enumerate(_lines(stream), start=1):
        try:
            if line is None:
                raise NotRead(f"longer than {limits.max_line_bytes} bytes")
            text = decoded(line)[0].strip()
            empty = empty and not text
            if text:
                yield jsonl.article_from_dict(_loads(text, limits), name)
        except NotRead as fault:
            empty = False
            report(Skip(f"{name}:{number}", str(fault)))
    if empty:
        raise NotRead("empty")


def read_document(stream: Stream, name: str, limits: Limits, report: Report) -> Iterator[Article]:
    """Yield one article, or those of a list; items that give none are named by their position."""
    found = _loads(decoded(stream.everything())[0], limits)
    if not isinstance(found, list):
        yield jsonl.article_from_dict(found, name)
        return
    if not any(isinstance(item, dict) for item in found):
        raise NotRead("a JSON list without articles")
    for number, item in enumerate(found):
        try:
            yield jsonl.article_from_dict(item, name)
        except NotRead as fault:
            report(Skip(f"{name}[{number}]", str(fault)))


def _lines(stream: Stream) -> Iterable[bytes | None]:
    """Return the lines of a file; UTF-16 cannot be cut at newline bytes, and is read whole."""
    if not sniff.is_utf16(stream.head()):
        return stream.lines()
    return decoded(stream.everything())[0].encode().split(b"\n")


def _loads(text: str, limits: Limits) -> Any:
    """Parse JSON of a bounded number of values: brackets and commas take sixty times their size in memory."""
    if len(text) > limits.max_json_values and sum(map(text.count, ",:[{")) > limits.max_json_values:
        raise NotRead(f"more than {limits.max_json_values:,} values in it")
    return jsonl.loads(text)

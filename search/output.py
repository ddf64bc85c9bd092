"""Hits as text, JSON Lines, CSV and Markdown: one writer a format, each a stream of records without their line end.

Corpus text is data in every one of them. It can neither steer a terminal (control characters, overrides and lone
surrogates are escaped in JSON and gone from the rest), nor run in a spreadsheet, nor become markup.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from index import console, text
from search.citation import cite
from search.results import SpanKind, kind_of, timestamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from search.results import Hit, LegScore, Snippet, Span

COLUMNS: Final = (
    "id",
    "article_id",
    "kind",
    "position",
    "score",
    "title",
    "author",
    "posted",
    "source",
    "url",
    "path",
    "text",
    "snippet",
    "why",
    "keyword_rank",
    "keyword_score",
    "semantic_rank",
    "semantic_score",
    "duplicates",
    "more",
    "answers",
    "answered_by",
    "citation",
)
"""The columns of the CSV form: the JSON form, flat. Several ids (``duplicates``, ``more``, ``answered_by``) stand in
one cell with spaces between."""

_NAMED: Final = 5  # ids told in a line for a terminal

_LIT: Final = {SpanKind.WORD: ("\x1b[1;4m", "\x1b[22;24m"), SpanKind.MEANING: ("\x1b[3m", "\x1b[23m")}
_BOLD: Final = {SpanKind.WORD: "**", SpanKind.MEANING: "_"}  # two signs, so that neighbours cannot run together
_SURROGATES = re.compile("[\ud800-\udfff]")
_BEYOND_ASCII = re.compile(r"[^\n\x20-\x7e]+")
# Spreadsheets read the full-width signs too, and some leave out white space and what takes none before them.
_FORMULA = re.compile(r"[\t\n]|[\s\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u2060-\u2064\ufeff]*[=+\-@＝＋－＠]")
_MARKUP = re.compile(r"[\\`*_\[\]~|$^<>&]|:(?=//)")
_LINE_START = re.compile(r"^(?:(\d{1,9})([.)])|([-+=#:]))", re.MULTILINE)
_BLANK = re.compile(r"(\n[^\S\n]*\n\s*)")
_ENTITIES: Final = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}
WEB_ADDRESS: Final = re.compile(r"https?://[^\s<>\"'`\\{}|^\x00-\x20\x7f-\x9f]+", re.IGNORECASE)
"""What may become a link."""


class Form(StrEnum):
    """The forms results are given in."""

    TEXT = "text"
    JSON = "json"
    JSONL = "jsonl"
    CSV = "csv"
    MARKDOWN = "markdown"


def jsonl(hits: Iterable[Hit], *, explain: bool = False) -> Iterator[str]:
    """Yield one JSON object a hit."""
    return (json_text(record(hit, explain=explain)) for hit in hits)


def as_csv(hits: Iterable[Hit]) -> Iterator[str]:
    """Yield the header, then one row a hit; a row has line breaks where its text has."""
    yield csv_row(COLUMNS)
    for hit in hits:
        yield csv_row(_cells(hit))


def markdown(hits: Iterable[Hit]) -> Iterator[str]:
    """Yield one section a hit: the headline, the snippet as a quotation, its citation."""
    for hit in hits:
        quoted = "".join(_bold(piece, kind) for piece, kind in pieces(hit.snippet))
        quoted = "\n".join(line.strip() for line in quoted.split("\n"))  # an indented line would be code
        # Two spaces keep a line break; without them lines would run together.
        lines = "\n".join(f"> {line}  " if line else ">" for line in _LINE_START.sub(_disarmed, quoted).split("\n"))
        title = _inline(hit.article.title or hit.passage.article_id)
        url = hit.article.url or ""
        link = f" <{url}>" if WEB_ADDRESS.fullmatch(url) else ""
        yield f"### {title}\n\n{lines.rstrip()}\n\n— {_inline(cite(hit).text())}{link}\n"


def terminal(hits: Iterable[Hit], *, explain: bool = False) -> Iterator[str]:
    """Yield one block a hit for a terminal, matches lit; safe to print as it is, only our own codes are in it."""
    for hit in hits:
        about = (kind_of(hit.passage), hit.author, (timestamp(hit.when) or "")[:10], hit.article.source)
        lines = [
            _flat(hit.article.title or hit.passage.article_id),
            "  " + _flat(" · ".join(part for part in about if part)),
            f"  {_shown(hit)}",
            "  " + " · ".join(_flat(part) for part in (hit.passage.id, hit.why) if part),
        ]
        lines += [f"  {_flat(line)}" for line in _relations(hit)]
        lines += [f"    {_flat(line)}" for line in hit.explain().lines()] if explain else []
        yield "\n".join(lines) + "\n"


def record(hit: Hit, *, explain: bool = False) -> dict[str, Any]:
    """Return the JSON form of a hit with its citation and, if asked for, the numbers of its score."""
    table = hit.to_dict() | {"citation": cite(hit).to_dict()}
    return table | {"explanation": hit.explain().to_dict()} if explain else table


def json_text(value: Any, indent: int | None = None) -> str:
    """Return JSON in ASCII: every other character is escaped, a lone surrogate is U+FFFD (strict readers refuse it)."""
    written = _SURROGATES.sub("\ufffd", json.dumps(value, ensure_ascii=False, indent=indent))
    return _BEYOND_ASCII.sub(_escaped, written)


def csv_row(values: Iterable[object]) -> str:
    """Return one row of CSV; text that a spreadsheet would take for a formula gets an apostrophe before it."""
    row = io.StringIO()
    csv.writer(row).writerow([_cell(value) for value in values])
    return row.getvalue().removesuffix("\r\n")


def pieces(snippet: Snippet) -> Iterator[tuple[str, SpanKind | None]]:
    """Yield the text of a snippet cut at its spans; where two kinds overlap, the word is what shows."""
    words, spans = snippet.text, snippet.spans
    cuts = sorted({0, len(words), *(at for span in spans for at in (span.start, span.end) if 0 <= at <= len(words))})
    coming = sorted(spans, key=lambda span: -span.start)
    begun: list[Span] = []
    for start, end in pairwise(cuts):
        while coming and coming[-1].start <= start:
            begun.append(coming.pop())
        begun = [span for span in begun if span.end >= end]
        kinds = {span.kind for span in begun}
        yield words[start:end], SpanKind.WORD if SpanKind.WORD in kinds else next(iter(kinds), None)


def _cells(hit: Hit) -> tuple[object, ...]:
    table = hit.to_dict()
    flat = {
        **table,
        "snippet": hit.snippet.text,
        **{name: " ".join(table[name]) for name in ("duplicates", "more", "answered_by")},
        "citation": cite(hit).text(),
        **_leg("keyword", hit.keyword),
        **_leg("semantic", hit.semantic),
    }
    return tuple(flat[column] for column in COLUMNS)


def _relations(hit: Hit) -> Iterator[str]:
    """Yield what a hit has to do with other passages, one line each."""
    if hit.duplicates:
        yield f"also in {len(hit.duplicates):,}: {_some(hit.duplicates)}"
    if hit.more:
        yield f"more of it: {_some(hit.more)}"
    if hit.answers:
        yield f"answers {hit.answers}"
    if hit.answered_by:
        yield f"answered by {_some(hit.answered_by)}"


def _some(ids: tuple[str, ...]) -> str:
    left = len(ids) - _NAMED
    return ", ".join(ids[:_NAMED]) + (f" and {left:,} more" if left > 0 else "")


def _leg(name: str, leg: LegScore | None) -> dict[str, object]:
    return {f"{name}_rank": leg and leg.rank, f"{name}_score": leg and leg.score}


def _cell(value: object) -> object:
    if not isinstance(value, str):
        return value
    cleaned = text.clean(value)
    return f"'{cleaned}" if _FORMULA.match(cleaned) else cleaned


def _escaped(found: re.Match[str]) -> str:
    units = found.group().encode("utf-16-be").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def _inline(words: str) -> str:
    return _LINE_START.sub(_disarmed, _literal(text.squash(words)))


def _literal(words: str) -> str:
    """Return text in which nothing is Markdown or HTML, but for what counts at the start of a line only."""
    return _MARKUP.sub(lambda found: _ENTITIES.get(found.group(), f"\\{found.group()}"), words)


def _disarmed(found: re.Match[str]) -> str:
    number, dot, sign = found.groups()
    return f"{number}\\{dot}" if number else f"\\{sign}"


def _bold(piece: str, kind: SpanKind | None) -> str:
    """Return a piece of text as Markdown; signs stand close to letters, or they would be shown as they are."""
    cleaned = text.clean(piece)
    start, end = 0, len(cleaned)
    while start < end and _is_edge(cleaned[start]):
        start += 1
    while end > start and _is_edge(cleaned[end - 1]):
        end -= 1
    if kind is None or start == end:
        return _literal(cleaned)
    # A blank line ends every emphasis: each paragraph has its own. Odd parts are what stands between them.
    parts = _BLANK.split(cleaned[start:end])
    core = "".join(
        part if odd % 2 else f"{_BOLD[kind]}{_literal(part.rstrip())}{_BOLD[kind]}" for odd, part in enumerate(parts)
    )
    return _literal(cleaned[:start]) + core + _literal(cleaned[end:])


def _is_edge(char: str) -> bool:
    return unicodedata.category(char)[0] in "PSZC"


def _shown(hit: Hit) -> str:
    """Return the snippet and its further fragments in the order of the text, on one line."""
    shown = sorted((hit.snippet, *hit.fragments), key=lambda snippet: snippet.start)
    before = "… " if shown[0].start else ""
    after = " …" if shown[-1].start + len(shown[-1].text) < len(hit.passage.text) else ""
    return before + " … ".join(map(_lit, shown)) + after


def _lit(snippet: Snippet) -> str:
    """Return a snippet on one line, lit where styles are shown."""
    parts: list[str] = []
    for piece, kind in pieces(snippet):
        on, off = _LIT[kind] if kind else ("", "")
        parts += [on, _flat(piece), off]
    return "".join(parts)


def _flat(words: str) -> str:
    return console.safe(words).replace("\n", " ").replace("\t", " ")

"""The marks of the query language, as patterns: what ends a word, what is a quote, a sign, a field, a weight.

Every pattern is linear in the text it looks at: character classes, no repetition within a repetition.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_GAP: Final = r"\s,;…—،؛，、。；\[\]{}<>|"
QUOTES: Final = '"“”„«»'
_QUOTED: Final = r'(?:"[^"]*"|[“”„][^“”„"]*[“”"]|«[^«»]*»)'
_WEIGHT: Final = r"(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)"

BOOST: Final = rf"(?<=[^{_GAP}(^])\^(?P<boost>{_WEIGHT})(?=[{_GAP})]|$)"
FUZZY: Final = rf"(?<=[^{_GAP}(){QUOTES}~^])~(?P<maxdist>[0-9.]*)(?P<prefix>)(?=[{_GAP}()^]|$)"
_BOOST_AHEAD: Final = BOOST.replace("?P<boost>", "?:")
_FUZZY_AHEAD: Final = FUZZY.replace("?P<maxdist>", "?:").replace("(?P<prefix>)", "")

GAPS: Final = rf"[{_GAP}]+"
WORD: Final = rf"(?P<text>(?:[^{_GAP}(){QUOTES}~^]|(?<=[0-9]),(?=[0-9])|(?!{_FUZZY_AHEAD}|{_BOOST_AHEAD})[~^])+)"
PHRASE: Final = rf"(?P<quoted>{_QUOTED})(?:~(?P<slop>[0-9]+))?"
MEANING: Final = rf"~(?P<typed>{_QUOTED}|{WORD.replace('?P<text>', '?:')})"
EXACT: Final = rf"=+{WORD}"
STRAY_QUOTE: Final = rf"[{QUOTES}]"
PLUS: Final = rf"(?<![^{_GAP}(:])\+(?=[^{_GAP})+\-])"
MINUS: Final = rf"(?<![^{_GAP}(:])-(?=[^{_GAP})+\-])"
_FIELD: Final = re.compile(rf"(?P<name>[^\W\d]\w*):(?=[^{_GAP}/:)])")
_ONE_VALUE: Final = rf"(?:{_QUOTED}|[^{_GAP}(){QUOTES}]+)"
_VALUES: Final = re.compile(rf"{_ONE_VALUE}?(?:,{_ONE_VALUE}?)*")

_VALUE: Final = re.compile(rf"(?P<quoted>{_QUOTED})|[^,{QUOTES}]+")
_SYNTAX: Final = re.compile(rf"[(){QUOTES}~^*:]|\?(?=\S)|(?<![^{_GAP}])[+\-=](?=\S)|(?<!\w)(?:AND|OR|NOT)(?!\w)")
_PLAIN_WORD: Final = re.compile(WORD)


@dataclass(frozen=True, slots=True)
class FieldMark:
    """A field as typed: where its colon ends, its values and where they end."""

    name: str
    colon: int
    values: list[str]
    end: int


def field_at(text: str, pos: int) -> FieldMark | None:
    """Return the field typed at ``pos``; a name before white space, ``//`` or another colon is none."""
    name = _FIELD.match(text, pos)
    if name is None:
        return None
    listed = _VALUES.match(text, name.end())
    end = listed.end() if listed else name.end()
    return FieldMark(name["name"], name.end(), [value for *_, value in values_between(text, name.end(), end)], end)


def values_between(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """Return where each value of ``a,"b c"`` stands and what it is, empty ones left out."""
    found = [
        (match.start(), match.end(), unquoted(match["quoted"]) if match["quoted"] else match.group())
        for match in _VALUE.finditer(text, start, end)
    ]
    return [(begin, stop, value) for begin, stop, typed in found if (value := " ".join(typed.split()))]


def operator(name: str) -> str:
    """Return the pattern of an operator; it stands alone, or beside a bracket."""
    return rf"(?<![^{_GAP}()]){name}(?![^{_GAP}()])"


def unquoted(quoted: str) -> str:
    """Return a quoted text without its quotes."""
    return quoted[1:-1]


def plain_words(text: str) -> list[str] | None:
    """Return the words of a text without any mark, or ``None`` where there may be one."""
    return None if _SYNTAX.search(text) else [match.group() for match in _PLAIN_WORD.finditer(text)]

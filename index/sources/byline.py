"""The foot of an agency story: who reported, wrote and edited it."""

from __future__ import annotations

import re

from index.sources import names, tidy
from index.sources.dates import find_date, is_filling

_ROLE = (
    r"(?:additional\s+|further\s+)?(?:reporting|writing|editing|compiled|written|edited|reported)"
    r"(?:\s+and\s+(?:writing|editing|reporting))?(?:\s+for\s+\w+)?\s+by:?\s+"
)
_FOOT = re.compile(rf"^\(?{_ROLE}\S.*\)?$", re.IGNORECASE)
_SEGMENT = re.compile(rf"(?:^|[\s;,.(])(?P<role>{_ROLE})", re.IGNORECASE)
_LEAD_BYLINE = re.compile(
    r"^(?:(?:reported |written |words |story |text )?by|von|par|por|door|di|(?:글|사진|취재|文"
    r"|取材)(?=\s*=))[\s:=]+(?P<names>\S.{1,200})$"
    r"|^(?P<eastern>[가-힣]{2,4}\s*(?:선임)?기자(?:\s+\S+@\S+)?)$",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\s+(?:in|at|from|for)\s+.*$", re.IGNORECASE)
_INITIALS = re.compile(r"^(?:[A-Z]\.)+[A-Z]?\.?$")  # of a place: Washington, D.C.
_LONGEST = 1000
_LONGEST_HEADER = 160
_MOST_WORDS = 6


def is_foot(line: str) -> bool:
    """Tell whether a line is the byline foot of a story, such as ``(Reporting by A, Editing by B)``."""
    return len(line) <= _LONGEST and bool(_FOOT.match(line)) and (line.startswith("(") or _names_only(line))


def credits_of(foot: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the authors and the editors a byline foot names."""
    text = foot.strip("() ")
    found = list(_SEGMENT.finditer(text))
    ends = [*(match.start() for match in found[1:]), len(text)]
    authors: list[str] = []
    editors: list[str] = []
    for match, end in zip(found, ends, strict=False):
        people = people_in(text[match.end() : end])
        role = match["role"].lower()
        if "report" in role or "writ" in role or "compil" in role:
            authors += people
        if "edit" in role:
            editors += people
    return tidy.distinct(authors), tidy.distinct(editors)


def from_lead(line: str) -> tuple[str, ...]:
    """Return the names of a line ``By A and B``, or nothing."""
    found = _LEAD_BYLINE.match(line)
    people = names.people(found["names"] or found["eastern"]) if found else ()
    return people if all(_is_name(name) for name in people) else ()


def from_header(line: str) -> tuple[str, ...]:
    """Return the names of a line ``By A and B``, also with a date before it; nothing where it says more than that."""
    found = find_date(line) if len(line) <= _LONGEST_HEADER else None
    if found is not None and not is_filling(line[: found.start]):
        return from_lead(line[: found.start].strip(" ,|–—-")) if is_filling(line[found.end :]) else ()
    return from_lead(line[found.end :].strip(" ,|–—-")) if found else from_lead(line)


def people_in(text: str) -> tuple[str, ...]:
    """Return the people a printed list names, without the places they write from."""
    named = (_PLACE.sub("", name).strip(" .;,()") for name in tidy.names(text))
    return tidy.distinct(name for name in named if not _INITIALS.match(name))


def _is_name(text: str) -> bool:
    words = text.split()
    ends = text.endswith((".", "?", "!")) or any(map(str.isdigit, text))
    return len(words) <= _MOST_WORDS and not ends and text[:1] == text[:1].upper()


def _names_only(line: str) -> bool:
    """Tell a foot without brackets from a sentence: everybody in it has a name's shape."""
    authors, editors = credits_of(line)
    return all(_is_name(name) for name in (*authors, *editors))

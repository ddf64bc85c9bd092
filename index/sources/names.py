"""The people a printed line names: split where it lists several, without roles, outlets, contacts and dates.

A name is never split: a comma before ``Jr.`` or between a family name and a given name (``Doe, Ann``) is a part of
it, and so is the ``y`` of ``Ortega y Gasset``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.sources import tidy
from index.sources.dates import find_date
from index.text import squash

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONTACT = re.compile(
    r"https?://\S+|www\.\S+|[(<\[]?[\w.+-]+@[\w-]+(?:\.[\w-]+)+[)>\]]?|(?<=\S)\s+[(|,/–-]?\s*@\w{2,20}\)?|^@(?=\w)"
)
_PREFIX = re.compile(
    r"^(?:(?:reported |written |words |story |text |photos? |posted )?by|words|text|текст|автор|autor(?:in|es)?"
    r"|auteure?s?"
    r"|author|a cura di|글|사진|취재|文|取材|作者|記者|记者)(?:\s*[:：=]\s*|\s+)(?=\S)",
    re.IGNORECASE,
)
_PARTICLE = re.compile(r"^(?:von|par|por|de|di|da|door|av|af|van)\s+(?=\S+\s+\S)", re.IGNORECASE)
_UPDATED = re.compile(
    r"\s*[|·•,–-]?\s*\b(?:(?:last |first )?(?:updated|published|posted|modified)|aktualisiert|veröffentlicht"
    r"|mis à jour|publié"
    r"|actualizado|publicado|aggiornato|입력|수정)\b.*$",
    re.IGNORECASE,
)
_TAIL = re.compile(
    r"\s+(?:in|at|from|for|reports?|reporting|für|aus|pour|à|en|para|desde)\s+(?-i:[A-ZÀ-Þ]|the\b).*$", re.IGNORECASE
)
_EASTERN = re.compile(r"\s*(?:선임|수석)?(?:기자|특파원|논설위원|앵커)$|\s*(?:記者|记者|特派員|編集委員)$")
_BRACKET = re.compile(r"^[\[(【][^\])】]*=\s*|^[\[(【]\s*|\s*[\])】]$")
_ASIDE = re.compile(r"(?<=\w)\s*\([^()]*\)")
_SUFFIX = re.compile(r"(?:jr|sr|ph\.?\s?d|m\.?d|esq|ii|iii|iv|mba|dds|rn|ret|dr)\.?", re.IGNORECASE)
_ROLE = re.compile(
    r"\b(?:staff|writers?|reporters?|correspondents?|editors?|columnists?|contributors?|contributing|journalists?"
    r"|analysts?"
    r"|producers?|technologist|director|professor|fellow|critic|blogger|photographer|freelance|chief|bureau|senior"
    r"|redakteur(?:in)?|korrespondent(?:in)?|reporterin|autor(?:in)?|journalist(?:in)?|journaliste|correspondante?"
    r"|envoyée? spéciale?"
    r"|redactora?|corresponsal|periodista|enviad[oa] especial|inviat[oa]|giornalista|corrispondente|repórter|jornalista"
    r"|redacteur|verslaggever|correspondent(?:e)?)\b",
    re.IGNORECASE,
)
_OUTLET = re.compile(
    r"\b(?:news|press|reuters|afp|dpa|bbc|cnn|npr|ap|efe|ansa|apa|sda|upi|tass|bloomberg|associated|times"
    r"|newspapers?|magazine|media"
    r"|project|university|institute|cent(?:er|re)|department|school|college|foundation|union|council|network|team"
    r"|desk|agency"
    r"|service|daily|aclu|blog|website|online|inc|ltd|gmbh|technology)\b|연합뉴스|뉴시스|통신$|新聞$|新闻$|통신사$",
    re.IGNORECASE,
)
_CITIES_WORDS = """
    washington london paris berlin brussels beijing moscow tokyo seoul delhi rome madrid vienna
    geneva cairo jerusalem nairobi sydney toronto dubai hong kong new york new delhi los angeles san
    francisco singapore boston chicago athens kiev kyiv istanbul baghdad tehran johannesburg lagos
"""
_CITIES = frozenset(_CITIES_WORDS.split())
_ALWAYS = re.compile(r"\s*;\s*|\s*[|·•]\s*|\s+/\s+|,?\s+(?:and|und|et|och|og|и|&)\s+|\s*、\s*", re.IGNORECASE)
_BETWEEN_NAMES = re.compile(r"\s+(?:y|e|en|i)\s+")
_LONGEST = 400


def people(text: str) -> tuple[str, ...]:
    """Return the people a line names, in order, each once."""
    line = _trimmed(squash(text)[:_LONGEST])
    found: list[str] = []
    for listed in _ALWAYS.split(line):
        parts = list(_comma_parts(listed))
        held = False
        for number, part in enumerate(parts):
            named = [name for name in map(_name, _joined(part)) if name]
            affiliation = _is_affiliation(part) or part.casefold().replace(" ", "_") in _CITIES
            named = [] if held and " " not in part else named  # a place or a field, behind an outlet or a role
            held = held or affiliation
            if named and not (affiliation and (number or found or _ROLE.search(part))):
                found += named
    return tidy.distinct(name for name in found if len(name) <= tidy.MAX_NAME)


def without_contacts(text: str) -> str:
    """Return a name without web and e-mail addresses and handles."""
    return " ".join(_CONTACT.sub(" ", text).split())


def _trimmed(line: str) -> str:
    line = _BRACKET.sub("", _ASIDE.sub("", _UPDATED.sub("", without_contacts(line))))
    dated = find_date(line)
    if dated and (dated.moment or dated.start):
        line = line[: dated.start] if dated.start else line[dated.end :]
    line = _PREFIX.sub("", line.strip(" ,|·•–—-"))
    return _BRACKET.sub("", _PARTICLE.sub("", line))


def _comma_parts(listed: str) -> Iterator[str]:
    """Yield what stands between commas, but keep together a name that has one itself."""
    parts = [part for part in re.split(r"\s*,\s*", listed) if part]
    if _is_inverted(parts):
        yield ", ".join(parts)
        return
    held = ""
    for part in parts:
        if held and _SUFFIX.fullmatch(part):
            held = f"{held}, {part}"
            continue
        if held:
            yield held
        held = part
    if held:
        yield held


def _is_inverted(parts: list[str]) -> bool:
    """Tell ``Doe, Ann B.``: one word, a comma, and given names."""
    match [part.split() for part in parts]:
        case [[family], [_] | [_, _] as names]:
            given = " ".join(names)
            plain = given[:1].isupper() and family[:1].isupper() and not _is_affiliation(given)
            return plain and given.casefold() not in _CITIES and not _SUFFIX.fullmatch(given)
    return False


def _joined(part: str) -> list[str]:
    """Split at a word that also is a part of names, where both sides are names of two words or more."""
    sides = _BETWEEN_NAMES.split(part)
    return sides if len(sides) > 1 and all(len(side.split()) > 1 for side in sides) else [part]


def _name(text: str) -> str:
    name = _EASTERN.sub("", _TAIL.sub("", _PREFIX.sub("", text)))
    name = name.strip(" ;,()|–—:=")
    return name if _SUFFIX.fullmatch(name.rpartition(" ")[2]) or name[-2:-1].isupper() else name.rstrip(".")


def _is_affiliation(part: str) -> bool:
    return bool(_ROLE.search(part) or _OUTLET.search(part))

"""Photo captions, each once: agencies print them twice, with and without their own name at the end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from index.sources import byline, furniture

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_CREDIT = re.compile(r"^(?:photo\s+)?credits?:", re.IGNORECASE)
_AGENCY_TAIL = re.compile(r"(?<=[.!?”\"’')])\s+\(?[A-Z][\w .&’'-]{1,40}/[^\W\d_][\w .’'-]{1,60}\)?$")
_LEAST_WORDS = 6


def once(captions: Iterable[str]) -> tuple[str, ...]:
    """Return each caption once: of the two printings the one without the agency's name."""
    kept: dict[str, str] = {}
    for caption in captions:
        bare = _AGENCY_TAIL.sub("", caption)
        key = bare.casefold()
        if key not in kept or caption == bare:
            kept[key] = caption
    return tuple(kept.values())


def captions_of(above: Sequence[str], *, whole: bool) -> tuple[str, ...]:
    """Return the captions among the lines above a story.

    On a tidy page (``whole``) these are all its sentences; below menus only what a credit follows or ends is one.
    """
    text = [line for line in above if line]
    credited = {index - 1 for index, line in enumerate(text) if _CREDIT.match(line)}
    return once(
        line
        for index, line in enumerate(text)
        if _may_be_caption(line) and (whole or index in credited or _AGENCY_TAIL.search(line))
    )


def _may_be_caption(line: str) -> bool:
    if _CREDIT.match(line) or furniture.is_prompt(line) or byline.from_lead(line):
        return False
    return len(line.split()) >= _LEAST_WORDS

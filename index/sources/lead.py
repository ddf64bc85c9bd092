"""The opening of a news story: ``DUBAI (Reuters) - …``, which names the place and often the agency."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_LEAD = re.compile(
    r"^(?:(?P<place>[^\W\d_][^a-z\d()\"“]{1,60}?)(?:, [A-Z][a-z]{2,8}\.? \d{1,2})?,? ?)?"
    r"(?:\((?P<agency>[A-Z][\w .&'’-]{1,40})\) ?)?[-–—]+ (?=\S)"
)
_FIRST = 3  # paragraphs among which the lead is looked for


def is_lead(line: str) -> bool:
    """Tell whether a line opens a story with the name of an agency."""
    found = _LEAD.match(line)
    return bool(found and found["agency"])


def place_and_agency(paragraphs: Sequence[str]) -> tuple[str | None, str | None]:
    """Return the place and the agency the first paragraphs name."""
    for paragraph in paragraphs[:_FIRST]:
        found = _LEAD.match(paragraph)
        if found and (found["agency"] or found["place"]):
            place = (found["place"] or "").strip(" ,")
            return (place if place.isupper() else None), found["agency"]
    return None, None

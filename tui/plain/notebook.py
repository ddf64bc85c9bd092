"""The results that the reader marked, and how they are written to a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from index.errors import UsageError
from search import outfile, printing
from search.output import Form
from tui.plain.wording import short

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from search.results import Hit

_FORMS: Final = {".md": Form.MARKDOWN, ".markdown": Form.MARKDOWN, ".csv": Form.CSV, ".jsonl": Form.JSONL}


class Notebook:
    """Marked hits in the order of marking, each passage once; they outlive the query that found them."""

    def __init__(self) -> None:
        self._hits: dict[str, Hit] = {}

    def __len__(self) -> int:
        return len(self._hits)

    def __iter__(self) -> Iterator[Hit]:
        return iter(self._hits.values())

    def turn(self, hit: Hit) -> bool:
        """Mark a hit, or take its mark away; returns whether it is marked now."""
        if self._hits.pop(hit.passage.id, None) is not None:
            return False
        self._hits[hit.passage.id] = hit
        return True


def export(hits: Sequence[Hit], name: str, form: str = "") -> str:
    """Write hits to a new file, whole or not at all, and return its name; raises ``UsageError``."""
    try:
        path = Path(name).expanduser()
        if path.exists():
            raise UsageError(f"{path} is there already; choose another name")
        chosen = Form(form) if form else _FORMS.get(path.suffix.lower(), Form.MARKDOWN)
        outfile.write(path, printing.records(hits, chosen), replace=False)
    except (OSError, RuntimeError) as error:  # a name too long; the home of a user there is none of
        reason = getattr(error, "strerror", None) or error
        raise UsageError(f"{short(name)} cannot be written ({reason}); choose another name") from error
    return str(path)

"""Hits written to a file whose suffix says its form, as ``broadsheet export`` writes them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from index.errors import UsageError
from search import outfile, output
from search.results import Snippet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from search.results import Hit
    from tui.engine import Engine

WRITERS: Final[dict[str, Callable[[Iterable[Hit]], Iterator[str]]]] = {
    ".md": output.markdown,
    ".csv": output.as_csv,
    ".jsonl": output.jsonl,
}


def check(path: Path, *, replacing: bool) -> None:
    """Raise ``UsageError`` where no export could go to ``path``."""
    if path.suffix.lower() not in WRITERS:
        raise UsageError(f"end the name in {', '.join(WRITERS)}")
    outfile.check(path, replace=replacing)


def write(engine: Engine, hits: Sequence[Hit], query: str, path: Path, *, replacing: bool) -> int:
    """Write hits, lit by the query, and return how many; raises ``UsageError``."""
    check(path, replacing=replacing)
    suffix = path.suffix.lower()
    if suffix == ".md":  # quotes passages whole; the other forms have the whole text anyway
        lit = engine.highlight(query, [hit.passage for hit in hits])
        hits = [replace(hit, snippet=Snippet(hit.passage.text, spans)) for hit, spans in zip(hits, lit, strict=True)]
    outfile.write(path, WRITERS[suffix](hits), replace=replacing)
    return len(hits)

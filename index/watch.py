"""Watching sources for changes, by the operating system's own notices."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Final

from index.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_GATHER_MS: Final = 1_600  # changes that come in together are one: programs save in several steps


def changes(sources: Sequence[Path]) -> Iterator[None]:
    """Yield whenever something below ``sources`` changed, until interrupted; ``UsageError`` if all are missing."""
    from watchfiles import watch  # a compiled module that only this needs

    there = [source for source in sources if source.exists()]
    if not there:
        raise UsageError("there is nothing to watch: none of the sources exists")
    with suppress(KeyboardInterrupt):
        for _ in watch(*there, debounce=_GATHER_MS, recursive=True, ignore_permission_denied=True):
            yield None

"""What would be read from a folder: ``broadsheet index preview`` in a process that can be ended when it takes long."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tui.jobs.program import preview

if TYPE_CHECKING:
    from asyncio import StreamReader
    from pathlib import Path

ARTICLES: Final = 8
SECONDS: Final = 15.0
_LINES: Final = 20
_LONGEST: Final = 1 << 16


@dataclass(frozen=True, slots=True)
class Glance:
    """The first articles as a table, and what was said on the way to them."""

    table: tuple[str, ...]
    said: tuple[str, ...]
    is_complete: bool
    """Whether it looked as far as it wanted to in the time it had."""


async def glance(source: Path) -> Glance:
    """Return what would be read from a file or folder; when cancelled, the process ends."""
    process = await asyncio.create_subprocess_exec(
        *preview(source, ARTICLES),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        limit=_LONGEST,
    )
    table: list[str] = []
    said: list[str] = []
    is_complete = True
    try:
        if process.stdout is not None and process.stderr is not None:
            async with asyncio.timeout(SECONDS):
                await asyncio.gather(_read(process.stdout, table), _read(process.stderr, said))
    except TimeoutError:
        is_complete = False
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await asyncio.shield(process.wait())
    return Glance(tuple(table), tuple(said), is_complete)


async def _read(stream: StreamReader, kept: list[str]) -> None:
    """Read all there is, and keep the first lines."""
    while True:
        try:
            line = await stream.readline()
        except ValueError:  # a line beyond the limit
            continue
        if not line:
            return
        if len(kept) < _LINES:
            kept.append(line.decode("utf-8", "replace").rstrip("\n").removeprefix("broadsheet: "))

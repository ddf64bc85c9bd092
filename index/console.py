"""The command line's one door to the terminal: data on stdout, talk on stderr, nothing that steers the screen.

Corpus text, file names and error messages reach a terminal only through here. Control characters, C1 codes and
bidirectional overrides are gone from what is printed, whatever the text holds.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import click

from index import text
from index.progress import BYTES

if TYPE_CHECKING:
    from index.progress import Progress


def data(line: str) -> None:
    """Print one record (line breaks kept) on stdout."""
    click.echo(safe(line))


def say(line: str) -> None:
    """Print one message on stderr, above a progress bar where one is drawn."""
    bar = getattr(sys.modules.get("tqdm"), "tqdm", None)  # not yet there while another thread loads a library with it
    if bar is not None:
        bar.write(safe(line), file=sys.stderr)
    else:
        click.echo(safe(line), err=True)


def safe(line: str) -> str:
    """Return ``line`` as a terminal may show it; line breaks and tabs stay."""
    return text.clean(line).encode("utf-8", "replace").decode("utf-8")


def is_terminal() -> bool:
    """Whether messages are read on a terminal."""
    return sys.stderr.isatty()


def progress() -> Progress:
    """Return a bar with rate and time left on a terminal, plain lines otherwise."""
    return Bar() if is_terminal() else Lines()


class Bar:
    """Draws each stage as a bar."""

    def __init__(self) -> None:
        self._bar: Any = None

    def start(self, stage: str, total: int | None, unit: str) -> None:
        """Begin a stage."""
        from tqdm import tqdm

        is_bytes = unit == BYTES
        self._bar = tqdm(
            desc=stage,
            total=total,
            unit="B" if is_bytes else f" {unit}s",
            unit_scale=is_bytes,
            file=sys.stderr,
            dynamic_ncols=True,
        )

    def advance(self, amount: int = 1) -> None:
        """Tell that ``amount`` units more are done."""
        self._bar.update(amount)

    def finish(self) -> None:
        """End the stage."""
        self._bar.close()


class Lines:
    """Tells each stage in two lines, and every so often how far it is."""

    SECONDS = 5.0

    def __init__(self) -> None:
        self._stage, self._unit = "", ""
        self._total: int | None = None
        self._done = 0
        self._began = self._told = 0.0

    def start(self, stage: str, total: int | None, unit: str) -> None:
        """Begin a stage."""
        self._stage, self._unit, self._total, self._done = stage, unit, total, 0
        self._began = self._told = time.monotonic()
        say(f"{stage} …")

    def advance(self, amount: int = 1) -> None:
        """Tell that ``amount`` units more are done."""
        self._done += amount
        if time.monotonic() - self._told > self.SECONDS:
            self._tell()

    def finish(self) -> None:
        """End the stage."""
        self._total = None
        self._tell()

    def _tell(self) -> None:
        self._told = time.monotonic()
        seconds = max(self._told - self._began, 1e-6)
        rate = self._done / seconds
        left = f", {(self._total - self._done) / rate:.0f} s left" if self._total and rate else ""
        of = f" of {self._total:,}" if self._total else ""
        say(f"{self._stage}: {self._done:,}{of} {self._unit}s ({rate:,.0f}/s{left})")

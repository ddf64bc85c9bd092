"""The one door between plain mode and the outside: lines in, lines out, nothing that moves a cursor.

Everything written passes ``index/console.py``, which takes out what could steer a terminal. Answers go to stdout, talk
goes to stderr. The prompt is shown only where somebody types.
"""

from __future__ import annotations

import io
import shutil
import sys
from typing import TYPE_CHECKING, Final

import click

from index import console
from index.text import clean
from tui.plain.wording import wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable

PROMPT: Final = "query> "
WIDTH: Final = 80  # columns, where nobody says how many there are
NARROWEST: Final = 20
LONGEST: Final = (
    10_000  # characters of a line read from a pipe; what follows in it is left out, and no query is as long
)


class Terminal:
    """Reads lines and writes lines; ``edits`` lets the reader recall and edit what was typed."""

    def __init__(self, *, edits: bool = True) -> None:
        self.is_interactive = sys.stdin is not None and sys.stdin.isatty()
        self._shows_prompt = self.is_interactive and sys.stdout is not None and sys.stdout.isatty()
        for stream in (sys.stdin, sys.stdout):
            if isinstance(stream, io.TextIOWrapper):  # bytes that are no text, and text that the terminal cannot show
                stream.reconfigure(errors="replace")
        if edits and self._shows_prompt:
            _keep_history()

    def ask(self) -> str | None:
        """Return the next line typed or piped in, clean and without white space around it; ``None`` at the end."""
        line = self._typed() if self.is_interactive else _piped()
        return None if line is None else " ".join(clean(line).split("\n")).strip()

    def tell(self, words: str) -> None:
        """Write one thing of the answer, wrapped."""
        for line in self._lines(words):
            console.data(line)

    def tell_all(self, things: Iterable[str]) -> None:
        """Write several things, each beginning a line."""
        for words in things:
            self.tell(words)

    def tell_whole(self, words: str) -> None:
        """Write one line of the answer as it is, for somebody to copy."""
        console.data(" ".join(clean(words).split()))

    def say(self, words: str) -> None:
        """Write one message, wrapped."""
        for line in self._lines(words):
            console.say(line)

    def leave(self) -> None:
        """End the line of the prompt, where there is one."""
        if self.is_interactive:
            click.echo(err=not self._shows_prompt)

    def _lines(self, words: str) -> list[str]:
        width = max(shutil.get_terminal_size((WIDTH, 0)).columns or WIDTH, NARROWEST)
        return list(wrapped(console.safe(words), width))

    def _typed(self) -> str | None:
        try:
            if self._shows_prompt:
                return input(PROMPT)
            click.echo(PROMPT, nl=False, err=True)
            return sys.stdin.readline() or None
        except EOFError:
            return None


def _piped() -> str | None:
    if sys.stdin is None:
        return None
    line = rest = sys.stdin.readline(LONGEST)
    while rest and not rest.endswith("\n"):
        rest = sys.stdin.readline(LONGEST)
    return line or None


def _keep_history() -> None:
    """Let the arrow keys recall earlier lines; history is kept for this session only."""
    try:
        import readline
    except ImportError:  # not on every system; lines are typed all the same
        return
    readline.parse_and_bind("set enable-bracketed-paste off")  # it writes escape sequences around each line
    readline.parse_and_bind("tab: self-insert")  # completing file names would be of no use here

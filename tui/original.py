"""Where an article came from, as far as it is safe to open: a web address, or a file that is there."""

from __future__ import annotations

import signal
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from index import settings
from index.errors import NotFound, UsageError
from search.output import WEB_ADDRESS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.model import ArticleInfo


def original(article: ArticleInfo) -> str | Path:
    """Return the address or the file of an article; raises ``NotFound`` where it has neither.

    Both are written by strangers: nothing but http(s) addresses and regular files is ever opened.
    """
    if article.url and WEB_ADDRESS.fullmatch(article.url):
        return article.url
    if article.path and "\0" not in article.path:
        path = Path(article.path).absolute()  # absolute: no name can be taken for an option
        try:
            is_file = path.is_file()
        except OSError:
            is_file = False
        if is_file:
            return path
    raise NotFound("the original has no web address and its file is not there; nothing to open")


def page(path: Path) -> None:
    """Show a file in the user's pager and wait for its end; raises ``UsageError``. No shell takes part."""
    command, variables = settings.pager()
    try:
        with _deaf():
            subprocess.run([*command, str(path)], env=variables, stderr=sys.__stderr__, check=False)
    except OSError as error:
        raise UsageError(f"{command[0]} cannot be run ({error.strerror}); set PAGER to another program") from error


@contextmanager
def _deaf() -> Iterator[None]:
    """Hear no Ctrl-C: it is meant for the pager, which hears it too, for handlers end where another program begins."""
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)

"""The one door to the HTML reader: pages are read in a process of their own, which may hang or die of them.

The process is started with the first page and kept while somebody holds the door open; a page that takes too long,
too much memory or the process with it becomes a ``NotRead``, and the next page finds a fresh process.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from index.sources import identity, tidy, wire
from index.sources.helper import Helper, HelperGone, HelperLate
from index.sources.records import Limits, NotRead

if TYPE_CHECKING:
    from collections.abc import Iterator

    from index.model import Article
    from index.sources.jsonl import Record


@dataclass(slots=True)
class _Door:
    """The process, how many hold the door open, and a lock: one page at a time."""

    lock: threading.RLock = field(default_factory=threading.RLock)
    holders: int = 0
    helper: Helper | None = None

    def ready(self, memory: int) -> Helper:
        """Return a running process with that much address space."""
        if self.helper is not None and (self.helper.memory != memory or not self.helper.is_alive):
            self.close()
        if self.helper is None:
            self.helper = Helper(memory)
        return self.helper

    def close(self, *, at_once: bool = False) -> None:
        """End the process, if there is one."""
        helper, self.helper = self.helper, None
        if helper is not None:
            helper.close(at_once=at_once)


_door = _Door()


@contextmanager
def held() -> Iterator[None]:
    """Keep the process for all pages read within; it ends with the last who holds the door."""
    with _door.lock:
        _door.holders += 1
    try:
        yield
    finally:
        with _door.lock:
            _door.holders -= 1
            if not _door.holders:
                _door.close()


def read_html(html: str, name: str, url: str | None = None, limits: Limits | None = None) -> Article:
    """Return the article on a page; raises ``NotRead``.

    ``name`` becomes its path. ``url`` is where the page came from, if whoever holds it knows: it counts where the page
    does not say so itself.
    """
    bounds = limits or Limits()
    with held(), _door.lock:
        answer = _asked(html, name, bounds)
    if "reason" in answer:
        raise NotRead(str(answer["reason"]))
    return _addressed(wire.from_record(answer["article"]), url)


def _asked(html: str, name: str, limits: Limits) -> Record:
    request = {"html": html, "name": name, "seconds": limits.max_seconds}
    try:
        answer = _door.ready(limits.max_memory_bytes).ask(request, limits.max_seconds)
    except HelperLate:
        _door.close(at_once=True)
        raise NotRead(f"took longer than {limits.max_seconds:g} s to read") from None
    except HelperGone as gone:
        _door.close(at_once=True)
        raise NotRead(str(gone)) from None
    except BaseException:
        _door.close(at_once=True)  # an answer half read would be taken for that of the next page
        raise
    if answer.get("last"):
        _door.close()
    return answer


def _addressed(article: Article, url: str | None) -> Article:
    """Return the article with the address it was had from, where it has none."""
    address = tidy.web_address(url)
    if article.url or not address:
        return article
    return replace(article, url=address, id=identity.article_id(address, article.title, article.paragraphs))

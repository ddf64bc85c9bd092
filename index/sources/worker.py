"""The process that reads HTML pages for another: ``python -m index.sources.worker BYTES``.

Requests come in on standard input, answers go out on standard output, in the form of ``wire``. It lives as long as
its standard input and has no more address space than it was given. A page that takes too long ends it, even when
nobody is left to end it from outside.
"""

from __future__ import annotations

import faulthandler
import os
import sys
from contextlib import suppress
from typing import IO, TYPE_CHECKING

from index.sources import wire
from index.sources.records import NotRead

if TYPE_CHECKING:
    from index.sources.jsonl import Record

_GRACE = 5.0  # seconds left to who waits for the answer to end this process


def main() -> None:
    """Say that all is loaded, then answer until standard input ends."""
    _bound_memory(int(sys.argv[1]))
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not come between the answers
    _load()
    _send(answers, {"ready": True})
    try:
        while (request := _received(sys.stdin.buffer)) is not None:
            faulthandler.dump_traceback_later(request["seconds"] + _GRACE, exit=True)
            answer = _answer(request)
            faulthandler.cancel_dump_traceback_later()
            _send(answers, answer)
    except MemoryError:
        _send(answers, {"reason": "needs too much memory to read", "last": True})


def _bound_memory(size: int) -> None:
    """Bound the address space, where the system can."""
    try:
        import resource
    except ImportError:
        return
    with suppress(OSError, ValueError):  # a lower bound is set already
        resource.setrlimit(resource.RLIMIT_AS, (size, size))


def _load() -> None:
    """Import what takes a second, so that no page is charged for it."""
    import dateutil.parser
    import lxml.html
    import trafilatura

    from index.sources import html_page

    del dateutil, lxml, trafilatura, html_page


def _received(requests: IO[bytes]) -> Record | None:
    prefix = requests.read(wire.LENGTH.size)
    if len(prefix) < wire.LENGTH.size:
        return None
    (length,) = wire.LENGTH.unpack(prefix)
    body = requests.read(length)
    return wire.unpacked(body) if len(body) == length else None


def _answer(request: Record) -> Record:
    """Return the article of a page, or the reason why there is none."""
    from index.sources import html_page

    try:
        return {"article": wire.to_record(html_page.read(request["html"], request["name"]))}
    except NotRead as fault:
        return {"reason": str(fault)}
    except RecursionError:
        return {"reason": "nested too deeply"}


def _send(answers: IO[bytes], answer: Record) -> None:
    answers.write(wire.packed(answer))
    answers.flush()


if __name__ == "__main__":
    main()

"""What a rebuild or a sync does, told to a program as it happens: one JSON object a line.

::

    {"event": "stage", "stage": "reading", "total": 52100, "unit": "byte"}     total is null where it is not known
    {"event": "done", "done": 1200}                                            units of the stage, from its beginning
    {"event": "skip", "path": "dump.csv:17", "reason": "no title and no text"}
    {"event": "note", "path": "dump.csv", "text": "columns passed over: mood"}
    {"event": "report", "summary": ["15 articles: …"], "articles": {…}, …}     the last one; what failed has none
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, Final

from index import console
from index.sources.records import Skip
from index.summary import lines

if TYPE_CHECKING:
    from index.report import BuildReport
    from index.sources.records import Note

TOLD_APART: Final = ("skips", "notes")
"""What of a report has been told already, one by one."""


class Events:
    """Tells progress, what was skipped or noticed, and the report on stdout."""

    SECONDS = 0.1
    """Between two lines on how far a stage is."""

    def __init__(self) -> None:
        self._done = 0
        self._told = 0.0

    def start(self, stage: str, total: int | None, unit: str) -> None:
        """Begin a stage."""
        self._done, self._told = 0, time.monotonic()
        _tell("stage", stage=stage, total=total, unit=unit)

    def advance(self, amount: int = 1) -> None:
        """Tell that ``amount`` units more are done."""
        self._done += amount
        if time.monotonic() - self._told >= self.SECONDS:
            self.finish()

    def finish(self) -> None:
        """End the stage."""
        self._told = time.monotonic()
        _tell("done", done=self._done)

    def hear(self, event: Skip | Note) -> None:
        """Tell at once what was skipped or noticed."""
        if isinstance(event, Skip):
            _tell("skip", path=event.path, reason=event.reason)
        else:
            _tell("note", path=event.path, text=event.text)

    def report(self, report: BuildReport) -> None:
        """Tell what was done."""
        facts = {name: value for name, value in report.as_dict().items() if name not in TOLD_APART}
        _tell("report", summary=list(lines(report)), **facts)


def _tell(event: str, **facts: Any) -> None:
    console.data(json.dumps({"event": event, **facts}))

"""How a rebuild or a sync talks while it runs: to people on stderr, to programs in events, or to nobody."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from index import console
from index.errors import UsageError
from index.summary import summarise, tell

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.progress import Progress
    from index.report import BuildReport
    from index.sources.records import Note, Skip


@dataclass(frozen=True, slots=True)
class Talk:
    """Who hears of what goes on, and of what was done in the end."""

    progress: Progress
    on_event: Callable[[Skip | Note], None]
    report: Callable[[BuildReport], None]


def talk(*, quiet: bool, as_json: bool, events: bool) -> Talk:
    """Return the talk that the flags of a command ask for; raises ``UsageError`` where they disagree."""
    from index.progress import Silent

    if events:
        if as_json:
            raise UsageError("use --events or --json, not both: the last event is the report")
        from index.events import Events

        told = Events()
        return Talk(told, told.hear, told.report)
    if quiet:
        return Talk(Silent(), _nothing, _printed if as_json else _nothing)
    return Talk(console.progress(), tell, _told_and_printed if as_json else summarise)


def _told_and_printed(report: BuildReport) -> None:
    summarise(report)
    _printed(report)


def _printed(report: BuildReport) -> None:
    import json

    console.data(json.dumps(report.as_dict()))


def _nothing(_what: object) -> None:
    pass

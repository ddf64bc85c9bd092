"""How far a job is: what its events said so far, as one value that is replaced, never changed."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_NAMED: Final = 500
"""Skips and notes kept by name; the others are counted."""


@dataclass(frozen=True, slots=True)
class Told:
    """Something that was skipped, or noticed about something that was read."""

    path: str
    what: str
    is_skip: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One moment of a job; times are those of a clock that only goes forward, in seconds."""

    stage: str = ""
    total: int | None = None
    """Units of the stage, where that is known."""
    unit: str = ""
    done: int = 0
    since: float = 0.0
    """When the stage began."""
    heard: float = 0.0
    """When the job said something last."""
    past: tuple[tuple[str, float], ...] = ()
    """Stages that are over, and the seconds each took."""
    named: tuple[Told, ...] = ()
    skipped: int = 0
    noted: int = 0
    summary: tuple[str, ...] = ()
    """The report in lines, once the job is done."""

    @property
    def share(self) -> float | None:
        """How much of the stage is done, from 0 to 1; ``None`` where its size is unknown."""
        return None if not self.total else min(self.done / self.total, 1.0)

    @property
    def rate(self) -> float:
        """Units a second."""
        return self.done / max(self.heard - self.since, 1e-6)

    def left(self, now: float) -> float | None:
        """Return the seconds that the stage will take yet, ``None`` where nothing tells."""
        if not self.total or not self.done:
            return None
        passed = max(now - self.since, 1e-6)
        return max(self.total - self.done, 0) * passed / self.done


def after(course: Course, line: bytes, now: float) -> Course:
    """Return the course after one line of events; a line that is none changes nothing."""
    try:
        event = json.loads(line)
        return _after(course, event, now)
    except (ValueError, KeyError, TypeError, RecursionError):
        return course


def _after(course: Course, event: Mapping[str, Any], now: float) -> Course:
    match event["event"]:
        case "stage":
            total = None if event["total"] is None else int(event["total"])
            begun = replace(_closed(course, now), stage=str(event["stage"]), unit=str(event["unit"]))
            return replace(begun, total=total, done=0, since=now, heard=now)
        case "done":
            return replace(course, done=int(event["done"]), heard=now)
        case "skip":
            return replace(
                _naming(course, Told(str(event["path"]), str(event["reason"]), True)), skipped=course.skipped + 1
            )
        case "note":
            told = Told(str(event["path"]), str(event["text"]), False)
            return replace(_naming(course, told), noted=course.noted + 1)
        case "report":
            return replace(_closed(course, now), summary=tuple(map(str, event["summary"])), heard=now)
    return course


def _closed(course: Course, now: float) -> Course:
    """Return the course with its stage over."""
    return replace(course, past=(*course.past, (course.stage, now - course.since))) if course.stage else course


def _naming(course: Course, told: Told) -> Course:
    return course if len(course.named) >= MOST_NAMED else replace(course, named=(*course.named, told))

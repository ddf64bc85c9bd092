"""How far a job is, in a few lines: the stage, a bar, the rate, the time left, what is over, and the report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from index.progress import BYTES
from tui import text
from tui.jobs.job import Outcome
from tui.widgets.laid_out import LaidOut, entry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.content import Content

    from tui.jobs.course import Course
    from tui.jobs.job import Job

BAR: Final = 30  # cells at most
FULL: Final = "█"
EMPTY: Final = "░"
COLUMN: Final = 11
PREFIXES: Final = ("", "k", "M", "G", "T")


class CourseView(LaidOut):
    """One moment of a job; ``hint`` says what can be done while it goes on."""

    def __init__(self, job: Job, now: float, hint: str) -> None:
        super().__init__()
        self._hint = hint
        self._job, self._course, self._now = job, job.course, now

    def lines(self, width: int) -> Iterator[Content]:
        """Yield its lines."""
        job, course = self._job, self._course
        yield text.line(job.title, "bold")
        yield text.plain(" ")
        for stage, seconds in course.past:
            yield from entry(text.plain(f"  {stage}"), text.plain(f"done in {spell(seconds)}"), COLUMN + 2, width)
        if job.is_running:
            yield from _stage(course, self._now, width, is_stopping=job.is_stopping)
            yield text.plain(" ")
            yield text.plain(self._hint, text.QUIET)
        else:
            if course.past:
                yield text.plain(" ")
            yield from _end(job)
        if course.skipped or course.noted:
            yield text.plain(" ")
            yield text.plain(_counted(course), "bold")


class Names(LaidOut):
    """What was skipped, and what was noticed, by name."""

    def __init__(self, course: Course) -> None:
        super().__init__()
        self._named = course.named
        self._others = course.skipped + course.noted - len(course.named)

    def lines(self, width: int) -> Iterator[Content]:
        """Yield one entry each."""
        for told in self._named:
            sign = text.plain("- " if told.is_skip else "* ", "bold")
            yield sign + text.line(f"{told.path}: {told.what}", "" if told.is_skip else text.QUIET)
        if self._others > 0:
            yield text.plain(
                f"and {self._others:,} more; on a command line, `broadsheet index rebuild` names all", "italic"
            )


def short(job: Job, now: float) -> str:
    """Return how far a job is in a few words, for a line with other things in it."""
    course = job.course
    if job.is_stopping:
        return "stopping the indexing"
    share = "" if course.share is None else f" {course.share:.0%}"
    left = course.left(now)
    return f"{course.stage or 'starting'}{share}" + (f", {spell(left)} left" if left is not None else "")


def spell(seconds: float) -> str:
    """Return a time as people say it: ``3 s``, ``2 min 5 s``, ``1 h 20 min``."""
    whole = round(seconds)
    if whole < 60:  # noqa: PLR2004 - a minute
        return f"{whole} s" if whole or not seconds else f"{seconds:.1f} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:  # noqa: PLR2004 - an hour
        return f"{minutes} min {rest} s" if rest else f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"


def amount(number: float, unit: str) -> str:
    """Return so many units as people read them: ``1.2 MB``, ``1,200 passages``."""
    if unit != BYTES:
        return f"{number:,.0f} {unit}{'' if round(number) == 1 else 's'}"
    for prefix in PREFIXES:
        if number < 1000 or prefix == PREFIXES[-1]:  # noqa: PLR2004 - decimal, as disks are sold
            return f"{number:,.0f} {prefix}B" if not prefix else f"{number:,.1f} {prefix}B"
        number /= 1000
    return ""


def _stage(course: Course, now: float, width: int, *, is_stopping: bool) -> Iterator[Content]:
    if is_stopping:
        yield text.plain("  stopping…", "bold")
        return
    if not course.stage:
        yield text.plain("  starting…", "bold")
        return
    name = text.plain(f"  {course.stage}", "bold").pad_right(max(COLUMN - len(course.stage), 1))
    share = course.share
    if share is None:
        yield name + text.plain(amount(course.done, course.unit))
    else:
        cells = max(min(BAR, width - COLUMN - 8), 4)
        full = round(cells * share)
        yield name + text.plain(FULL * full + EMPTY * (cells - full), "$text-accent") + text.plain(f" {share:4.0%}")
    yield from entry(text.plain(""), text.plain(_speed(course, now), text.QUIET), COLUMN + 2, width)


def _speed(course: Course, now: float) -> str:
    if not course.total:
        return amount(course.done, course.unit)
    parts = [f"of {amount(course.total, course.unit)}"]
    left = course.left(now)
    if left is not None:
        parts += [f"{amount(course.rate, course.unit)}/s", f"{spell(left)} left"]
    return ", ".join(parts)


def _end(job: Job) -> Iterator[Content]:
    if job.outcome is Outcome.DONE:
        yield text.plain("Done: the index is ready.", "bold $text-success")
        for line in job.course.summary:
            yield text.line(f"  {line}")
    elif job.outcome is Outcome.STOPPED:
        yield text.plain("Stopped. The index is what it was; nothing half done is left.", "bold $text-warning")
    else:
        yield text.plain("This did not work:", "bold $text-error")
        yield text.line(job.why)


def _counted(course: Course) -> str:
    """Return how many were skipped, and how many noticed; their names follow."""
    told = [f"{course.skipped:,} skipped"] if course.skipped else []
    return ", ".join(told + ([f"{course.noted:,} noticed"] if course.noted else [])) + ":"

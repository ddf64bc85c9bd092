"""The progress of a rebuild or sync: it can be left and come back to, and the job goes on."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar, Final

from textual.containers import VerticalScroll
from textual.screen import Screen
from textual.widgets import Footer, Static

from tui.commands import Help, LeaveProgress, Quit, StopIndexing
from tui.widgets.course_view import CourseView, Names
from tui.widgets.keys import bindings, shown_key

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.binding import BindingType

    from tui.jobs.job import Job

SECONDS: Final = 0.2  # between two looks at the job


class ProgressScreen(Screen[None]):
    """Shows one job, the last one started."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(LeaveProgress, StopIndexing, Help, Quit)

    def __init__(self, job: Job) -> None:
        super().__init__()
        self.job = job
        self._named = -1

    def compose(self) -> ComposeResult:
        """Lay out how far it is, and what was skipped."""
        yield Static("Broadsheet", id="name")
        with VerticalScroll(can_focus=True):
            yield Static(id="course")
            yield Static(id="names")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Look at the job from time to time."""
        self.query_one(VerticalScroll).focus()
        self.look()
        self.set_interval(SECONDS, self.look)

    def look(self) -> None:
        """Show where the job is now."""
        course = self.job.course
        leave, stop = shown_key(self, LeaveProgress), shown_key(self, StopIndexing)
        hint = f"{leave} lets it go on while you search, {stop} stops it."
        self.query_one("#course", Static).update(CourseView(self.job, time.monotonic(), hint))
        if course.skipped + course.noted != self._named:
            self._named = course.skipped + course.noted
            self.query_one("#names", Static).update(Names(course))

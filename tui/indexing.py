"""The part of the program that builds: one job at a time, and a newer index taken up when there is one."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.app import App

from index.errors import BroadsheetError
from tui import text
from tui.commands import Rebuild, Repair, ShowProgress, StopIndexing, Sync
from tui.jobs import program
from tui.jobs.job import Job, Outcome
from tui.messages import JobEnded, Opened, Unusable
from tui.screens.building import BuildScreen
from tui.screens.main import MainScreen
from tui.screens.progress import ProgressScreen
from tui.screens.rim import attempt
from tui.screens.trouble import TroubleScreen
from tui.widgets.course_view import short
from tui.widgets.keys import bindings, shown_key

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from textual.binding import BindingType

    from tui.jobs.shelf import Shelf
    from tui.state import State

LOOK: Final = 0.5  # seconds between two looks at the job, for the status line
POLL: Final = 2.0  # seconds between two looks for an index, where there is none yet
NOWHERE: Final = "This window was opened on an index it cannot change."


class IndexingApp(App[None]):
    """Rebuilds and syncs the index on ``shelf``; without one, nothing can be built."""

    BINDINGS: ClassVar[list[BindingType]] = bindings(Sync, Rebuild, Repair, ShowProgress, StopIndexing)

    def __init__(self, shelf: Shelf | None, state: State) -> None:
        super().__init__()
        self.shelf = shelf
        self.state = state
        self.job: Job | None = None

    @property
    def main_screen(self) -> MainScreen | None:
        """The search screen, where there is an index to search."""
        return next((screen for screen in self.screen_stack if isinstance(screen, MainScreen)), None)

    @property
    def is_indexing(self) -> bool:
        """Whether a job is under way."""
        return self.job is not None and self.job.is_running

    def on_mount(self) -> None:
        """Look from time to time how far a job is, and for an index where there is none."""
        self.set_interval(LOOK, self._tell_progress)
        if self.shelf is not None:
            self.set_interval(POLL, self._look_for_index)

    def greet(self) -> None:
        """Greet who has an index for the first time."""

    # What the reader wants

    def action_sync(self) -> None:
        """Bring the index up to date."""
        if self.main_screen is None:
            self.action_rebuild()
        elif self.shelf is not None and not self.is_indexing:
            self._start("Bringing the index up to date", program.sync(self.shelf.index_dir))
        else:
            self.action_progress()

    def action_rebuild(self) -> None:
        """Ask what to build the index from."""
        if self.shelf is None or self.is_indexing:
            self.action_progress()
        elif not isinstance(self.screen, BuildScreen):
            self.push_screen(BuildScreen())

    @on(BuildScreen.Named)
    def _named(self, event: BuildScreen.Named) -> None:
        self.build(event.sources)

    def build(self, sources: Sequence[Path]) -> None:
        """Build an index of sources, or of those of the last time."""
        if self.shelf is None or self.is_indexing:
            self.action_progress()
            return
        what = text.said(", ".join(map(str, sources))) or "what was read the last time"
        self._start(f"Building an index of {what}", program.rebuild(self.shelf.index_dir, sources))

    def action_repair(self) -> None:
        """Make the index anew from the texts it holds."""
        if self.shelf is None or self.is_indexing:
            self.action_progress()
        else:
            self._start("Repairing the index from the texts it holds", program.repair(self.shelf.index_dir))

    @on(Unusable)
    def _unusable(self, event: Unusable) -> None:
        """Say what is wrong, once, and offer to mend it; a job under way may be mending it already."""
        if not self.is_indexing and not isinstance(self.screen, BuildScreen | TroubleScreen):
            self.push_screen(TroubleScreen(event.error) if self.shelf is None else BuildScreen(event.error))

    def action_progress(self) -> None:
        """Show the job under way, or the last one."""
        if self.shelf is None:
            self.notify(text.said(NOWHERE), markup=False)
        elif self.job is None:
            told = (
                f"Nothing was indexed from this window yet: {shown_key(self.screen, Sync)} brings the index up to date."
            )
            self.notify(text.said(told), markup=False)
        elif not isinstance(self.screen, ProgressScreen):
            self.push_screen(ProgressScreen(self.job))

    def action_stop_indexing(self) -> None:
        """Stop the job under way."""
        if self.job is not None and self.job.is_running:
            self.job.stop()
        else:
            self.notify("Nothing is being indexed.", markup=False)

    def action_leave_progress(self) -> None:
        """Go back to the search, or to the first question where there is none yet."""
        if isinstance(self.screen, ProgressScreen | BuildScreen) and len(self.screen_stack) > 1:
            self.pop_screen()
        if self.is_indexing and isinstance(self.screen, BuildScreen):
            self.screen.say(f"An index is being built: {shown_key(self.screen, ShowProgress)} shows how far it is.")

    # The job

    def _start(self, title: str, command: list[str]) -> None:
        job = Job(title, command, lambda: self.post_message(JobEnded()))
        error = attempt(job.start)
        if error is not None:
            self.notify(text.said(str(error)), severity="error", markup=False)
            return
        self.job = job
        self._tell_progress()
        if isinstance(self.screen, BuildScreen) and len(self.screen_stack) > 1:
            self.switch_screen(ProgressScreen(job))
        else:
            self.push_screen(ProgressScreen(job))

    def _tell_progress(self) -> None:
        if (screen := self.main_screen) is not None:
            running = self.job if self.is_indexing else None
            screen.upkeep = (
                f"{short(running, time.monotonic())}, {shown_key(self.screen, ShowProgress)} shows it"
                if running
                else ""
            )

    @on(JobEnded)
    def _job_ended(self) -> None:
        self._tell_progress()
        if self.job is None:
            return
        screen = self.screen
        if isinstance(screen, ProgressScreen):
            screen.look()
        else:
            told = {Outcome.DONE: "The index is ready", Outcome.STOPPED: "The indexing was stopped"}
            what = told.get(self.job.outcome or Outcome.FAILED, "The indexing failed")
            self.notify(text.said(f"{what}: {shown_key(self.screen, ShowProgress)} tells more."), markup=False)
        if self.main_screen is not None:
            self.main_screen.renew()
        else:
            self._look_for_index()

    def _look_for_index(self) -> None:
        if self.main_screen is None and not self.is_indexing:
            self._open()

    @work(thread=True, exclusive=True, group="open", exit_on_error=False)
    def _open(self) -> None:
        if self.shelf is not None:
            answer = attempt(self.shelf.open)
            if not isinstance(answer, BroadsheetError):
                self.post_message(Opened(answer))

    @on(Opened)
    def _opened(self, event: Opened) -> None:
        """Put the search screen where the question for a folder was; a report on top of it stays."""
        if self.main_screen is not None:
            return
        on_top = self.screen if isinstance(self.screen, ProgressScreen) else None
        while len(self.screen_stack) > 1:
            self.pop_screen()
        self.push_screen(
            MainScreen(event.engine, state=self.state)
        )  # on top: the first screen of a program cannot be switched
        self.greet()
        if on_top is not None and self.job is not None:
            self.push_screen(ProgressScreen(self.job))

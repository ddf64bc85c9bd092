"""The offer to build an index: from which folder, with a look at what would be read from it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on, work
from textual.containers import VerticalScroll
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Footer, Input, Static

from index.errors import BroadsheetError, IndexDamaged, IndexMissing
from tui import text
from tui.commands import Help, LeaveProgress, Quit, Repair, ShowProgress
from tui.jobs.glance import Glance, glance
from tui.widgets.keys import bindings, shown_key
from tui.widgets.laid_out import LaidOut
from tui.widgets.path_input import PathInput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.content import Content
    from textual.timer import Timer

SEEDS: Final = "seeds"
REST: Final = 0.4  # seconds without a change of the path before anything is read
AGAIN: Final = "the folders of the last time"


class BuildScreen(Screen[None]):
    """Asks for a folder; ``error`` says why there is no index to search, if there is none."""

    @dataclass
    class Named(Message):
        """The reader wants an index of these, or of what was read last."""

        sources: tuple[Path, ...]

    BINDINGS: ClassVar[list[BindingType]] = bindings(LeaveProgress, ShowProgress, Help, Quit)

    def __init__(self, error: BroadsheetError | None = None) -> None:
        super().__init__()
        self.error = error
        self._rest: Timer | None = None

    def compose(self) -> ComposeResult:
        """Lay out the question, and the preview."""
        is_first = isinstance(self.error, IndexMissing)
        yield Static("Broadsheet", id="name")
        yield Static(Why(self.error, shown_key(self, Repair)), id="why")
        yield PathInput(
            f"{SEEDS}/" if is_first and Path(SEEDS).is_dir() else "",
            "a folder of saved pages" if is_first else AGAIN,
        )
        yield Static(id="said")
        with VerticalScroll(can_focus=False):
            yield Static(id="preview")
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Put the reader in the line."""
        line = self.query_one(PathInput)
        line.focus()
        line.cursor_position = len(line.value)
        self._start_again()

    @on(Input.Changed)
    def _start_again(self) -> None:
        if self._rest is not None:
            self._rest.stop()
        self.query_one("#said", Static).update(text.plain(""))
        self._rest = self.set_timer(REST, self._look)

    def _look(self) -> None:
        path = self.query_one(PathInput).path
        shown = self.query_one("#preview", Static)
        if path is None or not path.exists():
            self.workers.cancel_group(self, "glance")
            shown.update(text.plain("" if path is None else "There is nothing of that name yet.", text.QUIET))
        else:
            shown.update(text.plain("Looking at what would be read…", text.QUIET))
            self._glance(path)

    @work(exclusive=True, group="glance", exit_on_error=False)
    async def _glance(self, path: Path) -> None:
        try:
            found = await glance(path)
        except OSError as error:
            found = Glance((), (f"it cannot be looked at ({error.strerror})",), False)
        self.query_one("#preview", Static).update(Preview(found))

    def say(self, what: str) -> None:
        """Tell why nothing can be built from this."""
        self.query_one("#said", Static).update(text.line(what, "bold $text-warning"))

    @on(Input.Submitted)
    def _submitted(self) -> None:
        """Build from what is named, or from what was read last."""
        path = self.query_one(PathInput).path
        if path is None and (isinstance(self.error, IndexMissing) or self.query_one(PathInput).value.strip()):
            self.say("Name a folder or file to read.")
        elif path is not None and not path.exists():
            self.say(f"There is no {path}: name a folder or file that is there.")
        else:
            self.post_message(self.Named((path,) if path else ()))


class Why(LaidOut):
    """What this screen is for."""

    def __init__(self, error: BroadsheetError | None, repair_key: str) -> None:
        super().__init__()
        self._error, self._repair_key = error, repair_key

    def lines(self, width: int) -> Iterator[Content]:
        """Yield its lines."""
        if isinstance(self._error, IndexMissing):
            yield text.plain("There is nothing to search yet: build an index.", "bold")
        elif self._error is not None:
            yield text.plain("Broadsheet cannot search this index: build it anew.", "bold")
            yield text.line(str(self._error))
            if isinstance(self._error, IndexDamaged):
                yield text.plain(f"{self._repair_key} repairs it from the texts it holds, without your files.")
        else:
            yield text.plain("Build the index anew.", "bold")
        yield text.plain(
            "Name a folder or a file: saved pages, tables, dumps, feeds, archives. Tab completes. "
            "Your files are only read."
        )


class Preview(LaidOut):
    """The first articles that would be read; lines too long for the screen are cut, not wrapped."""

    def __init__(self, found: Glance) -> None:
        super().__init__()
        self._found = found

    def lines(self, width: int) -> Iterator[Content]:
        """Yield a table, and what was said."""
        found = self._found
        if found.table:
            yield text.plain("The first articles that would be read:", "bold")
            yield from (text.plain(row).truncate(width, ellipsis=True) for row in found.table)
            yield text.plain(" ")
        elif not found.is_complete:
            yield text.plain("No article was found in the first seconds; building may still find some.", "bold")
        for said in found.said:
            yield text.line(said, text.QUIET)

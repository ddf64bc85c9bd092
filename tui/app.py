"""The full-screen program."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import SystemCommand

from index.errors import BroadsheetError, IndexUnusable
from tui.commands import COMMANDS, NextTheme, QuitAnywhere
from tui.indexing import IndexingApp
from tui.screens.building import BuildScreen
from tui.screens.help import HelpScreen
from tui.screens.main import MainScreen
from tui.screens.trouble import TroubleScreen
from tui.state import State
from tui.themes import THEMES
from tui.widgets.keys import bindings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.binding import BindingType
    from textual.screen import Screen

    from tui.engine import Engine
    from tui.jobs.shelf import Shelf


class BroadsheetApp(IndexingApp):
    """Searches with ``searcher``; given the error that kept one from being opened, shows that, or offers to build."""

    TITLE = "Broadsheet"
    CSS_PATH = "broadsheet.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings(NextTheme, QuitAnywhere)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall")]  # noqa: RUF012 - as Textual declares it

    def __init__(
        self,
        searcher: Engine | BroadsheetError,
        initial_query: str = "",
        state: State | None = None,
        shelf: Shelf | None = None,
    ) -> None:
        super().__init__(shelf)
        self.state = state or State()
        self._searcher = searcher
        self._initial_query = initial_query
        self._has_warned = False
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = THEMES[0].name

    def get_default_screen(self) -> Screen[None]:
        """Return the screen to begin with."""
        if isinstance(self._searcher, IndexUnusable) and self.shelf is not None:
            return BuildScreen(self._searcher)
        if isinstance(self._searcher, BroadsheetError):
            return TroubleScreen(self._searcher)
        return MainScreen(self._searcher, self._initial_query)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer our own commands in the palette, and the choice of theme."""
        yield SystemCommand("Theme", "Change the colours.", self.action_change_theme)
        for command in COMMANDS:
            if command.in_palette:
                run = partial(screen.run_action, command.action)
                yield SystemCommand(command.label, command.help(), run)

    async def action_quit(self) -> None:
        """Leave, with the exit code of what went wrong, if anything did; a job under way is not ended by one key."""
        if self.is_indexing and not self._has_warned:
            self._has_warned = True
            self.notify("The index is being written: the same key again stops that and quits.", markup=False)
            return
        error = None if self.main_screen else getattr(self.screen, "error", None)
        self.exit(return_code=error.exit_code if isinstance(error, BroadsheetError) else 0)

    def action_next_theme(self) -> None:
        """Go through our own themes: dark, light, high contrast."""
        names = [theme.name for theme in THEMES]
        at = names.index(self.theme) if self.theme in names else -1
        self.theme = names[(at + 1) % len(names)]

    def action_help(self) -> None:
        """Show the help screen, once."""
        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen())


def run(
    searcher: Engine | BroadsheetError, initial_query: str = "", state: State | None = None, shelf: Shelf | None = None
) -> int:
    """Run the program until the reader leaves, and what it started with it; return its exit code."""
    app = BroadsheetApp(searcher, initial_query, state, shelf)
    try:
        app.run()
    finally:
        if app.job is not None:
            app.job.close()
    return app.return_code or 0

"""The full-screen program."""

from __future__ import annotations

from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import App, SystemCommand

from index.errors import BroadsheetError, IndexUnusable, StateDamaged, UsageError
from tui import text
from tui.commands import COMMANDS, NextTheme, Palette, QuitAnywhere, Suspend, Tour
from tui.commands.keymap import Keymap, shown
from tui.greeting import keep_greeted, was_greeted
from tui.indexing import IndexingApp
from tui.launch import settle
from tui.looks import Looks
from tui.screens.building import BuildScreen
from tui.screens.help import HelpScreen
from tui.screens.main import MainScreen
from tui.screens.rim import attempt
from tui.screens.tour import TourScreen
from tui.screens.trouble import TroubleScreen
from tui.signals import heed
from tui.state import State
from tui.themes import THEMES
from tui.widgets.keys import bindings
from tui.widgets.query_line import QueryLine

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.binding import Binding, BindingType
    from textual.screen import Screen

    from tui.engine import Engine
    from tui.jobs.shelf import Shelf


class BroadsheetApp(IndexingApp):
    """Searches with ``searcher``; given the error that kept one from being opened, shows that, or offers to build."""

    TITLE = "Broadsheet"
    CSS_PATH = "broadsheet.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings(NextTheme, Tour, Suspend, Palette, QuitAnywhere)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall")]  # noqa: RUF012 - as Textual declares it

    def __init__(
        self,
        searcher: Engine | BroadsheetError,
        initial_query: str = "",
        state: State | None = None,
        shelf: Shelf | None = None,
        *,
        keymap: Keymap | None = None,
        greets: bool = False,
    ) -> None:
        super().__init__(shelf, state or State())
        self.keymap = keymap or Keymap()
        self.set_keymap({name: ",".join(keys) for name, keys in self.keymap.chosen.items()})
        self._looks = Looks(self.state)
        self._searcher = searcher
        self._initial_query = initial_query
        self._has_warned = False
        self._greets = greets
        for theme in THEMES:
            self.register_theme(theme)
        self._forgotten: BroadsheetError | None = None
        self.theme = self._last_theme()

    def _last_theme(self) -> str:
        """Return the theme of the last run, if there is such a one."""
        try:
            name = self._looks.theme()
        except BroadsheetError as error:
            self._forgotten, name = error, None
        return name if name in self.available_themes else THEMES[0].name

    def on_mount(self) -> None:
        """Heed signals, remember colours, and greet who is here for the first time."""
        if not self.is_headless:
            heed(self)
            self.call_after_refresh(settle)
        self.app_resume_signal.subscribe(self, self._draw_anew)
        self._remember_theme()
        self.greet()

    def _remember_theme(self) -> None:
        """Keep the theme from now on whenever it changes, and say what of the looks was lost."""
        if self._forgotten is not None:
            self.notify(text.said(str(self._forgotten)), markup=False, severity="warning", timeout=10)
        self.theme_changed_signal.subscribe(self, lambda theme: self._keep_theme(theme.name))

    @work(thread=True, group="remember", exit_on_error=False)
    def _keep_theme(self, name: str) -> None:
        error = attempt(partial(self._looks.keep_theme, name))
        if error is not None:
            self.call_later(partial(self.notify, text.said(str(error)), markup=False, severity="warning"))

    def get_default_screen(self) -> Screen[None]:
        """Return the screen to begin with."""
        if isinstance(self._searcher, IndexUnusable) and self.shelf is not None:
            return BuildScreen(self._searcher)
        if isinstance(self._searcher, BroadsheetError):
            return TroubleScreen(self._searcher)
        return MainScreen(self._searcher, self._initial_query, self.state)

    def _draw_anew(self, _: App[object]) -> None:
        """Draw everything: the terminal shows the shell's lines, of which Textual knows nothing."""
        self.refresh(layout=True)

    def greet(self) -> None:
        """Show the tour above the search, once in a lifetime; where nothing is remembered, once in a run."""
        if not self._greets or self.main_screen is None:
            return
        self._greets = False
        if not was_greeted(self.state):
            self.action_tour()
            self._keep_greeted()

    @work(thread=True, group="remember", exit_on_error=False)
    def _keep_greeted(self) -> None:
        with suppress(UsageError, StateDamaged):  # the tour is shown once more: not worth a complaint
            keep_greeted(self.state)

    def action_tour(self) -> None:
        """Show the tour, once at a time."""
        if not isinstance(self.screen, TourScreen):
            self.push_screen(TourScreen(self.keymap), self._begin)

    def _begin(self, typed: str | None) -> None:
        """Take what was typed at the tour for the query."""
        if typed and isinstance(self.screen, MainScreen):
            self.screen.action_focus_query()
            self.screen.query_one(QueryLine).insert_text_at_cursor(typed)

    def action_suspend_process(self) -> None:
        """Go to the background of the shell, where there is one."""
        if self.is_web:
            self.notify("There is no shell behind a browser.", markup=False)
        else:
            super().action_suspend_process()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Offer our own commands in the palette, and the choice of theme."""
        yield SystemCommand("Theme", "Change the colours.", self.action_change_theme)
        for command in COMMANDS:
            if command.in_palette:
                run = partial(screen.run_action, command.action)
                keys = self.keymap.shown(command).replace("[", "\\[")  # the palette takes this for markup
                yield SystemCommand(command.label, f"{keys}: {command.help()}", run)

    def get_key_display(self, binding: Binding) -> str:
        """Return a key as our own commands write theirs."""
        return binding.key_display or shown(binding.key)

    async def action_quit(self) -> None:
        """Leave, with the exit code of what went wrong, if anything did; a job under way is not ended by one key."""
        if self.is_indexing and not self._has_warned:
            self._has_warned = True
            self.notify("The index is being written: the same key again stops that and quits.", markup=False)
            return
        screens = [self.screen] if self.main_screen else self.screen_stack
        errors = [error for screen in screens if isinstance(error := getattr(screen, "error", None), BroadsheetError)]
        self.exit(return_code=errors[0].exit_code if errors else 0)

    def action_next_theme(self) -> None:
        """Go through our own themes: dark, light, high contrast."""
        names = [theme.name for theme in THEMES]
        at = names.index(self.theme) if self.theme in names else -1
        self.theme = names[(at + 1) % len(names)]

    def action_help(self) -> None:
        """Show the help screen, once."""
        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.keymap))


def run(
    searcher: Engine | BroadsheetError,
    initial_query: str = "",
    state: State | None = None,
    shelf: Shelf | None = None,
    keymap: Keymap | None = None,
) -> int:
    """Run the program until the reader leaves, and what it started with it; return its exit code."""
    app = BroadsheetApp(searcher, initial_query, state, shelf, keymap=keymap, greets=not initial_query)
    try:
        app.run()
    finally:
        if app.job is not None:
            app.job.close()
    return app.return_code or 0

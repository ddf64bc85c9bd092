"""The full-screen program."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, ClassVar, Final

from textual.app import App, SystemCommand
from textual.theme import Theme

from index.errors import BroadsheetError
from tui.commands import COMMANDS, QuitAnywhere
from tui.screens.help import HelpScreen
from tui.screens.main import MainScreen
from tui.screens.trouble import TroubleScreen
from tui.widgets.keys import bindings

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.binding import BindingType
    from textual.screen import Screen

    from tui.engine import Engine

THEME: Final = Theme(
    name="broadsheet",
    primary="#7aa2c8",
    secondary="#9db4a0",
    accent="#d9a05b",
    warning="#e6b450",
    error="#e06c75",
    success="#98b67c",
    foreground="#e2ddd3",
    background="#16171a",
    surface="#1c1e22",
    panel="#24272c",
    dark=True,
    variables={
        "scrollbar": "#3a3e46",
        "scrollbar-hover": "#4a4f59",
        "scrollbar-active": "#d9a05b",
        "scrollbar-background": "#16171a",
        "scrollbar-corner-color": "#16171a",
        "block-cursor-background": "#33405a",
        "block-cursor-foreground": "#f4f0e8",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#282d37",
        "block-cursor-blurred-foreground": "#e2ddd3",
    },
)


class BroadsheetApp(App[None]):
    """Searches with ``searcher``; given the error that kept one from being opened, shows that."""

    TITLE = "Broadsheet"
    CSS_PATH = "broadsheet.tcss"
    BINDINGS: ClassVar[list[BindingType]] = bindings(QuitAnywhere)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]  # noqa: RUF012 - as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-short"), (20, "-tall")]  # noqa: RUF012 - as Textual declares it

    def __init__(self, searcher: Engine | BroadsheetError, initial_query: str = "") -> None:
        super().__init__()
        self._searcher = searcher
        self._initial_query = initial_query
        self.register_theme(THEME)
        self.theme = THEME.name

    def get_default_screen(self) -> Screen[None]:
        """Return the screen to begin with."""
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
        """Leave, with the exit code of what went wrong, if anything did."""
        screen = self.screen
        self.exit(return_code=screen.error.exit_code if isinstance(screen, TroubleScreen) else 0)

    def action_help(self) -> None:
        """Show the help screen, once."""
        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen())


def run(searcher: Engine | BroadsheetError, initial_query: str = "") -> int:
    """Run the program until the reader leaves; return its exit code."""
    app = BroadsheetApp(searcher, initial_query)
    app.run()
    return app.return_code or 0

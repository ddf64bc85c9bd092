"""Commands of the program as a whole."""

from __future__ import annotations

from tui.commands.command import Command


class NextPane(Command):
    """Go around: query line, hits, article."""

    key, shown_key, action, label = "tab", "Tab", "app.focus_next", "Next pane"
    in_footer = in_palette = False


class Narrower(Command):
    """Make the hits narrower, or lower where they stand above the article; the mouse moves the line, too."""

    key, shown_key, action, label = "less_than_sign", "<", "screen.move_divider(-1)", "Fewer hits"
    in_footer = False


class Wider(Command):
    """Make the hits wider, or higher."""

    key, shown_key, action, label = "greater_than_sign", ">", "screen.move_divider(1)", "More hits"
    in_footer = False


class NextTheme(Command):
    """Change the colours: dark, light, high contrast."""

    key, shown_key, action, label = "ctrl+t", "Ctrl-T", "app.next_theme", "Colours"
    in_footer = False


class Help(Command):
    """Show the keys and the query language."""

    key, shown_key, action, label = "f1", "F1", "app.help", "Help"


class Tour(Command):
    """Show the tour of one screen again."""

    key, shown_key, action, label = "f2", "F2", "app.tour", "Tour"
    in_footer = False


class Suspend(Command):
    """Put the program in the background; `fg` in the shell brings it back."""

    key, shown_key, action, label = "ctrl+z", "Ctrl-Z", "app.suspend_process", "To the shell"
    in_footer = False


class Palette(Command):
    """List the commands, and the colours."""

    key, shown_key, action, label = "ctrl+p", "Ctrl-P", "app.command_palette", "Commands"
    in_footer = in_palette = False


class Quit(Command):
    """Quit, when you are not typing."""

    key, shown_key, action, label = "q", "q", "app.quit", "Quit"


class QuitAnywhere(Command):
    """Quit from anywhere."""

    key, shown_key, action, label = "ctrl+q", "Ctrl-Q", "app.quit", "Quit"
    in_palette, goes_first = False, True

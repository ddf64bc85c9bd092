"""Commands of the index itself."""

from __future__ import annotations

from tui.commands.command import Command


class Sync(Command):
    """Bring the index up to date with its folders, in the background."""

    key, shown_key, action, label = "u", "u", "app.sync", "Update index"
    in_footer = False


class Rebuild(Command):
    """Build the index anew, from a folder you name or from those of the last time."""

    key, shown_key, action, label = "U", "U", "app.rebuild", "Rebuild index"
    in_footer = False


class Repair(Command):
    """Repair a damaged index from the texts it holds, without reading your folders."""

    key, shown_key, action, label = "f5", "F5", "app.repair", "Repair index"
    in_footer = False


class ShowProgress(Command):
    """Show how far a rebuild or update is, what was skipped and why, and the report at its end."""

    key, shown_key, action, label = "i", "i", "app.progress", "Indexing"
    in_footer = False


class StopIndexing(Command):
    """Stop a rebuild or update; the index stays as it was."""

    key, shown_key, action, label = "K", "K", "app.stop_indexing", "Stop indexing"
    in_footer = False


class LeaveProgress(Command):
    """Go back from the indexing to the search; what is under way goes on."""

    key, shown_key, action, label = "escape", "Esc", "app.leave_progress", "Back"
    in_palette = False

"""Commands of the query line, and of what is asked and how."""

from __future__ import annotations

from tui.commands.command import Command


class FocusQuery(Command):
    """Go to the query line."""

    key, shown_key, action, label = "slash", "/", "screen.focus_query", "Query"


class TakeCompletion(Command):
    """Complete what you type, while completions are shown; → and Ctrl-E at the end of the line do so, too."""

    key, shown_key, action, label = "tab", "Tab", "screen.take_completion", "Complete"
    in_footer = in_palette = False


class NextCompletion(Command):
    """Go to the next completion."""

    key, shown_key, action, label = "ctrl+n", "Ctrl-N", "screen.next_completion", "Next completion"
    in_footer = in_palette = False


class SearchHistory(Command):
    """List what you asked before, to search in and to ask again."""

    key, shown_key, action, label = "ctrl+r", "Ctrl-R", "screen.history", "History"
    in_footer = False


class OlderQuery(Command):
    """Put the query you asked before into the query line; so does ↑ on an empty line."""

    key, shown_key, action, label = "ctrl+up", "Ctrl-↑", "screen.older_query", "Older query"
    in_footer = in_palette = False


class NewerQuery(Command):
    """Put the query you asked after that there, at last what you had typed."""

    key, shown_key, action, label = "ctrl+down", "Ctrl-↓", "screen.newer_query", "Newer query"
    in_footer = in_palette = False


class SaveSearch(Command):
    """Save the query with its mode, weight, grouping and order under a name."""

    key, shown_key, action, label = "ctrl+s", "Ctrl-S", "screen.save_search", "Save search"
    in_footer = False


class SavedSearches(Command):
    """List the saved searches, to open, rename or delete."""

    key, shown_key, action, label = "ctrl+o", "Ctrl-O", "screen.saved_searches", "Saved searches"
    in_footer = False


class GroupByArticle(Command):
    """Gather the hits by article, or show every passage again."""

    key, shown_key, action, label = "g", "g", "screen.group_by_article", "Group"


class NextMode(Command):
    """Search by words and meaning, by words only, by meaning only."""

    key, shown_key, action, label = "m", "m", "screen.next_mode", "Mode"


class WeighWords(Command):
    """Let words count more against meaning, and sort anew."""

    key, shown_key, action, label = "left_square_bracket", "[", "screen.weigh(-1)", "More by words"
    in_footer = False


class WeighMeaning(Command):
    """Let meaning count more against words, and sort anew."""

    key, shown_key, action, label = "right_square_bracket", "]", "screen.weigh(1)", "More by meaning"
    in_footer = False


class NextSort(Command):
    """Sort by relevance, newest first, oldest first."""

    key, shown_key, action, label = "o", "o", "screen.next_sort", "Order"


class Filters(Command):
    """Count what was found by time, kind, source and author; Enter puts a filter into the query, or takes it out."""

    key, shown_key, action, label = "f", "f", "screen.filters", "Filter"

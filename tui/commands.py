"""What a reader can do: one class per command feeds its key, its footer entry, the palette and the help.

The docstring is the help text. Nothing here draws, so anything may list the commands.
"""

from __future__ import annotations

from typing import ClassVar, Final


class Command:
    """A thing to do, the key that does it, and the name of the action that carries it out."""

    key: ClassVar[str]
    action: ClassVar[str]
    label: ClassVar[str]
    shown_key: ClassVar[str]
    """The key as people write it."""
    in_footer: ClassVar[bool] = True
    in_palette: ClassVar[bool] = True

    @classmethod
    def help(cls) -> str:
        """Return what it does, in one sentence."""
        return (cls.__doc__ or "").strip()


class FocusQuery(Command):
    """Go to the query line."""

    key, shown_key, action, label = "slash", "/", "screen.focus_query", "Query"


class NextHit(Command):
    """Show the next hit while you type."""

    key, shown_key, action, label = "down", "↓", "screen.next_hit", "Next hit"
    in_footer = in_palette = False


class PreviousHit(Command):
    """Show the hit before while you type."""

    key, shown_key, action, label = "up", "↑", "screen.previous_hit", "Previous hit"
    in_footer = in_palette = False


class OpenArticle(Command):
    """Read the article, with the hit in view."""

    key, shown_key, action, label = "enter", "Enter", "screen.open_article", "Read"


class GoBack(Command):
    """Go back: from the article to where you came from, from the hits to the query line."""

    key, shown_key, action, label = "escape", "Esc", "screen.go_back", "Back"
    in_palette = False


class NextMatch(Command):
    """Go to the next passage of the article that has matches."""

    key, shown_key, action, label = "n", "n", "screen.next_match", "Next"


class PreviousMatch(Command):
    """Go to the passage before that has matches."""

    key, shown_key, action, label = "N", "N", "screen.previous_match", "Prev"


class Similar(Command):
    """List the passages most like this one; Esc goes back."""

    key, shown_key, action, label = "s", "s", "screen.similar", "Similar"
    in_footer = False


class JudgeRelevant(Command):
    """Say that the passage answers the query."""

    key, shown_key, action, label = "plus", "+", "screen.judge(True)", "Answers the query"
    in_footer = False


class JudgeIrrelevant(Command):
    """Say that the passage does not answer the query."""

    key, shown_key, action, label = "minus", "-", "screen.judge(False)", "Does not answer it"
    in_footer = False


class TakeJudgementBack(Command):
    """Take back what you said of the passage."""

    key, shown_key, action, label = "0", "0", "screen.judge(None)", "Take judgement back"
    in_footer = False


class CopyPassage(Command):
    """Copy the text of the passage to the clipboard."""

    key, shown_key, action, label = "y", "y", "screen.copy_passage", "Copy text"
    in_footer = False


class CopyCitation(Command):
    """Copy the citation of the passage to the clipboard."""

    key, shown_key, action, label = "c", "c", "screen.copy_citation", "Copy citation"
    in_footer = False


class Mark(Command):
    """Mark the hit for export, or no longer."""

    key, shown_key, action, label = "x", "x", "screen.mark", "Mark"
    in_footer = False


class Export(Command):
    """Write the marked hits to a file, or all of them where none is marked: .md, .csv or .jsonl."""

    key, shown_key, action, label = "X", "X", "screen.export", "Export"
    in_footer = False


class OpenOriginal(Command):
    """Open the original: a web address in the browser, a file in your pager."""

    key, shown_key, action, label = "v", "v", "screen.open_original", "View original"
    in_footer = False


class FollowAnswer(Command):
    """Go from a comment to the paragraph it answers, from a paragraph to the next comment that answers it."""

    key, shown_key, action, label = "a", "a", "screen.follow_answer", "Answer"


class GroupByArticle(Command):
    """Gather the hits by article, or show every passage again."""

    key, shown_key, action, label = "g", "g", "screen.group_by_article", "Group"


class NextMode(Command):
    """Search by words and meaning, by words only, by meaning only."""

    key, shown_key, action, label = "m", "m", "screen.next_mode", "Mode"


class NextSort(Command):
    """Sort by relevance, newest first, oldest first."""

    key, shown_key, action, label = "o", "o", "screen.next_sort", "Order"


class Filters(Command):
    """Count what was found by time, kind, source and author; Enter puts a filter into the query, or takes it out."""

    key, shown_key, action, label = "f", "f", "screen.filters", "Filter"


class Explain(Command):
    """Show the numbers that add up to the hit's score."""

    key, shown_key, action, label = "e", "e", "screen.explain", "Explain"
    in_footer = False


class Why(Command):
    """Show under each hit, in a line, why it was found, or no longer."""

    key, shown_key, action, label = "w", "w", "screen.why", "Why"
    in_footer = False


class Unfold(Command):
    """Unfold the reprints of a hit, or the further passages of its article, and fold them again."""

    key, shown_key, action, label = "space", "Space", "screen.unfold", "Unfold"
    in_footer = False


class TakeBetter(Command):
    """Take the better results that came while you were reading."""

    key, shown_key, action, label = "full_stop", ".", "screen.take_better", "Take better results"
    in_footer = False


class NextPane(Command):
    """Go around: query line, hits, article."""

    key, shown_key, action, label = "tab", "Tab", "app.focus_next", "Next pane"
    in_footer = in_palette = False


class NextTheme(Command):
    """Change the colours: dark, light, high contrast."""

    key, shown_key, action, label = "ctrl+t", "Ctrl-T", "app.next_theme", "Colours"
    in_footer = False


class Help(Command):
    """Show the keys and the query language."""

    key, shown_key, action, label = "f1", "F1", "app.help", "Help"


class Quit(Command):
    """Quit, when you are not typing."""

    key, shown_key, action, label = "q", "q", "app.quit", "Quit"


class Palette(Command):
    """List the commands, and the colours."""

    key, shown_key, action, label = "ctrl+p", "Ctrl-P", "app.command_palette", "Commands"
    in_footer = in_palette = False


class QuitAnywhere(Command):
    """Quit from anywhere."""

    key, shown_key, action, label = "ctrl+q", "Ctrl-Q", "app.quit", "Quit"
    in_palette = False


COMMANDS: Final = (
    FocusQuery,
    NextHit,
    PreviousHit,
    OpenArticle,
    GoBack,
    GroupByArticle,
    NextMode,
    NextSort,
    Filters,
    Explain,
    Why,
    Unfold,
    TakeBetter,
    Similar,
    JudgeRelevant,
    JudgeIrrelevant,
    TakeJudgementBack,
    CopyPassage,
    CopyCitation,
    Mark,
    Export,
    OpenOriginal,
    NextMatch,
    PreviousMatch,
    FollowAnswer,
    NextPane,
    NextTheme,
    Help,
    Palette,
    Quit,
    QuitAnywhere,
)

QUERY_LANGUAGE: Final = (
    ("river flood warning", "any of the words; meaning helps"),
    ('"flood warning"', "these words side by side"),
    ("flood -insurance", "without this word"),
    ("in:comment", "only comments; or in:headline …"),
    ("by:author", "only what this author wrote"),
)
"""The query language by example: what is typed, and what it asks for."""

ON_PASSAGES: Final = (
    Explain,
    JudgeRelevant,
    JudgeIrrelevant,
    TakeJudgementBack,
    CopyPassage,
    CopyCitation,
    Mark,
    Export,
    OpenOriginal,
    TakeBetter,
)
"""What can be done to a hit in the list, and to the passage being read; not in the footer."""

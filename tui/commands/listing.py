"""Commands of the list of hits, some of them for the passage being read, too."""

from __future__ import annotations

from tui.commands.command import Command


class NextHit(Command):
    """Show the next hit while you type."""

    key, shown_key, action, label = "down", "↓", "screen.next_hit", "Next hit"
    in_footer = in_palette = False


class PreviousHit(Command):
    """Show the hit before while you type."""

    key, shown_key, action, label = "up", "↑", "screen.previous_hit", "Previous hit"
    in_footer = in_palette = False


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

"""Commands of the article being read."""

from __future__ import annotations

from tui.commands.command import Command


class OpenArticle(Command):
    """Read the article, with the hit in view."""

    key, shown_key, action, label = "enter", "Enter", "screen.open_article", "Read"


class GoBack(Command):
    """Go back: from the article to where you came from, from the hits to the query line; put completions away."""

    key, shown_key, action, label = "escape", "Esc", "screen.go_back", "Back"
    in_palette = False


class NextMatch(Command):
    """Go to the next passage of the article that has matches."""

    key, shown_key, action, label = "n", "n", "screen.next_match", "Next"


class PreviousMatch(Command):
    """Go to the passage before that has matches."""

    key, shown_key, action, label = "N", "N", "screen.previous_match", "Prev"


class Pin(Command):
    """Pin the article beside the one being read, or let it go."""

    key, shown_key, action, label = "p", "p", "screen.pin", "Pin"
    in_footer = False


class FollowAnswer(Command):
    """Go from a comment to the paragraph it answers, from a paragraph to the next comment that answers it."""

    key, shown_key, action, label = "a", "a", "screen.follow_answer", "Answer"

"""The article that stays beside the one being read."""

from __future__ import annotations

from tui import text
from tui.commands import Pin
from tui.panes import Pane
from tui.widgets.article_pane import ArticlePane
from tui.widgets.keys import shown_key


class PinnedPane(ArticlePane):
    """An article like any other, but for its heading."""

    def __init__(self) -> None:
        super().__init__(Pane.PINNED)

    def on_mount(self) -> None:
        """Say how it is let go."""
        self.border_title = text.said(f"pinned, {shown_key(self, Pin)} lets go")

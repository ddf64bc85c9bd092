"""The article that stays beside the one being read."""

from __future__ import annotations

from tui import text
from tui.commands import Pin
from tui.panes import Pane
from tui.widgets.article_pane import ArticlePane


class PinnedPane(ArticlePane):
    """An article like any other, but for its heading."""

    def __init__(self) -> None:
        super().__init__(Pane.PINNED)
        self.border_title = text.said(f"pinned, {Pin.shown_key} lets go")

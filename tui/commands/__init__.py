"""What a reader can do; see ``command.Command``."""

from tui.commands.catalogue import COMMANDS, ON_PASSAGES, QUERY_LANGUAGE
from tui.commands.command import Command
from tui.commands.indexing import LeaveProgress, Rebuild, ShowProgress, StopIndexing, Sync
from tui.commands.listing import (
    CopyCitation,
    CopyPassage,
    Explain,
    Export,
    JudgeIrrelevant,
    JudgeRelevant,
    Mark,
    NextHit,
    OpenOriginal,
    PreviousHit,
    Similar,
    TakeBetter,
    TakeJudgementBack,
    Unfold,
    Why,
)
from tui.commands.program import Help, NextPane, NextTheme, Palette, Quit, QuitAnywhere
from tui.commands.querying import Filters, FocusQuery, GroupByArticle, NextMode, NextSort
from tui.commands.reading import FollowAnswer, GoBack, NextMatch, OpenArticle, PreviousMatch

__all__ = [
    "COMMANDS",
    "ON_PASSAGES",
    "QUERY_LANGUAGE",
    "Command",
    "CopyCitation",
    "CopyPassage",
    "Explain",
    "Export",
    "Filters",
    "FocusQuery",
    "FollowAnswer",
    "GoBack",
    "GroupByArticle",
    "Help",
    "JudgeIrrelevant",
    "JudgeRelevant",
    "LeaveProgress",
    "Mark",
    "NextHit",
    "NextMatch",
    "NextMode",
    "NextPane",
    "NextSort",
    "NextTheme",
    "OpenArticle",
    "OpenOriginal",
    "Palette",
    "PreviousHit",
    "PreviousMatch",
    "Quit",
    "QuitAnywhere",
    "Rebuild",
    "ShowProgress",
    "Similar",
    "StopIndexing",
    "Sync",
    "TakeBetter",
    "TakeJudgementBack",
    "Unfold",
    "Why",
]

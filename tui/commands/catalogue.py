"""All commands in the order of the help, and the query language by example."""

from __future__ import annotations

from typing import Final

from tui.commands.indexing import LeaveProgress, Rebuild, Repair, ShowProgress, StopIndexing, Sync
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
from tui.commands.program import Help, Narrower, NextPane, NextTheme, Palette, Quit, QuitAnywhere, Suspend, Tour, Wider
from tui.commands.querying import (
    Filters,
    FocusQuery,
    GroupByArticle,
    NewerQuery,
    NextCompletion,
    NextMode,
    NextSort,
    OlderQuery,
    SavedSearches,
    SaveSearch,
    SearchHistory,
    TakeCompletion,
    WeighMeaning,
    WeighWords,
)
from tui.commands.reading import FollowAnswer, GoBack, NextMatch, OpenArticle, Pin, PreviousMatch

COMMANDS: Final = (
    FocusQuery,
    TakeCompletion,
    NextCompletion,
    SearchHistory,
    OlderQuery,
    NewerQuery,
    SaveSearch,
    SavedSearches,
    NextHit,
    PreviousHit,
    OpenArticle,
    GoBack,
    GroupByArticle,
    NextMode,
    WeighWords,
    WeighMeaning,
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
    Pin,
    Sync,
    Rebuild,
    Repair,
    ShowProgress,
    StopIndexing,
    LeaveProgress,
    NextPane,
    Narrower,
    Wider,
    NextTheme,
    Help,
    Tour,
    Palette,
    Suspend,
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

"""Weighing meaning against words: the list is sorted anew by scores the engine has already, with nothing sought."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from index.errors import BroadsheetError
from search.results import Mode, Sort
from tui import text
from tui.screens.rim import attempt
from tui.screens.saving import Saving

STEPS: Final = 10  # from words alone to meaning alone
ALIKE: Final = 1e-9


class Weighing(Saving):
    """The part of the screen that weighs."""

    def action_weigh(self, steps: int) -> None:
        """Give meaning ``steps`` tenths more of the score."""
        question = self.question
        if question.mode is not Mode.HYBRID or question.sort is not Sort.RELEVANCE or question.like:
            self.notify("Only a hybrid search by relevance weighs meaning against words.", markup=False)
            return
        if not self._has_meaning:
            self.notify("This index has no vectors, so words alone count.", markup=False)
            return
        own = attempt(lambda: self._engine.alpha(question.text))
        if isinstance(own, BroadsheetError):
            self.notify(text.said(str(own)), severity="error", markup=False)
            return
        used = own if question.alpha is None else question.alpha
        wanted = min(max(round(used * STEPS) + steps, 0), STEPS) / STEPS
        self.ask(replace(question, alpha=None if abs(wanted - own) < ALIKE else wanted))

"""Acting on a hit, or on the passage being read: explaining, judging, copying, marking, exporting, opening."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work
from textual.reactive import reactive

from index.errors import BroadsheetError
from tui.screens.explanation import ExplanationScreen
from tui.screens.reading import Reading
from tui.screens.rim import attempt
from tui.widgets.hit_list import HitList

if TYPE_CHECKING:
    from search.results import Mode
    from tui.question import Question


class Acting(Reading):
    """The part of the screen that does things with hits."""

    why: reactive[bool] = reactive(False)
    """Whether each hit says in a line why it was found."""

    def action_why(self) -> None:
        """Show why each hit was found, or no longer."""
        self.why = not self.why

    def action_explain(self) -> None:
        """Show the numbers of the hit."""
        found = self.query_one(HitList).leader
        if found is None or self.results is None:
            return
        hit, place = found
        screen = ExplanationScreen(hit, place + 1)
        self.app.push_screen(screen)
        if not self.shown.like:
            self._weigh(screen, self.shown, self.results.mode, place)

    @work(thread=True, exclusive=True, group="explain", exit_on_error=False)
    def _weigh(self, screen: ExplanationScreen, question: Question, mode: Mode, place: int) -> None:
        """Ask for the one hit again, with what each word adds."""
        asked = attempt(
            lambda: question.put_to(self._engine, limit=1, offset=place, mode=mode, explain=True),
        )
        if not isinstance(asked, BroadsheetError) and asked:
            self.app.call_later(screen.weigh, asked[0])

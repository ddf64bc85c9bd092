"""The question that is open: what was asked, how, and the results listed so far.

The model is loaded before the first answer that needs it, and said so, instead of answering by words at once and
better later: results that are read aloud take time to hear, and hearing them again in another order, under other
numbers, costs far more than the second that loading takes.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from index.errors import BroadsheetError, UsageError
from search import printing
from search.results import Mode, Sort
from tui.plain import telling
from tui.plain.wording import counted, short
from tui.question import Question

if TYPE_CHECKING:
    from collections.abc import Callable

    from search.results import Hit, Results
    from tui.plain.engine import Engine
    from tui.plain.terminal import Terminal

PAGE: Final = 5  # results at once: what can be held in mind, and what fits on a terminal that does not scroll back
_ADVICE: Final = "Type a number to read that article, or help for all commands."


class Asking:
    """Asks the engine and tells its answers; keeps the numbers that results were listed under."""

    def __init__(self, engine: Engine, terminal: Terminal) -> None:
        self._engine, self._terminal = engine, terminal
        self._how = Question()
        """How is asked; its text is that of no query."""
        self._fetch: Callable[[int], Results] | None = None
        """Returns the page of the current results that begins behind so many."""
        self._spelling: str | None = None
        self._is_advised = False
        self.query = ""
        """What was asked last; empty where the results are the passages like one."""
        self.what = ""
        """What the results are for, in words."""
        self.hits: list[Hit] = []
        self.code = 0
        """The exit code of the last query: 1 where nothing was found, that of its error."""

    def ask(self, query: str) -> None:
        """Ask a query and list the first results."""
        self.query, self.what = query, short(query)
        self._fetch = self._searched
        self._first_page()

    @property
    def question(self) -> Question:
        """The query asked last, and how; its text is empty where the results are the passages like one."""
        return replace(self._how, text=self.query)

    def ask_as(self, question: Question) -> None:
        """Ask a query as a question says, and go on asking so."""
        self._how = replace(question, text="")
        self.ask(question.text)

    def _searched(self, offset: int) -> Results:
        mode = self._mode_in_force()
        group_by = "article" if self._how.by_article else None
        results = self._engine.search(
            self.query,
            limit=PAGE,
            offset=offset,
            mode=mode,
            group_by=group_by,
            sort=self._how.sort,
            alpha=self._how.alpha,
        )
        return self._engine.add_meaning(results)

    def _mode_in_force(self) -> Mode:
        """Return the mode to search in: with the model loaded, or without it where it cannot be."""
        if self._how.mode is Mode.KEYWORD or self._engine.is_warm:
            return self._how.mode
        self._terminal.say("Loading the model.")
        try:
            self._engine.warm()
        except BroadsheetError as error:
            if self._how.mode is Mode.SEMANTIC:
                raise
            self._terminal.say(f"{error}. Searching by words alone; mode hybrid tries again.")
            self._how = replace(self._how, mode=Mode.KEYWORD)
        return self._how.mode

    def _first_page(self) -> None:
        """Show the first of the current results, and forget those before."""
        self.hits, self._spelling = [], None
        try:
            results = self._next_page()
        except BroadsheetError as error:
            self.code = error.exit_code
            raise
        self.code = 0 if results else printing.NOTHING_FOUND
        if results and self._terminal.is_interactive and not self._is_advised:
            self._is_advised = True
            self._terminal.say(_ADVICE)

    def _next_page(self) -> Results:
        """Tell how many there are, what was learnt beside, and the results that follow those listed."""
        if self._fetch is None:
            raise UsageError("there are no results yet; type a query")
        first = len(self.hits) + 1
        results = self._fetch(len(self.hits))
        self.hits += results.hits
        self._terminal.tell(telling.totals(results, first, self.what, is_full=len(results) == PAGE))
        if first == 1:
            self._tell_beside(results)
        self._tell_hits(first)
        return results

    def _tell_beside(self, results: Results) -> None:
        for warning in results.warnings:
            self._terminal.say(f"Note: {warning}")
        if self._how.by_article and self._how.sort is not Sort.RELEVANCE:
            self._terminal.say("Note: sorted by time, every passage stands by itself.")
        self._spelling = results.did_you_mean
        if self._spelling:
            self._terminal.say(f"Did you mean {short(self._spelling)}? Type y for that.")

    def _tell_hits(self, first: int) -> None:
        for number, hit in enumerate(self.hits[first - 1 :], first):
            self._terminal.tell_all(telling.hit_lines(number, hit))

    def more(self) -> None:
        """List the next results."""
        self._next_page()

    def list(self) -> None:
        """List the results again."""
        if not self.hits:
            raise UsageError("there are no results; type a query")
        self._terminal.tell(f"{counted(len(self.hits), 'result')} listed for {self.what}.")
        self._tell_hits(1)

    def yes(self) -> None:
        """Ask the query in the spelling suggested."""
        if self._spelling is None:
            raise UsageError("no spelling was suggested; to search for this word, type ? before it")
        self.ask(self._spelling)

    def similar(self, number: str) -> None:
        """List the passages most like a result; they become the results."""
        hit = self.hit(number)
        self.query, self.what = "", f"what is like {telling.naming(hit)}"
        self._fetch = lambda offset: self._engine.similar(hit.passage.id, limit=PAGE, offset=offset)
        self._first_page()

    def set_mode(self, mode: str = "") -> None:
        """Say the mode; where one is given, search in it from now on."""
        self._how = replace(self._how, mode=Mode(mode.lower())) if mode else self._how
        self._changed(f"Mode {self._how.mode.value}.", anew=bool(mode))

    def set_sort(self, sort: str = "") -> None:
        """Say the order; where one is given, list in it from now on."""
        self._how = replace(self._how, sort=Sort(sort.lower())) if sort else self._how
        self._changed(f"Sorted by {self._how.sort.value}.", anew=bool(sort))

    def group(self) -> None:
        """List one result an article, or every passage again."""
        self._how = self._how.regrouped()
        self._changed("One result an article." if self._how.by_article else "Every passage by itself.", anew=True)

    def _changed(self, told: str, *, anew: bool) -> None:
        """Say what holds now and, where it is new, ask the current query again."""
        self._terminal.say(told)
        if anew and self.query:
            self._first_page()

    def facets(self) -> None:
        """Count what the query is about."""
        if not self.query:
            raise UsageError("counts are of a query; type one first")
        self._terminal.tell_all(printing.facet_lines(self._engine.facets(self.query, self._mode_in_force())))

    def hit(self, number: str) -> Hit:
        """Return the result listed under a number; raises ``UsageError`` where there is none."""
        if not self.hits:
            raise UsageError("there are no results; type a query")
        if not 0 < int(number) <= len(self.hits):
            more = f"the last one listed is {len(self.hits)}; to search for the number, type ? {number}"
            raise UsageError(f"there is no result {number}; {more}")
        return self.hits[int(number) - 1]

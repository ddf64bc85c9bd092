"""Acting on a hit, or on the passage being read: explaining, judging, copying, marking, exporting, opening."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import SuspendNotSupported
from textual.reactive import reactive

from index.errors import BroadsheetError
from index.text import squash
from search.citation import cite
from search.judgements import Judgements
from search.options import MAX_LIMIT
from tui import exporting, text
from tui.engine import hit_on
from tui.messages import Exported, Judged
from tui.original import original, page
from tui.screens.explanation import ExplanationScreen
from tui.screens.exporting import ExportScreen
from tui.screens.reading import Reading, Stop
from tui.screens.rim import attempt
from tui.widgets.hit_list import HitList

if TYPE_CHECKING:
    from collections.abc import Mapping

    from search.results import Hit, Mode
    from tui.engine import Engine
    from tui.listing import Listing
    from tui.question import Question


class Acting(Reading):
    """The part of the screen that does things with hits."""

    why: reactive[bool] = reactive(False)
    """Whether each hit says in a line why it was found."""
    marks: reactive[frozenset[str]] = reactive(frozenset())
    judged: reactive[Mapping[str, bool]] = reactive(dict)
    """What was said of passages as answers to the query shown, by id."""

    def __init__(self, engine: Engine) -> None:
        super().__init__(engine)
        self._marked: dict[str, Hit] = {}
        self._judgements: dict[tuple[str, str], bool] = {}

    @property
    def target(self) -> Hit | None:
        """The passage being read, or else the hit the reader is at."""
        hit, pane = self.query_one(HitList).hit, self.pane
        page = pane.page
        if hit is None or page is None or not pane.has_focus:
            return hit
        for passage, spans in zip(page.passages, page.spans, strict=True):
            if passage.id == pane.current != hit.passage.id:
                return hit_on(passage, page.article, spans, hit)
        return hit

    # Why

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

    # Similar passages

    def action_similar(self) -> None:
        """List the passages most like this one."""
        hit = self.target
        if hit is None or self.listing is None:
            return
        self._trail.append(Stop(self.shown, self.listing, self.query_one(HitList).spot))
        self.query_one(HitList).focus()
        self.ask(replace(self.question, like=hit.passage.id))

    # Judging

    @work(thread=True, group="judge", exit_on_error=False)
    def read_judgements(self, index_dir: Path) -> None:
        """Read what was judged before."""
        kept = attempt(Judgements.beside(index_dir).all)
        if isinstance(kept, BroadsheetError):
            self.app.call_later(self.complain, kept)
        else:
            self._judgements |= {(one.query, one.passage_id): bool(one.grade) for one in kept}

    def show(self, question: Question, listing: Listing) -> None:
        """Put an answer on the screen, with what was judged of it."""
        self.judged = self._judged_for(question)
        super().show(question, listing)

    def action_judge(self, relevant: bool | None) -> None:
        """Keep whether the passage answers the query."""
        if self.shown.like:
            self.notify("Go back to a query first: similar passages answer none.", markup=False)
        elif (hit := self.target) is not None and self.shown.text:
            self._judge(self.shown.text, hit.passage.id, relevant)

    @work(thread=True, group="judge", exit_on_error=False)
    def _judge(self, query: str, passage_id: str, relevant: bool | None) -> None:
        answer = attempt(lambda: self._engine.judge(query, passage_id, relevant))
        error = answer if isinstance(answer, BroadsheetError) else None
        self.post_message(Judged(query, passage_id, relevant, error))

    @on(Judged)
    def _judgement_kept(self, event: Judged) -> None:
        if event.error is not None:
            self.complain(event.error)
            return
        key = (squash(event.query), event.passage_id)
        self._judgements.pop(key, None)
        if event.relevant is not None:
            self._judgements[key] = event.relevant
        self.judged = self._judged_for(self.shown)
        said = {True: "answers the query", False: "does not answer the query", None: "is no longer judged"}
        told = f"{event.passage_id} {said[event.relevant]}"
        self.notify(text.said(told), markup=False, timeout=2)

    def _judged_for(self, question: Question) -> dict[str, bool]:
        query = squash(question.words)
        return {id_: relevant for (asked, id_), relevant in self._judgements.items() if asked == query}

    # Taking away

    def action_copy_passage(self) -> None:
        """Copy the text of the passage."""
        if (hit := self.target) is not None:
            self._copy(text.plain(hit.passage.text).plain, "text")

    def action_copy_citation(self) -> None:
        """Copy the citation of the passage."""
        if (hit := self.target) is not None:
            self._copy(text.said(cite(hit).text()), "citation")

    def _copy(self, what: str, name: str) -> None:
        self.app.copy_to_clipboard(what)
        self.notify(text.said(f"Copied the {name}."), markup=False, timeout=2)

    def action_mark(self) -> None:
        """Mark the hit, or take its mark off."""
        if (hit := self.target) is not None and self._marked.pop(hit.passage.id, None) is None:
            self._marked[hit.passage.id] = hit
        self.marks = frozenset(self._marked)

    def action_export(self) -> None:
        """Ask for a file, and write the marked hits or all of them."""
        if not self._marked and not self.results:
            return
        what = f"{len(self._marked)} marked hits" if self._marked else "all hits"
        self.app.push_screen(ExportScreen(what), self._export_to)

    def _export_to(self, named: tuple[Path, bool] | None) -> None:
        if named is not None and self.results is not None:
            self._export(self.shown, self.results.mode, tuple(self._marked.values()), *named)

    @work(thread=True, group="export", exit_on_error=False)
    def _export(self, question: Question, mode: Mode, marked: tuple[Hit, ...], path: Path, replacing: bool) -> None:
        def write() -> int:
            hits = marked or question.put_to(self._engine, limit=MAX_LIMIT, mode=mode).hits
            return exporting.write(self._engine, hits, question.words, path, replacing=replacing)

        self.post_message(Exported(path, attempt(write)))

    @on(Exported)
    def _exported(self, event: Exported) -> None:
        if isinstance(event.answer, BroadsheetError):
            self.complain(event.answer)
        else:
            hits = "1 hit" if event.answer == 1 else f"{event.answer:,} hits"
            self.notify(text.said(f"{hits} written to {event.path}"), markup=False)

    def action_open_original(self) -> None:
        """Open the web address or the file of the article."""
        if (hit := self.target) is None:
            return
        found = attempt(lambda: original(hit.article))
        if isinstance(found, BroadsheetError):
            self.complain(found)
        elif isinstance(found, Path):
            self._page(found)
        else:
            self.notify(text.said(f"Opening {found}"), markup=False)  # where there is no browser, it can be copied
            self.app.open_url(found)

    def _page(self, path: Path) -> None:
        """Lend the terminal to the pager."""
        try:
            with self.app.suspend():
                answer = attempt(lambda: page(path))
        except SuspendNotSupported:
            self.notify(text.said(f"There is no pager here; the file is {path}"), markup=False)
            return
        self.refresh()
        if answer is not None:
            self.complain(answer)

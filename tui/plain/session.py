"""The loop of plain mode: a line is read, carried out and answered, until there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from index.errors import BroadsheetError, UsageError
from search.citation import cite
from tui.plain import telling
from tui.plain.asking import Asking
from tui.plain.commands import understood
from tui.plain.notebook import Notebook, export
from tui.plain.reading import Reading
from tui.plain.saving import Saving
from tui.plain.terminal import Terminal
from tui.plain.wording import counted
from tui.state import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.plain.commands import Request
    from tui.plain.engine import Engine

VERDICTS: Final = {"+": True, "-": False, "0": None}
_WELCOME: Final = "Broadsheet, plain mode. Type a query, help or quit."


class Session:
    """One reader's sitting: the question, the article that is open, and what is marked."""

    def __init__(self, engine: Engine, terminal: Terminal, state: State) -> None:
        self._engine, self._terminal = engine, terminal
        self._asking = asking = Asking(engine, terminal)
        saving = Saving(state, asking, terminal)
        self._reading: Reading | None = None
        self._marks = Notebook()
        self._is_over = False
        self._actions: dict[str, Callable[..., object]] = {
            "?": asking.ask,
            "more": asking.more,
            "list": asking.list,
            "yes": asking.yes,
            "similar": asking.similar,
            "mode": asking.set_mode,
            "sort": asking.set_sort,
            "group": asking.group,
            "facets": asking.facets,
            "save": saving.save,
            "saved": saving.saved,
            "read": self._read,
            "open": self._open,
            "next": self._next,
            "back": self._back,
            "all": self._all,
            "why": self._why,
            "copy": self._copy,
            "judge": self._judge,
            "mark": self._mark,
            "marks": self._list_marks,
            "export": self._export,
            "info": self._info,
            "help": self._help,
            "quit": self._quit,
        }

    def run(self, query: str = "") -> int:
        """Answer ``query``, if there is one, and then every line; return the exit code.

        Where lines come from a pipe the code is that of the last query: 1 where it found nothing, that of its error.
        """
        query = query.strip()
        try:
            if query:
                self._attempt(lambda: self._asking.ask(query))
            elif self._terminal.is_interactive:
                self._terminal.say(_WELCOME)
            while not self._is_over and (line := self._terminal.ask()) is not None:
                self._answer(line)
            if not self._is_over:
                self._terminal.leave()
        except KeyboardInterrupt:
            self._terminal.leave()
        return 0 if self._terminal.is_interactive else self._asking.code

    def _answer(self, line: str) -> None:
        if line:
            self._attempt(lambda: self._carry_out(understood(line)))

    def _attempt(self, act: Callable[[], object]) -> None:
        """Carry something out; whatever goes wrong is said in a line of its own."""
        try:
            act()
        except BroadsheetError as error:
            self._terminal.say(f"Error: {error}")
        except BrokenPipeError:  # nobody listens any more
            raise
        except Exception as error:  # noqa: BLE001 - the rim: a slip of ours must not cost the reader marks and place
            self._asking.code = BroadsheetError.exit_code
            self._terminal.say(f"Unexpected {type(error).__name__}: {error}. Please report this.")

    def _carry_out(self, request: Request) -> None:
        self._actions[request.command.name](*request.arguments)
        if request.hint:
            self._terminal.say(request.hint)

    # Reading

    def _read(self, number: str) -> None:
        if self._asking.hits:
            self._terminal.tell_all(self._begun(number).passage())
        else:
            self._asking.ask(number)

    def _open(self, number: str) -> None:
        reading = self._begun(number)
        reading.rewind()
        self._terminal.tell_all(reading.passage())

    def _begun(self, number: str) -> Reading:
        self._reading = reading = Reading(self._engine, self._asking.query, self._asking.hit(number))
        self._terminal.tell_all(reading.head())
        return reading

    def _opened(self) -> Reading:
        if self._reading is None:
            raise UsageError("no article is open; type the number of a result")
        return self._reading

    def _next(self) -> None:
        self._step(1, "That was the end of the article. Type back, list or a query.")

    def _back(self) -> None:
        self._step(-1, "That was the beginning of the article. Type next, list or a query.")

    def _step(self, steps: int, at_end: str) -> None:
        reading = self._opened()
        if reading.move(steps):
            self._terminal.tell_all(reading.passage())
        else:
            self._terminal.say(at_end)

    def _all(self) -> None:
        reading = self._opened()
        while reading.move(1):
            self._terminal.tell_all(reading.passage())
        self._terminal.say("That was the end of the article.")

    # One result

    def _why(self, number: str) -> None:
        self._terminal.tell_all(telling.why_lines(int(number), self._asking.hit(number)))

    def _copy(self, number: str) -> None:
        citation = cite(self._asking.hit(number))
        self._terminal.tell_whole(citation.text())
        if citation.url:
            self._terminal.tell_whole(citation.url)

    def _judge(self, number: str, sign: str) -> None:
        hit, query = self._asking.hit(number), self._asking.query
        if not query:
            raise UsageError("similar passages answer no query; search for one first")
        is_changed = self._engine.judge(query, hit.passage.id, VERDICTS[sign])
        told = {"+": "answers", "-": "does not answer", "0": "is not judged for"}[sign]
        self._terminal.say(f"Result {int(number)} {told} {self._asking.what}{'.' if is_changed else ', as before.'}")

    def _mark(self, number: str) -> None:
        told = "marked" if self._marks.turn(self._asking.hit(number)) else "no longer marked"
        self._terminal.say(f"Result {int(number)} {told}; {counted(len(self._marks), 'mark')} in all.")

    # All that was kept

    def _list_marks(self) -> None:
        if not self._marks:
            raise UsageError("nothing is marked; type mark and the number of a result")
        for number, hit in enumerate(self._marks, 1):
            self._terminal.tell(f"Mark {number}: {cite(hit).text()}")

    def _export(self, name: str, form: str = "") -> None:
        hits = [*self._marks] or self._asking.hits
        if not hits:
            raise UsageError("there is nothing to write; type a query first")
        which = "marked" if self._marks else "listed"
        path = export(hits, name, form.lower())
        self._terminal.say(f"Wrote {counted(len(hits), f'{which} result')} to {path}")

    def _info(self) -> None:
        self._terminal.tell_all(telling.info_lines(self._engine.info()))

    def _help(self) -> None:
        self._terminal.tell_all(telling.help_lines())

    def _quit(self) -> None:
        self._is_over = True


def run(engine: Engine, query: str = "", state: State | None = None, *, edits: bool = True) -> int:
    """Serve one reader until they leave; return the exit code."""
    return Session(engine, Terminal(edits=edits), state or State()).run(query)

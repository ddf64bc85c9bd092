"""Typing searches: bursts become one question, only the newest answer counts, and nothing flickers."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, cast

import pytest

from index.errors import IndexDamaged, IndexMissing, ModelError, QueryError
from search.results import Mode
from tests.tui.conftest import ids, place
from tui.app import BroadsheetApp, run
from tui.screens.asking import LOADING
from tui.screens.trouble import TroubleScreen
from tui.widgets.article_pane import ArticlePane
from tui.widgets.hit_list import HitList
from tui.widgets.notice import Notice
from tui.widgets.query_line import QueryLine
from tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from tests.tui.conftest import Ask, FakeEngine, Until, Write
    from tui.screens.main import MainScreen


AGE = "index 3 days old"


def main(app: BroadsheetApp) -> MainScreen:
    return cast("MainScreen", app.screen)


def status(app: BroadsheetApp) -> str:
    return app.screen.query_one(StatusLine).render().plain


async def test_it_begins_in_the_query_line_with_a_welcome(app: BroadsheetApp) -> None:
    async with app.run_test():
        assert isinstance(app.focused, QueryLine)
        assert app.screen.query_one(Notice).display
        assert not app.screen.query_one("#panes").display
        assert app.title == "Broadsheet"


async def test_a_burst_of_typing_is_one_question(app: BroadsheetApp, engine: FakeEngine, ask: Ask) -> None:
    async with app.run_test() as pilot:
        await ask(pilot, "survey")
        assert engine.asked == [("survey", Mode.KEYWORD), ("survey", Mode.HYBRID)]
        assert ids(app) == ["a1#c2", "a1#c3", "a1#p2"]
        assert status(app) == f"3 results · hybrid · 4 ms · {AGE}"


async def test_a_late_answer_is_ignored(
    app: BroadsheetApp, engine: FakeEngine, ask: Ask, until: Until, write: Write
) -> None:
    late = engine.hold("wall")
    async with app.run_test() as pilot:
        seen: list[str] = []
        app.screen.watch(app.screen, "results", lambda new: seen.append(new.query if new else ""))
        write(app, "wall")
        await until(app, lambda: engine.asked)
        app.screen.query_one(QueryLine).value = ""
        await ask(pilot, "survey")
        late.set()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert "wall" not in seen
        assert main(app).results.query == "survey"


async def test_an_emptied_query_forgets_its_question(
    app: BroadsheetApp, engine: FakeEngine, until: Until, write: Write
) -> None:
    late = engine.hold("wall")
    async with app.run_test() as pilot:
        write(app, "wall")
        await until(app, lambda: engine.asked)
        app.screen.query_one(QueryLine).value = ""
        await until(app, lambda: main(app).question.text == "")
        late.set()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert main(app).results is None
        assert app.screen.query_one(Notice).display


async def test_old_hits_stay_until_new_ones_come(
    app: BroadsheetApp, engine: FakeEngine, ask: Ask, until: Until, write: Write
) -> None:
    held = engine.hold("survey wall")
    async with app.run_test() as pilot:
        await ask(pilot, "survey")
        write(app, " wall")
        await until(app, lambda: main(app).busy)
        assert ids(app) == ["a1#c2", "a1#c3", "a1#p2"]
        assert status(app).startswith("searching…")
        held.set()
        await until(app, lambda: len(ids(app)) > 3)
        assert "searching" not in status(app)


async def test_that_nothing_was_found_is_shown_after_a_moment(app: BroadsheetApp, ask: Ask, until: Until) -> None:
    async with app.run_test() as pilot:
        await ask(pilot, "survey")
        await pilot.press("x")
        await until(app, lambda: main(app).results is not None and main(app).results.query == "surveyx")
        assert app.screen.query_one(Notice).display
        assert status(app) == f"no results · hybrid · 4 ms · {AGE}"
        await pilot.press("enter")
        assert isinstance(app.focused, QueryLine)


async def test_the_engine_may_have_something_to_say(app: BroadsheetApp, engine: FakeEngine, ask: Ask) -> None:
    engine.extra = {
        "total": 400,
        "total_is_exact": False,
        "warnings": ("no field 'foo'; [searched] as words",),
        "did_you_mean": "harbour [wall]",
    }
    async with app.run_test() as pilot:
        await ask(pilot, "wall")
        assert status(app) == (
            "best of 400 considered · hybrid · 4 ms · did you mean “harbour [wall]”? · "
            f"! no field 'foo'; [searched] as words · {AGE}"
        )


async def test_words_first_then_meaning_and_no_row_moves_under_the_reader(
    cold_engine: FakeEngine, ask: Ask, until: Until
) -> None:
    app = BroadsheetApp(cold_engine)
    async with app.run_test() as pilot:
        await ask(pilot, "survey wall")
        assert status(app).endswith(LOADING)
        before = ids(app)
        await pilot.press("down")
        kept = before[1]
        cold_engine.warming.set()
        await until(app, lambda: main(app).better)
        assert ids(app) == before
        assert status(app).startswith("a better order, press .")
        await pilot.press("tab", ".")
        await until(app, lambda: main(app).results.mode is Mode.HYBRID)
        assert ids(app) != before
        assert place(app) == kept
        assert "better" not in status(app)
        assert LOADING not in status(app)
        assert [mode for _, mode in cold_engine.asked] == [Mode.KEYWORD, Mode.HYBRID]


async def test_better_hits_are_taken_at_once_while_the_reader_types(
    cold_engine: FakeEngine, ask: Ask, until: Until
) -> None:
    app = BroadsheetApp(cold_engine)
    async with app.run_test() as pilot:
        await ask(pilot, "survey wall")
        before = ids(app)
        cold_engine.warming.set()
        await until(app, lambda: main(app).results.mode is Mode.HYBRID)
        assert ids(app) != before
        assert not app.screen.query_one(HitList).has_moved


async def test_words_are_there_before_meaning_is(
    app: BroadsheetApp, engine: FakeEngine, until: Until, write: Write
) -> None:
    held = engine.hold_meaning("survey")
    async with app.run_test():
        write(app, "survey")
        await until(app, lambda: ids(app))
        assert main(app).results.mode is Mode.KEYWORD
        held.set()
        await until(app, lambda: main(app).results.mode is Mode.HYBRID)


async def test_two_slow_searches_do_not_pile_up(
    app: BroadsheetApp, engine: FakeEngine, until: Until, write: Write
) -> None:
    texts = ["w", "wa", "wal", "wall"]
    held = [engine.hold(text) for text in texts]
    async with app.run_test() as pilot:
        for letter in "wall":
            write(app, letter)
            await pilot.pause(0.05)
        assert [text for text, _ in engine.asked] == ["w", "wa"]
        for event in held:
            event.set()
        await until(app, lambda: main(app).results and main(app).results.query == "wall")
        assert "wal" not in [text for text, _ in engine.asked]


async def test_leaving_does_not_wait_for_the_model(cold_engine: FakeEngine) -> None:
    app = BroadsheetApp(cold_engine)
    async with app.run_test() as pilot:
        await pilot.press("ctrl+q")
    loading = [thread for thread in threading.enumerate() if thread.name == "warm"]
    assert loading
    cold_engine.warming.set()
    for thread in loading:
        thread.join(10)


async def test_without_a_model_words_still_work(cold_engine: FakeEngine, ask: Ask, until: Until) -> None:
    cold_engine.warm_failure = ModelError("No model [here]: install one.")
    cold_engine.warming.set()
    app = BroadsheetApp(cold_engine)
    async with app.run_test() as pilot:
        await until(app, lambda: "install" in main(app).note)
        await ask(pilot, "survey")
        assert status(app) == f"3 results · words · 4 ms · {AGE} · words only: No model [here]: install one."


async def test_a_question_the_engine_refuses_is_explained(
    app: BroadsheetApp, engine: FakeEngine, ask: Ask, until: Until
) -> None:
    async with app.run_test() as pilot:
        await ask(pilot, "wall")
        engine.failure = QueryError("Too many [clauses]: leave some out.")
        await pilot.press("s")
        await until(app, lambda: main(app).error)
        assert status(app) == "! Too many [clauses]: leave some out."
        assert ids(app)
        engine.failure = None
        await pilot.press("backspace")
        await until(app, lambda: not main(app).error)


async def test_a_fault_in_the_engine_does_not_end_the_program(
    app: BroadsheetApp, engine: FakeEngine, until: Until, write: Write
) -> None:
    engine.failure = RuntimeError("oops \x1b[2J")
    async with app.run_test():
        write(app, "wall")
        await until(app, lambda: main(app).error)
        assert status(app) == "! Unexpected RuntimeError: oops [2J. Please report this."


async def test_an_article_that_is_gone_is_explained(
    app: BroadsheetApp, engine: FakeEngine, until: Until, write: Write
) -> None:
    engine.gone.add("a1")
    async with app.run_test():
        write(app, "survey")
        await until(app, lambda: main(app).error)
        assert "No article a1" in status(app)


async def test_an_initial_query_is_asked_once(engine: FakeEngine, until: Until) -> None:
    app = BroadsheetApp(engine, "survey")
    async with app.run_test() as pilot:
        await until(app, lambda: ids(app))
        await app.workers.wait_for_complete()
        await pilot.pause(0.2)
        assert engine.asked == [("survey", Mode.KEYWORD), ("survey", Mode.HYBRID)]


async def test_a_pasted_query_cannot_steer_the_terminal(app: BroadsheetApp) -> None:
    async with app.run_test():
        line = app.screen.query_one(QueryLine)
        line.value = "a\x1b]52;c;x\x07\u202eb\tc"
        assert line.value == "a]52;c;xb c"


@pytest.mark.parametrize("error", [IndexMissing("No index in [x]: run it."), IndexDamaged("Broken: rebuild.")])
async def test_an_index_that_cannot_be_opened_is_explained(error: IndexMissing) -> None:
    app = BroadsheetApp(error)
    async with app.run_test() as pilot:
        assert isinstance(app.screen, TroubleScreen)
        assert app.screen.query_one("#what").render().plain == str(error)
        await pilot.press("q")
    assert app.return_code == error.exit_code


async def test_an_index_that_breaks_meanwhile_is_explained(
    app: BroadsheetApp, engine: FakeEngine, until: Until, write: Write
) -> None:
    engine.failure = IndexDamaged("vectors.bin is short: run `broadsheet index rebuild`.")
    async with app.run_test() as pilot:
        write(app, "wall")
        await until(app, lambda: isinstance(app.screen, TroubleScreen))
        await pilot.press("q")
    assert app.return_code == IndexDamaged.exit_code


@pytest.mark.parametrize("code", [None, 0, 3])
def test_run_gives_the_exit_code(monkeypatch: pytest.MonkeyPatch, engine: FakeEngine, code: int | None) -> None:
    monkeypatch.setattr(BroadsheetApp, "run", lambda app: None)
    monkeypatch.setattr(BroadsheetApp, "return_code", code)
    assert run(engine) == (code or 0)


async def test_the_article_follows_the_highlight(app: BroadsheetApp, ask: Ask, until: Until) -> None:
    async with app.run_test(size=(120, 30)) as pilot:
        await ask(pilot, "wall ferry")
        pane = app.screen.query_one(ArticlePane)
        for _ in range(4):
            await pilot.press("down")
        wanted = place(app)
        await until(app, lambda: pane.current == wanted)
        await pilot.press("up", "up", "up", "up", "up")
        assert not app.screen.query_one(HitList).has_moved
        assert isinstance(app.focused, QueryLine)

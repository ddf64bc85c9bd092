"""Reading: the hit is in view and marked, every match is lit, and the way back is short."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from tui.screens.help import HelpScreen
from tui.screens.main import MainScreen
from tui.widgets.article_pane import MARK, ArticlePane
from tui.widgets.hit_list import HitList
from tui.widgets.query_line import QueryLine

if TYPE_CHECKING:
    from tests.tui.conftest import Ask, FakeEngine, Until, Write
    from tui.app import BroadsheetApp

SIZES = [(120, 30), (80, 24), (60, 16)]


def pane(app: BroadsheetApp) -> ArticlePane:
    return app.screen.query_one(ArticlePane)


def visible(app: BroadsheetApp) -> list[str]:
    """Return the lines of the article that can be seen."""
    shown = pane(app)
    return [shown.render_line(y).text.rstrip() for y in range(shown.size.height)]


def marked(app: BroadsheetApp) -> str:
    """Return the marked passage, as far as it can be seen."""
    return " ".join(line.removeprefix(MARK) for line in visible(app) if line.startswith(MARK))


@pytest.mark.parametrize("size", SIZES)
async def test_enter_reads_the_hit_and_escape_comes_back(
    app: BroadsheetApp, ask: Ask, until: Until, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await ask(pilot, "herring stall")
        await pilot.press("enter")
        await until(app, lambda: isinstance(app.focused, ArticlePane))
        assert pane(app).display
        assert "My stall has been there forty years" in marked(app)
        await pilot.press("escape")
        await until(app, lambda: isinstance(app.focused, QueryLine))
        await pilot.press("tab")
        assert isinstance(app.focused, HitList)
        await pilot.press("enter")
        await until(app, lambda: isinstance(app.focused, ArticlePane))
        await pilot.press("escape")
        assert isinstance(app.focused, HitList)
        await pilot.press("escape")
        assert isinstance(app.focused, QueryLine)


async def test_enter_right_after_typing_waits_for_the_answer(
    app: BroadsheetApp, engine: FakeEngine, until: Until, write: Write
) -> None:
    held = engine.hold("survey")
    async with app.run_test() as pilot:
        write(app, "survey")
        await pilot.press("enter")
        await until(app, lambda: engine.asked)
        assert isinstance(app.focused, QueryLine)
        held.set()
        await until(app, lambda: isinstance(app.focused, ArticlePane))
        await until(app, lambda: "survey" in marked(app))


async def test_typing_on_after_enter_stays_in_the_query(
    app: BroadsheetApp, engine: FakeEngine, until: Until, write: Write
) -> None:
    held = engine.hold("surve")
    async with app.run_test() as pilot:
        write(app, "surve")
        await pilot.press("enter")
        await until(app, lambda: engine.asked)
        await pilot.press("y")
        held.set()
        await until(app, lambda: app.screen.results is not None and app.screen.results.query == "survey")
        assert isinstance(app.focused, QueryLine)


@pytest.mark.parametrize("size", SIZES)
async def test_n_goes_around_the_lit_passages(
    app: BroadsheetApp, ask: Ask, until: Until, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await ask(pilot, "survey")
        await pilot.press("enter")
        await until(app, lambda: isinstance(app.focused, ArticlePane))
        seen = []
        for key in "nnnN":
            await pilot.press(key)
            await until(app, lambda: "survey" in marked(app))
            seen.append(pane(app).current)
        assert seen == ["a1#c3", "a1#p2", "a1#c2", "a1#p2"]


async def test_the_way_back_to_the_hit(app: BroadsheetApp, ask: Ask) -> None:
    async with app.run_test() as pilot:
        await ask(pilot, "survey")
        await pilot.press("enter", "n", "escape", "enter")
        assert pane(app).current == "a1#c2"


async def test_every_match_in_the_article_is_lit(app: BroadsheetApp, ask: Ask) -> None:
    async with app.run_test(size=(160, 48)) as pilot:
        await ask(pilot, "survey lucky")
        lit = [
            segment.text
            for y in range(pane(app).size.height)
            for segment in pane(app).render_line(y)
            if segment.style and segment.style.bold and segment.style.underline
        ]
        assert lit == ["lucky", "survey", "survey", "survey"]


async def test_threads_are_indented(app: BroadsheetApp, ask: Ask) -> None:
    async with app.run_test(size=(160, 48)) as pilot:
        await ask(pilot, "election")
        lines = visible(app)
        assert "  tidewatcher · 2019-03-09 11:00 · after 8 days · on ¶ 2" in lines
        assert "  │ Marta_V · 2019-03-09 12:00 · after 8 days · on ¶ 2" in lines
        assert "▌ │ │ tidewatcher · 2019-03-09 13:00 · after 8 days" in lines


async def test_a_goes_between_a_comment_and_the_paragraph_it_answers(app: BroadsheetApp, ask: Ask) -> None:
    async with app.run_test(size=(160, 48)) as pilot:
        await ask(pilot, "election")
        assert sum(line.endswith("[2 answers]") for line in visible(app)) == 1
        await pilot.press("enter")
        pane(app).current = "a1#c2"
        places = []
        for _ in range(4):
            await pilot.press("a")
            places.append(pane(app).current)
        assert places == ["a1#p2", "a1#c1", "a1#p2", "a1#c2"]
        pane(app).current = "a1#p1"
        await pilot.press("a")
        assert pane(app).current == "a1#p1"


async def test_resizing_keeps_the_reader_at_the_hit(app: BroadsheetApp, ask: Ask, until: Until) -> None:
    async with app.run_test(size=(160, 48)) as pilot:
        await ask(pilot, "herring stall")
        await pilot.press("enter")
        for size in [(60, 16), (200, 20), (80, 24), (20, 6), (101, 30)]:
            await pilot.resize_terminal(*size)
            await until(app, lambda: "My stall" in marked(app))
            assert isinstance(app.focused, ArticlePane)


async def test_it_survives_a_terminal_with_no_room(app: BroadsheetApp, ask: Ask) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await ask(pilot, "survey")
        for size in [(1, 1), (3, 2), (80, 3), (2, 40), (80, 24)]:
            await pilot.resize_terminal(*size)
            await pilot.pause()
        assert "survey" in marked(app)


async def test_a_small_screen_shows_one_thing_at_a_time(app: BroadsheetApp, ask: Ask, until: Until) -> None:
    async with app.run_test(size=(60, 16)) as pilot:
        await ask(pilot, "survey")
        assert app.screen.query_one(HitList).display
        assert not pane(app).display
        await pilot.press("enter")
        await until(app, lambda: pane(app).display and pane(app).size.height > 10)
        assert not app.screen.query_one(HitList).display


async def test_a_click_on_a_hit_reads_it(app: BroadsheetApp, ask: Ask, until: Until) -> None:
    async with app.run_test(size=(160, 48)) as pilot:
        await ask(pilot, "survey")
        await pilot.click(HitList, offset=(10, 5))
        await until(app, lambda: isinstance(app.focused, ArticlePane))
        assert pane(app).current == "a1#c3"


async def test_slash_and_tab_and_help(app: BroadsheetApp, ask: Ask, until: Until) -> None:
    async with app.run_test(size=(160, 48)) as pilot:
        await ask(pilot, "survey")
        await pilot.press("enter", "slash")
        assert isinstance(app.focused, QueryLine)
        assert app.focused.value == "survey"
        kinds = []
        for _ in range(3):
            await pilot.press("tab")
            kinds.append(type(app.focused))
        assert kinds == [HitList, ArticlePane, QueryLine]
        await pilot.press("f1", "f1")
        await until(app, lambda: not isinstance(app.screen, HelpScreen))
        await pilot.press("f1")
        assert isinstance(app.screen, HelpScreen)
        await pilot.press("escape")
        assert isinstance(app.screen, MainScreen)


async def test_q_is_a_letter_in_the_query_and_quits_elsewhere(app: BroadsheetApp, ask: Ask) -> None:
    async with app.run_test() as pilot:
        await ask(pilot, "survey ")
        await pilot.press("q")
        assert cast("QueryLine", app.focused).value == "survey q"
        await pilot.press("tab", "q")
    assert app.return_code == 0


async def test_ctrl_q_quits_anywhere(app: BroadsheetApp) -> None:
    async with app.run_test() as pilot:
        await pilot.press("a", "ctrl+q")
    assert app.return_code == 0

"""The list of hits: its grouping, mode and order, what is folded in it, and why each hit is there."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from search.results import Mode, Sort
from tests.tui.conftest import entries, ids
from tui.screens.explanation import ExplanationScreen
from tui.widgets.article_pane import ArticlePane
from tui.widgets.hit_list import HitList
from tui.widgets.hit_row import HitRow
from tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from tests.tui.conftest import Ask, FakeEngine, Until
    from tui.app import BroadsheetApp
    from tui.screens.main import MainScreen


def main(app: BroadsheetApp) -> MainScreen:
    return cast("MainScreen", app.screen_stack[0])


def status(app: BroadsheetApp) -> str:
    return app.screen.query_one(StatusLine).render().plain


async def test_g_gathers_by_article_and_back(app: BroadsheetApp, engine: FakeEngine, ask: Ask, until: Until) -> None:
    async with app.run_test() as pilot:
        await ask(pilot, "wall survey")
        flat = ids(app)
        await pilot.press("tab", "g")
        await until(app, lambda: main(app).shown.by_article and main(app).results.mode is Mode.HYBRID)
        assert [id_ for id_ in ids(app) if not id_.startswith("fold")] == ["a1#p2", "a2#c1", "a3#p2"]
        assert "by article" in status(app)
        await pilot.press("g")
        await until(app, lambda: not main(app).shown.by_article and len(ids(app)) == len(flat))
        assert engine.asked_how[-1] == (0, None, Sort.RELEVANCE)


async def test_m_and_o_go_through_modes_and_orders(
    app: BroadsheetApp, engine: FakeEngine, ask: Ask, until: Until
) -> None:
    async with app.run_test() as pilot:
        await ask(pilot, "wall survey")
        await pilot.press("tab")
        for mode, said in ((Mode.KEYWORD, "words"), (Mode.SEMANTIC, "meaning"), (Mode.HYBRID, "hybrid")):
            await pilot.press("m")
            await until(app, lambda mode=mode: main(app).shown.mode is mode and main(app).results.mode is mode)
            assert f" · {said} · " in status(app)
            assert engine.asked[-1] == ("wall survey", mode)
        for sort, said in ((Sort.NEWEST, "newest first"), (Sort.OLDEST, "oldest first"), (Sort.RELEVANCE, "hybrid")):
            await pilot.press("o")
            await until(app, lambda sort=sort: main(app).shown.sort is sort)
            assert said in status(app)


async def test_space_or_enter_unfolds_reprints(app: BroadsheetApp, engine: FakeEngine, ask: Ask, until: Until) -> None:
    engine.reprints["a1#c2"] = ("a2#p1", "a4#p1")
    async with app.run_test(size=(160, 48)) as pilot:
        await ask(pilot, "survey")
        hits = app.screen.query_one(HitList)
        assert ids(app)[:3] == ["a1#c2", "fold a1#c2", "a1#c3"]
        await pilot.press("tab", "space")
        await until(app, lambda: len(ids(app)) == 6)
        assert ids(app)[2:4] == ["under a1#c2 a2#p1", "under a1#c2 a4#p1"]
        await pilot.press("down", "down")
        await until(app, lambda: app.screen.query_one(ArticlePane).current == "a2#p1")
        await pilot.press("e")
        await until(app, lambda: isinstance(app.screen, ExplanationScreen))
        await pilot.press("escape", "space")
        assert ids(app)[:3] == ["a1#c2", "fold a1#c2", "a1#c3"]
        assert not hits.has_moved
        await pilot.press("down", "enter")
        await until(app, lambda: len(ids(app)) == 6)
        assert hits.has_focus
        await pilot.press("enter")
        assert len(ids(app)) == 4


async def test_grouped_hits_unfold_the_rest_of_their_article(app: BroadsheetApp, ask: Ask, until: Until) -> None:
    async with app.run_test() as pilot:
        await ask(pilot, "wall survey")
        await pilot.press("tab", "g")
        await until(app, lambda: "fold a1#p2" in ids(app))
        await pilot.press("space")
        await until(app, lambda: "under a1#p2 a1#c2" in ids(app))


async def test_w_says_why_under_each_hit(app: BroadsheetApp, ask: Ask) -> None:
    async with app.run_test() as pilot:
        await ask(pilot, "survey")
        await pilot.press("tab", "down", "w")
        hits = app.screen.query_one(HitList)
        rows = entries(app)
        assert all("= the word [here]" in row.content(60).plain for row in rows if isinstance(row, HitRow))
        assert hits.spot.row == 1
        await pilot.press("w")
        assert "the word" not in cast("HitRow", entries(app)[0]).content(60).plain


async def test_e_shows_numbers_that_add_up(app: BroadsheetApp, engine: FakeEngine, ask: Ask, until: Until) -> None:
    async with app.run_test() as pilot:
        await ask(pilot, "survey")
        await pilot.press("tab", "down", "e")
        await until(app, lambda: isinstance(app.screen, ExplanationScreen))
        await until(app, lambda: "[wall]" in said(app))
        hit = main(app).results[1]
        assert said(app).count(f"{hit.score:9.4f}") == 3  # the part, the sum, the word
        assert "2nd in the list" in said(app)
        assert engine.asked_how[-1] == (1, None, Sort.RELEVANCE)
        await pilot.press("e")
        assert app.screen is main(app)


def said(app: BroadsheetApp) -> str:
    from textual.widgets import Static

    return app.screen.query_one(Static).content.content(76).plain

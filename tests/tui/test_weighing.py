"""The weight of meaning, by key: the list is sorted anew at once, says so, and its numbers add up."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest

from search.results import Mode, Sort
from search.searcher import Searcher
from tui.app import BroadsheetApp
from tui.widgets.hit_list import HitList
from tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import Ask, FakeEngine, Until
    from tui.screens.main import MainScreen


def main(app: BroadsheetApp) -> MainScreen:
    return cast("MainScreen", app.screen)


def status(app: BroadsheetApp) -> str:
    return app.screen.query_one(StatusLine).render().plain


async def test_brackets_sort_real_hits_anew_and_the_reader_stays_at_his(
    seeds_index: Path, ask: Ask, until: Until
) -> None:
    with Searcher.open(seeds_index) as searcher:
        searcher.warm()
        app = BroadsheetApp(searcher)
        async with app.run_test() as pilot:
            await ask(pilot, "harbour council vote")
            await pilot.press("tab", "down", "down")
            place = app.screen.query_one(HitList).hit.passage.id
            for presses, alpha in ((7, 0.0), (10, 1.0)):
                key = "left_square_bracket" if not alpha else "right_square_bracket"
                await pilot.press(*[key] * presses)
                await until(app, lambda alpha=alpha: main(app).shown.alpha == alpha and not main(app).busy)
                assert f"hybrid, {alpha:.0%} meaning" in status(app)
                wanted = searcher.search("harbour council vote", limit=50, alpha=alpha)
                assert [hit.passage.id for hit in main(app).results] == [hit.passage.id for hit in wanted]
                assert app.screen.query_one(HitList).hit.passage.id == place
            hit = main(app).results[0]
            assert sum(part.value for part in hit.explain().parts) == pytest.approx(hit.score, abs=1e-6)
            assert next(part.weight for part in hit.explain().parts) == pytest.approx(0.0)


async def test_the_weight_stays_within_its_bounds_and_comes_back_to_the_index_own(
    app: BroadsheetApp, engine: FakeEngine, ask: Ask, until: Until
) -> None:
    async with app.run_test() as pilot:
        await ask(pilot, "wall")
        await pilot.press("tab", *["right_square_bracket"] * 5)
        assert main(app).question.alpha == 1.0
        await pilot.press(*["left_square_bracket"] * 3)
        assert main(app).question.alpha is None
        await until(app, lambda: main(app).shown.alpha is None)
        assert "% meaning" not in status(app)
        await pilot.press(*["left_square_bracket"] * 12)
        assert main(app).question.alpha == 0.0
        await until(app, lambda: engine.asked_alpha[-1] == 0.0)


async def test_it_holds_for_the_next_question(app: BroadsheetApp, engine: FakeEngine, ask: Ask) -> None:
    async with app.run_test() as pilot:
        await ask(pilot, "wall")
        await pilot.press("tab", "right_square_bracket", "slash")
        await ask(pilot, " survey")
        assert main(app).question.alpha == 0.8
        assert engine.asked_alpha[-1] == 0.8


@pytest.mark.parametrize(("key", "state"), [("m", Mode.KEYWORD), ("o", Sort.NEWEST)])
async def test_where_nothing_is_weighed_that_is_said(
    app: BroadsheetApp, ask: Ask, until: Until, key: str, state: object
) -> None:
    async with app.run_test() as pilot:
        await ask(pilot, "wall")
        await pilot.press("tab", key)
        await until(app, lambda: state in (main(app).shown.mode, main(app).shown.sort))
        await pilot.press("right_square_bracket")
        assert ["Only a hybrid search" in note.message for note in app._notifications] == [True]
        assert main(app).question.alpha is None

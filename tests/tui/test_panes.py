"""The room of the screen: which panes are there, how they are resized by key and mouse, and the pinned article."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING, cast

import pytest

from tests.tui.conftest import FakeEngine, place
from tui.app import BroadsheetApp
from tui.panes import COUPLE, ROOMY, WIDE, Pane, Shares, Situation, arranged, share_at
from tui.state import State
from tui.widgets.article_pane import ArticlePane
from tui.widgets.hit_list import HitList
from tui.widgets.panes import Divider, Panes
from tui.widgets.pinned_pane import PinnedPane
from tui.widgets.query_line import QueryLine

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import Ask, Until
    from tui.screens.main import MainScreen

SITUATIONS = [
    Situation(is_reading=reading, is_filtering=filtering, is_pinned=pinned)
    for reading, filtering, pinned in product((False, True), repeat=3)
]
SHARES = [Shares(), Shares(0.15, 0.15, 0.15), Shares(0.85, 0.85, 0.85)]


def main(app: BroadsheetApp) -> MainScreen:
    return cast("MainScreen", app.screen)


def shown(app: BroadsheetApp) -> list[str]:
    return [child.id or "" for child in app.screen.query_one(Panes).children if child.display]


@pytest.mark.parametrize("now", SITUATIONS, ids=str)
@pytest.mark.parametrize("shares", SHARES, ids=str)
def test_panes_fill_the_room_and_do_not_overlap(now: Situation, shares: Shares) -> None:
    for width, height in product((60, 71, 72, 80, 99, 100, 120, 149, 150, 160, 240), (10, 12, 16, 20, 44)):
        boxes = arranged(width, height, now, shares)
        cells = {
            (x, y)
            for box in boxes.values()
            for x in range(box.x, box.x + box.width)
            for y in range(box.y, box.y + box.height)
        }
        assert len(cells) == sum(box.width * box.height for box in boxes.values()) == width * height
        assert all(box.width >= 20 or pane in (Pane.DIVIDER, Pane.PIN_DIVIDER) for pane, box in boxes.items())
        assert all(box.height >= 3 or box.height == 1 for box in boxes.values())
        assert (Pane.ARTICLE in boxes) or not now.is_reading
        assert (Pane.HITS in boxes) or now.is_reading or (now.is_filtering and height < 16)
        assert (Pane.PINNED in boxes) == (now.is_pinned and (now.is_reading or width >= ROOMY))


def test_what_is_remembered_must_be_shares() -> None:
    assert Shares.of({"wide": 0.3, "other": "x"}) == Shares(wide=0.3)
    assert Shares.of({"wide": 7, "pin": -1}) == Shares(wide=0.85, pin=0.15)
    for kept in (None, [], "wide", {"wide": None}, {"wide": "x"}):
        with pytest.raises((TypeError, ValueError)):
            Shares.of(kept)
    assert Shares.of(Shares(0.25, None, 0.75).to_dict()) == Shares(0.25, None, 0.75)


@pytest.mark.parametrize(("width", "name"), [(160, "wide"), (80, "narrow")])
def test_a_divider_lands_where_it_is_put(width: int, name: str) -> None:
    boxes = arranged(width, 40, Situation(), Shares())
    for at in (25, 30, 33):
        share = share_at(Pane.DIVIDER, (at, at), boxes)
        box = arranged(width, 40, Situation(), Shares().changed(name, share))[Pane.DIVIDER]
        assert (box.x if name == "wide" else box.y) == at


async def test_keys_resize_and_the_layout_is_remembered(
    engine: FakeEngine, ask: Ask, until: Until, tmp_path: Path
) -> None:
    app = BroadsheetApp(engine, state=State(tmp_path))
    async with app.run_test(size=(160, 48)) as pilot:
        await ask(pilot, "wall survey")
        hits = app.screen.query_one(HitList)
        assert hits.size.width == 64
        await pilot.press("less_than_sign")  # a letter of the query while one types
        assert app.screen.query_one(QueryLine).value == "wall survey<"
        await pilot.press("backspace", "tab", "less_than_sign", "less_than_sign")
        await until(app, lambda: hits.size.width == 48)
        await pilot.press("greater_than_sign")
        await until(app, lambda: hits.size.width == 56)
        await pilot.resize_terminal(80, 24)
        await until(app, lambda: hits.size.width > 70)
        height = hits.size.height
        await pilot.press("greater_than_sign")
        await until(app, lambda: hits.size.height == height + 1)
        await until(app, (tmp_path / "layout.json").is_file)
        await until(app, lambda: set(State(tmp_path).read("layout", Shares.of).to_dict()) == {"wide", "narrow"})
    again = BroadsheetApp(engine, state=State(tmp_path))
    async with again.run_test(size=(160, 48)) as pilot:
        await ask(pilot, "wall survey")
        assert again.screen.query_one(HitList).size.width == 56


@pytest.mark.parametrize(("size", "target"), [((160, 48), (90, 20)), ((80, 24), (20, 15))])
async def test_the_mouse_moves_the_divider(
    app: BroadsheetApp, ask: Ask, until: Until, size: tuple[int, int], target: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await ask(pilot, "wall survey")
        divider = app.screen.query_one(f"#{Pane.DIVIDER}", Divider)
        await pilot.mouse_down(divider, offset=(0, 0))
        await pilot.hover(offset=target)
        await pilot.mouse_up(offset=target)
        axis = 0 if size[0] >= WIDE else 1
        await until(app, lambda: divider.region.offset[axis] == target[axis])
        assert not divider.is_dragged
        await pilot.hover(offset=(10, 5))
        assert divider.region.offset[axis] == target[axis]


async def test_a_state_that_cannot_be_written_is_explained(
    engine: FakeEngine, ask: Ask, until: Until, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("")
    app = BroadsheetApp(engine, state=State(tmp_path / "file"))
    async with app.run_test(size=(160, 48)) as pilot:
        await ask(pilot, "wall survey")
        await pilot.press("tab", "less_than_sign")
        await until(app, lambda: any("cannot be written" in one.message for one in app._notifications))


@pytest.mark.parametrize("size", [(160, 48), (120, 30), (80, 24), (60, 16)])
async def test_a_pinned_article_stays_beside_the_one_being_read(
    app: BroadsheetApp, ask: Ask, until: Until, size: tuple[int, int]
) -> None:
    async with app.run_test(size=size) as pilot:
        await ask(pilot, "wall survey ferry")
        await pilot.press("tab")
        first = main(app).page.article.id
        await pilot.press("p")
        while main(app).page.article.id == first:
            row = main(app).row
            await pilot.press("down")
            await until(app, lambda row=row: main(app).row != row and main(app).page.passage_id == place(app))
        await pilot.press("enter")
        await until(app, lambda: isinstance(app.focused, ArticlePane))
        other = main(app).page.article.id
        pinned, pane = app.screen.query_one(PinnedPane), app.screen.query_one(ArticlePane)
        assert (pinned.page.article.id, pane.page.article.id) == (first, other)
        assert pinned.display
        assert pane.display
        assert (pinned.region.y == pane.region.y) == (size[0] >= COUPLE)
        assert app.screen.query_one(HitList).display == (size[0] >= ROOMY)
        await pilot.press("tab")
        assert app.focused is pinned
        hit = main(app).target
        assert hit.article.id == first
        await pilot.press("n")
        assert pinned.current != main(app).page.passage_id
        await pilot.press("p")
        await until(app, lambda: app.focused is pane and not pinned.display)
        assert main(app).pinned is None
        await pilot.press("escape")
        assert isinstance(app.focused, HitList)


async def test_pinning_what_is_pinned_lets_it_go(app: BroadsheetApp, ask: Ask) -> None:
    async with app.run_test(size=(160, 48)) as pilot:
        await ask(pilot, "wall survey")
        await pilot.press("tab", "p")
        assert "pinned" in shown(app)
        await pilot.press("p")
        assert "pinned" not in shown(app)


@pytest.mark.parametrize(
    ("size", "keys", "panes"),
    [
        ((160, 48), (), ["hits", "divider", "article"]),
        ((160, 48), ("tab", "f"), ["filters", "hits", "divider", "article"]),
        ((120, 16), (), ["hits", "divider", "article"]),
        ((80, 24), (), ["hits", "divider", "article"]),
        ((80, 24), ("enter",), ["article"]),
        ((80, 24), ("tab", "f"), ["filters", "hits"]),
        ((60, 16), (), ["hits"]),
        ((60, 16), ("enter",), ["article"]),
        ((60, 16), ("enter", "escape"), ["hits"]),
        ((60, 16), ("tab", "f"), ["filters"]),
    ],
    ids=str,
)
async def test_what_is_on_the_screen(
    app: BroadsheetApp, ask: Ask, until: Until, size: tuple[int, int], keys: tuple[str, ...], panes: list[str]
) -> None:
    async with app.run_test(size=size) as pilot:
        await ask(pilot, "wall survey")
        await pilot.press(*keys)
        await until(app, lambda: shown(app) == panes)
        assert app.focused.display
        assert app.focused.size

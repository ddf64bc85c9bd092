"""What the screens look like. After a wanted change: ``pytest tests/tui --snapshot-update``, and look at them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets._footer import FooterKey

from index.errors import IndexMissing
from tui.app import BroadsheetApp

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.app import App
    from textual.pilot import Pilot

    from tests.tui.conftest import Ask, FakeEngine, Until

    Compare = Callable[..., bool]

IN_QUERY = {"Read", "Query", "Help", "Quit"}
IN_HITS = {"Read", "Back", "Group", "Mode", "Order", "Filter", "Query", "Help", "Quit"}
IN_FILTERS = {"Back", "Filter", "Tick", "Query", "Help", "Quit"}
IN_ARTICLE = {"Back", "Query", "Next", "Prev", "Answer", "Help", "Quit"}
sizes = pytest.mark.parametrize("size", [(80, 24), (160, 48)], ids=["80x24", "160x48"])


@pytest.fixture
def scene(ask: Ask, until: Until) -> Callable[..., Callable[[Pilot[None]], Awaitable[None]]]:
    """Return what leads to a screen: a query, keys, and the footer by which it is known to be complete."""

    def play(query: str = "", *keys: str, footer: set[str] = IN_QUERY) -> Callable[..., Awaitable[None]]:
        async def lead(pilot: Pilot[None]) -> None:
            if query:
                await ask(pilot, query)
            await pilot.press(*keys)
            await until(pilot.app, lambda: shown(pilot.app) == footer)

        return lead

    return play


def shown(app: App[None]) -> set[str]:
    return {key.description for key in app.screen.query(FooterKey)}


@sizes
def test_welcome(snap_compare: Compare, app: BroadsheetApp, scene: Callable[..., object], size: object) -> None:
    assert snap_compare(app, terminal_size=size, run_before=scene())


@sizes
def test_hits(snap_compare: Compare, app: BroadsheetApp, scene: Callable[..., object], size: object) -> None:
    assert snap_compare(app, terminal_size=size, run_before=scene("wall survey", "down"))


@sizes
def test_reading(snap_compare: Compare, app: BroadsheetApp, scene: Callable[..., object], size: object) -> None:
    lead = scene("survey", "enter", footer=IN_ARTICLE)
    assert snap_compare(app, terminal_size=size, run_before=lead)


@sizes
def test_unfolded(snap_compare: Compare, engine: FakeEngine, scene: Callable[..., object], size: object) -> None:
    engine.reprints["a1#p2"] = ("a2#p1",)
    lead = scene("wall survey", "tab", "w", "x", "space", footer=IN_HITS)
    assert snap_compare(BroadsheetApp(engine), terminal_size=size, run_before=lead)


@sizes
def test_filters(
    snap_compare: Compare,
    app: BroadsheetApp,
    scene: Callable[..., Callable[..., Awaitable[None]]],
    until: Until,
    size: object,
) -> None:
    async def lead(pilot: Pilot[None]) -> None:
        await scene("wall survey", "tab", "f", footer=IN_FILTERS)(pilot)
        await until(pilot.app, lambda: pilot.app.screen.counts)

    assert snap_compare(app, terminal_size=size, run_before=lead)


@sizes
def test_explanation(
    snap_compare: Compare, app: BroadsheetApp, engine: FakeEngine, scene: Callable[..., Callable[..., Awaitable[None]]],
    until: Until, size: object,
) -> None:  # fmt: skip
    async def lead(pilot: Pilot[None]) -> None:
        await scene("wall survey", "tab", footer=IN_HITS)(pilot)
        await pilot.press("e")
        await until(pilot.app, lambda: len(engine.asked) == 3)
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=lead)


@pytest.mark.parametrize("theme", ["broadsheet-light", "broadsheet-contrast"])
def test_themes(snap_compare: Compare, app: BroadsheetApp, scene: Callable[..., object], theme: str) -> None:
    app.theme = theme
    assert snap_compare(app, terminal_size=(120, 30), run_before=scene("wall survey", "down"))


@sizes
def test_nothing_found(snap_compare: Compare, app: BroadsheetApp, scene: Callable[..., object], size: object) -> None:
    assert snap_compare(app, terminal_size=size, run_before=scene("zeppelin"))


@sizes
def test_hostile_text(snap_compare: Compare, app: BroadsheetApp, scene: Callable[..., object], size: object) -> None:
    lead = scene("hostile", "enter", footer=IN_ARTICLE)
    assert snap_compare(app, terminal_size=size, run_before=lead)


@sizes
def test_help(snap_compare: Compare, app: BroadsheetApp, scene: Callable[..., object], size: object) -> None:
    assert snap_compare(app, terminal_size=size, run_before=scene("", "f1", footer=set()))


@sizes
def test_trouble(snap_compare: Compare, scene: Callable[..., object], size: object) -> None:
    error = IndexMissing("There is no index in /home/me/news [yet].\nBuild one: broadsheet index rebuild FOLDER")
    lead = scene(footer={"Quit"})
    assert snap_compare(BroadsheetApp(error), terminal_size=size, run_before=lead)


def test_loading_the_model(snap_compare: Compare, cold_engine: FakeEngine, scene: Callable[..., object]) -> None:
    cold_engine.extra = {"warnings": ("no field 'foo'; searched as words",), "did_you_mean": "wall"}
    app = BroadsheetApp(cold_engine)
    assert snap_compare(app, terminal_size=(80, 24), run_before=scene("walls"))


def test_a_small_screen(snap_compare: Compare, app: BroadsheetApp, scene: Callable[..., object]) -> None:
    assert snap_compare(app, terminal_size=(60, 16), run_before=scene("wall survey", "down"))

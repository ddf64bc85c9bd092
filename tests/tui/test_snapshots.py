"""What the screens look like. After a wanted change: ``pytest tests/tui --snapshot-update``, and look at them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets._footer import FooterKey

from index.errors import IndexMissing, QueryError
from tui.app import BroadsheetApp
from tui.themes import CONTRAST, DARK, LIGHT

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.app import App
    from textual.pilot import Pilot

    from tests.tui.conftest import Ask, FakeEngine, Until

    Compare = Callable[..., bool]
    Look = Callable[[App[None], Callable[..., object]], bool]

IN_QUERY = {"Read", "Query", "Help", "Quit"}
IN_HITS = {"Read", "Back", "Group", "Mode", "Order", "Filter", "Query", "Help", "Quit"}
IN_FILTERS = {"Back", "Filter", "Tick", "Query", "Help", "Quit"}
IN_ARTICLE = {"Back", "Query", "Next", "Prev", "Answer", "Help", "Quit"}
LOOKS = [(size, theme) for size in ((80, 24), (160, 48)) for theme in (DARK, LIGHT)]
NAMES = [f"{size[0]}x{size[1]}-{'dark' if theme.dark else 'light'}" for size, theme in LOOKS]


@pytest.fixture(params=LOOKS, ids=NAMES)
def look(request: pytest.FixtureRequest, snap_compare: Compare) -> Callable[..., bool]:
    """Return what compares a screen with its picture, at each size and in each theme."""
    size, theme = request.param

    def compare(app: BroadsheetApp, lead: Callable[..., object]) -> bool:
        app.theme = theme.name
        return snap_compare(app, terminal_size=size, run_before=lead)

    return compare


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


def test_welcome(look: Look, app: BroadsheetApp, scene: Callable[..., object]) -> None:
    assert look(app, scene())


def test_hits(look: Look, app: BroadsheetApp, scene: Callable[..., object]) -> None:
    assert look(app, scene("wall survey", "down"))


def test_reading(look: Look, app: BroadsheetApp, scene: Callable[..., object]) -> None:
    lead = scene("survey", "enter", footer=IN_ARTICLE)
    assert look(app, lead)


def test_unfolded(look: Look, engine: FakeEngine, scene: Callable[..., object]) -> None:
    engine.reprints["a1#p2"] = ("a2#p1",)
    lead = scene("wall survey", "tab", "w", "x", "space", footer=IN_HITS)
    assert look(BroadsheetApp(engine), lead)


def test_filters(
    look: Look,
    app: BroadsheetApp,
    scene: Callable[..., Callable[..., Awaitable[None]]],
    until: Until,
) -> None:
    async def lead(pilot: Pilot[None]) -> None:
        await scene("wall survey", "tab", "f", footer=IN_FILTERS)(pilot)
        await until(pilot.app, lambda: pilot.app.screen.counts)

    assert look(app, lead)


def test_explanation(
    look: Look, app: BroadsheetApp, engine: FakeEngine, scene: Callable[..., Callable[..., Awaitable[None]]],
    until: Until,
) -> None:  # fmt: skip
    async def lead(pilot: Pilot[None]) -> None:
        await scene("wall survey", "tab", footer=IN_HITS)(pilot)
        await pilot.press("e")
        await until(pilot.app, lambda: len(engine.asked) == 3)
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()

    assert look(app, lead)


def test_high_contrast(snap_compare: Compare, app: BroadsheetApp, scene: Callable[..., object]) -> None:
    app.theme = CONTRAST.name
    assert snap_compare(app, terminal_size=(120, 30), run_before=scene("wall survey", "down"))


def test_pinned(look: Look, app: BroadsheetApp, scene: Callable[..., object]) -> None:
    assert look(app, scene("wall survey", "tab", "p", "down", "down", "down", "enter", footer=IN_ARTICLE))


def test_export(look: Look, app: BroadsheetApp, scene: Callable[..., object]) -> None:
    assert look(app, scene("wall survey", "tab", "x", "X", footer=set()))


def test_tour(look: Look, app: BroadsheetApp, scene: Callable[..., object]) -> None:
    assert look(app, scene("", "f2", footer=set()))


def test_history(look: Look, app: BroadsheetApp, scene: Callable[..., object]) -> None:
    assert look(app, scene("wall survey", "enter", "escape", "ctrl+r", footer=set()))


def test_saved_searches(look: Look, app: BroadsheetApp, scene: Callable[..., object]) -> None:
    assert look(app, scene("wall survey", "ctrl+s", *"Wall", "enter", "ctrl+o", footer=set()))


def test_better_results(look: Look, cold_engine: FakeEngine, scene: Callable[..., object], until: Until) -> None:
    app = BroadsheetApp(cold_engine)

    async def lead(pilot: Pilot[None]) -> None:
        await scene("survey wall", "down")(pilot)
        cold_engine.warming.set()
        await until(app, lambda: app.screen.better)

    assert look(app, lead)


def test_an_error(
    look: Look, app: BroadsheetApp, engine: FakeEngine, scene: Callable[..., object], until: Until
) -> None:
    async def lead(pilot: Pilot[None]) -> None:
        await scene("wall")(pilot)
        engine.failure = QueryError("Too many [clauses]: leave some out.")
        await pilot.press("s")
        await until(app, lambda: app.screen.error)

    assert look(app, lead)


def test_nothing_found(look: Look, app: BroadsheetApp, scene: Callable[..., object]) -> None:
    assert look(app, scene("zeppelin"))


def test_hostile_text(look: Look, app: BroadsheetApp, scene: Callable[..., object]) -> None:
    lead = scene("hostile", "enter", footer=IN_ARTICLE)
    assert look(app, lead)


def test_help(look: Look, app: BroadsheetApp, scene: Callable[..., object]) -> None:
    assert look(app, scene("", "f1", footer=set()))


def test_trouble(look: Look, scene: Callable[..., object]) -> None:
    error = IndexMissing("There is no index in /home/me/news [yet].\nBuild one: broadsheet index rebuild FOLDER")
    lead = scene(footer={"Quit"})
    assert look(BroadsheetApp(error), lead)


def test_loading_the_model(snap_compare: Compare, cold_engine: FakeEngine, scene: Callable[..., object]) -> None:
    cold_engine.extra = {"warnings": ("no field 'foo'; searched as words",), "did_you_mean": "wall"}
    app = BroadsheetApp(cold_engine)
    assert snap_compare(app, terminal_size=(80, 24), run_before=scene("walls"))


def test_a_small_screen(snap_compare: Compare, app: BroadsheetApp, scene: Callable[..., object]) -> None:
    assert snap_compare(app, terminal_size=(60, 16), run_before=scene("wall survey", "down"))

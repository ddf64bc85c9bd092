"""What completion, history and saved searches look like. After a wanted change: ``--snapshot-update``, and look."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from search.pieces import is_prepared
from search.results import Mode, Sort
from tui.app import BroadsheetApp
from tui.history import Asked, History
from tui.question import Question
from tui.saved import Saved, SavedSearches
from tui.screens.history import HistoryScreen
from tui.screens.naming import NameScreen
from tui.screens.saved import SavedScreen
from tui.state import State

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from textual.pilot import Pilot

    from tests.tui.conftest import Ask, FakeEngine, Until

    Compare = Callable[..., bool]

looks = pytest.mark.parametrize(
    ("size", "theme"),
    [
        ((80, 24), "broadsheet"),
        ((80, 24), "broadsheet-light"),
        ((160, 48), "broadsheet"),
        ((160, 48), "broadsheet-light"),
        ((60, 16), "broadsheet"),
    ],
    ids=["80x24-dark", "80x24-light", "160x48-dark", "160x48-light", "60x16-dark"],
)


@pytest.fixture
def remembering(engine: FakeEngine) -> BroadsheetApp:
    """The program with a past."""
    state = State()
    history, saved = History(state), SavedSearches(state)
    for days, query in ((400, "old sea wall"), (9, '"double talk" in:comment'), (3, "ferry -night by:isla")):
        history.add(Asked(query, datetime.now(UTC) - timedelta(days=days, hours=1)))
    saved.save(Saved("What readers said of the wall", Question("wall in:comment", Mode.KEYWORD, sort=Sort.NEWEST)))
    saved.save(Saved("Ferries", Question("ferry pier", by_article=True, alpha=0.4)))
    return BroadsheetApp(engine, state=state)


def lead(until: Until, *keys: str, to: type | None = None) -> Callable[[Pilot[None]], Awaitable[None]]:
    async def act(pilot: Pilot[None]) -> None:
        app = pilot.app
        await until(app, lambda: is_prepared() and app.screen._asked)
        await pilot.press(*keys)
        await until(app, lambda: isinstance(app.screen, to) if to else app.screen.offers)

    return act


@looks
def test_history(
    snap_compare: Compare, remembering: BroadsheetApp, until: Until, size: tuple[int, int], theme: str
) -> None:
    remembering.theme = theme
    assert snap_compare(remembering, terminal_size=size, run_before=lead(until, "ctrl+r", to=HistoryScreen))


@looks
def test_saved_searches(
    snap_compare: Compare, remembering: BroadsheetApp, until: Until, size: tuple[int, int], theme: str
) -> None:
    remembering.theme = theme
    assert snap_compare(remembering, terminal_size=size, run_before=lead(until, "ctrl+o", to=SavedScreen))


@looks
def test_completions(
    snap_compare: Compare, remembering: BroadsheetApp, ask: Ask, until: Until, size: tuple[int, int], theme: str
) -> None:
    remembering.theme = theme

    async def act(pilot: Pilot[None]) -> None:
        await ask(pilot, '"sea wall" -foo:x in:comment,paragraph,lead (wall OR survey) st')
        await lead(until)(pilot)

    assert snap_compare(remembering, terminal_size=size, run_before=act)


def test_a_name_is_asked_for(snap_compare: Compare, remembering: BroadsheetApp, ask: Ask, until: Until) -> None:
    async def act(pilot: Pilot[None]) -> None:
        await ask(pilot, "wall survey")
        await lead(until, "ctrl+s", to=NameScreen)(pilot)

    assert snap_compare(remembering, terminal_size=(80, 24), run_before=act)

"""What the screens of indexing, and the tour, look like; as in ``test_snapshots.py``."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Static

from index.errors import IndexDamaged, IndexMissing
from tui.app import BroadsheetApp
from tui.jobs.course import Course, Told
from tui.jobs.glance import Glance
from tui.jobs.job import Job, Outcome
from tui.jobs.shelf import Shelf
from tui.screens import building, progress
from tui.screens.building import Preview
from tui.screens.progress import ProgressScreen
from tui.state import State

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot

    from tests.tui.conftest import FakeEngine, Until

    Compare = Callable[..., bool]

sizes = pytest.mark.parametrize("size", [(60, 16), (80, 24), (160, 48)], ids=["60x16", "80x24", "160x48"])
themes = pytest.mark.parametrize("theme", ["broadsheet", "broadsheet-light"])
TABLE = Glance(
    (
        "title                     date       authors       para comm furn path",
        "Council votes to raise t… 2019-03-01 Ilse Marrow      5    5    0 …es/1.html",
        "Night ferry to the islan… 2019-03-02 Pieter Dunn,…    2    1    3 …es/2.html",
    ),
    ("skipped /home/me/pages/notes [old].docx: not an article",),
    True,
)
COURSE = Course(
    stage="encoding",
    total=1200,
    unit="passage",
    done=420,
    since=60.0,
    heard=75.0,
    past=(("reading", 48.2), ("words", 11.0)),
    named=(
        Told("/home/me/pages/dump.csv:17", "no title and no text", True),
        Told("a.html", "odd", False),
    ),
    skipped=1,
    noted=1,
)


@pytest.fixture(autouse=True)
def _at_rest(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(building, "REST", 3600)
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: 75.0))


@sizes
@themes
def test_tour(snap_compare: Compare, engine: FakeEngine, size: object, theme: str) -> None:
    app = BroadsheetApp(engine, state=State(), greets=True)
    app.theme = theme
    assert snap_compare(app, terminal_size=size)


@sizes
@themes
def test_first_index(snap_compare: Compare, until: Until, size: object, theme: str) -> None:
    app = BroadsheetApp(IndexMissing("none"), shelf=Shelf(Path("/home/me/no-such-index")))
    app.theme = theme

    async def lead(pilot: Pilot[None]) -> None:
        await pilot.pause()
        await pilot.press(*"pages")
        app.screen.query_one("#preview", Static).update(Preview(TABLE))
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=lead)


@sizes
def test_a_damaged_index(snap_compare: Compare, size: object) -> None:
    error = IndexDamaged("/home/me/index/store.sqlite cannot be read [oh]; run `broadsheet index rebuild --from-index`")
    assert snap_compare(BroadsheetApp(error, shelf=Shelf(Path("/home/me/no-such-index"))), terminal_size=size)


@sizes
@themes
@pytest.mark.parametrize("outcome", [None, *Outcome], ids=["running", *Outcome])
def test_progress(snap_compare: Compare, engine: FakeEngine, size: object, theme: str, outcome: Outcome | None) -> None:
    job = Job("Building an index of /home/me/pages [2019]", [], lambda: None)
    job.course, job.outcome = COURSE, outcome
    if outcome is Outcome.FAILED:
        job.why = "not one article could be read from /home/me/pages; name other files or folders"
    app = BroadsheetApp(engine)
    app.theme = theme

    async def lead(pilot: Pilot[None]) -> None:
        app.push_screen(ProgressScreen(job))
        await pilot.pause()

    assert snap_compare(app, terminal_size=size, run_before=lead)

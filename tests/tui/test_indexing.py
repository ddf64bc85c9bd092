"""Indexing from the screen, with real processes: first index, rebuild, sync, stop, and what others do to the index."""

from __future__ import annotations

import shutil
import signal
from typing import TYPE_CHECKING, Any

import pytest

from index.errors import IndexDamaged, IndexMissing
from search.results import Mode
from tests.conftest import build, write_articles
from tui.app import BroadsheetApp
from tui.jobs.job import Job, Outcome
from tui.jobs.shelf import Shelf
from tui.messages import Unusable
from tui.screens import renewing
from tui.screens.building import BuildScreen
from tui.screens.main import MainScreen
from tui.screens.progress import ProgressScreen
from tui.widgets import path_input
from tui.widgets.hit_list import HitList
from tui.widgets.path_input import PathInput

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from textual.app import App

    from tests.tui.conftest import Ask, FakeEngine, Until

WALL: dict[str, Any] = {"id": "w", "title": "A wall of stone", "paragraphs": ["The wall stands by the sea."]}
GATE: dict[str, Any] = {"id": "g", "title": "A gate", "paragraphs": ["The gate in the wall is shut."]}


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BROADSHEET_MODEL", "hash")
    monkeypatch.setattr(renewing, "POLL", 0.1)
    monkeypatch.setattr("tui.indexing.POLL", 0.1)
    monkeypatch.setattr("tui.indexing.LOOK", 0.05)
    monkeypatch.setattr("tui.screens.building.REST", 0.02)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of articles, which is the current one."""
    pages = tmp_path / "pages"
    pages.mkdir()
    page = write_articles(pages / "one.jsonl", [WALL])
    page.write_text(page.read_text() + "{broken [red]\n")
    monkeypatch.chdir(tmp_path)
    return pages


@pytest.fixture
def shelf(tmp_path: Path) -> Iterator[Shelf]:
    made = Shelf(tmp_path / "index")
    yield made
    made.close()


@pytest.fixture
def running(folder: Path, shelf: Shelf) -> BroadsheetApp:
    """The program on an index of the folder."""
    build(shelf.index_dir, [folder])
    return BroadsheetApp(shelf.open(), shelf=shelf)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let jobs stand still from their start, until they are told to go on."""
    start = Job.start

    def start_and_hold(job: Job) -> None:
        start(job)
        job._signal(signal.SIGSTOP)

    monkeypatch.setattr(Job, "start", start_and_hold)


def told(app: App[None], selector: str) -> str:
    widget = app.screen.query_one(selector)
    return " ".join(strip.text for strip in widget.render_lines(widget.size.region))


async def test_without_an_index_one_is_built_from_a_folder(folder: Path, shelf: Shelf, until: Until) -> None:
    app = BroadsheetApp(IndexMissing("There is no index"), shelf=shelf)
    async with app.run_test(size=(100, 30)) as pilot:
        assert isinstance(app.screen, BuildScreen)
        await pilot.press(*"pag")
        await until(app, lambda: app.screen.query_one(PathInput)._suggestion == "pages/")
        await pilot.press("tab")
        assert app.screen.query_one(PathInput).value == "pages/"
        await until(app, lambda: "A wall of stone" in told(app, "#preview"))
        await until(app, lambda: "one.jsonl:2" in told(app, "#preview"))
        await pilot.press("enter")
        assert isinstance(app.screen, ProgressScreen)
        await until(app, lambda: app.main_screen is not None)
        assert isinstance(app.screen, ProgressScreen)
        assert "1 articles" in told(app, "#course")
        assert "one.jsonl:2" in told(app, "#names")
        await pilot.press("escape")
        assert isinstance(app.screen, MainScreen)
        await pilot.press(*"wall")
        await until(app, lambda: app.screen.results)
    assert app.return_code in (0, None)


async def test_what_cannot_be_read_is_said_before_anything_is_done(shelf: Shelf, folder: Path, until: Until) -> None:
    app = BroadsheetApp(IndexMissing("There is no index"), shelf=shelf)
    async with app.run_test() as pilot:
        await pilot.press("enter")
        assert "Name a folder" in told(app, "#said")
        await pilot.press(*"nowhere", "enter")
        assert "There is no" in told(app, "#said")
        assert app.job is None
        await until(app, lambda: "nothing of that name" in told(app, "#preview"))
        await pilot.press("ctrl+q")
    assert app.return_code == IndexMissing.exit_code


async def test_a_build_that_fails_says_why_and_can_be_tried_again(folder: Path, shelf: Shelf, until: Until) -> None:
    (folder / "one.jsonl").write_bytes(bytes(range(256)))
    app = BroadsheetApp(IndexMissing("There is no index"), shelf=shelf)
    async with app.run_test() as pilot:
        await pilot.press(*"pages", "enter")
        await until(app, lambda: app.job and app.job.outcome)
        await until(app, lambda: "This did not work" in told(app, "#course"))
        await pilot.press("escape")
        assert isinstance(app.screen, BuildScreen)
        write_articles(folder / "one.jsonl", [WALL])
        await pilot.press("enter")
        await until(app, lambda: app.main_screen)


async def test_an_index_built_elsewhere_is_found(folder: Path, shelf: Shelf, until: Until) -> None:
    app = BroadsheetApp(IndexMissing("There is no index"), shelf=shelf)
    async with app.run_test():
        build(shelf.index_dir, [folder])
        await until(app, lambda: isinstance(app.screen, MainScreen))


async def test_a_damaged_index_offers_to_build_it_anew(folder: Path, shelf: Shelf, until: Until) -> None:
    build(shelf.index_dir, [folder])
    app = BroadsheetApp(IndexDamaged("[/ manifest.json cannot be read"), shelf=shelf)
    (shelf.index_dir / "CURRENT").write_text("nonsense")
    async with app.run_test(size=(100, 30)) as pilot:
        assert "[/ manifest.json cannot be read" in told(app, "#why")
        await pilot.press(*"pages", "enter")
        await until(app, lambda: app.main_screen)


async def test_a_sync_brings_new_results_without_a_restart(
    running: BroadsheetApp, folder: Path, ask: Ask, until: Until
) -> None:
    async with running.run_test(size=(120, 30)) as pilot:
        await ask(pilot, "wall")
        assert len(running.screen.results) == 2
        write_articles(folder / "two.jsonl", [GATE])
        await pilot.press("tab", "u")
        assert isinstance(running.screen, ProgressScreen)
        await pilot.press("escape")
        main = running.screen
        assert isinstance(main, MainScreen)
        await until(running, lambda: main.info and main.info.articles == 2)
        await until(running, lambda: main.better or len(main.results) > 2)
        await pilot.press("full_stop")
        await until(running, lambda: "g#p1" in [hit.passage.id for hit in main.results])
        await pilot.press("i")
        assert isinstance(running.screen, ProgressScreen)
        assert "articles: 1 new" in told(running, "#course")


@pytest.mark.usefixtures("held")
async def test_the_status_line_tells_how_far_it_is_and_q_warns(running: BroadsheetApp, ask: Ask, until: Until) -> None:
    async with running.run_test(size=(120, 30)) as pilot:
        await ask(pilot, "wall")
        await pilot.press("tab", "U")
        assert isinstance(running.screen, BuildScreen)
        assert running.screen.query_one(PathInput).placeholder == "the folders of the last time"
        await pilot.press("enter")
        await until(running, lambda: isinstance(running.screen, ProgressScreen))
        await pilot.press("escape")
        main = running.main_screen
        assert main is not None
        await until(running, lambda: "i shows it" in main.upkeep)
        await pilot.press("ctrl+q")
        assert running.is_running
        assert running.job is not None
        running.job._signal(signal.SIGCONT)
        await until(running, lambda: running.job and running.job.outcome is Outcome.DONE)
        await until(running, lambda: not main.upkeep)


@pytest.mark.usefixtures("held")
async def test_a_search_that_fails_while_the_index_is_mended_does_not_ask_to_mend_it(
    running: BroadsheetApp, ask: Ask, until: Until
) -> None:
    async with running.run_test() as pilot:
        await ask(pilot, "wall")
        await pilot.press("f5")
        await until(running, lambda: isinstance(running.screen, ProgressScreen))
        running.post_message(Unusable(IndexDamaged("damaged; run `broadsheet index rebuild`")))
        await pilot.pause()
        assert isinstance(running.screen, ProgressScreen)
        assert running.job is not None
        running.job._signal(signal.SIGCONT)
        await until(running, lambda: running.job and running.job.outcome is Outcome.DONE)
        await until(running, lambda: "the index is ready" in told(running, "#course"))


async def test_a_rebuild_can_be_stopped(running: BroadsheetApp, shelf: Shelf, ask: Ask, until: Until) -> None:
    before = (shelf.index_dir / "CURRENT").read_text()
    async with running.run_test() as pilot:
        await ask(pilot, "wall")
        await pilot.press("tab", "U", "enter")
        await until(running, lambda: isinstance(running.screen, ProgressScreen))
        await pilot.press("K")
        await until(running, lambda: running.job and running.job.outcome)
        assert running.job.outcome is Outcome.STOPPED
        await until(running, lambda: "Stopped" in told(running, "#course"))
        await pilot.press("escape")
        assert isinstance(running.screen, MainScreen)
    assert (shelf.index_dir / "CURRENT").read_text() == before


async def test_an_index_replaced_by_another_process_is_taken_up(
    running: BroadsheetApp, shelf: Shelf, folder: Path, ask: Ask, until: Until
) -> None:
    async with running.run_test(size=(120, 30)) as pilot:
        await ask(pilot, "by:Ilse gate")
        assert not running.screen.results
        write_articles(folder / "two.jsonl", [GATE | {"comments": [{"author": "Ilse", "text": "No gate!"}]}])
        build(shelf.index_dir, [folder])
        await until(running, lambda: running.screen.results)


async def test_an_index_that_is_deleted_goes_on_answering_and_says_so(
    running: BroadsheetApp, shelf: Shelf, folder: Path, ask: Ask, until: Until
) -> None:
    async with running.run_test(size=(120, 30)) as pilot:
        await ask(pilot, "wall")
        await running.workers.wait_for_complete()
        shutil.rmtree(shelf.index_dir)
        await until(running, lambda: "broadsheet index rebuild" in running.screen.stale)
        await ask(pilot, " stone")
        assert running.screen.results
        build(shelf.index_dir, [folder])
        await until(running, lambda: not running.screen.stale)


async def test_an_index_that_lost_what_it_needs_offers_to_build_it(
    running: BroadsheetApp, shelf: Shelf, folder: Path, until: Until
) -> None:
    async with running.run_test(size=(120, 30)) as pilot:
        shutil.rmtree(shelf.index_dir)
        await pilot.press(*"wall")
        await until(running, lambda: isinstance(running.screen, BuildScreen))
        running.screen.query_one(PathInput).value = str(folder)
        await pilot.press("enter")
        await until(running, lambda: running.job and running.job.outcome is Outcome.DONE)
        await pilot.press("escape")
        main = running.screen
        assert isinstance(main, MainScreen)
        await until(running, lambda: not main.stale and main.results)


async def test_a_newer_index_moves_no_row_under_the_reader(engine: FakeEngine, ask: Ask, until: Until) -> None:
    app = BroadsheetApp(engine)
    async with app.run_test(size=(120, 30)) as pilot:
        await ask(pilot, "wall")
        await pilot.press("tab", "down")
        hits = app.screen.query_one(HitList)
        place, shown = hits.hit, app.screen.results
        engine.stale = list(engine.articles.values())[1:]
        await until(app, lambda: app.screen.better is not None)
        assert (hits.hit, app.screen.results) == (place, shown)
        await pilot.press("full_stop")
        assert app.screen.results.hits != shown.hits


async def test_a_model_that_is_not_loaded_yet_is_asked_by_words(
    cold_engine: FakeEngine, ask: Ask, until: Until
) -> None:
    app = BroadsheetApp(cold_engine)
    async with app.run_test() as pilot:
        await ask(pilot, "wall")
        cold_engine.stale = list(cold_engine.articles.values())
        await until(app, lambda: cold_engine.asked.count(("wall", Mode.KEYWORD)) == 2)
        cold_engine.warming.set()


async def test_without_a_shelf_nothing_can_be_built(app: BroadsheetApp, ask: Ask) -> None:
    async with app.run_test() as pilot:
        await ask(pilot, "wall")
        await pilot.press("tab", "u", "U", "i", "K")
        assert isinstance(app.screen, MainScreen)
        assert app.job is None


def test_completion_offers_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("news", ".hidden", "odd\x1bname"):
        (tmp_path / name).mkdir()
    (tmp_path / "news.csv").touch()
    (tmp_path / "news" / "deep").mkdir()
    assert path_input.completed("ne") == "news/"
    assert path_input.completed("news.") == "news.csv"
    assert path_input.completed("news/") == "news/deep/"
    assert path_input.completed(f"{tmp_path}/.h") == f"{tmp_path}/.hidden/"
    for nothing in ("", "zz", "odd", "no/such/", "~nobody-of-that-name/x", "\0"):
        assert path_input.completed(nothing) is None


async def test_f5_makes_the_index_anew_from_its_own_texts(running: BroadsheetApp, until: Until) -> None:
    async with running.run_test() as pilot:
        await pilot.press("f5")
        await until(running, lambda: running.job is not None and not running.job.is_running)
        assert running.job is not None
        assert running.job.outcome is Outcome.DONE
        await pilot.press("escape", *"wall")
        await until(running, lambda: isinstance(running.screen, MainScreen) and running.screen.results)

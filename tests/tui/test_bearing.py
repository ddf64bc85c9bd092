"""The program in a real terminal bears what terminals, shells and disks do: no traceback, no process left behind."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.tui.conftest import HOSTILE
from tui.app import BroadsheetApp
from tui.greeting import was_greeted
from tui.screens.main import MainScreen
from tui.screens.tour import TourScreen
from tui.state import State
from tui.widgets.query_line import QueryLine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.tui.conftest import Ask, FakeEngine, Until

ROOT = Path(__file__).parents[2]
SECONDS = 30.0


class Terminal:
    """A pseudo-terminal of 24 lines, and the program in it."""

    def __init__(self, *arguments: str, config: Path, is_told: bool = True) -> None:
        self._mine, theirs = pty.openpty()
        fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
        self.shown = b""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tui", "tui", *arguments],
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            cwd=ROOT,
            env=os.environ
            | {"BROADSHEET_CONFIG": str(config), "TERM": "xterm-256color", "BROADSHEET_MODEL": "hash", "NO_COLOR": "1"},
            start_new_session=True,
            preexec_fn=(lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0)) if is_told else None,  # noqa: PLW1509 - no thread runs yet
        )
        os.close(theirs)

    def until(self, wanted: bytes | Callable[[], object]) -> None:
        """Read what is drawn until something is among it, or true."""
        deadline = time.monotonic() + SECONDS
        while not (wanted() if callable(wanted) else wanted in self.shown):
            assert time.monotonic() < deadline, (wanted, self.shown[-2000:])
            if self._mine >= 0 and select.select([self._mine], [], [], 0.05)[0]:
                try:
                    self.shown += os.read(self._mine, 65536)
                except OSError:  # the other side has gone
                    assert not callable(wanted) or wanted() or self.process.wait(SECONDS) is not None

    def type(self, keys: str) -> None:
        os.write(self._mine, keys.encode())

    def close(self) -> None:
        """Close the window."""
        if self._mine >= 0:
            os.close(self._mine)
            self._mine = -1


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[..., Terminal]]:
    """Return what opens the program in a terminal."""
    config = tmp_path / "config.toml"
    config.write_text('state = "none"\n')
    terminals: list[Terminal] = []

    def open_one(*arguments: str, is_told: bool = True) -> Terminal:
        terminals.append(Terminal(*arguments, config=config, is_told=is_told))
        return terminals[-1]

    yield open_one
    for terminal in terminals:
        terminal.close()
        if terminal.process.poll() is None:
            terminal.process.kill()
        terminal.process.wait()


def descendants(pid: int) -> list[int]:
    """Return the processes that a process started, and those they did."""
    try:
        own = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []
    return own + [deeper for child in own for deeper in descendants(child)]


def is_there(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_a_closed_window_ends_it_and_the_job_under_way(
    opened: Callable[..., Terminal], tmp_path: Path, seeds_index: Path
) -> None:
    terminal = opened("--index", str(tmp_path / "index"))
    terminal.until(b"nothing to search yet")
    terminal.type("\r")
    terminal.until(b"Building an index")
    started: list[int] = []

    def is_started() -> bool:
        started[:] = descendants(terminal.process.pid)
        return bool(started)

    terminal.until(is_started)
    terminal.close()
    assert terminal.process.wait(SECONDS) == -signal.SIGHUP
    deadline = time.monotonic() + SECONDS
    while any(is_there(pid) for pid in started):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert b"Traceback" not in terminal.shown


def test_a_terminal_that_goes_without_a_word_ends_it_too(opened: Callable[..., Terminal], seeds_index: Path) -> None:
    terminal = opened("--index", str(seeds_index), "flood", is_told=False)
    terminal.until(b"Orrin barrier")
    terminal.close()
    assert terminal.process.wait(SECONDS) == -signal.SIGHUP


def test_asked_to_end_it_gives_the_terminal_back(opened: Callable[..., Terminal], seeds_index: Path) -> None:
    terminal = opened("--index", str(seeds_index), "flood")
    terminal.until(b"Orrin barrier")
    terminal.process.send_signal(signal.SIGTERM)
    terminal.until(lambda: terminal.process.poll() is not None)
    assert terminal.process.returncode == 143
    assert b"\x1b[?1049l" in terminal.shown
    assert b"Traceback" not in terminal.shown


def test_back_from_the_shell_all_is_drawn_anew(opened: Callable[..., Terminal], seeds_index: Path) -> None:
    terminal = opened("--index", str(seeds_index), "flood")
    terminal.until(b"Orrin barrier")
    terminal.type("\x1a")
    terminal.until(lambda: " T " in Path(f"/proc/{terminal.process.pid}/stat").read_text())
    assert b"\x1b[?1049l" in terminal.shown
    terminal.shown = b""
    terminal.process.send_signal(signal.SIGCONT)
    terminal.until(b"Orrin barrier")
    terminal.type("\x11")
    terminal.until(lambda: terminal.process.poll() is not None)
    assert terminal.process.returncode == 0


def test_an_interrupt_in_the_pager_is_not_for_us(
    opened: Callable[..., Terminal], seeds_index: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One process: a shell that is interrupted while it starts another one waits for that one's end.
    monkeypatch.setenv("PAGER", "sh -c 'echo the pager; exec sleep 60'")
    terminal = opened("--index", str(seeds_index), "villagers outbid hotel")
    terminal.until(b"lighthouse")
    terminal.type("\t")
    terminal.until(b"Order")
    terminal.type("v")
    terminal.until(b"the pager")
    terminal.shown = b""
    terminal.type("\x03")
    terminal.until(b"lighthouse")
    terminal.type("\x1bOP")
    terminal.until(b"Go back: from the article")
    terminal.type("\x11")
    terminal.until(lambda: terminal.process.poll() is not None)
    assert terminal.process.returncode == 0


def test_what_the_engine_prints_when_it_breaks_stays_off_the_screen(
    opened: Callable[..., Terminal], seeds_index: Path, tmp_path: Path
) -> None:
    root = tmp_path / "index"
    shutil.copytree(seeds_index, root)
    terminal = opened("--index", str(root), "flood")
    terminal.until(b"Orrin barrier")
    for path in (root / "snapshots").glob("*/keyword/*.fast"):
        with path.open("r+b") as file:
            file.write(b"\xff" * path.stat().st_size)
    terminal.type(" harbour")
    terminal.until(b"cannot search this index")
    terminal.until(b"rebuild --from-index")
    assert b"panicked" not in terminal.shown
    terminal.type("\x1b[15~")
    terminal.until(b"the index is ready")
    terminal.type("\x11")
    terminal.until(lambda: terminal.process.poll() is not None)
    assert b"Traceback" not in terminal.shown


# The tour


def greeted(engine: FakeEngine, state: State) -> BroadsheetApp:
    return BroadsheetApp(engine, state=state, greets=True)


@pytest.mark.parametrize("size", [(60, 16), (80, 24)])
async def test_the_tour_is_shown_once_in_a_lifetime(engine: FakeEngine, tmp_path: Path, size: tuple[int, int]) -> None:
    app = greeted(engine, State(tmp_path / "state"))
    async with app.run_test(size=size) as pilot:
        assert isinstance(app.screen, TourScreen)
        page = app.screen.query_one("Static")
        assert page.virtual_region.bottom < size[1]
        await pilot.press("enter")
        assert isinstance(app.screen, MainScreen)
        await app.workers.wait_for_complete()
    assert was_greeted(State(tmp_path / "state"))
    app = greeted(engine, State(tmp_path / "state"))
    async with app.run_test():
        assert isinstance(app.screen, MainScreen)


async def test_where_nothing_is_remembered_it_is_shown_once_in_a_run(engine: FakeEngine) -> None:
    app = greeted(engine, State())
    async with app.run_test() as pilot:
        await pilot.press("escape")
        app.greet()
        assert isinstance(app.screen, MainScreen)
        await pilot.press("f2", "f2")
        assert isinstance(app.screen, MainScreen)
        await pilot.press("f2")
        assert isinstance(app.screen, TourScreen)


async def test_what_is_typed_at_the_tour_is_the_query(engine: FakeEngine, until: Until) -> None:
    app = greeted(engine, State())
    async with app.run_test() as pilot:
        await pilot.press(*"wall")
        await until(app, lambda: app.screen.results)
        assert app.screen.query_one(QueryLine).value == "wall"


async def test_a_state_that_cannot_be_kept_is_no_trouble(engine: FakeEngine, tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    app = greeted(engine, State(tmp_path / "state"))
    async with app.run_test() as pilot:
        assert isinstance(app.screen, TourScreen)
        await app.workers.wait_for_complete()
        await pilot.press("q")
        assert app.screen.query_one(QueryLine).value == "q"


async def test_who_comes_with_a_query_is_not_held_up(engine: FakeEngine) -> None:
    app = BroadsheetApp(engine, "wall", State())
    async with app.run_test():
        assert isinstance(app.screen, MainScreen)


# Quick fingers, and a hostile folder


async def test_an_explanation_put_away_before_it_is_complete(engine: FakeEngine, ask: Ask, until: Until) -> None:
    app = BroadsheetApp(engine)
    async with app.run_test() as pilot:
        await ask(pilot, "wall")
        held = engine.hold("wall")
        await pilot.press("tab", "e", "escape")
        held.set()
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert isinstance(app.screen, MainScreen)


def test_a_folder_of_hostile_names_builds_and_previews(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio

    from tui import text
    from tui.jobs.glance import glance

    monkeypatch.setenv("BROADSHEET_MODEL", "hash")
    odd = tmp_path / "\x1b[31m [red] \u202e name"
    odd.mkdir()
    (odd / "a.txt").write_text(
        f"A title {HOSTILE.replace(chr(0xD800), '')}\n\nSome words of a page that is not long.\n"
    )
    found = asyncio.run(glance(odd))
    for line in (*found.table, *found.said):
        assert "\x1b" not in line
        assert text.plain(line).plain == line


async def test_keys_do_not_wait_for_a_large_index_to_be_counted(engine: FakeEngine, ask: Ask, until: Until) -> None:
    counted, asked = engine.info, threading.Event()

    def slowly() -> object:
        assert asked.wait(10)
        return counted()

    engine.info = slowly  # type: ignore[method-assign,assignment]
    app = BroadsheetApp(engine)
    async with app.run_test() as pilot:
        await ask(pilot, "wall")
        assert app.screen.results
        assert app.screen.info is None
        asked.set()
        await until(app, lambda: app.screen.info)


@pytest.mark.parametrize("key", ["f1", "f2", "ctrl+p"])
async def test_ctrl_q_quits_from_anywhere(engine: FakeEngine, key: str) -> None:
    app = BroadsheetApp(engine)
    async with app.run_test() as pilot:
        await pilot.press(key)
        assert not isinstance(app.screen, MainScreen)
        await pilot.press("ctrl+q")
        assert not app.is_running or app._exit

"""``broadsheet tui --web`` as a user runs it: the address, the screen behind it, its end; and in a real browser."""

from __future__ import annotations

import asyncio
import json
import os
import select
import shutil
import signal
import subprocess
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from tui.cli import main

aiohttp = pytest.importorskip("aiohttp", reason="needs the extra packages of --web")
pytest.importorskip("textual_serve", reason="needs the extra packages of --web")

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

ROOT = Path(__file__).parents[3]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
SWITCHES = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--remote-debugging-port=0",
    "--window-size=1100,700",
)


@pytest.fixture
def served(seeds_index: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The server as a process, and its address."""
    config = tmp_path / "config.toml"
    config.write_text('state = "none"\n')
    process = subprocess.Popen(
        [sys.executable, "-m", "tui", "tui", "--web", "--index", str(seeds_index), "--", "flood"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=os.environ | {"BROADSHEET_CONFIG": str(config), "TERM": "dumb"},
    )
    assert process.stdout is not None
    yield process, process.stdout.readline().strip()
    if process.poll() is None:
        process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 0
    assert "Traceback" not in said


async def drawn(socket: Any, wanted: bytes) -> bytes:
    """Return what is drawn until something is among it."""
    seen = b""
    async with asyncio.timeout(30):
        while wanted not in seen:
            message = await socket.receive()
            assert message.type is aiohttp.WSMsgType.BINARY, (message, seen[-200:])
            seen += message.data
    return seen


async def test_the_screen_is_drawn_and_ends_with_its_page(served: tuple[subprocess.Popen[str], str]) -> None:
    process, url = served
    assert url.startswith("http://127.0.0.1:")
    async with aiohttp.ClientSession() as client:
        headers = {"Origin": "/".join(url.split("/")[:3])}
        async with client.ws_connect(f"{url}ws?width=100&height=30", headers=headers) as socket:
            await drawn(socket, b"Orrin barrier")
            (child,) = children(process.pid)
            await socket.send_str(json.dumps(["stdin", "\x11"]))
            async with asyncio.timeout(20):
                while (await socket.receive()).type is aiohttp.WSMsgType.BINARY:
                    pass
            assert socket.closed
        async with client.ws_connect(f"{url}ws", headers=headers) as socket:
            await drawn(socket, b"Orrin barrier")
            (second,) = children(process.pid)
            assert second != child
    process.send_signal(signal.SIGINT)
    async with asyncio.timeout(20):
        while process.poll() is None:
            await asyncio.sleep(0.05)
    assert not Path(f"/proc/{second}").exists()


async def test_a_server_that_is_killed_leaves_no_process(served: tuple[subprocess.Popen[str], str]) -> None:
    process, url = served
    async with aiohttp.ClientSession() as client:
        headers = {"Origin": "/".join(url.split("/")[:3])}
        async with client.ws_connect(f"{url}ws", headers=headers) as socket:
            await drawn(socket, b"Orrin barrier")
            (child,) = children(process.pid)
            watched = os.pidfd_open(child)
            process.kill()
            await asyncio.to_thread(process.wait)
    assert select.select([watched], [], [], 20)[0]
    os.close(watched)
    process.returncode = 0  # as the fixture wants it: this end was ours


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


@pytest.mark.parametrize(
    ("arguments", "told"), [(("--web", "--plain"), "without --plain"), (("--port", "80"), "--port with --web")]
)
def test_flags_that_do_not_go_together(arguments: tuple[str, ...], told: str) -> None:
    done = CliRunner().invoke(main, ["tui", *arguments])
    assert done.exit_code == 2
    assert told in done.stderr


def test_a_port_that_is_taken_is_an_error_with_advice(served: tuple[subprocess.Popen[str], str]) -> None:
    port = served[1].split(":")[2].split("/")[0]
    done = CliRunner().invoke(main, ["tui", "--web", "--port", port])
    assert done.exit_code == 2
    assert "name another with --port" in done.stderr


def test_without_its_packages_it_says_how_to_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    done = CliRunner().invoke(main, ["tui", "--web"])
    assert done.exit_code == 2
    assert "pip install 'broadsheet[web]'" in done.stderr


class Browser:
    """One page of a real browser, driven over its debugging socket."""

    def __init__(self, socket: Any) -> None:
        self._socket = socket
        self._number = 0
        self.complaints: list[str] = []

    async def call(self, method: str, **facts: object) -> dict[str, Any]:
        self._number += 1
        await self._socket.send_json({"id": self._number, "method": method, "params": facts})
        while True:
            answer = json.loads((await self._socket.receive()).data)
            if answer.get("id") == self._number:
                return dict(answer["result"])
            entry = answer.get("params", {}).get("entry", {})
            if entry.get("level") == "error" or answer.get("method") == "Runtime.exceptionThrown":
                self.complaints.append(json.dumps(answer))

    async def value(self, script: str) -> Any:
        answer = await self.call("Runtime.evaluate", expression=script, returnByValue=True)
        return answer["result"].get("value")

    async def until(self, script: str) -> None:
        async with asyncio.timeout(30):
            while not await self.value(script):
                await asyncio.sleep(0.1)

    async def size(self) -> int:
        """Return the bytes of a picture of the page: an empty screen packs into few."""
        return len((await self.call("Page.captureScreenshot"))["data"])


@asynccontextmanager
async def browser(folder: Path) -> AsyncIterator[Browser]:
    assert CHROMIUM is not None
    process = subprocess.Popen(
        [CHROMIUM, *SWITCHES, f"--user-data-dir={folder}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        told = folder / "DevToolsActivePort"
        async with aiohttp.ClientSession() as client:
            async with asyncio.timeout(30):
                while not (told.exists() and "\n" in told.read_text()):
                    await asyncio.sleep(0.05)
            port = told.read_text().split()[0]
            async with client.get(f"http://127.0.0.1:{port}/json/list") as answer:
                pages = json.loads(await answer.text())
            page = next(page for page in pages if page["type"] == "page")
            async with client.ws_connect(page["webSocketDebuggerUrl"], max_msg_size=0) as socket:
                yield Browser(socket)
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.skipif(CHROMIUM is None, reason="needs chromium")
async def test_in_a_real_browser(served: tuple[subprocess.Popen[str], str], tmp_path: Path) -> None:
    """The page draws the screen and takes keys, without a word of complaint from the browser's guards."""
    _, url = served
    async with browser(tmp_path / "profile") as page:
        for domain in ("Log", "Runtime", "Page"):
            await page.call(f"{domain}.enable")
        await page.call("Page.navigate", url=url)
        await page.until("document.body && document.body.classList.contains('-first-byte')")
        await page.until("document.activeElement.className === 'xterm-helper-textarea'")
        async with asyncio.timeout(30):
            while await page.size() < 60_000:  # hits and an article, not an empty page
                await asyncio.sleep(0.2)
        keys = {"key": "q", "code": "KeyQ", "windowsVirtualKeyCode": 81, "modifiers": 2}
        await page.call("Input.dispatchKeyEvent", type="rawKeyDown", **keys)
        await page.call("Input.dispatchKeyEvent", type="keyUp", **keys)
        await page.until("document.body.classList.contains('-closed')")
        assert "has ended" in await page.value("document.body.innerText")
        assert not page.complaints

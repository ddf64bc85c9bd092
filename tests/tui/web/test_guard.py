"""What the server refuses, asked over real sockets: other names, no secret, other pages, and all that is not needed."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING

import pytest

aiohttp = pytest.importorskip("aiohttp", reason="needs the extra packages of --web")
pytest.importorskip("textual_serve", reason="needs the extra packages of --web")

from tui.web.guard import Guard  # noqa: E402
from tui.web.server import MOST, Server  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ECHO = """
import os, sys
out = os.write
out(1, b"__GANGLION__\\n")
def packet(kind, payload): out(1, kind + len(payload).to_bytes(4, "big") + payload)
packet(b"D", b"hello")
packet(b"M", b'{"type": "deliver_file_start", "key": "k", "path": "/etc/passwd"}')
packet(b"M", b'{"type": "open_url", "url": "javascript:alert(1)", "new_tab": true}')
packet(b"M", b'{"type": "open_url", "url": "https://example.org/a", "new_tab": true}')
packet(b"M", b"not JSON")
packet(b"P", b"packed")
while data := os.read(0, 65536): packet(b"D", data)
"""
TOKEN = "a-secret-of-this-test"


class Site:
    """A server that runs, and what is asked of it."""

    def __init__(self, port: int, client: aiohttp.ClientSession) -> None:
        self.host = f"127.0.0.1:{port}"
        self.url = f"http://{self.host}"
        self.client = client

    async def status(self, path: str, **headers: str) -> int:
        async with self.client.get(self.url + path, headers=headers, allow_redirects=False) as answer:
            await answer.read()
            return int(answer.status)

    def socket(self, path: str = f"/{TOKEN}/ws", **headers: str) -> aiohttp.client._WSRequestContextManager:
        return self.client.ws_connect(self.url + path, headers={"Origin": self.url} | headers)


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    server = Server([sys.executable, "-c", ECHO], Guard(TOKEN))
    runner = aiohttp.web.AppRunner(server.application(), access_log=None, shutdown_timeout=1)
    await runner.setup()
    await aiohttp.web.TCPSite(runner, "127.0.0.1", 0).start()
    async with aiohttp.ClientSession() as client:
        yield Site(runner.addresses[0][1], client)
    await runner.cleanup()


async def refused(context: aiohttp.client._WSRequestContextManager) -> int:
    with pytest.raises(aiohttp.WSServerHandshakeError) as caught:
        await context
    return int(caught.value.status)


async def test_the_page_is_for_those_with_the_address(site: Site) -> None:
    async with site.client.get(f"{site.url}/{TOKEN}/") as answer:
        page = await answer.text()
    assert answer.status == 200
    assert f"ws://{site.host}/{TOKEN}/ws" in page
    assert page.count("://") == 1  # nothing is fetched from anywhere else
    assert f"connect-src ws://{site.host};" in answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert not [name for name in answer.headers if name.startswith("Access-Control")]


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:80",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "127.0.0.1@evil",
        "0.0.0.0",
        "",
    ],
)
async def test_another_name_is_refused(site: Site, host: str) -> None:
    assert await site.status(f"/{TOKEN}/", Host=host) in (400, 403)
    assert await refused(site.socket(Host=host, Origin=f"http://{host}")) in (400, 403)


@pytest.mark.parametrize("host", ["localhost", "localhost:9999", "[::1]:80"])
async def test_every_name_of_this_machine_is_right(site: Site, host: str) -> None:
    assert await site.status(f"/{TOKEN}/", Host=host) == 200


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/ws",
        "/static/textual.js",
        "/wrong/",
        "/wrong/ws",
        f"/{TOKEN[:-1]}/",
        f"/x{TOKEN}/",
        f"//{TOKEN}/",
        "/%00/",
    ],
)
async def test_without_the_secret_there_is_nothing(site: Site, path: str) -> None:
    assert await site.status(path) == 403
    assert await refused(site.socket(path)) == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://localhost:1", "https://127.0.0.1", ""])
async def test_a_socket_is_for_our_own_page(site: Site, origin: str) -> None:
    assert await refused(site.socket(Origin=origin)) == 403
    assert await site.status(f"/{TOKEN}/", Origin=origin) == 403


async def test_a_socket_without_an_origin_is_refused(site: Site) -> None:
    assert await refused(site.client.ws_connect(f"{site.url}/{TOKEN}/ws")) == 403


@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/static/background.png",
        "/static/..%2f..%2fserver.py",
        "/download/k",
        "/?ping=http://evil.example",
        "/x",
    ],
)
async def test_what_is_not_needed_is_not_there(site: Site, path: str) -> None:
    assert await site.status(f"/{TOKEN}{path}") == 404


async def test_only_reading_is_allowed(site: Site) -> None:
    for method in ("POST", "PUT", "DELETE", "OPTIONS", "HEAD"):
        async with site.client.request(method, f"{site.url}/{TOKEN}/") as answer:
            assert answer.status == 405


@pytest.mark.parametrize("name", ["textual.js", "page.js", "xterm.css"])
async def test_the_files_of_the_page_are_served(site: Site, name: str) -> None:
    assert await site.status(f"/{TOKEN}/static/{name}") == 200


async def test_keys_go_in_and_only_harmless_things_come_out(site: Site) -> None:
    async with site.socket(f"/{TOKEN}/ws?width=99999&height=-1") as socket:
        assert await socket.receive_bytes(timeout=10) == b"hello"
        opened = json.loads(await socket.receive_str(timeout=10))
        assert opened == ["open_url", {"url": "https://example.org/a", "new_tab": True}]
        for nonsense in (
            "",
            "[",
            "{}",
            "[]",
            "[1]",
            '["stdin"]',
            '["stdin", 7]',
            '["resize", {"width": "x"}]',
            "[" * 9999,
        ):
            await socket.send_str(nonsense)
        await socket.send_bytes(b"\x00\xff")
        await socket.send_str('["stdin", "k\\ud800"]')
        assert await socket.receive_bytes(timeout=10) == b"D\x00\x00\x00\x02k?"
        await socket.send_str('["resize", {"width": 1000000, "height": 0}]')
        packet = await socket.receive_bytes(timeout=10)
        assert json.loads(packet[5:]) == {"type": "resize", "width": 1000, "height": 1}
        await socket.send_str('["ping", "1"]')
        assert await socket.receive_str(timeout=10) == '["pong", "1"]'


async def test_a_size_that_is_none_is_refused(site: Site) -> None:
    assert await refused(site.socket(f"/{TOKEN}/ws?width=wide")) == 400


async def test_so_many_pages_and_no_more(site: Site) -> None:
    sockets = [await site.socket() for _ in range(MOST)]
    assert await refused(site.socket()) == 503
    await sockets[0].close()
    async with asyncio.timeout(10):
        while True:
            try:
                await (await site.socket()).close()
                break
            except aiohttp.WSServerHandshakeError:
                await asyncio.sleep(0.05)
    for socket in sockets:
        await socket.close()

"""``broadsheet tui --web``: a page on the loopback interface, and behind it the screen."""

from __future__ import annotations

import asyncio
import signal
from contextlib import suppress
from html import escape
from importlib import resources
from typing import TYPE_CHECKING, Final

from aiohttp import web

from index import console
from index.errors import UsageError
from tui.web.guard import Guard, seal
from tui.web.session import Session, fitting

if TYPE_CHECKING:
    from collections.abc import Sequence

ADDRESS: Final = "127.0.0.1"
MOST: Final = 8
"""Pages open at once: each is a process."""
FILES: Final = {
    "page.js": ("tui.web", "page.js", "text/javascript"),
    "textual.js": ("textual_serve", "static/js/textual.js", "text/javascript"),
    "xterm.css": ("textual_serve", "static/css/xterm.css", "text/css"),
}
"""All that is served, where it lies, and what it is; of textual-serve two files (it has more: a page with a font from
the net, downloads of what the program offers, lists of its folders)."""
_MOST_BYTES: Final = 1 << 20  # of a message from the browser
_SECONDS: Final = 15.0  # between two signs of life of the browser


class Server:
    """Serves the screen that ``command`` draws."""

    def __init__(self, command: Sequence[str], guard: Guard) -> None:
        self._command = command
        self._guard = guard
        self._sockets: set[web.WebSocketResponse] = set()

    def application(self) -> web.Application:
        """Return what answers: three paths, all of them below the secret."""
        made = web.Application(middlewares=[self._guard.middleware()])
        made.on_response_prepare.append(seal)
        made.on_shutdown.append(self._close)
        below = f"/{self._guard.token}"
        made.router.add_get(f"{below}/", self._page, allow_head=False)
        made.router.add_get(f"{below}/static/{{name}}", self._file, allow_head=False)
        made.router.add_get(f"{below}/ws", self._socket, allow_head=False)
        return made

    async def _page(self, request: web.Request) -> web.Response:
        if request.query_string:  # the script of the page obeys some of what may stand there
            raise web.HTTPNotFound
        page = resources.files("tui.web").joinpath("page.html").read_text("utf-8")
        socket = f"ws://{request.headers['Host']}/{self._guard.token}/ws"
        return web.Response(text=page.replace("{socket}", escape(socket)), content_type="text/html")

    async def _file(self, request: web.Request) -> web.Response:
        name = request.match_info["name"]
        if name not in FILES:
            raise web.HTTPNotFound
        package, path, kind = FILES[name]
        content = resources.files(package).joinpath(path).read_bytes()
        return web.Response(body=content, content_type=kind, charset="utf-8")

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        if len(self._sockets) >= MOST:
            raise web.HTTPServiceUnavailable(text="Too many pages are open: close one.\n")
        try:
            size = fitting(request.query.get("width", 80)), fitting(request.query.get("height", 24))
        except ValueError:
            raise web.HTTPBadRequest from None
        socket = web.WebSocketResponse(heartbeat=_SECONDS, max_msg_size=_MOST_BYTES)
        await socket.prepare(request)
        self._sockets.add(socket)
        try:
            await Session(self._command, socket).run(*size)
        finally:
            self._sockets.discard(socket)
        return socket

    async def _close(self, _application: web.Application) -> None:
        await asyncio.gather(*(socket.close() for socket in tuple(self._sockets)))


def serve(command: Sequence[str], port: int) -> None:
    """Serve until Ctrl-C; raises ``UsageError`` where the port cannot be had. 0 is any port that is free."""
    asyncio.run(_serve(Server(command, guard := Guard()).application(), guard, port))


async def _serve(application: web.Application, guard: Guard, port: int) -> None:
    runner = web.AppRunner(application, access_log=None, shutdown_timeout=5)
    ended = _asked_to_end()  # before anybody is told the address, and may ask for it
    await runner.setup()
    try:
        site = web.TCPSite(runner, ADDRESS, port)
        try:
            await site.start()
        except OSError as error:
            raise UsageError(f"port {port} cannot be had ({error.strerror}); name another with --port") from error
        console.data(f"http://{ADDRESS}:{runner.addresses[0][1]}/{guard.token}/")
        console.say("Open this address in a browser on this machine. Whoever has it can search; Ctrl-C ends it.")
        await ended.wait()
    finally:
        await runner.cleanup()


def _asked_to_end() -> asyncio.Event:
    """Return what is set by a signal to end, from now on."""
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in ("SIGINT", "SIGTERM", "SIGHUP"):
        with suppress(NotImplementedError, AttributeError):  # on Windows Ctrl-C ends what waits by itself
            loop.add_signal_handler(getattr(signal, number), ended.set)
    return ended

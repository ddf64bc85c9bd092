"""Who may ask: only somebody on this machine who was given the address, by a page of ours.

The server listens on the loopback interface alone, but so do all programs and users of this machine reach it, and every
page open in a browser can make that browser ask. Three things are therefore asked of a request:

- its Host is this machine: else some name in the net was pointed at it (DNS rebinding), and the page is a stranger's;
- its path begins with a secret that was made for this run, and that no other page can read;
- where it opens a socket, its Origin is the very page that was served: sockets know no same-origin rule of their own.
"""

from __future__ import annotations

import re
import secrets
from typing import TYPE_CHECKING, Final

from aiohttp import web

if TYPE_CHECKING:
    from aiohttp.typedefs import Handler, Middleware

HOST: Final = re.compile(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::[0-9]{1,5})?")
TOKEN_BYTES: Final = 32
HEADERS: Final = {
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "clipboard-read=(), camera=(), microphone=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "Server": "broadsheet",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""On every answer; above all no page opened from here learns the address, or holds on to the window it came from."""
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src ws://{host}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What the page may load and reach; the terminal in it writes style sheets."""


class Guard:
    """Lets requests for paths below a secret through."""

    def __init__(self, token: str | None = None) -> None:
        self.token = token or secrets.token_urlsafe(TOKEN_BYTES)

    def middleware(self) -> Middleware:
        """Return what is asked before every handler; who is refused learns no more than that."""

        @web.middleware
        async def guarded(request: web.Request, handler: Handler) -> web.StreamResponse:
            self.check(request)
            return await handler(request)

        return guarded

    def check(self, request: web.Request) -> None:
        """Raise ``HTTPForbidden`` for a request that may not be answered."""
        host = request.headers.get("Host", "")
        if len(request.headers.getall("Host", ())) != 1 or not HOST.fullmatch(host):
            raise web.HTTPForbidden(text="This name is not one of this machine.\n")
        given = f"{request.path}//".split("/", 2)[1].encode()
        if not secrets.compare_digest(given, self.token.encode()):
            raise web.HTTPForbidden(text="Use the whole address that was printed.\n")
        origins = request.headers.getall("Origin", ())
        is_socket = "Upgrade" in request.headers
        if is_socket and not origins:
            raise web.HTTPForbidden(text="A socket is opened by a page only.\n")
        if any(origin != f"http://{host}" for origin in origins):
            raise web.HTTPForbidden(text="Another page has no business here.\n")


async def seal(request: web.Request, response: web.StreamResponse) -> None:
    """Put on every answer what keeps it to itself."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    host = request.headers.get("Host", "")
    if HOST.fullmatch(host):
        response.headers["Content-Security-Policy"] = POLICY.format(host=host)

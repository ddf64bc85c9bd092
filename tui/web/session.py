"""One page that is open: a process that draws the screen, and the socket that carries it to the browser.

The process writes packets: a letter, four bytes of length, the payload. ``D`` is what a terminal would get, ``M`` a
JSON object, of which only web addresses to open reach the browser. From there come keys, sizes and focus, each checked.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final

from aiohttp import WSMsgType, web

from index import settings
from search.output import WEB_ADDRESS

if TYPE_CHECKING:
    from asyncio.subprocess import Process
    from collections.abc import Sequence

READY: Final = b"__GANGLION__\n"  # what the driver of Textual says before its first packet
DRIVER: Final = "tui.web.driver:PageDriver"
PATIENCE: Final = 3.0
"""Seconds the process has to end by itself."""
LONGEST: Final = 1 << 24  # bytes of a packet
MOST_KEYS: Final = 1 << 18  # bytes typed or pasted in one go
LARGEST: Final = 1000  # cells of a side


class Session:
    """Runs ``command`` for one socket, until either ends."""

    def __init__(self, command: Sequence[str], socket: web.WebSocketResponse) -> None:
        self._command = command
        self._socket = socket

    async def run(self, width: int, height: int) -> None:
        """Carry everything to and fro; leaves no process behind."""
        process = await self._start(width, height)
        lanes = {asyncio.create_task(self._out(process)), asyncio.create_task(self._in(process))}
        try:
            await asyncio.wait(lanes, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for lane in lanes:
                lane.cancel()
            await asyncio.gather(*lanes, return_exceptions=True)
            await _end(process)
            await self._socket.close()

    async def _start(self, width: int, height: int) -> Process:
        added = {
            "TEXTUAL_DRIVER": DRIVER,
            "TEXTUAL_COLOR_SYSTEM": "truecolor",
            "COLUMNS": str(width),
            "ROWS": str(height),
        }
        return await asyncio.create_subprocess_exec(
            *self._command,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env=settings.variables(added),
            start_new_session=True,  # Ctrl-C is for the server, which ends it in order
        )

    async def _out(self, process: Process) -> None:
        """Carry what is drawn to the browser."""
        stream = process.stdout
        if stream is None or await stream.readline() != READY:
            return
        with suppress(asyncio.IncompleteReadError, ConnectionResetError):
            while True:
                head = await stream.readexactly(5)
                size = int.from_bytes(head[1:], "big")
                if size > LONGEST:
                    return
                payload = await stream.readexactly(size)
                if head[:1] == b"D":
                    await self._socket.send_bytes(payload)
                elif head[:1] == b"M" and (said := passed_on(payload)) is not None:
                    await self._socket.send_str(said)

    async def _in(self, process: Process) -> None:
        """Carry what is done in the browser to the process; a message that is none of ours is dropped."""
        with suppress(ConnectionResetError, BrokenPipeError):
            async for message in self._socket:
                if message.type is WSMsgType.TEXT:
                    packet, answer = understood(message.data)
                    if answer:
                        await self._socket.send_str(answer)
                    if packet and process.stdin is not None:
                        process.stdin.write(packet)
                        await process.stdin.drain()


def passed_on(payload: bytes) -> str | None:
    """Return what the browser is told of a message from the process: web addresses to open, nothing else."""
    try:
        message = json.loads(payload)
        url = message["url"] if message["type"] == "open_url" else None
    except (ValueError, KeyError, TypeError):
        return None
    if not isinstance(url, str) or not WEB_ADDRESS.fullmatch(url):
        return None
    return json.dumps(["open_url", {"url": url, "new_tab": True}])


def understood(said: str) -> tuple[bytes, str]:
    """Return a message of the browser as a packet for the process, and what the browser is answered at once."""
    try:
        kind, *rest = json.loads(said)
        match kind:
            case "stdin" if isinstance(rest[0], str):
                return _packet(b"D", _typed(rest[0])), ""
            case "resize":
                width, height = fitting(rest[0]["width"]), fitting(rest[0]["height"])
                return _meta(type="resize", width=width, height=height), ""
            case "focus" | "blur":
                return _meta(type=kind), ""
            case "ping":
                return b"", json.dumps(["pong", str(rest[0])[:64]])
    except (ValueError, KeyError, TypeError, IndexError, OverflowError, RecursionError):
        pass
    return b"", ""


def fitting(cells: str | int) -> int:
    """Return a width or height that a screen can have; raises ``ValueError`` for what is no number."""
    return min(max(int(cells), 1), LARGEST)


def _typed(keys: str) -> bytes:
    return keys.encode("utf-8", "replace")[:MOST_KEYS]


def _meta(**facts: Any) -> bytes:
    return _packet(b"M", json.dumps(facts).encode())


def _packet(kind: bytes, payload: bytes) -> bytes:
    return kind + len(payload).to_bytes(4, "big") + payload


async def _end(process: Process) -> None:
    """See that a process ends: by the end of its input, else by signals."""
    if process.stdin is not None:
        process.stdin.close()
    for more in (process.terminate, process.kill):
        try:
            await asyncio.wait_for(process.wait(), PATIENCE)
        except TimeoutError:
            with suppress(ProcessLookupError):
                more()
    await process.wait()

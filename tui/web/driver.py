"""The driver of a screen in a browser: Textual's own, which also ends when the server has gone."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from textual import messages
from textual.drivers.web_driver import WebDriver


class PageDriver(WebDriver):
    """Without a server there is nobody to read what is drawn: the end of input is the end of the program."""

    def start_application_mode(self) -> None:
        """Start, and remember the loop that the program runs in."""
        self._running = asyncio.get_running_loop()
        super().start_application_mode()

    def run_input_thread(self) -> None:
        """Read until the end of input, or of the program."""
        super().run_input_thread()
        if not self.exit_event.is_set():
            with suppress(RuntimeError):  # the loop has ended meanwhile
                asyncio.run_coroutine_threadsafe(self._app._post_message(messages.ExitApp()), self._running)

    def write(self, data: str) -> None:
        """Write for the browser, if anybody still listens."""
        with suppress(BrokenPipeError):
            super().write(data)

    def write_meta(self, data: dict[str, object]) -> None:
        """Write for the server, if it still listens."""
        with suppress(BrokenPipeError):
            super().write_meta(data)

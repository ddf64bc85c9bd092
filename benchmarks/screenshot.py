"""The picture of the main screen in the README: a query on the sample pages, as it looks in a terminal.

    python -m benchmarks.screenshot [--output docs/screen.svg] [--model hash]

An index of seeds/ is built in a temporary folder, and said to be a moment old.
"""

from __future__ import annotations

import argparse
import asyncio
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from index import console
from index.build import Rebuild
from index.encode import DEFAULT_MODEL, open_encoder
from index.errors import BroadsheetError
from index.snapshot import IndexPaths
from search.searcher import Searcher
from tui import clock
from tui.app import BroadsheetApp
from tui.screens.main import MainScreen
from tui.widgets.query_line import QueryLine

if TYPE_CHECKING:
    from collections.abc import Sequence

SEEDS: Final = Path(__file__).parents[1] / "seeds"
OUTPUT: Final = Path("docs/screen.svg")
QUERY: Final = "did the flood gates hold"
SIZE: Final = (132, 34)
PATIENCE: Final = 30.0  # seconds for the answer
_FONTS: Final = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
_NAMES: Final = re.compile(r"terminal-\d+")


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.screenshot", description="Draw the main screen.")
    parser.add_argument("--output", type=Path, default=OUTPUT, metavar="FILE")
    parser.add_argument("--model", default=DEFAULT_MODEL, metavar="NAME")
    asked = parser.parse_args(arguments)
    try:
        with tempfile.TemporaryDirectory() as folder:
            encoder = open_encoder(asked.model)
            Rebuild(paths=IndexPaths(Path(folder)), sources=[SEEDS], encoder=encoder).run()
            with Searcher.open(folder, encoder=encoder) as searcher:
                searcher.warm()
                built = searcher.info().built
                clock.now = lambda: built  # the index is always a moment old
                picture = asyncio.run(drawn(searcher))
        asked.output.write_text(tidy(picture), encoding="utf-8")
    except BroadsheetError as error:
        console.say(f"benchmarks: {error}")
        return error.exit_code
    print(asked.output)
    return 0


async def drawn(searcher: Searcher) -> str:
    """Return the screen with the answer to the query as SVG."""
    app = BroadsheetApp(searcher)
    async with app.run_test(size=SIZE) as pilot:
        screen = app.screen
        assert isinstance(screen, MainScreen)
        line = screen.query_one(QueryLine)
        line.cursor_blink = False
        line.insert_text_at_cursor(QUERY)
        async with asyncio.timeout(PATIENCE):
            while not (screen.results and screen.results.mode is screen.question.mode and screen.page):
                await pilot.pause(0.05)
        await pilot.press("tab", "down")
        await pilot.pause(0.3)
        return app.export_screenshot(title="broadsheet", simplify=True)


def tidy(picture: str) -> str:
    """Return the picture without fonts from elsewhere, and with names that are the same every time."""
    plain = _FONTS.sub("", picture).replace("Fira Code", "ui-monospace, DejaVu Sans Mono")
    return _NAMES.sub("terminal", re.sub(r"\n\s*\n+", "\n", plain)) + "\n"


if __name__ == "__main__":
    sys.exit(main())

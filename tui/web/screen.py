"""The process behind a page: the program as it is, drawn for a browser. Run as ``python -m tui.web.screen``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from index.settings import Settings

_ROOT: Final = Path(__file__).resolve().parents[2]
# -P and this: the current folder, which may hold anything, is never imported from, and stays the current folder.
_CODE: Final = "import sys; sys.path.insert(0, sys.argv.pop(1)); from tui.web.screen import main; main()"


def command(used: Settings, query: str) -> list[str]:
    """Return the command that draws the screen of an index."""
    return [sys.executable, "-P", "-c", _CODE, str(_ROOT), str(used.index_dir.absolute()), query]


def main() -> None:
    """Draw the screen of the index named first, asked what is named next."""
    from index.command_line import settings_of
    from tui.launch import launch

    index_dir, query = sys.argv[1:3]
    sys.exit(launch(settings_of(index_dir), query))

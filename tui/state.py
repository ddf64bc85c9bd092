"""What the screen remembers from run to run: history, saved searches, layout; none of it belongs to an index."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from index.durable import write_durably
from index.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES: Final = 1_048_576
"""A file beyond this is none of ours."""


class State:
    """One small JSON file a noun in a folder of the user's own; without a folder nothing is kept, nor read."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder

    @property
    def is_kept(self) -> bool:
        """Whether what is written will be there in the next run."""
        return self._folder is not None

    def read(self, noun: str) -> object:
        """Return what was written last under ``noun``, ``None`` where that is nothing or cannot be read.

        Whoever asks checks the shape: the file is the user's, who may have changed it.
        """
        if self._folder is None:
            return None
        try:
            with self._path(self._folder, noun).open("rb") as file:
                content = file.read(MOST_BYTES + 1)
            return None if len(content) > MOST_BYTES else json.loads(content)
        except (OSError, ValueError, RecursionError):
            return None

    def write(self, noun: str, value: object) -> None:
        """Keep a value under ``noun`` for this user alone; raises ``UsageError`` where it cannot be written."""
        if self._folder is None:
            return
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_durably(self._path(self._folder, noun), json.dumps(value, ensure_ascii=False, indent=1) + "\n")
        except (OSError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or error
            raise UsageError(
                f'{self._folder} cannot be written ({reason}); make it writable, or set state = "none" to keep nothing'
            ) from error

    @staticmethod
    def _path(folder: Path, noun: str) -> Path:
        return folder / f"{noun}.json"

"""What the screen remembers from run to run: history, saved searches, looks; none of it belongs to an index."""

from __future__ import annotations

import json
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, TypeVar

from index.durable import write_durably
from index.errors import StateDamaged, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    T = TypeVar("T")

MOST_BYTES: Final = 8_388_608
"""A file beyond this is none of ours."""
LOCK: Final = "lock"
LOCK_SECONDS: Final = 5.0
_UNSHAPELY: Final = (ValueError, TypeError, KeyError, AttributeError, RecursionError, OverflowError)


class State:
    """One small JSON file a noun in a folder of the user's own; safe to use from several threads and processes.

    Without a folder nothing is written or read, and what is remembered ends with the program.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._memory: dict[str, object] = {}
        self._turn = threading.RLock()

    def read(self, noun: str, shape: Callable[[object], T]) -> T | None:
        """Return what was written last under ``noun``, through ``shape``; ``None`` where that is nothing.

        ``shape`` raises ``ValueError``, ``TypeError`` or ``KeyError`` for what it cannot use: the file is the user's,
        who may have changed it. Such a file is set aside, and ``StateDamaged`` raised; the next time there is none.
        """
        if self._folder is None:
            return shape(self._memory[noun]) if noun in self._memory else None
        path = self._folder / f"{noun}.json"
        try:
            content = _content(path)
            return None if content is None else shape(json.loads(content))
        except (OSError, *_UNSHAPELY) as error:
            raise _set_aside(path, noun, error) from error

    def change(self, noun: str, shape: Callable[[object], T], edit: Callable[[T | None], object]) -> None:
        """Write under ``noun`` what ``edit`` makes of what is there, for this user alone.

        Raises ``UsageError`` where it cannot be written, and ``StateDamaged`` once what could not be read was replaced.
        """
        if self._folder is None:
            with self._turn:
                self._memory[noun] = edit(self.read(noun, shape))
            return
        damage: StateDamaged | None = None
        try:
            with self._alone(self._folder):
                try:
                    old = self.read(noun, shape)
                except StateDamaged as error:
                    old, damage = None, error
                content = json.dumps(edit(old), ensure_ascii=False, indent=1) + "\n"
                write_durably(self._folder / f"{noun}.json", content)
        except (OSError, UnicodeError) as error:
            reason = getattr(error, "strerror", None) or error
            raise UsageError(
                f'{self._folder} cannot be written ({reason}); make it writable, or set state = "none" to keep nothing'
            ) from error
        if damage is not None:
            raise damage

    @contextmanager
    def _alone(self, folder: Path) -> Iterator[None]:
        """Let nobody else change anything in the folder meanwhile."""
        from filelock import FileLock  # only who writes needs it

        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with self._turn, FileLock(folder / LOCK, timeout=LOCK_SECONDS, mode=0o600, poll_interval=0.01):
            yield


def _content(path: Path) -> bytes | None:
    if not path.exists():
        return None
    if not path.is_file():  # reading a pipe would never end
        raise ValueError("it is no file")
    with path.open("rb") as file:
        content = file.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise ValueError("it is far too large")
    return content


def _set_aside(path: Path, noun: str, error: Exception) -> StateDamaged:
    """Give a damaged file another name, and return what to say of it."""
    is_garbled = isinstance(error, json.JSONDecodeError | UnicodeDecodeError | RecursionError)
    reason = "it is no JSON" if is_garbled else getattr(error, "strerror", None) or error
    aside = path.with_name(path.name + ".damaged")
    try:
        path.replace(aside)
    except OSError:
        return StateDamaged(f'{path} cannot be read ({reason}); remove it, or set state = "none" to keep nothing')
    return StateDamaged(f"{path} cannot be read ({reason}): set aside as {aside.name}, and {noun} begins anew")

"""The rim of every worker: whatever goes wrong in a thread comes back as a value that can be shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from textual import log

from index.errors import BroadsheetError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


def attempt(ask: Callable[[], T]) -> T | BroadsheetError:
    """Return what ``ask`` returns, or the error that explains why it cannot."""
    try:
        return ask()
    except BroadsheetError as error:
        return error
    except Exception as error:  # noqa: BLE001 - a thread's exception would vanish, or end the app in mid-sentence
        log.error(f"{type(error).__name__}: {error}")
        return BroadsheetError(f"Unexpected {type(error).__name__}: {error}. Please report this.")

"""How a long job tells where it is: the job reports to a small protocol, the command line draws."""

from __future__ import annotations

from typing import Final, Protocol

BYTES: Final = "byte"


class Progress(Protocol):
    """One stage at a time; a stage of unknown size has ``total`` None."""

    def start(self, stage: str, total: int | None, unit: str) -> None:
        """Begin a stage."""

    def advance(self, amount: int = 1) -> None:
        """Tell that ``amount`` units more are done."""

    def finish(self) -> None:
        """End the stage."""


class Silent:
    """Tells nothing."""

    def start(self, stage: str, total: int | None, unit: str) -> None:
        """Begin a stage."""

    def advance(self, amount: int = 1) -> None:
        """Tell that ``amount`` units more are done."""

    def finish(self) -> None:
        """End the stage."""

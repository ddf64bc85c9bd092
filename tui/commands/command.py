"""What a command is: one class feeds its key, its footer entry, the palette, the help and the README.

The docstring is the help text. Nothing here draws, so anything may list the commands.
"""

from __future__ import annotations

from typing import ClassVar


class Command:
    """A thing to do, the key that does it, and the name of the action that carries it out."""

    key: ClassVar[str]
    action: ClassVar[str]
    label: ClassVar[str]
    shown_key: ClassVar[str]
    """The key as people write it."""
    in_footer: ClassVar[bool] = True
    in_palette: ClassVar[bool] = True
    goes_first: ClassVar[bool] = False
    """Whether the key works everywhere, also above other screens and whatever has the keys there."""

    @classmethod
    def help(cls) -> str:
        """Return what it does, in one sentence."""
        return (cls.__doc__ or "").strip()

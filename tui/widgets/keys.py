"""From commands to the bindings of a widget or screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding, BindingType

if TYPE_CHECKING:
    from tui.commands import Command


def bindings(*commands: type[Command]) -> list[BindingType]:
    """Return the bindings of ``commands``, in that order."""
    return [
        Binding(
            command.key,
            command.action,
            command.label,
            show=command.in_footer,
            key_display=command.shown_key,
            tooltip=command.help(),
            id=command.__name__,
        )
        for command in commands
    ]

"""From commands to the bindings of a widget or screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.binding import Binding, BindingType

from tui.commands.keymap import Keymap

if TYPE_CHECKING:
    from textual.widget import Widget

    from tui.commands import Command


def bindings(*commands: type[Command], is_quiet: bool = False) -> list[BindingType]:
    """Return the bindings of ``commands``, in that order; quiet ones are not in the footer."""
    return [
        Binding(
            command.key,
            command.action,
            command.label,
            show=command.in_footer and not is_quiet,
            priority=command.goes_first,
            key_display=command.shown_key,
            tooltip=command.help(),
            id=command.__name__,
        )
        for command in commands
    ]


def shown_key(widget: Widget, command: type[Command]) -> str:
    """Return the key of a command in the program ``widget`` is in, as people write it."""
    keymap = getattr(widget.app, "keymap", None)
    return (keymap if isinstance(keymap, Keymap) else Keymap()).shown(command)

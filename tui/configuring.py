"""``broadsheet config keys``: the commands of the terminal UI and the keys that call them."""

from __future__ import annotations

import json

import click

from index import console
from index.configuring import config
from tui.commands import COMMANDS
from tui.commands.keymap import in_force, name_of


@config.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def keys(*, as_json: bool) -> None:
    """Print every command of the terminal UI by its name under [keys], with its keys and what it does."""
    keymap = in_force()
    if as_json:
        table = {name_of(command): [*keymap.keys(command)] for command in COMMANDS}
        console.data(json.dumps(table, indent=1))
        return
    for command in COMMANDS:
        remark = "  (TOML file)" if command.__name__ in keymap.chosen else ""
        console.data(f"{name_of(command):<20} {keymap.shown(command):<8} {command.help()}{remark}")

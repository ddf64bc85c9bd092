"""What every command of the command line shares: how errors end it, and the flags all commands have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from index.errors import BroadsheetError

if TYPE_CHECKING:
    from index.settings import Settings


class SafeGroup(click.Group):
    """A command group in which expected errors become one safe line on stderr and their exit code."""

    def invoke(self, context: click.Context) -> object:
        """Run the command chosen."""
        try:
            return super().invoke(context)
        except BroadsheetError as error:
            from index import console

            console.say(f"broadsheet: {error}")
            context.exit(error.exit_code)


index_option = click.option("--index", "index_dir", metavar="DIR", help="Directory of the index.")


def settings_of(index_dir: str | None, model: str | None = None, encoder: str | None = None) -> Settings:
    """Return the settings in force under the flags of one command."""
    from index import settings

    return settings.load({"index": index_dir, "model": model, "encoder": encoder})

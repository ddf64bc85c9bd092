"""The ``broadsheet`` command: the commands of ``index`` and ``search`` under one roof, and the terminal UI."""

from __future__ import annotations

import click

from index.commands import SafeGroup, index, index_option, settings_of
from search.commands import search, show


def _version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        click.echo(f"broadsheet {version('broadsheet')}")
        context.exit()


@click.group(cls=SafeGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.")
@click.pass_context
def main(context: click.Context) -> None:
    """Search news articles and the reader comments under them.

    Without a command, the terminal UI opens.
    """
    if context.invoked_subcommand is None:
        context.invoke(tui)


@main.command()
@click.argument("query", nargs=-1)
@index_option
def tui(query: tuple[str, ...] = (), index_dir: str | None = None) -> None:
    """Open the terminal UI."""
    from search import Searcher
    from tui.app import run

    with Searcher.open(settings_of(index_dir).index_dir) as searcher:
        code = run(searcher, " ".join(query))
    click.get_current_context().exit(code)


@main.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script of a shell; source it from the shell's start-up file."""
    from click.shell_completion import get_completion_class

    script = get_completion_class(shell)
    if script is not None:
        click.echo(script(main, {}, "broadsheet", "_BROADSHEET_COMPLETE").source())


for command in (index, search, show):
    main.add_command(command)

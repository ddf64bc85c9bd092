"""The ``broadsheet`` command: the commands of ``index`` and ``search`` under one roof, and the terminal UI."""

from __future__ import annotations

import importlib
import sys
from typing import TYPE_CHECKING, Final

import click

from index.command_line import SafeGroup, index_option, settings_of
from index.errors import UsageError

if TYPE_CHECKING:
    from index.settings import Settings

# Where each command lives and what it does in a line: `--help` must not load what only one of them needs.
COMMANDS: Final = {
    "config": ("tui.configuring", "Show the settings in force and the files used."),
    "eval": (
        "search.evaluating",
        "Measure ranking on a judged collection: each leg, reciprocal rank fusion, and hybrid.",
    ),
    "export": (
        "search.commands",
        "Write every hit of a query, whole, with its citation: as JSON Lines, or CSV or Markdown.",
    ),
    "index": ("index.commands", "Build the index and look after it."),
    "judge": (
        "search.judging",
        'Say of passage ID whether it answers QUERY: "+" it does, "-" it does not, "0" takes that back.',
    ),
    "search": ("search.commands", "Find paragraphs and comments by words and by meaning."),
    "show": ("search.reading", "Show an article with its comments, or the one passage named by ARTICLE#MARK."),
    "similar": (
        "search.commands",
        "Find the passages most like one, named by ARTICLE#MARK; --kind can be given several times.",
    ),
    "suggest": ("search.commands", "Complete what is being typed: words and authors of the index, commonest first."),
    "tune": ("search.judging", "Fit the ranking to your judgements, if that is better on queries left out of the fit."),
}


plain_option = click.option(
    "--plain", is_flag=True, help="Numbered lines instead of a full screen: for screen readers and pipes."
)


class LazyGroup(SafeGroup):
    """A group whose commands are imported when they are run."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Return the names of all commands."""
        return sorted([*super().list_commands(context), *COMMANDS])

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Return a command, imported now."""
        if name not in COMMANDS:
            return super().get_command(context, name)
        command: click.Command = getattr(importlib.import_module(COMMANDS[name][0]), name)
        return command

    def format_commands(self, context: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing them."""
        told = {name: line for name, (_, line) in COMMANDS.items()}
        told |= {name: command.get_short_help_str(80) for name, command in self.commands.items()}
        with formatter.section("Commands"):
            formatter.write_dl(sorted(told.items()))


def _version(context: click.Context, _option: click.Parameter, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        click.echo(f"broadsheet {version('broadsheet')}")
        context.exit()


@click.group(cls=LazyGroup, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Show the version.")
@plain_option
@click.pass_context
def main(context: click.Context, *, plain: bool) -> None:
    """Search news articles and the reader comments under them.

    Without a command, the terminal UI opens.
    """
    if context.invoked_subcommand is None:
        context.invoke(tui, plain=plain)
    elif plain:
        raise UsageError("--plain goes with the terminal UI; write `broadsheet tui --plain`, or leave it out")


@main.command()
@click.argument("query", nargs=-1)
@plain_option
@click.option("--web", is_flag=True, help="Serve the screen to a browser on this machine; prints the address.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port for --web.  [default: any that is free]")
@index_option
def tui(
    query: tuple[str, ...] = (),
    index_dir: str | None = None,
    *,
    plain: bool = False,
    web: bool = False,
    port: int | None = None,
) -> None:
    """Open the terminal UI.

    Where the terminal can only write lines (TERM is "dumb"), or where input or output is none, it is plain by itself.
    With --web the address printed has a secret in it: whoever has the address has the screen.
    """
    used = settings_of(index_dir)
    typed = " ".join(query)
    if (web and plain) or (port and not web):
        raise UsageError("--web goes without --plain, and --port with --web only")
    if web:
        code = _run_web(used, typed, port or 0)
    else:
        code = _run_plain(used, typed) if plain or _is_line_by_line() else _run(used, typed)
    click.get_current_context().exit(code)


def _run(used: Settings, query: str) -> int:
    from tui.launch import launch

    return launch(used, query)


def _run_web(used: Settings, query: str, port: int) -> int:
    from importlib.util import find_spec

    if not (find_spec("aiohttp") and find_spec("textual_serve")):
        raise UsageError("--web needs more packages: pip install 'broadsheet[web]'")
    from tui.web.screen import command
    from tui.web.server import serve

    serve(command(used, query), port)
    return 0


def _run_plain(used: Settings, query: str) -> int:
    from index.settings import is_dumb_terminal, state_dir
    from search import Searcher
    from tui.plain.session import run
    from tui.state import State

    state = State(state_dir() if used.keeps_state else None)
    with Searcher.open(used.index_dir) as searcher:
        return run(searcher, query, state, edits=not is_dumb_terminal())


def _is_line_by_line() -> bool:
    """Whether a full-screen program cannot run here."""
    from index.settings import is_dumb_terminal

    return is_dumb_terminal() or not all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


@main.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script of a shell; source it from the shell's start-up file."""
    from click.shell_completion import get_completion_class

    script = get_completion_class(shell)
    if script is not None:
        click.echo(script(main, {}, "broadsheet", "_BROADSHEET_COMPLETE").source())

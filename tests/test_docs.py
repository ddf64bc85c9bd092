"""Every command and flag of the documents exists, and every command is documented."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from tui import cli
from tui.cli import main

ROOT = Path(__file__).parents[1]
DOCS = [ROOT / "README.md", ROOT / "docs" / "architecture.md", ROOT / "CHANGELOG.md"]
README = (ROOT / "README.md").read_text("utf-8")


def commands(group: click.Group, prefix: tuple[str, ...] = ()) -> dict[tuple[str, ...], click.Command]:
    found: dict[tuple[str, ...], click.Command] = {}
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        found[(*prefix, name)] = command
        if isinstance(command, click.Group):
            found |= commands(command, (*prefix, name))
    return found


COMMANDS = commands(main)
FLAGS = {flag for command in (main, *COMMANDS.values()) for param in command.params for flag in param.opts}


@pytest.mark.parametrize("path", [path for path, command in COMMANDS.items() if not isinstance(command, click.Group)])
def test_every_command_is_in_the_readme_and_has_help(path: tuple[str, ...]) -> None:
    assert f"broadsheet {' '.join(path)}" in README
    assert COMMANDS[path].help


def test_the_lines_of_the_help_are_those_of_the_commands() -> None:
    for name, (_, line) in cli.COMMANDS.items():
        assert COMMANDS[(name,)].get_short_help_str(200) == line


@pytest.mark.parametrize("doc", DOCS, ids=lambda path: path.name)
def test_every_flag_in_the_documents_exists(doc: Path) -> None:
    for flag in re.findall(r"(?<![\w-])--[a-z][\w-]*", doc.read_text("utf-8")):
        assert flag in FLAGS | {"--help", "--editable"}, flag


def test_every_flag_is_documented() -> None:
    for flag in FLAGS:
        if flag.startswith("--") and flag != "--help":
            assert flag in README, flag


@pytest.mark.parametrize("doc", DOCS, ids=lambda path: path.name)
def test_every_command_line_in_the_documents_exists(doc: Path) -> None:
    names = "index|search|show|tui|completion|export|similar|suggest|judge|tune|eval|config"
    for line in re.findall(rf"broadsheet ((?:{names})[^`|\n]*)", doc.read_text("utf-8")):
        words = [word for word in shlex.split(line.replace("'", '"').replace('"', "")) if re.fullmatch(r"[a-z]+", word)]
        name = tuple(words[:2]) if words[0] in ("index", "config") else (words[0],)
        assert name in COMMANDS, line


def test_every_module_in_the_architecture_exists() -> None:
    told = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    for path in re.findall(r"`((?:index|search|tui)/[\w/]+\.py)`", told):
        assert (ROOT / path).is_file(), path

"""Every command and flag of the documents exists, and every command is documented."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import click
import pytest

from tui.cli import main

ROOT = Path(__file__).parents[1]
DOCS = [ROOT / "README.md", ROOT / "docs" / "architecture.md", ROOT / "CHANGELOG.md"]
README = (ROOT / "README.md").read_text("utf-8")


def commands(group: click.Group, prefix: tuple[str, ...] = ()) -> dict[tuple[str, ...], click.Command]:
    found: dict[tuple[str, ...], click.Command] = {}
    for name, command in group.commands.items():
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
    for line in re.findall(r"broadsheet ((?:index|search|show|tui|completion)[^`|\n]*)", doc.read_text("utf-8")):
        words = [word for word in shlex.split(line.replace("'", '"').replace('"', "")) if re.fullmatch(r"[a-z]+", word)]
        name = tuple(words[:2]) if words[0] == "index" else (words[0],)
        assert name in COMMANDS, line


def test_every_module_in_the_architecture_exists() -> None:
    told = (ROOT / "docs" / "architecture.md").read_text("utf-8")
    for path in re.findall(r"`((?:index|search|tui)/[\w/]+\.py)`", told):
        assert (ROOT / path).is_file(), path

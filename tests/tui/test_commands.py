"""One class per command; keys, footer, palette and help follow from it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.content import Content

from tui.app import BroadsheetApp
from tui.commands import COMMANDS, QUERY_LANGUAGE, Command
from tui.commands.keymap import Keymap, read
from tui.screens.help import HelpPage
from tui.screens.main import MainScreen
from tui.screens.progress import ProgressScreen
from tui.widgets.article_pane import ArticlePane
from tui.widgets.filter_list import FilterList
from tui.widgets.hit_list import HitList
from tui.widgets.keys import bindings
from tui.widgets.query_line import QueryLine

if TYPE_CHECKING:
    from tests.tui.conftest import FakeEngine

HOMES = (BroadsheetApp, MainScreen, QueryLine, HitList, ArticlePane, FilterList, ProgressScreen)


def test_every_command_is_listed_once() -> None:
    assert sorted(COMMANDS, key=str) == sorted(Command.__subclasses__(), key=str)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_says_what_it_does_and_can_do_it(command: type[Command]) -> None:
    assert command.help().endswith(".")
    where, action = command.action.partition("(")[0].split(".")
    home = {"app": BroadsheetApp, "screen": MainScreen}[where]
    assert hasattr(home, f"action_{action}")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_is_bound_somewhere(command: type[Command]) -> None:
    keys = [(key, binding.action) for home in HOMES for key, binding in home._merged_bindings]
    assert next(iter(bindings(command))).action == command.action
    assert (command.key, command.action) in keys


def test_the_help_shows_every_key_and_every_example() -> None:
    page = HelpPage(Keymap()).content(76).plain
    assert all(command.shown_key in page for command in COMMANDS)
    assert all(typed in page for typed, _ in QUERY_LANGUAGE)


def test_the_key_table_of_the_readme_is_that_of_the_commands() -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    table = readme.partition("| key | does |\n|---|---|\n")[2].partition("\n\n")[0]
    assert table.splitlines() == [f"| `{command.shown_key}` | {command.help()} |" for command in COMMANDS]


@pytest.mark.parametrize("width", [20, 40, 56, 120])
def test_the_help_fits_its_width(width: int) -> None:
    lines: list[Content] = HelpPage(Keymap()).content(width).split("\n")
    assert all(len(line.plain) <= max(width, 34) for line in lines)


async def test_the_palette_offers_the_commands(app: BroadsheetApp) -> None:
    async with app.run_test():
        offered = {command.title for command in app.get_system_commands(app.screen)}
    assert offered == {"Theme", *(command.label for command in COMMANDS if command.in_palette)}


async def test_the_palette_tells_keys_as_they_are_set(engine: FakeEngine) -> None:
    app = BroadsheetApp(engine, keymap=read({"weigh-words": ("[", "b", "]"), "weigh-meaning": ("ctrl+y",)}))
    async with app.run_test():
        told = {command.title: Content.from_markup(command.help) for command in app.get_system_commands(app.screen)}
    assert told["More by words"].plain.startswith("[ b ]: Let words count more")
    assert told["More by meaning"].plain.startswith("Ctrl-Y: ")


async def test_ctrl_t_goes_through_the_themes(app: BroadsheetApp) -> None:
    async with app.run_test() as pilot:
        seen = []
        for _ in range(3):
            await pilot.press("ctrl+t")
            seen.append(app.theme)
    assert seen == ["broadsheet-light", "broadsheet-contrast", "broadsheet"]


@pytest.mark.parametrize("module", ["tui", "tui.commands", "tui.engine"])
def test_nothing_heavy_is_loaded_before_the_screen_is_wanted(module: str) -> None:
    heavy = "{'textual', 'rich', 'torch', 'sentence_transformers'}"
    code = f"import sys, {module}; found = {heavy} & set(sys.modules); sys.exit(repr(found) if found else 0)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr

"""Keys set by the user: read, refused with what to do, and in force everywhere at once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

import pytest
from click.testing import CliRunner
from textual.widgets import Input
from textual.widgets._footer import FooterKey

from index import settings
from index.errors import UsageError
from search.results import Mode
from tui.app import BroadsheetApp
from tui.cli import main as broadsheet
from tui.commands import COMMANDS, NextMode, OpenArticle, TakeCompletion
from tui.commands.keymap import EDITING, Keymap, in_force, name_of, read, shown
from tui.screens.help import HelpPage, HelpScreen
from tui.widgets.article_pane import ArticlePane
from tui.widgets.hit_list import HitList
from tui.widgets.query_line import QueryLine

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import Ask, FakeEngine, Until
    from tui.screens.main import MainScreen


def keymap(**table: str | tuple[str, ...]) -> Keymap:
    listed = {name.replace("_", "-"): (keys,) if isinstance(keys, str) else keys for name, keys in table.items()}
    return read(listed)


@pytest.mark.parametrize("command", COMMANDS)
def test_keys_are_shown_as_the_commands_write_them(command: type) -> None:
    assert shown(command.key) == command.shown_key
    assert Keymap().shown(command) == command.shown_key
    assert read({name_of(command): (command.key,)}).keys(command) == (command.key,)


@pytest.mark.parametrize(
    ("typed", "key", "said"),
    [
        ("z", "z", "z"),
        ("Z", "Z", "Z"),
        ("shift+z", "Z", "Z"),
        ("?", "question_mark", "?"),
        ("#", "number_sign", "#"),
        ("ctrl+Y", "ctrl+y", "Ctrl-Y"),
        ("Ctrl-y", "ctrl+y", "Ctrl-Y"),
        ("alt+shift+up", "alt+shift+up", "Alt-Shift-↑"),
        ("F23", "f23", "F23"),
        ("PgDn", "", ""),
        ("pgup", "pageup", "PgUp"),
        ("ctrl+", "", ""),
        ("hyper+x", "", ""),
        ("f99", "", ""),
        ("ab", "", ""),
        ("\x1b", "", ""),
    ],
)
def test_keys_as_people_write_them(typed: str, key: str, said: str) -> None:
    if not key:
        with pytest.raises(UsageError, match="next-mode: no key"):
            keymap(next_mode=typed)
    else:
        assert keymap(next_mode=typed).keys(NextMode) == (key,)
        assert shown(key) == said


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"next-moad": ("y",)}, "no command 'next-moad'; `broadsheet config keys` lists them"),
        ({"next-mode": ("g",)}, "g calls group-by-article and next-mode; give all but one of them another key"),
        ({"next-mode": ("f23",), "next-sort": ("F23",)}, "F23 calls next-mode and next-sort"),
        ({"next-mode": ("ctrl+m",)}, "terminals send the same for ctrl+m and Enter"),
        ({"next-hit": ("j",)}, "next-hit is called while you type"),
        ({"search-history": ("ctrl+w",)}, "search-history: Ctrl-W edits the query line"),
    ],
)
def test_what_cannot_be_is_told_with_what_to_do(table: dict[str, tuple[str, ...]], told: str) -> None:
    with pytest.raises(UsageError) as raised:
        read(table)
    assert told in str(raised.value)


def test_two_commands_may_exchange_their_keys() -> None:
    assert keymap(judge_relevant="-", judge_irrelevant="+").chosen["JudgeRelevant"] == ("minus",)
    found = keymap(next_mode="g", group_by_article="m")
    assert found.shown(NextMode) == "g"


def test_a_command_called_while_typing_may_have_a_letter_beside_another_key() -> None:
    assert keymap(open_article=("enter", "l")).keys(OpenArticle) == ("enter", "l")


def test_the_keys_that_edit_the_line_are_those_of_an_input() -> None:
    of_input = {key for binding in Input.BINDINGS for key in binding.key.split(",")}
    assert of_input >= EDITING - {"right"}
    taken = {key for command in COMMANDS for key in Keymap().keys(command)}
    assert not EDITING & taken


# From the file


@pytest.fixture
def toml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config.toml"
    monkeypatch.setenv("BROADSHEET_CONFIG", str(path))
    return path


def test_the_file_may_name_one_key_or_several(toml: Path) -> None:
    toml.write_text('timezone = "UTC"\n[keys]\nnext-mode = "f23"\nopen-article = ["enter", "l"]\n')
    assert settings.load().timezone == "UTC"
    assert in_force().chosen == {"NextMode": ("f23",), "OpenArticle": ("enter", "l")}


@pytest.mark.parametrize("content", ["keys = 3", "[keys]\nnext-mode = 3", "[keys]\nnext-mode = []", '[keys]\nx = ""'])
def test_a_table_of_another_shape_is_told(toml: Path, content: str) -> None:
    toml.write_text(content)
    with pytest.raises(UsageError, match=r"config\.toml"):
        in_force()


def test_the_program_does_not_begin_with_keys_that_cannot_be(toml: Path, seeds_index: Path) -> None:
    toml.write_text('[keys]\nnext-mode = "g"\n')
    done = CliRunner().invoke(broadsheet, ["config", "keys"])
    assert done.exit_code == 2
    assert f"{toml}, [keys]: g calls" in done.stderr


def test_config_shows_the_keys_set_and_lists_all(toml: Path) -> None:
    toml.write_text('[keys]\nnext-mode = ["f23", "y"]\ncopy-passage = "Y"\n')
    lines = CliRunner().invoke(broadsheet, ["config", "show"]).stdout.splitlines()
    assert "key next-mode    f23, y  (TOML file)" in lines
    shown_as = json.loads(CliRunner().invoke(broadsheet, ["config", "show", "--json"]).stdout)
    assert shown_as["keys"] == {"next-mode": ["f23", "y"], "copy-passage": ["Y"]}
    listed = CliRunner().invoke(broadsheet, ["config", "keys"]).stdout.splitlines()
    assert len(listed) == len(COMMANDS)
    assert any(line.startswith("next-mode            F23 y ") and line.endswith("(TOML file)") for line in listed)
    table = json.loads(CliRunner().invoke(broadsheet, ["config", "keys", "--json"]).stdout)
    assert table["next-mode"] == ["f23", "y"]


# On the screen


def main(app: BroadsheetApp) -> MainScreen:
    return cast("MainScreen", app.screen)


async def test_new_keys_work_old_ones_do_not_and_footer_and_help_say_so(
    engine: FakeEngine, ask: Ask, until: Until
) -> None:
    found = keymap(next_mode=("f23", "y"), copy_passage="Y", open_article=("enter", "l"), help="f22", palette="f21")
    app = BroadsheetApp(engine, keymap=found)
    async with app.run_test() as pilot:
        await ask(pilot, "wall")
        await pilot.press("tab", "m")
        assert main(app).question.mode is Mode.HYBRID
        await pilot.press("y")
        assert main(app).question.mode is Mode.KEYWORD
        await pilot.press("f23")
        assert main(app).question.mode is Mode.SEMANTIC
        await until(app, lambda: main(app).shown.mode is Mode.SEMANTIC)
        footer = {key.description: key.key_display for key in app.screen.query(FooterKey)}
        assert footer["Mode"] in ("F23", "y")
        assert footer["Help"] == "F22"
        await pilot.press("l")
        assert isinstance(app.focused, ArticlePane)
        await pilot.press("f1")
        assert not isinstance(app.screen, HelpScreen)
        await pilot.press("f22")
        assert "F23 y" in app.screen.query_one("Static").render().content(76).plain
        await pilot.press("escape", "f21")
        assert type(app.screen).__name__ == "CommandPalette"


async def test_completion_may_have_another_key_and_right_still_moves(engine: FakeEngine, until: Until) -> None:
    app = BroadsheetApp(engine, keymap=keymap(take_completion="f20"))
    async with app.run_test() as pilot:
        await pilot.press(*"harb")
        await until(app, lambda: main(app).offers)
        await pilot.press("f20")
        assert app.screen.query_one(QueryLine).value == "harbour"
        await pilot.press("left", "left", "right")
        assert app.screen.query_one(QueryLine).before == "harbou"
        await until(app, lambda: main(app).results)
        await pilot.press("tab")
        assert isinstance(app.focused, HitList)


def test_the_help_shows_the_keys_in_force() -> None:
    page = HelpPage(keymap(take_completion="f20")).content(76).plain
    assert "F20" in page
    assert TakeCompletion.help()[:20] in page

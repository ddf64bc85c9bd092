from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from tui.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

HOSTILE = {
    "id": "evil",
    "title": "Quiet \x1b]0;owned\x07 title",
    "paragraphs": ["A harbour \x1b[2J\x9b31m with \u202eevil\u202c text [red]x[/red] [/"],
    "comments": [{"id": "1", "author": "\x1b]52;c;eA==\x07Mallory", "text": "harbour \x1b[8mhidden"}],
}


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, list(arguments))


@pytest.fixture
def hostile_index(tmp_path: Path) -> str:
    page = tmp_path / "pages" / "odd \x1b[31m name.jsonl"
    page.parent.mkdir()
    page.write_text(json.dumps(HOSTILE) + "\n{broken\n", encoding="utf-8")
    done = run("index", "rebuild", "--index", str(tmp_path / "index"), "--model", "hash", str(page.parent))
    assert done.exit_code == 0, done.output
    assert_harmless(done.output)
    assert "skipped" in done.stderr
    return str(tmp_path / "index")


def assert_harmless(shown: str) -> None:
    for char in shown:
        assert char in "\n\t" or (ord(char) >= 0x20 and not 0x7F <= ord(char) < 0xA0), repr(shown)
        assert char not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


@pytest.mark.parametrize("arguments", [("search", "harbour"), ("search", "--json", "harbour"), ("show", "evil")])
def test_hostile_text_reaches_the_terminal_harmless(hostile_index: str, arguments: tuple[str, ...]) -> None:
    done = run(*arguments, "--index", hostile_index)
    assert done.exit_code == 0
    assert_harmless(done.output)
    assert "[red]x[/red]" in done.output
    assert "Mallory" in done.output


def test_json_is_one_object_on_stdout(hostile_index: str) -> None:
    done = run("search", "--index", hostile_index, "--json", "--mode", "keyword", "foo:bar harbour")
    table = json.loads(done.stdout)
    assert table["total"] == 2
    assert table["warnings"]
    assert "foo" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("search", "--mode", "keyword", "zzzz"), 1, "nothing found"),
        (("search", "--mode", "magic", "x"), 2, "magic"),
        (("search", "x" * 1001), 2, "1,000"),
        (("show", "nope"), 1, "no article"),
        (("show", "nope#h"), 1, "no passage"),
        (("nonsense",), 2, "No such command"),
    ],
)
def test_exit_codes(hostile_index: str, arguments: tuple[str, ...], code: int, told: str) -> None:
    flags = () if arguments[0] == "nonsense" else ("--index", hostile_index)
    done = run(*arguments, *flags)
    assert done.exit_code == code, done.output
    assert told in done.stderr
    assert "Traceback" not in done.output


def test_no_index_is_exit_code_3(tmp_path: Path) -> None:
    for arguments in (("search", "x"), ("index", "info"), ("show", "x"), ("tui",)):
        done = run(*arguments, "--index", str(tmp_path / "none"))
        assert done.exit_code == 3
        assert "broadsheet index rebuild" in done.stderr


def test_a_damaged_index_is_exit_code_3(hostile_index: str, tmp_path: Path) -> None:
    (tmp_path / "index" / "CURRENT").write_text("nonsense")
    done = run("search", "--index", hostile_index, "x")
    assert done.exit_code == 3


def test_nothing_readable_is_exit_code_2(tmp_path: Path) -> None:
    (tmp_path / "noise").write_bytes(bytes(range(256)))
    done = run("index", "rebuild", "--index", str(tmp_path / "index"), "--model", "hash", str(tmp_path / "noise"))
    assert done.exit_code == 2
    assert "noise" in done.stderr


def test_a_rebuild_without_sources_reads_the_last_ones(hostile_index: str) -> None:
    done = run("index", "rebuild", "--index", hostile_index, "--model", "hash")
    assert done.exit_code == 0
    assert "encoded 0 texts, 3 were known already" in done.stderr


def test_info(hostile_index: str) -> None:
    told = dict(line.split(None, 1) for line in run("index", "info", "--index", hostile_index).stdout.splitlines())
    assert told["articles"] == "1 (1 undated)"
    assert (told["headlines"], told["paragraphs"], told["comments"]) == ("1", "1", "1")


def test_version_and_completion() -> None:
    assert run("--version").stdout.startswith("broadsheet 0.")
    for shell in ("bash", "zsh", "fish"):
        assert "_BROADSHEET_COMPLETE" in run("completion", shell).stdout


def test_settings_come_from_flag_then_environment_then_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from index import settings

    config = tmp_path / "config.toml"
    config.write_text('index = "from-file"\ntimezone = "Europe/Berlin"\n')
    monkeypatch.setenv("BROADSHEET_CONFIG", str(config))
    monkeypatch.delenv("BROADSHEET_INDEX", raising=False)
    assert settings.load().index == "from-file"
    assert str(settings.load().zone) == "Europe/Berlin"
    monkeypatch.setenv("BROADSHEET_INDEX", "from-env")
    assert settings.load().index == "from-env"
    assert settings.load({"index": "from-flag"}).index == "from-flag"
    config.write_text("colour = 1\n")
    assert run("search", "x").exit_code == 2

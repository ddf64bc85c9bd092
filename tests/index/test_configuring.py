"""``config show``: every setting, where its value comes from, and the files used."""

from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs
import pytest
from click.testing import CliRunner

from index import settings
from index.configuring import config
from index.errors import UsageError
from index.settings import Origin, Settings

if TYPE_CHECKING:
    from click.testing import Result


def show(*flags: str) -> Result:
    return CliRunner().invoke(config, ["show", *flags])


@pytest.fixture
def toml(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config.toml"
    monkeypatch.setenv("BROADSHEET_CONFIG", str(path))
    monkeypatch.delenv("BROADSHEET_INDEX")
    return path


def test_each_setting_is_told_with_where_it_comes_from(toml: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    toml.write_text('index = "/of/file"\nmodel = "of-file"\ntimezone = "Europe/Berlin"\n', "utf-8")
    monkeypatch.setenv("BROADSHEET_MODEL", "of-environment")
    lines = show("--index", "/of  flag").stdout.splitlines()
    assert lines[:5] == [
        "index            /of  flag  (flag)",
        "model            of-environment  (environment, BROADSHEET_MODEL)",
        "encoder          auto  (default)",
        "timezone         Europe/Berlin  (TOML file)",
        "state            keep  (default)",
    ]
    assert lines[5] == f"config file      {toml}"
    assert lines[6] == f"index directory  {Path('/of  flag')}  (not there)"


def test_json_holds_every_setting_and_path(toml: Path) -> None:
    table = json.loads(show("--json", "--model", "hash").stdout)
    assert list(table["settings"]) == [field.name for field in fields(Settings)]
    assert table["settings"]["model"] == {"value": "hash", "from": "flag"}
    assert table["settings"]["timezone"] == {"value": "UTC", "from": "default"}
    data = Path(platformdirs.user_data_dir("broadsheet", appauthor=False)) / "index"
    paths = {name: Path(told["path"]) for name, told in table["paths"].items()}
    assert paths == {
        "config file": toml,
        "index directory": data,
        "embeddings": data / "embeddings.sqlite",
        "cache": Path(platformdirs.user_cache_dir("broadsheet", appauthor=False)),
        "state": Path(platformdirs.user_state_dir("broadsheet", appauthor=False)),
    }
    assert not table["paths"]["config file"]["exists"]


def test_without_a_named_file_the_one_of_the_platform_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("BROADSHEET_CONFIG")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    expected = Path(platformdirs.user_config_dir("broadsheet", appauthor=False)) / "config.toml"
    assert json.loads(show("--json").stdout)["paths"]["config file"]["path"] == str(expected)


def test_what_no_command_could_use_is_printed_and_then_told(toml: Path) -> None:
    toml.write_text('timezone = "Nowhere\\u001b[2J/Lost\\nBay"\n', "utf-8")
    done = show()
    assert done.exit_code == 2
    assert "timezone         Nowhere[2J/Lost Bay  (TOML file)" in done.stdout
    assert "no time zone" in done.stderr
    assert "\x1b" not in done.output


@pytest.mark.parametrize("content", ["index = ", "index = 3", 'colour = "red"'])
def test_a_broken_file_is_named(toml: Path, content: str) -> None:
    toml.write_text(content, "utf-8")
    done = show()
    assert done.exit_code == 2
    assert str(toml) in done.stderr


def test_a_home_of_nobody_is_an_error_that_helps(toml: Path) -> None:
    done = show("--index", "~nobody-of-that-name/index")
    assert done.exit_code == 2
    assert "~nobody-of-that-name" in done.stderr


def test_an_empty_variable_sets_nothing() -> None:
    assert settings.origins({}, {"BROADSHEET_MODEL": "", "BROADSHEET_CONFIG": "/no/such"})["model"] is Origin.DEFAULT


def test_the_values_in_force_are_those_of_the_origin_told(toml: Path) -> None:
    toml.write_text('model = "of-file"\n', "utf-8")
    environ = {"BROADSHEET_CONFIG": str(toml), "BROADSHEET_TIMEZONE": "Asia/Seoul"}
    flags = {"index": "of-flag", "model": None}
    assert settings.load(flags, environ) == Settings(index="of-flag", model="of-file", timezone="Asia/Seoul")
    assert settings.origins(flags, environ) == {
        "index": Origin.FLAG,
        "model": Origin.FILE,
        "encoder": Origin.DEFAULT,
        "timezone": Origin.ENVIRONMENT,
        "state": Origin.DEFAULT,
    }
    with pytest.raises(UsageError, match="somebody unknown"):
        settings.config_path({"BROADSHEET_CONFIG": "~nobody-of-that-name/x"})

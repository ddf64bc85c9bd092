"""What is remembered from run to run: private files, whole or not at all, and a switch to keep none."""

from __future__ import annotations

import stat
from typing import TYPE_CHECKING

import pytest

from index import settings
from index.errors import UsageError
from tui.state import MOST_BYTES, State

if TYPE_CHECKING:
    from pathlib import Path


def test_what_was_written_is_read_in_the_next_run(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "broadsheet"
    State(folder).write("history", ["sea wall", "höher"])
    assert State(folder).read("history") == ["sea wall", "höher"]
    assert State(folder).read("saved") is None


def test_only_its_user_can_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    State(folder).write("history", ["what I asked"])
    assert stat.S_IMODE((folder / "history.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_without_a_folder_nothing_is_kept_and_nothing_read() -> None:
    state = State(None)
    state.write("history", ["sea wall"])
    assert state.read("history") is None
    assert not state.is_kept


@pytest.mark.parametrize("content", [b"{", b"\xff", b"[" * 100_000, b"0" * (MOST_BYTES + 1)])
def test_a_file_that_cannot_be_read_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "history.json").write_bytes(content)
    assert State(tmp_path).read("history") is None


def test_a_folder_that_cannot_be_written_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UsageError, match='set state = "none"'):
        State(tmp_path / "file" / "state").write("history", [])


def test_the_switch_keeps_none() -> None:
    assert settings.load(environ={"BROADSHEET_STATE": "none", "BROADSHEET_CONFIG": "/nowhere"}).keeps_state is False
    assert settings.load(environ={"BROADSHEET_CONFIG": "/nowhere"}).keeps_state is True


def test_another_word_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="keep or none"):
        _ = settings.Settings(state="perhaps").keeps_state

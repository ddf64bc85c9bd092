"""What is remembered from run to run: private files, whole or not at all, and a switch to keep none."""

from __future__ import annotations

import os
import stat
import threading
from typing import TYPE_CHECKING

import pytest

from index import settings
from index.errors import StateDamaged, UsageError
from tui.state import MOST_BYTES, State

if TYPE_CHECKING:
    from pathlib import Path


def texts(table: object) -> list[str]:
    if not isinstance(table, list):
        raise TypeError("it is no list")
    return [str(one) for one in table]


def put(state: State, *said: str) -> None:
    state.change("history", texts, lambda known: [*(known or []), *said])


def test_what_was_written_is_read_in_the_next_run(tmp_path: Path) -> None:
    folder = tmp_path / "state" / "broadsheet"
    put(State(folder), "sea wall")
    put(State(folder), "höher")
    assert State(folder).read("history", texts) == ["sea wall", "höher"]
    assert State(folder).read("saved", texts) is None


def test_only_its_user_can_read_it(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    put(State(folder), "what I asked")
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_without_a_folder_nothing_is_written_and_all_ends_with_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    state = State(None)
    put(state, "sea wall")
    assert state.read("history", texts) == ["sea wall"]
    assert State(None).read("history", texts) is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"{", b"\xff", b"[" * 100_000, b"0" * (MOST_BYTES + 1), b'{"not": "a list"}', b""])
def test_a_damaged_file_is_told_and_set_aside(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "history.json").write_bytes(content)
    with pytest.raises(StateDamaged, match=r"set aside as history.json.damaged, and history begins anew"):
        State(tmp_path).read("history", texts)
    assert (tmp_path / "history.json.damaged").read_bytes() == content
    assert State(tmp_path).read("history", texts) is None


def test_what_is_written_over_a_damaged_file_is_kept_and_that_is_told(tmp_path: Path) -> None:
    (tmp_path / "history.json").write_text("{")
    with pytest.raises(StateDamaged):
        put(State(tmp_path), "sea wall")
    assert State(tmp_path).read("history", texts) == ["sea wall"]


def test_a_pipe_in_the_place_of_a_file_keeps_nobody_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "history.json")
    with pytest.raises(StateDamaged, match="no file"):
        State(tmp_path).read("history", texts)


def test_a_folder_that_cannot_be_written_is_told_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(UsageError, match='set state = "none"'):
        put(State(tmp_path / "file" / "state"), "x")


def test_two_programs_at_once_lose_nothing(tmp_path: Path) -> None:
    threads = [threading.Thread(target=put, args=(State(tmp_path), f"query {number}")) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(State(tmp_path).read("history", texts) or []) == sorted(f"query {number}" for number in range(16))


def test_the_switch_keeps_none() -> None:
    assert settings.load(environ={"BROADSHEET_STATE": "none", "BROADSHEET_CONFIG": "/nowhere"}).keeps_state is False
    assert settings.load(environ={"BROADSHEET_CONFIG": "/nowhere"}).keeps_state is True


def test_another_word_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="keep or none"):
        _ = settings.Settings(state="perhaps").keeps_state

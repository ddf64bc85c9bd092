from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from index.errors import UsageError
from search import outfile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def left(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    assert outfile.write(path, ["é", "b\nc"], replace=False) == 2
    assert path.read_bytes() == "é\nb\nc\n".encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert left(tmp_path) == ["out.csv"]


def test_nothing_is_replaced_unless_asked(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("mine")
    with pytest.raises(UsageError, match="--force"):
        outfile.write(path, ["x"], replace=False)
    assert path.read_text() == "mine"
    outfile.write(path, ["x"], replace=True)
    assert path.read_text() == "x\n"


def test_a_file_that_comes_to_be_meanwhile_stays(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"

    def records() -> Iterator[str]:
        yield "x"
        path.write_text("theirs")

    with pytest.raises(UsageError, match="there already"):
        outfile.write(path, records(), replace=False)
    assert path.read_text() == "theirs"
    assert left(tmp_path) == ["out.csv"]


def test_without_hard_links_it_is_renamed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    outfile.write(tmp_path / "out", ["x"], replace=False)
    assert left(tmp_path) == ["out"]


@pytest.mark.parametrize("fault", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_leaves_nothing(tmp_path: Path, fault: BaseException) -> None:
    def records() -> Iterator[str]:
        yield "x"
        raise fault

    with pytest.raises((UsageError, KeyboardInterrupt)):
        outfile.write(tmp_path / "out", records(), replace=False)
    assert left(tmp_path) == []


def test_what_is_not_a_file_is_never_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    (tmp_path / "dangling").symlink_to(tmp_path / "nowhere")
    for name in ("fifo", ".", "dangling"):
        with pytest.raises(UsageError, match="not a file"):
            outfile.check(tmp_path / name, replace=True)


def test_a_link_is_replaced_and_not_what_it_names(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("kept")
    (tmp_path / "link").symlink_to(tmp_path / "kept")
    outfile.write(tmp_path / "link", ["x"], replace=True)
    assert (tmp_path / "kept").read_text() == "kept"
    assert not (tmp_path / "link").is_symlink()


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no folder"):
        outfile.check(tmp_path / "none" / "out", replace=False)

"""The command line's door, while others are still on their way in."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import TYPE_CHECKING

from index import console

if TYPE_CHECKING:
    import pytest


def test_a_message_is_said_while_a_thread_is_still_loading_the_bar(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "tqdm", ModuleType("tqdm"))
    console.say("skipped \x1b[2Jpage")
    assert capsys.readouterr().err == "skipped [2Jpage\n"

from __future__ import annotations

import subprocess
import sys
import threading
from itertools import chain
from typing import TYPE_CHECKING

import pytest

from index import threads
from index.threads import Beside, in_shares

if TYPE_CHECKING:
    from collections.abc import Iterable


def test_work_beside_is_done_elsewhere_and_its_fault_is_raised_here() -> None:
    begun = threading.Event()

    def who() -> int:
        begun.set()
        return threading.get_ident()

    beside = Beside(who)
    assert begun.wait(30)
    assert beside.result() == beside.result() != threading.get_ident()

    def wrong() -> None:
        raise KeyError("lost")

    with pytest.raises(KeyError, match="lost"):
        Beside(wrong).result()


def test_who_waits_does_the_work_where_all_others_are_busy() -> None:
    free = threading.Event()
    busy = [Beside(free.wait) for _ in range(threads.MOST)]
    assert Beside(threading.get_ident).result() == threading.get_ident()
    free.set()
    assert all(beside.result() for beside in busy)


def test_a_forked_process_has_threads_of_its_own() -> None:
    script = """
import os, threading
from index.threads import Beside

Beside(int).result()
if child := os.fork():
    raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
begun = threading.Event()
Beside(begun.set)
os._exit(0 if begun.wait(30) else 3)
"""
    subprocess.run([sys.executable, "-c", script], check=True, timeout=60)


@pytest.mark.parametrize(("processors", "things", "shares"), [(1, 9, 1), (2, 9, 2), (8, 9, 3), (3, 5, 1), (2, 0, 1)])
def test_shares_cover_all_and_none_is_for_little(
    monkeypatch: pytest.MonkeyPatch, processors: int, things: int, shares: int
) -> None:
    monkeypatch.setattr(threads, "processors", lambda: processors)
    taken: list[list[int]] = []
    in_shares(lambda share: taken.append(list(share)), range(things), 3)
    assert sorted(chain.from_iterable(taken)) == list(range(things))
    assert len(taken) == shares


def test_who_is_held_up_leaves_the_rest_to_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "processors", lambda: 2)
    others = threading.Event()
    done: list[int] = []

    def work(share: Iterable[int]) -> None:
        for number in share:
            if number == 0:
                assert others.wait(30)
            done.append(number)
            if len(done) == 9:
                others.set()

    in_shares(work, range(10), 1)
    assert sorted(done) == list(range(10))
    assert done[-1] == 0


@pytest.mark.parametrize("bad", [0, 9])
def test_a_fault_in_any_share_is_raised_when_all_are_done(monkeypatch: pytest.MonkeyPatch, bad: int) -> None:
    monkeypatch.setattr(threads, "processors", lambda: 2)
    done: list[int] = []

    def work(share: Iterable[int]) -> None:
        for number in share:
            if number == bad:
                raise ValueError("share")
            done.append(number)

    with pytest.raises(ValueError, match="share"):
        in_shares(work, range(10), 1)
    assert len(done) == 9

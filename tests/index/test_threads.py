from __future__ import annotations

import threading
from itertools import chain

import pytest

from index import threads
from index.threads import Beside, in_shares


def test_work_beside_is_done_elsewhere_and_its_fault_is_raised_here() -> None:
    assert Beside(threading.get_ident).result() != threading.get_ident()

    def wrong() -> None:
        raise KeyError("lost")

    with pytest.raises(KeyError, match="lost"):
        Beside(wrong).result()


@pytest.mark.parametrize(("processors", "things", "shares"), [(1, 9, 1), (2, 9, 2), (8, 9, 3), (3, 5, 1), (2, 0, 1)])
def test_shares_cover_all_in_order_and_none_is_small(
    monkeypatch: pytest.MonkeyPatch, processors: int, things: int, shares: int
) -> None:
    monkeypatch.setattr(threads, "processors", lambda: processors)
    taken: list[list[int]] = []
    in_shares(lambda share: taken.append(list(share)), range(things), 3)
    assert sorted(chain.from_iterable(taken)) == list(range(things))
    assert len(taken) == shares


@pytest.mark.parametrize("bad", [0, 9])
def test_a_fault_in_any_share_is_raised_when_all_are_done(monkeypatch: pytest.MonkeyPatch, bad: int) -> None:
    monkeypatch.setattr(threads, "processors", lambda: 2)
    done: list[int] = []

    def work(share: object) -> None:
        numbers = list(share)  # type: ignore[call-overload]
        if bad in numbers:
            raise ValueError("share")
        done.extend(numbers)

    with pytest.raises(ValueError, match="share"):
        in_shares(work, range(10), 1)
    assert len(done) == 5

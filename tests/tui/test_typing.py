"""Somebody types sixty characters at twenty a second on 127,251 passages of news; nothing stale is ever shown.

``benchmarks.typing`` says how the frames come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.typing import TYPED, Frame, Record, report, watch
from search.results import Mode, Results
from search.searcher import Searcher
from tests.conftest import build
from tests.tui.conftest import hits_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def news(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = shared / "data" / "reuters21578"
    if not source.is_dir():
        pytest.skip("needs ../shared/data/reuters21578")
    root = tmp_path_factory.mktemp("news") / "index"
    build(root, [source])
    return root


@pytest.mark.corpus
async def test_nothing_stale_is_shown_while_one_types(news: Path) -> None:
    assert len(TYPED) == 60
    with Searcher.open(news) as searcher:
        assert sum(searcher.info().passages.values()) > 100_000
        searcher.warm()
        record = await watch(searcher, (120, 36), is_drawn=False)
    assert record.faults() == []
    assert len(record.keys) == 60
    last = record.frames[-1]
    assert last.typed == TYPED
    assert last.results is not None
    assert (last.results.query, last.results.mode) == (TYPED, Mode.HYBRID)
    assert len(last.results) > 5
    assert len(record.answered()) > 1  # not only the last one
    assert all(0 <= seconds < float("inf") for seconds in record.answers())
    assert "Stale results shown: 0" in list(report(record))


def test_a_space_waits_for_nothing() -> None:
    space = TYPED.index(" ")
    words = TYPED[:space]
    shown = Frame(0.1 * space, 0.0, words, answer(words), None)  # before the space is typed
    record = Record([0.1 * number for number in range(space + 1)] + [9.0], [shown])
    record.keys[space] = 0.1 * space + 1
    assert record.answers()[space] == 0.0
    assert record.answers()[0] == pytest.approx(0.1 * space)
    assert record.answers()[space + 1] == float("inf")


def answer(query: str) -> Results:
    return Results(query=query, mode=Mode.KEYWORD, hits=hits_of(0, 1), total=1)


def frames(*shown: tuple[str, Results | None]) -> list[Frame]:
    return [Frame(float(at), 0.0, typed, results, results) for at, (typed, results) in enumerate(shown)]


def test_the_check_sees_what_would_be_stale() -> None:
    early, late = answer("ab"), answer("abc")
    fine = [("ab", early), ("abc", early), ("abcd", late)]
    assert Record([0.0], frames(*fine)).faults("abcd") == []
    assert Record([0.0], frames(*fine, ("abcd", early))).faults("abcd") == ["an answer to 'ab' after one to 'abc'"]
    assert Record([0.0], frames(("ab", late))).faults("abcd") == ["an answer to 'abc' when 'ab' was typed"]
    assert Record([0.0], frames(("abx", answer("abx")))).faults("abcd")
    assert Record([0.0], [Frame(0.0, 0.0, "abc", late, early)]).faults("abcd") == [
        "rows of another answer beside 'abc'"
    ]

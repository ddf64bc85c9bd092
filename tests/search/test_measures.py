from __future__ import annotations

import sys
from math import log2

import numpy as np
import pytest

from index.errors import UsageError
from search import measures

JUDGED = {"q1": {"a": 2, "b": 1, "c": 0}, "q2": {"z": 1}, "q3": {"a": 1, "b": 1}}
FOUND = {"q1": ("b", "x", "a"), "q2": (), "q3": ("x", "y", "b")}


def test_measures_are_those_worked_out_by_hand() -> None:
    found = measures.per_query(FOUND, JUDGED, ["nDCG@10", "R@100", "RR@10", "Success@1", "Success@10"])
    ideal = 2 + 1 / log2(3)
    third = (1 / log2(4)) / (1 + 1 / log2(3))
    assert found["nDCG@10"].tolist() == pytest.approx([(1 + 2 / log2(4)) / ideal, 0, third])
    assert found["R@100"].tolist() == pytest.approx([1, 0, 0.5])
    assert found["RR@10"].tolist() == pytest.approx([1, 0, 1 / 3])
    assert found["Success@1"].tolist() == [1, 0, 0]
    assert found["Success@10"].tolist() == [1, 0, 1]


def test_a_query_that_was_never_asked_counts_0() -> None:
    assert measures.per_query({}, JUDGED, ["nDCG@10"])["nDCG@10"].tolist() == [0, 0, 0]


def test_only_ranks_1_to_10_count_where_10_is_said() -> None:
    found = {"q2": (*(f"x{n}" for n in range(10)), "z")}
    values = measures.per_query(found, {"q2": {"z": 1}}, ["nDCG@10", "R@100", "RR@10"])
    assert [float(values[name][0]) for name in values] == [0, 1, 0]


def test_an_interval_holds_the_mean_and_is_the_same_each_time() -> None:
    values = np.random.default_rng(1).random(200)
    low, high = measures.interval(values)
    assert low < values.mean() < high
    assert high - low == pytest.approx(2 * 1.96 * values.std() / np.sqrt(200), rel=0.1)
    assert measures.interval(values) == (low, high)
    assert measures.interval(np.full(7, 0.5)) == (0.5, 0.5)


def test_the_randomisation_test_counts_flips() -> None:
    assert measures.p_value(np.zeros(5)) == 1.0
    # Of the eight ways to flip three equal gains, two are as large.
    assert measures.p_value(np.ones(3)) == pytest.approx(2 / 8, abs=0.02)
    assert measures.p_value(np.array([0.3, -0.3])) == 1.0
    assert measures.p_value(np.full(50, 0.1)) == pytest.approx(1 / 10_001)
    gains = np.random.default_rng(2).normal(0.02, 0.1, 100)
    assert measures.p_value(gains) == measures.p_value(gains) == measures.p_value(-gains)


def test_a_difference_counts_wins_losses_and_ties() -> None:
    told = measures.difference(np.array([1.0, 0.5, 0.2, 0.0]), np.array([0.5, 0.5, 0.1, 0.3]))
    assert (told.wins, told.losses, told.ties) == (2, 1, 1)
    assert told.mean == pytest.approx(0.075)


def test_without_the_library_one_is_told_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ir_measures", None)
    with pytest.raises(UsageError, match=r"pip install 'broadsheet\[eval\]'"):
        measures.library()

"""Percentiles, budgets, clients and memory as they are told."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.speed import measure

if TYPE_CHECKING:
    from pathlib import Path


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=50), st.sampled_from((50, 95, 99)))
def test_percentiles_are_those_of_numpy(values: list[float], percent: int) -> None:
    assert measure.percentile(values, percent) == pytest.approx(np.percentile(values, percent))


def test_of_nothing_there_is_no_percentile() -> None:
    with pytest.raises(ValueError, match="no values"):
        measure.percentile([], 50)


def test_times_are_told_in_milliseconds() -> None:
    assert measure.told([0.001, 0.002, 0.003]) == {"p50": 2.0, "p95": 2.9, "p99": 2.98, "count": 3}


def test_a_slow_system_is_asked_ten_times() -> None:
    asked: list[int] = []
    taken = measure.timed(asked.append, range(100), 0.0)
    assert len(taken) == len(asked) == measure.FEWEST


def test_choices_are_asked_in_turn() -> None:
    asked: list[tuple[str, int]] = []
    taken = measure.in_turn(lambda question, choice: asked.append((question, choice)), ["a", "b", "c"], (100, 10), 9.0)
    assert asked == [("a", 100), ("a", 10), ("b", 10), ("b", 100), ("c", 100), ("c", 10)]
    assert {choice: len(each) for choice, each in taken.items()} == {100: 3, 10: 3}


def test_clients_ask_side_by_side() -> None:
    names: set[str] = set()
    together = threading.Barrier(4)

    def ask(_question: str) -> None:
        if threading.current_thread().name not in names:
            names.add(threading.current_thread().name)
            together.wait(timeout=10)  # breaks unless four threads are in here at once

    told = measure.clients(ask, ["a", "b", "c", "d"], 4, 0.01)
    assert len(names) == 4
    assert told["count"] >= 4
    assert told["per_second"] > 0


def test_what_a_client_raises_is_raised() -> None:
    def ask(_question: str) -> None:
        raise RuntimeError("not from two threads")

    with pytest.raises(RuntimeError, match="not from two threads"):
        measure.clients(ask, ["a", "b"], 2, 0.01)


def test_memory_and_machine_are_told_without_names() -> None:
    told = measure.memory()
    assert told["peak_mb"] >= told["private_mb"] > 1
    machine = measure.machine()
    assert machine["cores"] >= 1
    assert "/" not in machine["system"]


def test_the_memory_of_children_counts_after_they_ended() -> None:
    alone = measure.memory()["peak_mb"]
    child = "import time; held = bytearray(64 << 20); time.sleep(0.5)"
    worked = measure.cpu_seconds()
    with measure.Watch() as watch:
        subprocess.run([sys.executable, "-c", child], check=True)
    assert watch.peak_mb >= alone + 60
    assert measure.cpu_seconds() > worked


def test_disk_counts_files_within_folders(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "a").write_bytes(bytes(1 << 20))
    (tmp_path / "b").write_bytes(bytes(1 << 19))
    assert measure.disk(tmp_path) == 1.5

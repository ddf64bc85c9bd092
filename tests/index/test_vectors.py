from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import IndexDamaged
from index.vectors import VECTORS, VectorIndex, VectorWriter, best

if TYPE_CHECKING:
    from pathlib import Path

DIMENSION = 8


def unit(count: int, seed: int = 0) -> np.ndarray:
    raw = np.random.default_rng(seed).normal(size=(count, DIMENSION)).astype(np.float32)
    return raw / np.linalg.norm(raw, axis=1, keepdims=True)


def written(folder: Path, owners: list[int], vectors: np.ndarray) -> VectorIndex:
    writer = VectorWriter(folder, DIMENSION)
    writer.append(np.array(owners, dtype=np.int64), vectors)
    writer.close()
    return VectorIndex(folder, DIMENSION, len(owners))


def test_nearest_is_brute_force_over_the_best_window(tmp_path: Path) -> None:
    owners = [3, 3, 4, 7, 7, 7, 9]
    vectors, query = unit(7), unit(1, seed=1)[0]
    found = written(tmp_path, owners, vectors).nearest(query, 10)
    cosines = vectors @ query
    expected = {row: max(cosines[i] for i, owner in enumerate(owners) if owner == row) for row in set(owners)}
    assert found.rows.tolist() == sorted(expected, key=lambda row: -expected[row])
    assert found.scores == pytest.approx(sorted(expected.values(), reverse=True), abs=1e-5)


def test_filters_apply_before_the_search_and_scores_stay_the_same(tmp_path: Path) -> None:
    index = written(tmp_path, list(range(50)), unit(50))
    query = unit(1, seed=2)[0]
    everything = dict(zip(*(array.tolist() for array in _pair(index.nearest(query, 50))), strict=True))
    allowed = np.array([2, 3, 5, 49, 60], dtype=np.int64)
    found = index.nearest(query, 3, allowed)
    assert set(found.rows.tolist()) <= {2, 3, 5, 49}
    assert found.rows.tolist() == sorted({2, 3, 5, 49}, key=lambda row: -everything[row])[:3]


def test_similarity_of_unknown_rows_is_the_floor(tmp_path: Path) -> None:
    index = written(tmp_path, [1, 2, 2], unit(3))
    scores = index.similarity(unit(1)[0], np.array([0, 1, 2, 99], dtype=np.int64))
    assert scores[0] == scores[3] == -1
    assert scores[1] == pytest.approx(1.0, abs=1e-5)


def test_an_empty_index_finds_nothing(tmp_path: Path) -> None:
    index = VectorIndex(tmp_path, DIMENSION, 0)
    assert len(index.nearest(unit(1)[0], 5)) == 0
    assert len(index.nearest(unit(1)[0], 5, np.arange(5_000))) == 0
    assert index.vector(1) is None


def test_vectors_left_behind_by_a_crash_are_not_seen(tmp_path: Path) -> None:
    written(tmp_path, [1, 2], unit(2)).vector(1)
    with closing(VectorWriter(tmp_path, DIMENSION, 2)) as later:
        later.append(np.array([3]), unit(1))
    assert VectorIndex(tmp_path, DIMENSION, 2).nearest(unit(1)[0], 9).rows.tolist() in ([1, 2], [2, 1])


def test_a_short_file_is_named(tmp_path: Path) -> None:
    written(tmp_path, [1, 2, 3], unit(3))
    with (tmp_path / VECTORS).open("r+b") as file:
        file.truncate(40)
    with pytest.raises(IndexDamaged, match=r"vectors\.f32.*rebuild"):
        VectorIndex(tmp_path, DIMENSION, 3)


@given(st.lists(st.sampled_from([0.0, 0.25, 0.5, 1.0]), min_size=1, max_size=30), st.integers(1, 40))
def test_best_orders_by_score_then_row(values: list[float], limit: int) -> None:
    rows = np.arange(len(values), dtype=np.int64)[::-1].copy()
    found = best(rows, np.array(values, dtype=np.float32), limit)
    expected = sorted(zip(rows.tolist(), values, strict=True), key=lambda pair: (-pair[1], pair[0]))[:limit]
    assert list(zip(found.rows.tolist(), found.scores.tolist(), strict=True)) == expected


def _pair(candidates: object) -> tuple[np.ndarray, np.ndarray]:
    return candidates.rows, candidates.scores  # type: ignore[attr-defined]

from __future__ import annotations

import numpy as np
import pytest

from search import fuse
from search.fuse import Best


def array(*values: float) -> np.ndarray:
    return np.array(values, dtype=np.float32)


def test_normalise_uses_the_theoretical_floor() -> None:
    assert fuse.normalise(array(0, 2, 4), 0.0, 4.0) == pytest.approx([0, 0.5, 1])
    assert fuse.normalise(array(-1, 0, 0.5), -1.0, 0.5) == pytest.approx([0, 2 / 3, 1])


def test_normalise_without_reach_is_zero() -> None:
    assert fuse.normalise(array(0, 0), 0.0, 0.0).tolist() == [0, 0]


def test_convex_by_hand() -> None:
    assert fuse.convex(array(2, 0), array(0, 1), Best(2, 1), 0.8) == pytest.approx([0.6, 0.8])


def test_reciprocal_ranks_by_hand() -> None:
    fused = fuse.reciprocal_ranks([np.array([1, 0, 2]), np.array([2, 1, 0])])
    assert fused == pytest.approx([1 / 61 + 1 / 62, 1 / 61, 1 / 62])


def test_convex_ignores_the_scale_of_bm25() -> None:
    words, meaning = array(1, 3, 2), array(0.1, 0.2, 0.9)
    once = fuse.convex(words, meaning, Best(3, 0.9))
    assert once == pytest.approx(fuse.convex(words * 7, meaning, Best(21, 0.9)))

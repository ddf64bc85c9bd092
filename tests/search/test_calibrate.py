from __future__ import annotations

import numpy as np
import pytest

from index.model import Kind
from search import fuse
from search.calibrate import Kinds, calibrated, factor, is_neutral, rescored
from search.fuse import Best
from search.weights import Weights

KINDS = Kinds.of([Kind.HEADLINE, Kind.PARAGRAPH, Kind.COMMENT, Kind.CAPTION])
EVEN = Weights(headline=1.0, comment=1.0)
UNEVEN = Weights(alpha=0.5, headline=0.5, comment=0.8)
WORDS = np.array([4.0, 2.0, 1.0, 0.0], dtype=np.float32)
MEANING = np.array([0.5, 0.2, -0.2, 0.1], dtype=np.float32)
BEST = Best(4.0, 0.5)


def test_each_kind_has_its_factor() -> None:
    assert calibrated(np.ones(4), KINDS, UNEVEN).tolist() == [0.5, 1.0, 0.8, 1.0]
    assert [factor(kind, UNEVEN) for kind in Kind] == [0.5, 1.0, 1.0, 0.8, 1.0]


def test_equal_factors_leave_scores_alone() -> None:
    assert is_neutral(EVEN)
    assert not is_neutral(UNEVEN)
    assert calibrated(WORDS, KINDS, EVEN).tolist() == WORDS.tolist()


def test_no_score_rises_and_none_falls_below_the_floor() -> None:
    found = calibrated(MEANING, KINDS, UNEVEN, floor=-1.0)
    assert (found <= MEANING).all()
    assert (found >= -1.0).all()
    assert found[2] == pytest.approx(-1 + 0.8 * 0.8)


def test_a_fused_score_is_scaled_whole() -> None:
    fused = fuse.convex(WORDS, MEANING, BEST, 0.5)
    assert rescored(WORDS, MEANING, BEST, KINDS, UNEVEN) == pytest.approx(fused * [0.5, 1.0, 0.8, 1.0])


def test_one_leg_alone_is_scaled_above_its_own_floor() -> None:
    assert rescored(WORDS, None, BEST, KINDS, UNEVEN).tolist() == pytest.approx([2.0, 2.0, 0.8, 0.0])
    assert rescored(None, MEANING, BEST, KINDS, UNEVEN)[0] == pytest.approx(-0.25)
    with pytest.raises(ValueError, match="no leg"):
        rescored(None, None, BEST, KINDS, UNEVEN)

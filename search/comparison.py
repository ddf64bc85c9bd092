"""Two measured runs side by side: files that keep every query's values, and what changed from one to the other."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from index.errors import UsageError
from search.evaluate import RUNS, Evaluation
from search.measures import Difference, difference, interval

if TYPE_CHECKING:
    from pathlib import Path

    from search.measures import Values

FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Change:
    """One query, and its value before and after."""

    query: str
    text: str
    before: float
    after: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What the second of two evaluations has over the first, on the queries both asked."""

    queries: int
    left_out: int
    """Queries that only one of them asked."""
    differences: dict[str, dict[str, Difference]]
    """Run -> measure -> second less first."""
    means: dict[str, dict[str, tuple[float, float]]]
    """Run -> measure -> first and second."""
    changes: tuple[Change, ...]
    """Of the product's own run, in the measure that counts first, the largest first."""

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return {
            run: {
                measure: {"a": self.means[run][measure][0], "b": self.means[run][measure][1], **asdict(found)}
                for measure, found in by_measure.items()
            }
            for run, by_measure in self.differences.items()
        }


def saved(evaluation: Evaluation) -> str:
    """Return the content of a run file."""
    table = {
        "format": FORMAT,
        **evaluation.about,
        "runs": {
            run: {
                measure: {"mean": float(values.mean()), "interval": interval(values), "values": values.tolist()}
                for measure, values in by_measure.items()
            }
            for run, by_measure in evaluation.values.items()
        },
        "texts": evaluation.queries,
    }
    return json.dumps(table, indent=1)


def loaded(path: Path) -> Evaluation:
    """Return the evaluation in a run file; raises ``UsageError``."""
    try:
        table = json.loads(path.read_text("utf-8"))
        if table.pop("format") != FORMAT:
            raise ValueError("another format")
        queries = {str(query): str(words) for query, words in table.pop("texts").items()}
        values = _values(table.pop("runs"), len(queries))
    except OSError as error:
        raise UsageError(f"{path} cannot be read ({error.strerror}); name a file written with eval --save") from error
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise UsageError(f"{path} is no run of this version ({error}); write it with eval --save") from error
    return Evaluation(queries=queries, values=values, about=table)


def compared(first: Evaluation, second: Evaluation) -> Comparison:
    """Return what changed; raises ``UsageError`` where the two asked nothing in common."""
    common = [query for query in first.queries if query in second.queries]
    shared = [measure for measure in first.measures if measure in second.measures]
    if not common or not shared or _of(first) != _of(second):
        raise UsageError("these runs are not of the same collection and queries; compare two runs of one DIR")
    before, after = _taken(first, common), _taken(second, common)
    return Comparison(
        queries=len(common),
        left_out=len(first.queries) + len(second.queries) - 2 * len(common),
        differences={
            run: {measure: difference(after[run][measure], before[run][measure]) for measure in shared} for run in RUNS
        },
        means={run: {m: (float(before[run][m].mean()), float(after[run][m].mean())) for m in shared} for run in RUNS},
        changes=changes({query: first.queries[query] for query in common}, before["hybrid"], after["hybrid"]),
    )


def changes(queries: dict[str, str], before: dict[str, Values], after: dict[str, Values]) -> tuple[Change, ...]:
    """Return the queries whose first measure is another now, the largest change first, then by id."""
    measure = next(iter(before))
    found = [
        Change(query, words, float(was), float(now))
        for (query, words), was, now in zip(queries.items(), before[measure], after[measure], strict=True)
        if was != now
    ]
    return tuple(sorted(found, key=lambda change: (-abs(change.after - change.before), change.query)))


def _of(evaluation: Evaluation) -> tuple[Any, Any]:
    return evaluation.about.get("collection"), evaluation.about.get("task")


def _taken(evaluation: Evaluation, queries: list[str]) -> dict[str, dict[str, Values]]:
    places = {query: place for place, query in enumerate(evaluation.queries)}
    wanted = [places[query] for query in queries]
    return {
        run: {measure: values[wanted] for measure, values in by_measure.items()}
        for run, by_measure in evaluation.values.items()
    }


def _values(runs: Any, count: int) -> dict[str, dict[str, Values]]:
    found = {run: {str(m): np.array(told["values"], dtype=np.float64) for m, told in runs[run].items()} for run in RUNS}
    if not all(values.shape == (count,) and np.isfinite(values).all() for m in found.values() for values in m.values()):
        raise ValueError("values that do not fit the queries")
    if not all(found.values()) or len({tuple(by_measure) for by_measure in found.values()}) != 1:
        raise ValueError("runs in different measures")
    return found

"""Ranking on every judged collection of a folder, as Markdown, against figures of other engines.

    python -m benchmarks.quality FOLDER [--only NAME] [--output docs/quality.md] [--model NAME] [--cache DIR]

The figures of others were measured by us with the same model and the same judgements (100 candidates a leg), or are
those of whole systems on the published test judgements of SciFact; none is adapted. What people wrote at the end of
the output, from a heading on, stays there.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from index import console
from index.encode import DEFAULT_MODEL, open_encoder
from index.errors import BroadsheetError, UsageError
from search import collection as collections
from search import measures
from search.evaluate import default_cache, evaluate

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from search.evaluate import Evaluation

OUTPUT: Final = Path("docs/quality.md")
BY_HAND: Final = "## How the weights were chosen"
FIRST: Final = "nDCG@10"


@dataclass(frozen=True, slots=True)
class Rivals:
    """nDCG@10 of others on one collection, comparable where as many queries were asked."""

    queries: int
    figures: tuple[float, ...]


NAMES: Final = ("tantivy", "MiniLM, exact", "RRF of both, k = 60", "min-max of both, half each")
RIVALS: Final = {
    "scifact": Rivals(809, (0.699, 0.660, 0.718, 0.733)),
    "checkthat2020_claims": Rivals(197, (0.740, 0.830, 0.858, 0.874)),
    "semeval2016_cqa_comments": Rivals(67, (0.255, 0.213, 0.273, 0.268)),
    "cranfield": Rivals(225, (0.383, 0.400, 0.437, 0.433)),
    "cisi": Rivals(76, (0.329, 0.419, 0.430, 0.427)),
    "vaswani_npl": Rivals(93, (0.438, 0.433, 0.492, 0.497)),
}
PUBLISHED: Final = 300  # claims of SciFact's published test judgements
SYSTEMS: Final = {
    "qdrant-client, local": 0.719,
    "LanceDB (RRF)": 0.717,
    "whoosh + numpy + RRF": 0.710,
    "tantivy + ONNX Runtime int8 + numpy, RRF": 0.710,
    "Milvus Lite 3.2": 0.687,
    "txtai": 0.643,
    "rank-bm25 + numpy + RRF": 0.639,
}

Cell = float | None


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _arguments(arguments)
    try:
        found = list(_measured(asked))
        if not found:
            raise UsageError(f"no collection in {asked.folder}; name the folder that holds their folders")
        lines = [*report(found), *_by_hand(asked.output)]
        asked.output.write_text("\n".join(lines) + "\n", encoding="utf-8")
    except BroadsheetError as error:
        console.say(f"benchmarks: {error}")
        return error.exit_code
    print(asked.output)
    return 0


def _by_hand(output: Path) -> list[str]:
    """Return the end of the document, which people write: it stays as it is."""
    written = output.read_text("utf-8") if output.is_file() else ""
    _, heading, rest = written.partition(f"\n{BY_HAND}\n")
    return ["", BY_HAND, *rest.rstrip("\n").split("\n")] if heading else []


def report(found: Sequence[Evaluation]) -> Iterator[str]:
    """Yield the lines of the document."""
    about = found[0].about
    model = about["model"]
    yield "# Quality of ranking"
    yield ""
    yield f"Written by `python -m benchmarks.quality` on {datetime.now(UTC):%Y-%m-%d}: broadsheet {about['version']},"
    yield f"model {model['name']} (weights sha256 {model['sha256'][:12]}), index format {about['index']['format']},"
    yield f"text rules {about['index']['text_version']}. Means over all judged queries of the first"
    yield f"{about['settings']['depth']} documents found. Rows in italics are other engines, on the same judgements and"
    yield "with the same model."
    yield ""
    yield from _collections(found)
    for measure in dict.fromkeys(name for one in found for name in one.measures):
        yield from ("", f"## {measure}", "", *_table(found, measure))
    yield from ("", "## Hybrid against the better leg", "", *_gains(found))
    yield from ("", "## SciFact, published test judgements", "", *_systems(found))


def _arguments(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.quality", description="Measure ranking.")
    parser.add_argument("folder", type=Path, help="holds one folder a collection")
    parser.add_argument("--only", action="append", metavar="NAME", help="only the collection of that name")
    parser.add_argument("--output", type=Path, default=OUTPUT, metavar="FILE")
    parser.add_argument("--model", default=DEFAULT_MODEL, metavar="NAME")
    parser.add_argument("--cache", type=Path, default=None, metavar="DIR")
    return parser.parse_args(arguments)


def _measured(asked: argparse.Namespace) -> Iterator[Evaluation]:
    encoder = open_encoder(asked.model)
    for folder in _folders(asked.folder, asked.only):
        try:
            read = collections.read(folder)
        except UsageError as error:
            console.say(f"left out {folder.name}: {error}")
            continue
        console.say(f"{folder.name}: {len(read.queries):,} queries")
        yield evaluate(read, encoder, asked.cache or default_cache(), console.progress())


def _folders(folder: Path, only: Iterable[str] | None) -> list[Path]:
    if not folder.is_dir():
        raise UsageError(f"{folder} is not a folder; name the one that holds the collections")
    return sorted(path for path in folder.iterdir() if path.is_dir() and (only is None or path.name in only))


def _collections(found: Sequence[Evaluation]) -> Iterator[str]:
    yield from _head("collection", ["task", "documents", "queries"])
    for one in found:
        about = one.about
        yield f"| {about['collection']} | {about['task']} | {about['index']['articles']:,} | {len(one.queries):,} |"


def _table(found: Sequence[Evaluation], measure: str) -> Iterator[str]:
    """Yield one measure: a row a run, a column a collection, and the mean."""
    told = [one for one in found if measure in one.measures]
    yield from _head("run", [*(one.about["collection"] for one in told), "mean"])
    for run in told[0].values:
        yield _row(run, [float(one.values[run][measure].mean()) for one in told])
    if measure != FIRST:
        return
    rivals = [_rivals(one) for one in told]
    if any(rivals):
        for place, name in enumerate(NAMES):
            yield _row(f"*{name}*", [None if one is None else one.figures[place] for one in rivals])
    if any(rivals) and not all(rivals):
        yield ""
        yield "Means of others are over the collections they were measured on."


def _rivals(one: Evaluation) -> Rivals | None:
    """Return the figures of others where they are of the same judgements."""
    rivals = RIVALS.get(one.about["collection"])
    return rivals if rivals is not None and rivals.queries == len(one.queries) else None


def _gains(found: Sequence[Evaluation]) -> Iterator[str]:
    yield f"{FIRST}; p by a paired randomisation test, two-sided, 10,000 flips."
    yield ""
    yield from _head("collection", ["better leg", "gain", "p", "won", "lost", "even"])
    for one in found:
        leg = one.better_leg
        told = measures.difference(one.values["hybrid"][FIRST], one.values[leg][FIRST])
        counts = f"{told.wins:,} | {told.losses:,} | {told.ties:,}"
        yield f"| {one.about['collection']} | {leg} | {told.mean:+.3f} | {told.p:.4f} | {counts} |"


def _systems(found: Sequence[Evaluation]) -> Iterator[str]:
    """Yield what whole systems reach on other judgements than ours may be."""
    ours = [one for one in found if one.about["collection"] == "scifact" and len(one.queries) == PUBLISHED]
    yield f"{FIRST} of whole hybrid systems with the same model" + ("." if ours else "; not measured here this time.")
    yield ""
    yield from _head("system", [FIRST])
    for one in ours:
        yield _row("broadsheet, hybrid", [float(one.values["hybrid"][FIRST].mean())], has_mean=False)
    for name, figure in SYSTEMS.items():
        yield _row(f"*{name}*", [figure], has_mean=False)


def _head(first: str, columns: list[str]) -> tuple[str, str]:
    return f"| {first} | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"


def _row(name: str, cells: list[Cell], *, has_mean: bool = True) -> str:
    known = [cell for cell in cells if cell is not None]
    shown = [*cells, sum(known) / len(known)] if has_mean else cells
    return f"| {name} | " + " | ".join("" if cell is None else f"{cell:.3f}" for cell in shown) + " |"


if __name__ == "__main__":
    sys.exit(main())

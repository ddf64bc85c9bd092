"""The ``broadsheet eval`` command: how good ranking is on a judged collection, and what changed between two runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from index import console, text
from index.command_line import settings_of
from index.errors import UsageError
from search import printing
from search.output import Form, json_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from search.comparison import Comparison
    from search.evaluate import Evaluation
    from search.measures import Difference

COMPARE: Final = "compare"
SHOWN: Final = 10  # queries on each side of a table of wins and losses
_WIDTH: Final = 60  # characters shown of a query


@click.command("eval")
@click.argument("what", nargs=-1, required=True, metavar="DIR | compare RUN RUN")
@click.option("--qrels", metavar="FILE", help="Judgements, instead of DIR/qrels/test.tsv.")
@click.option("--model", metavar="NAME", help="Embedding model: a name, a folder, or 'hash'.")
@click.option("--save", metavar="FILE", help="Write the values of every query, for `eval compare`.")
@click.option("--force", is_flag=True, help="Let --save replace a file.")
@click.option("--per-query", is_flag=True, help="Add where hybrid wins and loses most against the better leg.")
@click.option("--cache", metavar="DIR", help="Folder that indexes of collections are kept in.")
@click.option("--fresh", is_flag=True, help="Build the index anew even if it is in the cache; embeddings are kept.")
@click.option("--limit-queries", type=click.IntRange(1), metavar="N", help="Ask only the first N queries.")
@printing.form_options(Form.JSON)
def evaluate_(what: tuple[str, ...], **flags: Any) -> None:
    """Measure ranking on a judged collection: each leg, reciprocal rank fusion, and hybrid.

    \b
    eval DIR              a BEIR folder (corpus.jsonl, queries.jsonl, qrels/test.tsv), or articles.jsonl with
                          comments, where each comment asks for the article it was written under
    eval compare A B      what two runs written with --save differ in, and how sure that is

    Means over all judged queries, with 95% bootstrap intervals. The index of a collection is kept and used again.
    A folder called "compare" is ./compare.
    """  # noqa: D301 - click wants the character itself
    is_json = printing.form_of({"json": flags.pop("json")}) is Form.JSON
    if what[0] == COMPARE:
        _compare(what[1:], flags, is_json=is_json)
    elif len(what) > 1:
        raise UsageError("give one DIR, or: eval compare RUN RUN")
    else:
        _measure(Path(what[0]), flags, is_json=is_json)


eval = evaluate_  # noqa: A001 - a command is looked up by its name, and nothing here calls the built-in


def _measure(folder: Path, flags: dict[str, Any], *, is_json: bool) -> None:
    from search import collection as collections
    from search import comparison, outfile
    from search.evaluate import default_cache, evaluate

    if is_json and flags["per_query"]:
        raise UsageError("--per-query does not go with --json; --save keeps the values of every query")
    target = Path(flags["save"]) if flags["save"] else None
    if target is not None:
        outfile.check(target, replace=flags["force"])
    collection = collections.read(folder, Path(flags["qrels"]) if flags["qrels"] else None, flags["limit_queries"])
    cache = Path(flags["cache"]).expanduser() if flags["cache"] else default_cache()
    encoder = _encoder(flags["model"])
    found = evaluate(collection, encoder, cache, console.progress(), fresh=flags["fresh"])
    if target is not None:
        outfile.write(target, [comparison.saved(found)], replace=flags["force"])
    if is_json:
        console.data(json_text(found.means(), indent=1))
    else:
        printing.print_all(_report(found, per_query=flags["per_query"]))


def _encoder(model: str | None) -> Any:
    from index.encode import open_encoder

    chosen = settings_of(None, model).model
    if chosen == "none":
        raise UsageError("there is no meaning to measure without a model; choose one with --model NAME")
    return open_encoder(chosen)


def _report(found: Evaluation, *, per_query: bool) -> Iterator[str]:
    """Yield the table of the four runs, then what hybrid has over the better leg."""
    from search import measures
    from search.comparison import changes

    about = found.about
    asked = f"{len(found.queries):,} queries ({about['task']})"
    yield f"{about['collection']}: {asked}, {about['index']['articles']:,} documents"
    if about["queries_without_text"]:
        yield f"{about['queries_without_text']:,} judged queries have no text and are left out"
    yield _row("", [f"{measure:<21}" for measure in found.measures])
    for run, by_measure in found.values.items():
        yield _row(run, [_with_interval(float(v.mean()), measures.interval(v)) for v in by_measure.values()])
    leg = found.better_leg
    yield f"hybrid against {leg}, the better leg:"
    for measure in found.measures:
        told = measures.difference(found.values["hybrid"][measure], found.values[leg][measure])
        yield f"  {measure:<11} {_difference(told)}"
    if per_query:
        yield from _changes(changes(found.queries, found.values[leg], found.values["hybrid"]), leg, "hybrid")


def _compare(files: tuple[str, ...], flags: dict[str, Any], *, is_json: bool) -> None:
    from search import comparison

    if len(files) != 2:  # noqa: PLR2004 - compare RUN RUN
        raise UsageError("name two runs written with --save: eval compare RUN RUN")
    for name, value in flags.items():
        if value:
            raise UsageError(f"--{name.replace('_', '-')} does not go with compare; leave it out")
    first, second = (comparison.loaded(Path(file)) for file in files)
    found = comparison.compared(first, second)
    if is_json:
        console.data(json_text(found.to_dict(), indent=1))
    else:
        printing.print_all(_comparison(found))


def _comparison(found: Comparison) -> Iterator[str]:
    yield f"{found.queries:,} queries in both"
    if found.left_out:
        console.say(f"{found.left_out:,} queries are in one run only and left out")
    for run, by_measure in found.differences.items():
        for measure, told in by_measure.items():
            before, after = found.means[run][measure]
            yield f"{run:<9} {measure:<11} {before:.4f} -> {after:.4f}  {_difference(told)}"
    yield from _changes(found.changes, "first", "second")


def _changes(changes: tuple[Any, ...], before: str, after: str) -> Iterator[str]:
    """Yield the largest gains, then the largest losses."""
    gains = [change for change in changes if change.after > change.before][:SHOWN]
    losses = [change for change in changes if change.after < change.before][:SHOWN]
    for heading, chosen in (("gains most", gains), ("loses most", losses)):
        if chosen:
            yield f"{after} {heading} (from {before}):"
        for change in chosen:
            words = text.squash(change.text)
            cut = words if len(words) <= _WIDTH else words[: _WIDTH - 1] + "…"
            yield f"  {change.before:.3f} -> {change.after:.3f}  {text.squash(change.query)}  {cut}"


def _row(name: str, cells: list[str]) -> str:
    return f"{name:<9} {'  '.join(cells)}".rstrip()


def _with_interval(mean: float, bounds: tuple[float, float]) -> str:
    return f"{mean:.4f} [{bounds[0]:.3f}, {bounds[1]:.3f}]"


def _difference(told: Difference) -> str:
    return f"{told.mean:+.4f}  p = {told.p:.4f}  {told.wins:,} won, {told.losses:,} lost, {told.ties:,} even"

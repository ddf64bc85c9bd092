"""What the commands of search print: one page of hits in the form its flags choose, talk on stderr, the exit code."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import click

from index import console, text
from index.errors import UsageError
from search import output
from search.output import Form

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from search.facets import Facets
    from search.results import Hit, Results

NOTHING_FOUND: Final = 1
_DATES: Final = {"day": 10, "month": 7, "year": 4}  # characters of an ISO date

_HELP: Final = {
    Form.JSON: "Print one JSON object.",
    Form.JSONL: "One JSON object a line.",
    Form.CSV: "Comma-separated values, safe to open in a spreadsheet.",
    Form.MARKDOWN: "Quotations with their citations, in Markdown.",
}


def form_options(*forms: Form) -> Callable[[Any], Any]:
    """Return a decorator that adds a flag for each form; ``form_of`` says which was chosen."""

    def added(command: Any) -> Any:
        for form in reversed(forms):
            command = click.option(f"--{form}", form.value, is_flag=True, help=_HELP[form])(command)
        return command

    return added


def form_of(flags: dict[str, bool], otherwise: Form = Form.TEXT) -> Form:
    """Return the form chosen; raises ``UsageError`` where it is more than one."""
    chosen = [Form(name) for name, is_set in flags.items() if is_set]
    if len(chosen) > 1:
        raise UsageError(f"choose one of {', '.join(f'--{form}' for form in chosen)}")
    return chosen[0] if chosen else otherwise


def print_page(results: Results, form: Form, counts: Facets | None = None, *, explain: bool = False) -> None:
    """Print a page of hits in the form chosen, then leave with the exit code of an empty page if it is one."""
    tell(results)
    if form is Form.JSON:
        _print_json(results, counts, explain=explain)
    elif form is Form.TEXT:
        for block in output.terminal(results, explain=explain):
            click.echo(block)  # the one text with styles, all else in it made safe by its writer
        print_all(facet_lines(counts) if counts is not None else ())
        if results.hits:
            console.say(f"{len(results)} of {total(results)} passages in {results.took['total']:.0f} ms")
    else:
        print_all(records(results, form, explain=explain))
    leave_if(not results.hits)


def tell(results: Results) -> None:
    """Say what was learnt about a query beside its hits."""
    for warning in results.warnings:
        console.say(warning)
    if not results.hits:
        console.say(f"nothing found for {results.query!r}")
    if results.did_you_mean:
        console.say(f"did you mean: {results.did_you_mean}")


def records(hits: Iterable[Hit], form: Form, *, explain: bool = False) -> Iterator[str]:
    """Return hits in one of the forms with a record a hit."""
    if form is Form.CSV:
        return output.as_csv(hits)
    return output.markdown(hits) if form is Form.MARKDOWN else output.jsonl(hits, explain=explain)


def print_all(lines: Iterable[str]) -> int:
    """Print records as they come and return how many."""
    count = 0
    for count, line in enumerate(lines, 1):  # noqa: B007 - the last one counts them
        console.data(line)
    return count


def total(results: Results) -> str:
    """Return how many passages were found, in words that say whether they were counted."""
    return f"{'' if results.total_is_exact else 'about '}{results.total:,}"


def leave_if(is_empty: bool) -> None:
    """Leave with the exit code for nothing found if ``is_empty``."""
    if is_empty:
        click.get_current_context().exit(NOTHING_FOUND)


def _print_json(results: Results, counts: Facets | None, *, explain: bool) -> None:
    table = replace(results, hits=()).to_dict() | {"hits": [output.record(hit, explain=explain) for hit in results]}
    if counts is not None:
        table["facets"] = counts.to_dict()
    console.data(output.json_text(table, indent=1))


def facet_lines(counts: Facets) -> Iterator[str]:
    """Yield the counts of each facet, one a line."""
    about = "" if counts.is_exact else "about "
    yield f"{about}{counts.total:,} passages"
    for name in ("kind", "author", "source", "section", "place", "topic"):
        if found := getattr(counts, name):
            yield f"{name}: " + ", ".join(f"{text.squash(one.value)} {one.count:,}" for one in found)
    length = _DATES[counts.dates.unit]
    if told := [f"{one.start.isoformat()[:length]} {one.count:,}" for one in counts.dates.buckets if one.count]:
        yield f"{counts.dates.unit}: {', '.join(told)}"
    if counts.undated:
        yield f"undated: {counts.undated:,}"

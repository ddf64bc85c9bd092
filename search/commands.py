"""The commands that ask: ``search``, ``export``, ``similar``, ``suggest``; ``python -m search`` runs the same."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, Final

import click
from click.core import ParameterSource

from index import console, text
from index.command_line import SafeGroup, index_option
from index.errors import UsageError
from index.model import Kind
from search import in_files, output, printing
from search.output import Form
from search.reading import opened, show
from search.results import Mode, Snippet, Sort

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from search.results import Results
    from search.searcher import Searcher

MOST: Final = 10_000
STANDARD: Final = "-"  # stdin or stdout, where a file is named

mode_option = click.option(
    "--mode", type=click.Choice([mode.value for mode in Mode]), default=Mode.HYBRID.value, show_default=True
)
sort_option = click.option(
    "--sort", type=click.Choice([sort.value for sort in Sort]), default=Sort.RELEVANCE.value, show_default=True
)
limit_option = click.option(
    "--limit", "-n", type=click.IntRange(1, MOST), default=10, show_default=True, help="Hits shown."
)


@click.group(cls=SafeGroup, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Ask the index."""


@main.command()
@click.argument("query", nargs=-1)
@mode_option
@limit_option
@click.option("--offset", type=click.IntRange(0), default=0, help="Hits left out before the first one shown.")
@sort_option
@click.option("--group-by", type=click.Choice(["article"]), help="One hit an article: its best passage.")
@click.option(
    "--alpha", type=click.FloatRange(0, 1), help="Share of meaning in a hybrid score, in place of the index's."
)
@click.option("--no-stacks", is_flag=True, help="Show reprints one by one instead of under the earliest.")
@click.option("--meaning", is_flag=True, help="Light the sentences nearest in meaning too.")
@click.option("--explain", is_flag=True, help="Add the numbers that make each score (text, --json, --jsonl).")
@click.option("--facets", is_flag=True, help="Add counts by kind, author, source and so on (text, --json).")
@click.option("--batch", metavar="FILE", help="Answer the queries in a file, one a line ('-' for stdin).")
@click.option(
    "--in",
    "files",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Search a file, folder or archive instead of the index; can be given several times.",
)
@printing.form_options(Form.JSON, Form.JSONL, Form.CSV, Form.MARKDOWN)
@index_option
def search(
    query: tuple[str, ...],
    index_dir: str | None,
    *,
    mode: str,
    limit: int,
    offset: int,
    sort: str,
    group_by: str | None,
    alpha: float | None,
    batch: str | None,
    no_stacks: bool,
    meaning: bool,
    explain: bool,
    facets: bool,
    files: tuple[Path, ...],
    **forms: bool,
) -> None:
    """Find paragraphs and comments by words and by meaning.

    \b
    iran proxy war        any of the words, ranked; meaning helps
    "proxy war"           the phrase
    -assad                without the word
    in:comment by:NAME    only comments, only by that author

    A query that begins with "-" goes behind "--". --batch prints the total and the top hit of each query; blank lines
    and lines that begin with "#" are skipped. Files named with --in are searched by words, unless --mode asks for more.
    """  # noqa: D301 - click wants the character itself
    form = printing.form_of(forms)
    if files:
        _refuse({"--index": index_dir is not None, "--batch -": batch == STANDARD and Path(STANDARD) in files}, "--in")
        mode = mode if _is_given("mode") else Mode.KEYWORD.value

    if alpha is not None and Mode(mode) is not Mode.HYBRID:
        raise UsageError("--alpha weighs meaning against words, so it goes with --mode hybrid")

    def searcher_of() -> Searcher:
        return in_files.opened(files, Mode(mode)) if files else opened(index_dir)

    asked: dict[str, Any] = {"mode": mode, "sort": sort, "group_by": group_by, "stacks": not no_stacks, "alpha": alpha}
    if batch is not None:
        _refuse({"QUERY": query, "--meaning": meaning, "--explain": explain, "--facets": facets}, "--batch")
        _search_batch(searcher_of, batch, form, asked)
        return
    _check(query, form, explain=explain, facets=facets)
    with searcher_of() as searcher:
        results = searcher.search(" ".join(query), limit=limit, offset=offset, explain=explain, **asked)
        results = searcher.add_meaning(results) if meaning else results
        counts = searcher.facets(results.query, mode) if facets else None
    printing.print_page(results, form, counts, explain=explain)


@main.command()
@click.argument("query", nargs=-1, required=True)
@mode_option
@click.option("--limit", "-n", type=click.IntRange(1, MOST), default=MOST, show_default=True, help="Hits written.")
@sort_option
@click.option("--output", "-o", "target", metavar="FILE", default=STANDARD, help="Write to a file, not to stdout.")
@click.option("--force", is_flag=True, help="Replace the file if it is there already.")
@click.option("--articles", is_flag=True, help="Whole articles, as `broadsheet index rebuild` reads them.")
@printing.form_options(Form.JSONL, Form.CSV, Form.MARKDOWN)
@index_option
def export(
    query: tuple[str, ...],
    index_dir: str | None,
    *,
    mode: str,
    limit: int,
    sort: str,
    target: str,
    force: bool,
    articles: bool,
    **forms: bool,
) -> None:
    """Write every hit of a query, whole, with its citation: as JSON Lines, or CSV or Markdown.

    Reprints come one by one. A file is written whole or not at all, and only its owner may read it.
    """
    from search import outfile

    form = printing.form_of(forms, otherwise=Form.JSONL)
    if articles and form is not Form.JSONL:
        raise UsageError("--articles are JSON Lines; leave out the other form")
    file = None if target == STANDARD else Path(target)
    if file is not None:
        outfile.check(file, replace=force)
    with opened(index_dir) as searcher:
        results = searcher.search(" ".join(query), mode=mode, limit=limit, sort=sort, stacks=False, comments=None)
        printing.tell(results)
        printing.leave_if(not results.hits)
        records = _articles(searcher, results) if articles else _hits(searcher, results, form)
        count = printing.print_all(records) if file is None else outfile.write(file, records, replace=force)
    if file is not None:
        told = "articles" if articles else f"of {printing.total(results)} passages"
        console.say(f"{count if articles else len(results):,} {told} written to {file}")


@main.command()
@click.argument("identifier", metavar="ID")
@click.option(
    "--kind", "kinds", multiple=True, type=click.Choice([kind.value for kind in Kind]), help="Only of this kind."
)
@limit_option
@printing.form_options(Form.JSON)
@index_option
def similar(identifier: str, index_dir: str | None, kinds: tuple[str, ...], limit: int, **forms: bool) -> None:
    """Find the passages most like one, named by ARTICLE#MARK; --kind can be given several times."""
    with opened(index_dir) as searcher:
        results = searcher.similar(identifier, kinds=[Kind(kind) for kind in kinds] or None, limit=limit)
    printing.print_page(results, printing.form_of(forms))


@main.command()
@click.argument("prefix", nargs=-1, required=True)
@limit_option
@printing.form_options(Form.JSON)
@index_option
def suggest(prefix: tuple[str, ...], index_dir: str | None, limit: int, **forms: bool) -> None:
    """Complete what is being typed: words and authors of the index, commonest first."""
    with opened(index_dir) as searcher:
        found = searcher.suggest(" ".join(prefix), limit)
    if printing.form_of(forms) is Form.JSON:
        console.data(output.json_text([one.to_dict() for one in found], indent=1))
    else:
        for one in found:
            console.data(f"{one.count:>9,}  {one.kind:<8} {text.squash(one.text)}")
    printing.leave_if(not found)


main.add_command(show)


def _check(query: tuple[str, ...], form: Form, *, explain: bool, facets: bool) -> None:
    if not query:
        raise UsageError("give a QUERY, or a file of queries with --batch FILE")
    if form in (Form.CSV, Form.MARKDOWN):
        _refuse({"--explain": explain}, f"--{form}")
    if form is not Form.JSON and form is not Form.TEXT:
        _refuse({"--facets": facets}, f"--{form}")


def _is_given(name: str) -> bool:
    """Tell whether a flag stands on the command line, and is not what it is by default."""
    return click.get_current_context().get_parameter_source(name) is ParameterSource.COMMANDLINE


def _refuse(given: dict[str, object], beside: str) -> None:
    for name, value in given.items():
        if value:
            raise UsageError(f"{name} does not go with {beside}; leave out one of them")


def _hits(searcher: Searcher, results: Results, form: Form) -> Iterator[str]:
    """Return the records of an export; Markdown quotes passages whole, the other forms have the whole text anyway."""
    if form is not Form.MARKDOWN:
        return printing.records(results, form)
    lit = searcher.highlight(results.query, [hit.passage for hit in results])
    whole = (replace(hit, snippet=Snippet(hit.passage.text, spans)) for hit, spans in zip(results, lit, strict=True))
    return printing.records(whole, form)


def _articles(searcher: Searcher, results: Results) -> Iterator[str]:
    """Yield the articles of the hits, each once, best first."""
    from index.sources.jsonl import article_to_dict

    for article_id in dict.fromkeys(hit.passage.article_id for hit in results):
        yield output.json_text(article_to_dict(searcher.article(article_id)))


def _search_batch(searcher_of: Callable[[], Searcher], name: str, form: Form, asked: dict[str, Any]) -> None:
    from search import batch

    writers = {Form.TEXT: batch.table, Form.JSONL: batch.jsonl, Form.CSV: batch.as_csv}
    if form not in writers:
        raise UsageError(f"--batch gives a table, --jsonl or --csv, not --{form}")
    has_found = False
    with _lines_of(name) as lines, searcher_of() as searcher:

        def ask(query: str) -> Results:
            nonlocal has_found
            results = searcher.search(query, limit=1, **asked)
            has_found = has_found or bool(results.hits)
            return results

        printing.print_all(writers[form](batch.answers(ask, lines)))
    printing.leave_if(not has_found)


def _lines_of(name: str) -> AbstractContextManager[BinaryIO]:
    if name == STANDARD:
        return nullcontext(sys.stdin.buffer)
    try:
        return Path(name).open("rb")
    except OSError as error:
        raise UsageError(f"{name} cannot be read ({error.strerror}); name a file of queries, one a line") from error

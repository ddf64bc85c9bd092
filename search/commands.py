"""The ``broadsheet search`` and ``broadsheet show`` commands; ``python -m search`` runs the same."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

import click

from index import console
from index.commands import SafeGroup, index_option, settings_of
from search.results import Mode, SpanKind, timestamp

if TYPE_CHECKING:
    from index.model import Passage
    from search.results import Hit, Results, Snippet
    from search.searcher import Searcher

_LIT: Final = {SpanKind.WORD: ("\x1b[1;4m", "\x1b[22;24m"), SpanKind.MEANING: ("\x1b[3m", "\x1b[23m")}
NOTHING_FOUND: Final = 1


@click.group(cls=SafeGroup, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Ask the index."""


@main.command()
@click.argument("query", nargs=-1, required=True)
@click.option("--mode", type=click.Choice([mode.value for mode in Mode]), default=Mode.HYBRID.value, show_default=True)
@click.option("--limit", "-n", type=click.IntRange(1, 10_000), default=10, show_default=True, help="Hits shown.")
@click.option("--offset", type=click.IntRange(0), default=0, help="Hits left out before the first one shown.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@index_option
def search(query: tuple[str, ...], index_dir: str | None, mode: str, limit: int, offset: int, *, as_json: bool) -> None:
    r"""Find paragraphs and comments by words and by meaning.

    \b
    iran proxy war        any of the words, ranked; meaning helps
    "proxy war"           the phrase
    -assad                without the word
    in:comment by:NAME    only comments, only by that author

    A query that begins with "-" goes behind "--".
    """
    with _opened(index_dir) as searcher:
        results = searcher.search(" ".join(query), mode=mode, limit=limit, offset=offset)
    for warning in results.warnings:
        console.say(warning)
    if as_json:
        console.data(json.dumps(results.to_dict(), ensure_ascii=True, indent=1))
    else:
        _print(results)
    if not results.hits:
        click.get_current_context().exit(NOTHING_FOUND)


@main.command()
@click.argument("identifier", metavar="ID")
@index_option
def show(identifier: str, index_dir: str | None) -> None:
    """Show an article with its comments, or the one passage named by ARTICLE#MARK."""
    with _opened(index_dir) as searcher:
        if "#" in identifier:
            _print_passage(searcher.passage(identifier))
        else:
            _print_article(searcher, identifier)


def _opened(index_dir: str | None) -> Searcher:
    from search.searcher import Searcher

    return Searcher.open(settings_of(index_dir).index_dir)


def _print(results: Results) -> None:
    if not results.hits:
        console.say(f"nothing found for {results.query!r}")
        return
    for hit in results:
        _print_hit(hit)
    about = "" if results.total_is_exact else "about "
    console.say(f"{len(results)} of {about}{results.total:,} passages in {results.took['total']:.0f} ms")


def _print_hit(hit: Hit) -> None:
    about = (hit.passage.kind.value, hit.author, (timestamp(hit.when) or "")[:10], hit.article.source)
    console.data(hit.article.title or hit.passage.article_id)
    console.data("  " + " · ".join(part for part in about if part))
    click.echo(f"  {_lit(hit.snippet, hit.passage.text)}")
    console.data(f"  {hit.passage.id} · {hit.why}\n")


def _lit(snippet: Snippet, whole: str) -> str:
    """Return a snippet on one line, lit where styles are shown; only our own codes reach the terminal."""
    parts: list[str] = ["… "] if snippet.start else []
    at = 0
    for span in snippet.spans:
        on, off = _LIT[span.kind]
        parts += [_flat(snippet.text[at : span.start]), on, _flat(snippet.text[span.start : span.end]), off]
        at = span.end
    parts.append(_flat(snippet.text[at:]))
    return "".join([*parts, " …"] if snippet.start + len(snippet.text) < len(whole) else parts)


def _flat(words: str) -> str:
    return console.safe(words).replace("\n", " ").replace("\t", " ")


def _print_passage(passage: Passage) -> None:
    about = (passage.id, passage.kind.value, passage.author, timestamp(passage.posted))
    console.data(" · ".join(part for part in about if part))
    console.data(passage.text)


def _print_article(searcher: Searcher, article_id: str) -> None:
    passages = searcher.passages_of(article_id)
    article = searcher.article(article_id)
    about = {
        "source": article.source,
        "place": article.place,
        "published": timestamp(article.published),
        "by": ", ".join(article.authors),
        "edited by": ", ".join(article.editors),
        "url": article.url,
        "read from": article.path,
    }
    for name, value in about.items():
        if value:
            console.data(f"{name}: {value}")
    for passage in passages:
        console.data("")
        _print_passage(passage)

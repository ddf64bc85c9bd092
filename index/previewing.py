"""The ``broadsheet index preview`` command."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from index import console
from index.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.model import Article


@click.command()
@click.argument("sources", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="SOURCE...")
@click.option("--limit", type=click.IntRange(min=1), default=10, show_default=True, help="How many articles.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object an article, as `index rebuild` reads them.")
def preview(sources: tuple[Path, ...], limit: int, *, as_json: bool) -> None:
    """Show what would be read from files and folders, and write nothing.

    The first articles come as a table: title, date, authors, numbers of paragraphs, comments and furniture lines, path.
    What is skipped or noticed on the way to them is told on stderr. "-" is standard input.
    """
    from index import preview

    found = preview.articles(sources, limit, lambda event: console.say(preview.told(event)))
    shown = _print_json(found) if as_json else _print_table(found)
    if not shown:
        raise SourceError("no article could be read from these sources; name other files or folders")


def _print_json(found: Iterable[Article]) -> int:
    """Print one object an article; return how many."""
    import json

    from index.sources.jsonl import article_to_dict

    number = 0
    for number, article in enumerate(found, start=1):
        console.data(json.dumps(article_to_dict(article), ensure_ascii=False))
    return number


def _print_table(found: Iterable[Article]) -> int:
    """Print one line an article below a head; return how many."""
    from index import preview

    number = 0
    for number, article in enumerate(found, start=1):
        if number == 1:
            console.data(preview.head())
        console.data(preview.row(article))
    return number

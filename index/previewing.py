"""The ``broadsheet index preview`` command."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from index import console
from index.errors import SourceError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

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
    shown = _print(found, _object) if as_json else _print(found, preview.row, preview.head())
    if not shown:
        raise SourceError("no article could be read from these sources; name other files or folders")


def _object(article: Article) -> str:
    import json

    from index.sources.jsonl import article_to_dict

    return json.dumps(article_to_dict(article), ensure_ascii=False)


def _print(found: Iterable[Article], line_of: Callable[[Article], str], head: str | None = None) -> int:
    """Print a line an article as they come, below a head if there is any article; return how many."""
    number = 0
    for number, article in enumerate(found, start=1):
        if number == 1 and head is not None:
            console.data(head)
        console.data(line_of(article))
    return number

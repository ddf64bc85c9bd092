"""The ``broadsheet index remove`` command: articles and comments out for good, and the list of what was."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from index import console
from index.command_line import index_option, settings_of
from index.errors import UsageError

if TYPE_CHECKING:
    from index.snapshot import IndexPaths


@click.command()
@click.argument("ids", nargs=-1, metavar="[ID]...")
@index_option
@click.option("--restore", is_flag=True, help="Take them off the deletion list; the next sync brings them back.")
@click.option("--list", "listed", is_flag=True, help="Print the deletion list.")
def remove(ids: tuple[str, ...], index_dir: str | None, *, restore: bool, listed: bool) -> None:
    """Remove articles or comments by ID, for good.

    They go on a deletion list that outlives rebuilds: what is on it never comes back by itself. A removed comment
    leaves an empty place in its thread.
    """
    from index import removal
    from index.snapshot import IndexPaths

    paths = IndexPaths(settings_of(index_dir).index_dir)
    if listed:
        _list_deletions(paths)
    elif not ids:
        raise UsageError("name the articles or comments to remove; `broadsheet search` shows their ids")
    elif restore:
        removal.restore(paths, ids)
        console.say("off the deletion list; `broadsheet index sync` reads them again")
    else:
        removal.Removal(paths=paths, ids=ids, encoder=None).run()
        console.say(f"removed {len(ids):,}; `broadsheet index compact` frees the space")


def _list_deletions(paths: IndexPaths) -> None:
    from index.deletions import Deletions

    for entry in Deletions(paths).entries():
        what = entry.id if entry.comment is None else f"{entry.id} comment {entry.comment}"
        console.data("  ".join(filter(None, (entry.when.replace("+00:00", "Z"), what, entry.url))))

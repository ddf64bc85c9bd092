"""The ``broadsheet index furniture`` command: what was learnt to be furniture, and what is not after all."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

import click

from index import console
from index.command_line import index_option, settings_of
from index.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from index.learnt import Line
    from index.snapshot import IndexPaths
    from index.store import Store

MOST: Final = 10_000


@click.command()
@index_option
@click.option("--source", metavar="NAME", help="Only lines of this source.")
@click.option("--limit", "-n", type=click.IntRange(1, MOST), default=50, show_default=True, help="Lines shown.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
@click.option("--keep", metavar="ID", help="This learnt line is no furniture; the next rebuild heeds it.")
@click.option("--forget", metavar="ID", help="Take back a --keep.")
def furniture(
    index_dir: str | None, *, source: str | None, limit: int, as_json: bool, keep: str | None, forget: str | None
) -> None:
    """List the lines of pages that are kept out of ranking: those learnt, then those the readers know."""
    from index import learnt
    from index.snapshot import IndexPaths

    paths = IndexPaths(settings_of(index_dir).index_dir)
    if keep is not None and forget is not None:
        raise UsageError("choose one of --keep and --forget")
    if forget is not None:
        learnt.forget(paths, forget)
        console.say("taken back; `broadsheet index rebuild` heeds it")
        return
    with closing(_store(paths)) as store:
        if keep is not None:
            learnt.keep(paths, learnt.line(store.read, keep))
            console.say("kept as text; `broadsheet index rebuild` heeds it")
            return
        name = source and source.casefold()
        found = learnt.learnt(store.read, name, limit), learnt.printed(store.read, name, limit)
    _print(found, [str(line["text"]) for line in learnt.kept(paths).values()], as_json=as_json)


def _store(paths: IndexPaths) -> Store:
    from index.snapshot import open_live
    from index.store import Store

    snapshot, _, mark = open_live(paths)
    with closing(mark):
        return Store(snapshot.store)


def _print(found: tuple[list[Line], list[Line]], kept: list[str], *, as_json: bool) -> None:
    learnt, printed = found
    if as_json:
        table = {"learnt": list(map(asdict, learnt)), "read": list(map(asdict, printed)), "kept": kept}
        console.data(json.dumps(table, indent=1))
        return
    for title, lines in (("learnt from the collection", learnt), ("known to the readers", printed)):
        console.data(f"{title}: {len(lines):,} lines")
        _print_lines(lines)
    if kept:
        console.data("kept as text: " + " | ".join(" ".join(words.split()) for words in kept))


def _print_lines(lines: Iterable[Line]) -> None:
    for line in lines:
        about = (f"{line.articles:>7,}", line.id, line.source, " ".join(line.text.split()))
        console.data("  ".join(part for part in about if part))

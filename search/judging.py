"""The commands ``broadsheet judge`` and ``broadsheet tune``: say what answers a query, and let the ranking learn."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Final

import click

from index import console, text
from index.command_line import index_option, settings_of
from index.errors import NotFound, UsageError
from search import printing
from search.reading import opened

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from search.judgements import Judgement
    from search.tuning import Tuning

VERDICTS: Final = {"+": True, "-": False, "0": None}
_FEWEST_WORDS: Final = 3
_SIGNS: Final = "-+"  # by grade


@click.command()
@click.argument("words", nargs=-1, metavar="QUERY ID +|-|0")
@click.option("--list", "is_list", is_flag=True, help="Print the judgements kept, instead of adding one.")
@click.option("--export", "folder", metavar="DIR", help="Write queries.jsonl and qrels/test.tsv, as `eval` reads them.")
@click.option("--force", is_flag=True, help="Let --export replace files.")
@click.option("--json", "as_json", is_flag=True, help="With --list: print one JSON array.")
@index_option
def judge(words: tuple[str, ...], index_dir: str | None, folder: str | None, **flags: bool) -> None:
    """Say of passage ID whether it answers QUERY: "+" it does, "-" it does not, "0" takes that back.

    QUERY is what was searched for; one that begins with "-" goes behind "--". What is said last counts. Judgements are
    kept with the index and survive its rebuilds; `broadsheet tune` learns from them. --export writes them by article,
    so that `broadsheet eval` and other programs can measure with them beside a corpus.jsonl.
    """
    if sum(map(bool, (words, flags["is_list"], folder is not None))) > 1:
        raise UsageError("give a judgement, --list or --export, one of them")
    if flags["as_json"] and not flags["is_list"]:
        raise UsageError("--json goes with --list")
    if flags["force"] and folder is None:
        raise UsageError("--force goes with --export")
    if flags["is_list"]:
        _print_kept(settings_of(index_dir).index_dir, as_json=flags["as_json"])
    elif folder is not None:
        _export(settings_of(index_dir).index_dir, folder, replace=flags["force"])
    else:
        _judge(index_dir, words)


@click.command()
@click.option("--dry-run", is_flag=True, help="Measure and tell, and change nothing.")
@click.option("--undo", is_flag=True, help="Go back to the weights before the last tuning.")
@index_option
def tune(index_dir: str | None, *, dry_run: bool, undo: bool) -> None:
    """Fit the ranking to your judgements, if that is better on queries left out of the fit.

    Ten judged queries are the least, each with a passage that answers it among others. Nothing is changed, and the
    exit code is 1, where the gain could be chance.
    """
    if dry_run and undo:
        raise UsageError("--undo changes what is there, --dry-run does not; leave out one of them")
    if undo:
        _undo(settings_of(index_dir).index_dir)
    else:
        _tune(index_dir, is_dry=dry_run)


def _judge(index_dir: str | None, words: tuple[str, ...]) -> None:
    *given, identifier, verdict = words if len(words) >= _FEWEST_WORDS else ("", "", "")
    if verdict not in VERDICTS:
        raise UsageError("give a QUERY, the ID of a passage and then + or - or 0; or give --list")
    _record(index_dir, " ".join(given), identifier, verdict)


def _record(index_dir: str | None, query: str, identifier: str, verdict: str) -> None:
    from index.local import LocalIndex
    from search import judgements
    from search.parse import parse

    parse(query)  # one beyond the limits could never be asked again
    index = LocalIndex.open(settings_of(index_dir).index_dir)
    try:
        is_changed = judgements.judge(index, query, identifier, VERDICTS[verdict])
    finally:
        index.close()
    shown = f"{text.squash(identifier)} for {text.squash(query)!r}"
    if not is_changed:
        raise NotFound(f"there was no judgement of {shown}; `broadsheet judge --list` shows those there are")
    told = {"+": "relevant", "-": "not relevant", "0": "forgotten"}[verdict]
    console.say(f"{told}: {shown}")


def _print_kept(index_dir: Path, *, as_json: bool) -> None:
    from search.judgements import Judgements
    from search.output import json_text

    kept = Judgements.beside(index_dir).read()
    if kept.torn:
        console.say("the last judgement was cut off while it was written; left out")
    if as_json:
        console.data(json_text([one.to_dict() for one in kept.judgements], indent=1))
    else:
        printing.print_all(map(_line, kept.judgements))
    if not kept.judgements:
        console.say("nothing judged yet; `broadsheet judge QUERY ID +` begins")
    printing.leave_if(not kept.judgements)


def _export(index_dir: Path, folder: str, *, replace: bool) -> None:
    from pathlib import Path

    from search.judgements import Judgements

    kept = Judgements.beside(index_dir)
    if not kept.all():
        raise NotFound("nothing judged yet, so nothing was written; `broadsheet judge QUERY ID +` begins")
    written = kept.export_beir(Path(folder).expanduser(), replace=replace)
    console.say(f"{written:,} judgements of articles written to {text.squash(folder)}")


def _line(one: Judgement) -> str:
    return f"{_SIGNS[one.grade]}  {one.when:%Y-%m-%d %H:%M}  {text.squash(one.passage_id)}  {text.squash(one.query)}"


def _tune(index_dir: str | None, *, is_dry: bool) -> None:
    from search import tuning, weights
    from search.judgements import Judgements

    folder = settings_of(index_dir).index_dir
    current = weights.load(folder)
    with opened(index_dir) as searcher:
        found = tuning.tune(searcher, Judgements.beside(folder).all(), current, console.progress())
    printing.print_all(_figures(found))
    if found.refusal is not None:
        console.say(f"not tuned: {found.refusal}")
        printing.leave_if(True)
    if is_dry:
        console.say("nothing was changed; without --dry-run these weights would be kept")
        return
    tuning.adopt(folder, found)
    console.say("kept; `broadsheet tune --undo` goes back")


def _figures(found: Tuning) -> Iterator[str]:
    from search.refit import FOLDS
    from search.tuning import FEWEST

    yield f"judged queries  {found.judged:,}, usable {found.usable:,}"
    if found.usable < FEWEST:
        return
    yield f"nDCG@10         {found.held_out_before:.4f} with the weights in force"
    yield f"                {found.held_out_after:.4f} tuned, each fifth of the queries by the other {FOLDS - 1}"
    yield f"gain            {found.gain:+.4f}, p = {found.p:.4f}"
    after = asdict(found.after)
    for name, value in asdict(found.before).items():
        changed = f" -> {after[name]:g}" if after[name] != value else ""
        yield f"{name:<15} {value:g}{changed}"


def _undo(index_dir: Path) -> None:
    from search import tuning

    if not tuning.undo(index_dir):
        raise NotFound(f"the ranking of {index_dir} was not tuned; nothing to undo")
    console.say("the weights before the last tuning are in force")

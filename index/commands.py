"""The ``broadsheet index`` commands; ``python -m index`` runs the same."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from index import console
from index.command_line import SafeGroup, index_option, settings_of
from index.encode import NO_MODEL
from index.errors import IndexDamaged, IndexMissing, IndexUnreachable, IndexUnusable, UsageError
from index.furnishing import furniture
from index.keyword.engines import DEFAULT, ENGINES
from index.previewing import preview
from index.removing import remove
from index.settings import AUTO, ENCODERS
from index.talk import Talk, talk
from index.verifying import verify

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.encode.protocol import Encoder
    from index.manifest import Manifest
    from index.report import BuildReport
    from index.settings import Settings
    from index.snapshot import IndexPaths

SEEDS: Final = "seeds"

sources_argument = click.argument("sources", nargs=-1, type=click.Path(path_type=Path), metavar="[SOURCE]...")
quiet_option = click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors.")
json_option = click.option("--json", "as_json", is_flag=True, help="Print the report as one JSON object.")
events_option = click.option(
    "--events", is_flag=True, help="Tell all that happens on stdout, for programs: one JSON object a line."
)


@click.group(cls=SafeGroup, context_settings={"help_option_names": ["-h", "--help"]})
def index() -> None:
    """Build the index and look after it."""


index.add_command(furniture)
index.add_command(remove)
index.add_command(preview)
index.add_command(verify)


@index.command()
@sources_argument
@index_option
@click.option("--model", metavar="NAME", help="Embedding model: a name, a folder, 'hash', or 'none' for words only.")
@click.option(
    "--encoder", type=click.Choice(ENCODERS), help="The model; static, fast and blunt; or auto, both in turn."
)
@click.option("--no-embeddings", is_flag=True, help="Words only, like --model none.")
@click.option("--engine", type=click.Choice(ENGINES), help="Keyword engine; whoosh is slower, in pure Python.")
@quiet_option
@click.option("--from-index", is_flag=True, help="Read no sources: make the index anew from the texts it holds.")
@json_option
@events_option
def rebuild(
    sources: tuple[Path, ...],
    index_dir: str | None,
    model: str | None,
    encoder: str | None,
    engine: str | None,
    *,
    no_embeddings: bool,
    quiet: bool,
    as_json: bool,
    from_index: bool,
    events: bool,
) -> None:
    """Build a new index from files and folders, then publish it.

    The index that is live goes on answering until the new one is complete. Without SOURCE, the sources of the last
    rebuild are read again, or the folder seeds/ where there is none. "-" is standard input. --from-index repairs an
    index whose sources are gone. What would take minutes to encode is first published with --encoder static, so that
    it can be searched, and again when the model is done.
    """
    if no_embeddings:
        if model or encoder:
            raise UsageError("--no-embeddings goes with neither --model nor --encoder; leave one out")
        model = NO_MODEL
    chosen = settings_of(index_dir, model, encoder)
    paths = _paths(chosen.index_dir)
    talking = talk(quiet=quiet, as_json=as_json, events=events)
    if from_index:
        if sources:
            raise UsageError("name sources or --from-index, not both")
        told = chosen.passages_model if model or encoder else None
        talking.report(_repaired(paths, told, chosen.passages_model, talking))
        return
    wanted = _absolute(sources) or _last_sources(paths)
    talking.report(_rebuilt(paths, wanted, chosen, engine or DEFAULT, talking))


@index.command()
@sources_argument
@index_option
@click.option("--keep-missing", is_flag=True, help="Leave articles in that are gone from the sources.")
@click.option("--watch", is_flag=True, help="Go on syncing whenever a source changes, until Ctrl-C.")
@quiet_option
@json_option
@events_option
def sync(
    sources: tuple[Path, ...],
    index_dir: str | None,
    *,
    keep_missing: bool,
    watch: bool,
    quiet: bool,
    as_json: bool,
    events: bool,
) -> None:
    """Bring the index up to date with its sources, in place.

    What is new comes in, what changed is replaced, what is gone goes; nothing else is read or encoded again. A SOURCE
    not indexed before joins the others. Without an index this is a rebuild.
    """
    chosen = settings_of(index_dir)
    paths = _paths(chosen.index_dir)
    wanted = _absolute(sources)
    talking = talk(quiet=quiet, as_json=as_json, events=events)

    def once() -> None:
        try:
            manifest = _manifest(paths)
        except IndexMissing:
            report = _rebuilt(paths, wanted or _last_sources(paths), chosen, DEFAULT, talking)
        else:
            report = _synced(paths, wanted, manifest, talking, keep_missing=keep_missing)
        talking.report(report)

    once()
    if watch:
        _watch(once, [*map(Path, _manifest(paths).sources)])


@index.command()
@index_option
@quiet_option
@click.option("--purge", is_flag=True, help="Also forget the embeddings of all texts that are not in the index.")
def compact(index_dir: str | None, *, quiet: bool, purge: bool) -> None:
    """Write the index anew without what removed and replaced passages left in it.

    With --purge no word of a removed article is left in the index directory; the deletion list keeps ids and addresses.
    """
    from index.compact import Compaction
    from index.progress import Silent
    from index.purge import purge as purged

    paths = _paths(settings_of(index_dir).index_dir)
    before, after = Compaction(paths=paths, progress=Silent() if quiet else console.progress()).run()
    if purge:
        model = _manifest(paths).model
        purged(paths, None if model is None else _encoder(model.name))
    if not quiet:
        console.say(f"{before / 1e6:,.1f} MB before, {after / 1e6:,.1f} MB after")


@index.command()
@index_option
def info(index_dir: str | None) -> None:
    """Show what the index holds."""
    from index.local import LocalIndex

    opened = LocalIndex.open(settings_of(index_dir).index_dir)
    facts = opened.info
    opened.close()
    model = f"{facts.model} ({facts.dimension} dimensions)" if facts.model else "none (words only)"
    if facts.awaits:
        model += f"; {facts.awaits} has yet to encode: `broadsheet index rebuild --from-index` goes on with it"
    rows = {
        "index": str(facts.path),
        "built": _stamp(facts.built.isoformat(timespec="seconds")),
        **({"synced": _stamp(facts.synced.isoformat(timespec="seconds"))} if facts.synced else {}),
        "engine": f"{facts.engine}, format {facts.format_version}, text rules {facts.text_version}",
        "model": model,
        "articles": f"{facts.articles:,}" + (f" ({facts.undated:,} undated)" if facts.undated else ""),
        **{kind.plural: f"{count:,}" for kind, count in facts.passages.items()},
        "vectors": f"{facts.vectors:,}" + ("" if facts.is_exact else " (the likely ones compared in full)"),
        "size": f"{facts.bytes / 1e6:,.1f} MB",
    }
    for name, value in rows.items():
        console.data(f"{name:<11} {value}")


def _paths(folder: Path) -> IndexPaths:
    from index.snapshot import IndexPaths

    return IndexPaths(folder)


def _absolute(sources: tuple[Path, ...]) -> tuple[Path, ...]:
    from index.sources.records import STDIN

    return tuple(source if source == STDIN else source.absolute() for source in sources)


def _stamp(moment: str) -> str:
    return moment.replace("+00:00", "Z")


def _encoder(model: str) -> Encoder | None:
    from index.encode import open_encoder

    return None if model == NO_MODEL else open_encoder(model)


def _rebuilt(paths: IndexPaths, sources: tuple[Path, ...], chosen: Settings, engine: str, talking: Talk) -> BuildReport:
    from index.build import Rebuild
    from index.embed import Stopgap
    from index.encode.static import StaticEncoder

    return Rebuild(
        paths=paths,
        sources=sources,
        encoder=_encoder(chosen.passages_model),
        stopgap=Stopgap(StaticEncoder) if chosen.encoder == AUTO else None,
        engine=engine,
        progress=talking.progress,
        on_event=talking.on_event,
    ).run()


def _repaired(paths: IndexPaths, wanted: str | None, default: str, talking: Talk) -> BuildReport:
    """Repair with the model that was asked for, else that of the index, else that of the settings."""
    from index.repair import Repair

    try:
        manifest = _manifest(paths)
        known = NO_MODEL if manifest.model is None else manifest.model.name
        model = wanted or manifest.awaits or known
    except (IndexDamaged, IndexMissing):
        model = wanted or default
    return Repair(
        paths=paths,
        encoder=_encoder(model),
        progress=talking.progress,
        on_event=talking.on_event,
    ).run()


def _synced(
    paths: IndexPaths, sources: tuple[Path, ...], manifest: Manifest, talking: Talk, *, keep_missing: bool
) -> BuildReport:
    from index.sync import Sync

    return Sync(
        paths=paths,
        sources=sources,
        encoder=None if manifest.model is None else _encoder(manifest.model.name),
        keep_missing=keep_missing,
        progress=talking.progress,
        on_event=talking.on_event,
    ).run()


def _watch(once: Callable[[], None], sources: list[Path]) -> None:
    from index.watch import changes

    console.say(f"watching {', '.join(map(str, sources))}; Ctrl-C ends it")
    for _ in changes(sources):
        once()


def _manifest(paths: IndexPaths) -> Manifest:
    from index import snapshot

    _, manifest, mark = snapshot.open_live(paths)
    mark.close()
    return manifest


def _last_sources(paths: IndexPaths) -> tuple[Path, ...]:
    """Return what the live index was built from, ``seeds/`` where there is none; raises ``UsageError`` without both.

    An index of another version says what it was built from, too; one that is damaged is not replaced by the seeds.
    """
    from index import snapshot

    try:
        known = tuple(map(Path, snapshot.sources(paths)))
    except IndexUnreachable:
        raise
    except IndexUnusable as error:
        if isinstance(error, IndexMissing) and Path(SEEDS).is_dir():
            return (Path(SEEDS).absolute(),)
        raise UsageError("name the files or folders to read: `broadsheet index rebuild SOURCE…`") from None
    if not known:
        raise UsageError("the last rebuild read standard input, which cannot be read again: name what to read")
    return known

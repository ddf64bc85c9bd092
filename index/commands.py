"""The ``broadsheet index`` commands; ``python -m index`` runs the same."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from index import console
from index.command_line import SafeGroup, index_option, settings_of
from index.errors import IndexUnusable, UsageError
from index.previewing import preview

if TYPE_CHECKING:
    from index.build import BuildReport
    from index.encode.protocol import Encoder
    from index.snapshot import IndexPaths
    from index.sources.records import Note, Skip

SEEDS: Final = "seeds"
NO_MODEL: Final = "none"


@click.group(cls=SafeGroup, context_settings={"help_option_names": ["-h", "--help"]})
def index() -> None:
    """Build the index and look after it."""


index.add_command(preview)


@index.command()
@click.argument("sources", nargs=-1, type=click.Path(path_type=Path), metavar="[SOURCE]...")
@index_option
@click.option("--model", metavar="NAME", help="Embedding model: a name, a folder, 'hash', or 'none' for words only.")
@click.option("--quiet", "-q", is_flag=True, help="Say nothing but errors.")
def rebuild(sources: tuple[Path, ...], index_dir: str | None, model: str | None, *, quiet: bool) -> None:
    """Build a new index from files and folders, then publish it.

    The index that is live goes on answering until the new one is complete. Without SOURCE, the sources of the last
    rebuild are read again, or the folder seeds/ where there is none. "-" is standard input.
    """
    from index.build import Rebuild
    from index.progress import Silent
    from index.snapshot import IndexPaths
    from index.sources.records import STDIN

    chosen = settings_of(index_dir, model)
    paths = IndexPaths(chosen.index_dir)
    report = Rebuild(
        paths=paths,
        sources=tuple(source if source == STDIN else source.resolve() for source in sources) or _last_sources(paths),
        encoder=_encoder(chosen.model),
        progress=Silent() if quiet else console.progress(),
        on_event=_ignore if quiet else _tell,
    ).run()
    if not quiet:
        _summarise(report)


@index.command()
@index_option
def info(index_dir: str | None) -> None:
    """Show what the index holds."""
    from index.local import LocalIndex

    opened = LocalIndex.open(settings_of(index_dir).index_dir)
    facts = opened.info
    opened.close()
    model = f"{facts.model} ({facts.dimension} dimensions)" if facts.model else "none (words only)"
    rows = {
        "index": str(facts.path),
        "built": facts.built.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "engine": f"{facts.engine}, format {facts.format_version}, text rules {facts.text_version}",
        "model": model,
        "articles": f"{facts.articles:,}" + (f" ({facts.undated:,} undated)" if facts.undated else ""),
        **{f"{kind}s": f"{count:,}" for kind, count in facts.passages.items()},
        "vectors": f"{facts.vectors:,}",
        "size": f"{facts.bytes / 1e6:,.1f} MB",
    }
    for name, value in rows.items():
        console.data(f"{name:<11} {value}")


def _encoder(model: str) -> Encoder | None:
    from index.encode import open_encoder

    return None if model == NO_MODEL else open_encoder(model)


def _last_sources(paths: IndexPaths) -> tuple[Path, ...]:
    """Return what the live index was built from, else ``seeds/``; raises ``UsageError`` where there is neither."""
    from index import snapshot

    try:
        _, manifest, mark = snapshot.open_live(paths)
        mark.close()
        if not manifest.sources:
            raise UsageError(
                "the last rebuild read standard input, which cannot be read again: name the files or folders to read"
            )
        return tuple(map(Path, manifest.sources))
    except IndexUnusable:
        if Path(SEEDS).is_dir():
            return (Path(SEEDS),)
        raise UsageError("name the files or folders to read: `broadsheet index rebuild SOURCE…`") from None


def _tell(event: Skip | Note) -> None:
    from index.preview import told

    console.say(told(event))


def _ignore(_event: Skip | Note) -> None:
    pass


def _summarise(report: BuildReport) -> None:
    kinds = ", ".join(f"{count:,} {kind}s" for kind, count in sorted(report.passages.items()))
    console.say(f"{report.articles:,} articles: {kinds}")
    if report.duplicates:
        console.say(f"{report.duplicates:,} articles were there already (same address or same text) and left out")
    if report.skipped:
        console.say(f"{len(report.skipped):,} skipped, named above")
    if report.texts:
        console.say(f"encoded {report.encoded:,} texts, {report.texts - report.encoded:,} were known already")
    if report.stacks:
        console.say(f"{report.stacked:,} near-identical passages in {report.stacks:,} stacks")
    if report.linked:
        console.say(f"{report.linked:,} comments linked to the paragraph they answer")
    stages = ", ".join(f"{stage} {seconds:.1f} s" for stage, seconds in report.seconds.items())
    console.say(f"published ({stages})")

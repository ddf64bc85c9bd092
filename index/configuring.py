"""The ``broadsheet config`` commands: which settings are in force and where they come from."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Final

import click

from index import console, settings
from index.command_line import SafeGroup, index_option
from index.settings import Origin

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from index.settings import Settings

_UNSET: Final = "(none)"


@click.group(cls=SafeGroup, context_settings={"help_option_names": ["-h", "--help"]})
def config() -> None:
    """Show the settings in force and the files used."""


@config.command()
@index_option
@click.option("--model", metavar="NAME", help="Embedding model for rebuilds.")
@click.option("--encoder", metavar="WORD", help="How rebuilds encode.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show(index_dir: str | None, model: str | None, encoder: str | None, *, as_json: bool) -> None:
    """Print every setting with its value and where that comes from, then every file and folder used.

    Flags are heeded as other commands heed them. A value that no command could use is printed, too, and then told.
    """
    flags = {"index": index_dir, "model": model, "encoder": encoder}
    used, origins = settings.load(flags), settings.origins(flags)
    paths, keys = _paths(used), settings.keys()
    if as_json:
        values = {name: {"value": value, "from": origins[name]} for name, value in asdict(used).items()}
        files = {name: {"path": str(path), "exists": _is_there(path)} for name, path in paths.items()}
        console.data(json.dumps({"settings": values, "keys": keys, "paths": files}, indent=1))
    else:
        _print((name, value or _UNSET, _told(name, origins[name])) for name, value in asdict(used).items())
        _print((f"key {name}", ", ".join(found), Origin.FILE.value) for name, found in keys.items())
        _print((name, str(path), "" if _is_there(path) else "not there") for name, path in paths.items())
    used.zone  # noqa: B018 - raises where there is no such zone
    used.passages_model  # noqa: B018 - raises where model and encoder disagree
    used.keeps_state  # noqa: B018 - raises for a word that says neither


def _paths(used: Settings) -> dict[str, Path]:
    from index.snapshot import IndexPaths

    index_dir = used.index_dir
    return {
        "config file": settings.config_path(),
        "index directory": index_dir,
        "embeddings": IndexPaths(index_dir).cache,
        "cache": settings.cache_dir(),
        "state": settings.state_dir(),
    }


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a folder that may not be looked into
        return False


def _told(name: str, origin: Origin) -> str:
    return f"{origin}, {settings.variable(name)}" if origin is Origin.ENVIRONMENT else origin.value


def _print(lines: Iterable[tuple[str, str, str]]) -> None:
    """Print a name, a value and a remark a line, whatever line breaks the value has."""
    for name, value, remark in lines:
        console.data(f"{name:<16} {' '.join(value.splitlines())}" + (f"  ({remark})" if remark else ""))

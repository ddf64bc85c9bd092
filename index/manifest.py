"""What a snapshot says of itself: versions, engine, model, sources and checksums, in ``manifest.json``."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from index import checksums, manifest_check, text
from index.durable import write_durably
from index.encode.protocol import ModelCard
from index.errors import IndexDamaged, IndexOutdated
from index.refusals import refusal

if TYPE_CHECKING:
    from pathlib import Path

FORMAT: Final = 8
_MOST_BYTES: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What a snapshot says of itself."""

    format: int = FORMAT
    text_version: int = text.TEXT_VERSION
    engine: str
    model: ModelCard | None
    built: str
    """ISO 8601, UTC."""
    sources: tuple[str, ...]
    """What it was built from, for a rebuild that names none."""
    files: dict[str, dict[str, Any]]
    """Relative name -> bytes and sha256 of the files that do not change after they were written."""
    synced: str | None = None
    """ISO 8601, UTC: when it was last brought up to date in place."""
    awaits: str | None = None
    """The model that has yet to encode what ``model`` did for the time being."""


def write(path: Path, manifest: Manifest) -> None:
    """Write a manifest durably, with its own checksum in it."""
    table = asdict(manifest)
    write_durably(path, json.dumps(table | {"sum": checksums.of_table(table)}, indent=1))


def read(path: Path) -> Manifest:
    """Return the manifest; raises ``IndexOutdated`` for another version and ``IndexDamaged`` for nonsense."""
    try:
        table = _table(path)
        total = table.pop("sum", None)
        versions = table["format"], table["text_version"]
        if versions == (FORMAT, text.TEXT_VERSION):
            if total != checksums.of_table(table):
                raise ValueError("its checksum is wrong")
            manifest_check.check(table)
            model = table["model"]
            table |= {"model": ModelCard(**model) if model else None, "sources": tuple(table["sources"])}
            return Manifest(**table)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise refusal(path, error) or IndexDamaged(
            f"{path} cannot be read ({error}); run `broadsheet index rebuild`"
        ) from error
    raise IndexOutdated(_versions_told(path.parent, versions))


def sources(path: Path) -> tuple[str, ...]:
    """Return what the snapshot of a manifest of any format was built from, as far as that can be read."""
    with suppress(OSError, ValueError, KeyError, TypeError, RecursionError):
        found = _table(path)["sources"]
        return tuple(map(str, found)) if isinstance(found, list) else ()
    return ()


def _table(path: Path) -> Any:
    with path.open("rb") as file:
        return json.loads(file.read(_MOST_BYTES))


def _versions_told(folder: Path, versions: tuple[object, object]) -> str:
    told = (
        f"{folder} was written in format {str(versions[0])[:9]} with text rules {str(versions[1])[:9]}, this "
        f"version reads {FORMAT} and {text.TEXT_VERSION}; "
    )
    ours = (FORMAT, text.TEXT_VERSION)
    is_newer = any(isinstance(one, int) and one > our for one, our in zip(versions, ours, strict=True))
    return told + ("use the newer broadsheet, or " if is_newer else "") + "run `broadsheet index rebuild`"

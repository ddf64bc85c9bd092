"""Taking stock of the sources before a sync: which files to read, which are as they were, which are gone.

Whatever is merely out of reach counts as still there: a folder that cannot be read, a source that is missing, or one
that is suddenly empty, as a disk that is not mounted looks.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from index.sources.files import shown
from index.sources.records import STDIN, Note, Skip, Source
from index.sources.walk import source_files

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from index.files import Files
    from index.report import BuildReport


@dataclass(slots=True)
class Inventory:
    """The files of some sources, as they are now against as they were read."""

    to_read: list[Source] = field(default_factory=list)
    as_before: dict[int, Source] = field(default_factory=dict)
    gone: dict[int, Path] = field(default_factory=dict)


def take_stock(sources: Sequence[Path], files: Files, report: BuildReport) -> Inventory:
    """Look at every file below ``sources``; what cannot be looked at is reported."""
    stock = Inventory()
    unreachable: list[str] = []

    def hear(event: Skip | Note) -> None:
        report.hear(event)
        unreachable.append(event.path)

    there: set[int] = set()
    for source in source_files(sources, hear):
        number = None if source.path == STDIN else files.number(source.path)
        if number is not None:
            there.add(number)
            if files.is_unchanged(number, source.path, source.parts):
                stock.as_before[number] = source
                report.files_unchanged += 1
                continue
        stock.to_read.append(source)
    known = [(number, path) for number, path in files.paths() if number not in there]
    for root in sources:
        below = {number: path for number, path in known if path == root or root in path.parents}
        if below and not _is_empty_handed(root, stock):
            out_of_reach = {number for number, path in below.items() if _is_under(shown(path), unreachable)}
            stock.gone |= {number: path for number, path in below.items() if number not in out_of_reach}
        elif below:
            report.hear(Note(shown(root), "nothing is there any more; what was read from it is kept"))
            report.kept += len(below)
    return stock


def _is_empty_handed(root: Path, stock: Inventory) -> bool:
    """Tell whether a source has no file left."""
    found = [source.path for source in (*stock.to_read, *stock.as_before.values())]
    return not any(path == root or root in path.parents for path in found)


def _is_under(name: str, folders: Sequence[str]) -> bool:
    return any(name == folder or name.startswith(folder.rstrip("/") + "/") for folder in folders)

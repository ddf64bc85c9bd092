"""Which files there are to read under the paths given, and how their names are shown.

Folders are walked in name order; hidden files are passed over, links inside a folder are not followed, and only
regular files are opened. Files that another file of their folder speaks for are left to that one.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from index.sources.records import STDIN, Report, Skip, Source
from index.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Claims = Mapping[str, Callable[[Path], Iterable[Path]]]
"""By the end of a file's name, what gives the files it speaks for; it raises nothing, and may name what is absent."""

_STANDARD_INPUT: Final = "(standard input)"
_LINE_BREAKS: Final = str.maketrans({"\n": "\N{SYMBOL FOR NEWLINE}", "\t": "\N{SYMBOL FOR HORIZONTAL TABULATION}"})


@dataclass(frozen=True, slots=True)
class _Found:
    """A regular file, and the files it speaks for."""

    path: Path
    status: os.stat_result
    claimed: tuple[Path, ...] = ()


def source_files(paths: Sequence[Path], report: Report, claims: Claims | None = None) -> Iterator[Source]:
    """Yield the files to read, each once, in the order given and by name within folders."""
    seen: set[tuple[int, int]] = set()
    for path in paths:
        if path == STDIN:
            if (-1, -1) not in seen:
                seen.add((-1, -1))
                yield Source(STDIN, 0)
            continue
        for found in _walk(path, report, claims or {}):
            if (found.status.st_dev, found.status.st_ino) not in seen:
                seen.add((found.status.st_dev, found.status.st_ino))
                yield Source(found.path, found.status.st_size + _bytes(found.claimed), found.claimed)


def shown(path: os.PathLike[str] | str) -> str:
    """Return a path on one line as text that can be shown and stored, whatever bytes it has."""
    return _STANDARD_INPUT if path == STDIN else clean(os.fspath(path)).translate(_LINE_BREAKS)


def _walk(path: Path, report: Report, claims: Claims) -> Iterator[_Found]:
    """Yield the regular files under ``path``; a path given by name may be a link."""
    try:
        status = path.stat()
    except (OSError, ValueError) as fault:
        report(Skip(shown(path), _reason(fault)))
        return
    if stat.S_ISDIR(status.st_mode):
        yield from _walk_folder(path, report, claims)
    else:
        beside = set(path.parent.iterdir()) if _claimant(path, claims) else set()
        yield from _regular(path, status, report, _claimed(path, beside, claims))


def _walk_folder(top: Path, report: Report, claims: Claims) -> Iterator[_Found]:
    """Yield the regular files below a folder in name order; a stack instead of recursion, for any depth."""
    stack: list[tuple[Path, tuple[Path, ...]]] = [(top, ())]
    while stack:
        path, claimed = stack.pop()
        try:
            status = path.lstat() if path != top else path.stat()
            if stat.S_ISDIR(status.st_mode):
                stack += reversed(_entries(path, claims))
                continue
        except OSError as fault:
            report(Skip(shown(path), _reason(fault)))
            continue
        yield from _regular(path, status, report, claimed)


def _entries(folder: Path, claims: Claims) -> list[tuple[Path, tuple[Path, ...]]]:
    """Return what stands in a folder by name, each with the files it claims, without hidden and claimed files."""
    names = sorted((path for path in folder.iterdir() if not path.name.startswith(".")), key=lambda path: path.name)
    claimed = {path: _claimed(path, set(names), claims) for path in names if _claimant(path, claims)}
    left_out = {file for files in claimed.values() for file in files}
    return [(path, claimed.get(path, ())) for path in names if path not in left_out]


def _claimant(path: Path, claims: Claims) -> bool:
    return path.name.lower().endswith(tuple(claims))


def _claimed(path: Path, beside: set[Path], claims: Claims) -> tuple[Path, ...]:
    """Return the files in ``beside`` that a file speaks for, by name."""
    named = {
        path.parent / each for ending, of in claims.items() if path.name.lower().endswith(ending) for each in of(path)
    }
    return tuple(sorted(named & beside - {path}))


def _bytes(paths: Iterable[Path]) -> int:
    """Return the size of files on disk; what is not there any more has none."""
    total = 0
    for path in paths:
        try:
            total += path.lstat().st_size
        except OSError:
            continue
    return total


def _regular(path: Path, status: os.stat_result, report: Report, claimed: tuple[Path, ...] = ()) -> Iterator[_Found]:
    if stat.S_ISREG(status.st_mode):
        yield _Found(path, status, claimed)
    elif stat.S_ISLNK(status.st_mode):
        report(Skip(shown(path), "a symbolic link; name its target to read it"))
    else:
        report(Skip(shown(path), "not a regular file"))


def _reason(fault: OSError | ValueError) -> str:
    return (getattr(fault, "strerror", None) or "cannot be opened").lower()

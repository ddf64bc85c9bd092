"""What was learnt to be furniture, for review, and ``furniture.json``: what its reader says is none after all.

That file stands beside the snapshots, because it must outlive them; the next rebuild heeds it.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from index.durable import write_durably
from index.errors import NotFound, UsageError
from index.model import Kind
from index.refusals import refusal, told

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from index.snapshot import IndexPaths

    Read = Callable[[str, Sequence[object]], list[Any]]

FILE: Final = "furniture.json"
_BYTES: Final = 1 << 24
_LINES: Final = (
    "SELECT l.line, s.name, l.stories, p.text FROM furniture_lines l JOIN furniture_sources s ON s.number = l.source "
    "JOIN passages p ON p.row = (SELECT min(row) FROM furniture_places WHERE line = l.line) "
)
_PRINTED: Final = (
    "SELECT coalesce(a.source, ''), count(DISTINCT a.number), p.text FROM passages p JOIN articles a "
    f"ON a.number = p.article WHERE p.kind = '{Kind.FURNITURE}' "
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of furniture; ``id`` is set for learnt ones, which alone can be kept as text."""

    id: str | None = None
    source: str
    articles: int
    text: str


def learnt(read: Read, source: str | None, limit: int) -> list[Line]:
    """Return the lines learnt, those on most pages first; ``read`` runs a statement on the store."""
    chosen = "WHERE l.judged AND (?1 IS NULL OR s.name = ?1) ORDER BY l.stories DESC, s.name, p.text LIMIT ?2"
    found = read(_LINES + chosen, (source, limit))
    return [Line(id=shown(line), source=name, articles=count, text=words) for line, name, count, words in found]


def printed(read: Read, source: str | None, limit: int) -> list[Line]:
    """Return the lines that the readers of pages took out, those on most pages first."""
    chosen = "AND (?1 IS NULL OR lower(a.source) = ?1) GROUP BY 1, 3 ORDER BY 2 DESC, 1, 3 LIMIT ?2"
    found = read(_PRINTED + chosen, (source, limit))
    return [Line(source=name, articles=count, text=words) for name, count, words in found]


def line(read: Read, wanted: str) -> Line:
    """Return the line of an id, learnt or not; raises ``NotFound``."""
    for number, name, count, words in read(_LINES + "WHERE l.line = ?", (number_of(wanted),)):
        return Line(id=shown(number), source=name, articles=count, text=words)
    raise NotFound(f"no line {wanted!r} in this index; `broadsheet index furniture` lists those learnt")


def shown(number: int) -> str:
    """Return the id of a line as it is shown and typed, 16 hexadecimal digits."""
    return f"{number % 2**64:016x}"


def number_of(wanted: str) -> int:
    """Return the number of a line in the store; raises ``UsageError`` for what is no id."""
    if not re.fullmatch(r"[0-9a-f]{16}", wanted):
        raise UsageError(
            f"{wanted!r} is no id of a line; `broadsheet index furniture` shows them, 16 letters and digits"
        )
    return int.from_bytes(bytes.fromhex(wanted), "big", signed=True)


def kept(paths: IndexPaths) -> dict[str, dict[str, Any]]:
    """Return the lines that are said to be no furniture, by id; raises ``UsageError`` for a file that says nothing."""
    path = paths.root / FILE
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(_BYTES))["keep"]
        return {str(wanted): dict(about) for wanted, about in found.items() if number_of(wanted) is not None}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise refusal(path, error) or UsageError(f"{path} cannot be read ({error}); mend or remove it") from error


def kept_numbers(paths: IndexPaths) -> set[int]:
    """Return the numbers in the store of the lines that are said to be no furniture."""
    return set(map(number_of, kept(paths)))


def keep(paths: IndexPaths, chosen: Line) -> None:
    """Remember that a line is no furniture."""
    if chosen.id is not None:
        _write(paths, kept(paths) | {chosen.id: asdict(chosen)})


def forget(paths: IndexPaths, wanted: str) -> None:
    """Take back what ``keep`` was told; raises ``NotFound``."""
    found = kept(paths)
    if wanted not in found:
        raise NotFound(f"nothing was said of the line {wanted!r}; `broadsheet index furniture` lists what was")
    _write(paths, {other: about for other, about in found.items() if other != wanted})


def _write(paths: IndexPaths, lines: Mapping[str, object]) -> None:
    with told(paths.root / FILE):
        write_durably(paths.root / FILE, json.dumps({"keep": lines}, indent=1) + "\n")

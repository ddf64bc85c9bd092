"""Whether a manifest says what one can say: its types and bounds, before anything is done with it."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any, Final

_WIDEST: Final = 1 << 16  # dimensions of a vector


def check(table: dict[str, Any]) -> None:
    """Raise ``ValueError`` where a manifest of this format says something no index of ours says."""
    _expect("engine", isinstance(table["engine"], str))
    _expect("sources", _are_texts(table["sources"]))
    _expect("awaits", isinstance(table.get("awaits", ""), str | None))
    for name in ("built", "synced"):
        _expect(name, (name == "synced" and table[name] is None) or _is_moment(table[name]))
    _expect("awaits", table.get("awaits") is None or isinstance(table["awaits"], str))
    for name, facts in table["files"].items():
        _expect("files", _is_within(name) and _is_count(facts["bytes"]) and isinstance(facts["sha256"], str))
    if (model := table["model"]) is not None:
        _expect("model", _are_texts([model["name"], model["revision"], model["sha256"]]))
        _expect("model", _is_count(model["dimension"], 1, _WIDEST) and _is_count(model["window"], 1, sys.maxsize))


def _expect(what: str, is_so: bool) -> None:
    if not is_so:
        raise ValueError(f"its {what!r} is nothing an index says")


def _are_texts(values: Any) -> bool:
    return isinstance(values, list | tuple) and all(isinstance(value, str) for value in values)


def _is_moment(value: Any) -> bool:
    return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None


def _is_count(value: Any, least: int = 0, most: int = 1 << 53) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most


def _is_within(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name

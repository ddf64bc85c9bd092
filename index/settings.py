"""One frozen ``Settings``, read once at the edge: flags > environment > TOML file > defaults.

No other module reads the environment. Every key can stand in the TOML file and, in capitals after ``BROADSHEET_``,
in the environment (``BROADSHEET_INDEX``, ``BROADSHEET_MODEL``, …); the table ``[keys]`` only in the file.
"""

from __future__ import annotations

import os
import shlex
import tomllib
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from index.encode import DEFAULT_MODEL, NO_MODEL, STATIC_MODEL
from index.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

PREFIX: Final = "BROADSHEET_"
AUTO: Final = "auto"
ENCODERS: Final = (AUTO, "model", STATIC_MODEL)
CONFIG: Final = "CONFIG"  # BROADSHEET_CONFIG names another TOML file
KEYS: Final = "keys"  # the table of keys in the TOML file
DUMB: Final = ("dumb", "unknown")  # what TERM is then


class Origin(StrEnum):
    """Where the value of a setting comes from."""

    FLAG = "flag"
    ENVIRONMENT = "environment"
    FILE = "TOML file"
    DEFAULT = "default"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a user may set once for all commands."""

    index: str = ""
    """Directory of the index; empty for the user's data directory."""
    model: str = DEFAULT_MODEL
    """Embedding model for rebuilds: the default's name, a hub name, a folder, ``hash`` or ``none``."""
    encoder: str = AUTO
    """``model`` encodes with that; ``static`` with what is distilled from the default model, fast and blunt; ``auto``
    with the model, after publishing with ``static`` first where that would take long."""
    timezone: str = "UTC"
    """Zone of dates typed in queries and of printed times that name none."""
    state: str = "keep"
    """``keep``, or ``none``: the screen then remembers nothing (history, saved searches, layout) from run to run."""

    @property
    def index_dir(self) -> Path:
        """The directory of the index; raises ``UsageError`` for the home of somebody unknown."""
        if self.index:
            return _expanded(self.index)
        import platformdirs  # only where no directory was named

        return Path(platformdirs.user_data_dir("broadsheet", appauthor=False)) / "index"

    @property
    def passages_model(self) -> str:
        """The model rebuilds encode with; raises ``UsageError`` where the settings disagree."""
        if self.encoder not in ENCODERS:
            raise UsageError(f"encoder must be one of {', '.join(ENCODERS)}, not {self.encoder!r}")
        if self.encoder != STATIC_MODEL or self.model == NO_MODEL:
            return self.model
        if self.model not in (DEFAULT_MODEL, STATIC_MODEL):
            raise UsageError(f"only {DEFAULT_MODEL} can be distilled; leave out the model {self.model!r}, or --encoder")
        return STATIC_MODEL

    @property
    def zone(self) -> tzinfo:
        """The time zone; raises ``UsageError`` for a name nobody knows."""
        try:
            return ZoneInfo(self.timezone)
        except (ValueError, OSError, KeyError) as error:
            raise UsageError(f"no time zone {self.timezone!r}; use a name like Europe/Berlin or UTC") from error

    @property
    def keeps_state(self) -> bool:
        """Whether anything is remembered from run to run; raises ``UsageError`` for a word that says neither."""
        if self.state not in ("keep", "none"):
            raise UsageError(f"state must be keep or none, not {self.state!r}")
        return self.state == "keep"


def load(flags: Mapping[str, str | None] | None = None, environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings in force; raises ``UsageError`` where the TOML file is broken."""
    values: dict[str, str] = {}
    for _, layer in _layers(flags, environ):
        values |= layer
    return Settings(**values)


def origins(
    flags: Mapping[str, str | None] | None = None, environ: Mapping[str, str] | None = None
) -> dict[str, Origin]:
    """Return where the value of each setting comes from; raises ``UsageError`` where the TOML file is broken."""
    found = dict.fromkeys(_names(), Origin.DEFAULT)
    for origin, layer in _layers(flags, environ):
        found |= dict.fromkeys(layer, origin)
    return found


def variable(name: str) -> str:
    """Return the name of a setting in the environment."""
    return PREFIX + name.upper()


def cache_dir() -> Path:
    """Return the folder of what can be made again at a cost: indexes of judged collections."""
    import platformdirs

    return Path(platformdirs.user_cache_dir("broadsheet", appauthor=False))


def state_dir() -> Path:
    """Return the folder of what is remembered from one run to the next and belongs to no index."""
    import platformdirs

    return Path(platformdirs.user_state_dir("broadsheet", appauthor=False))


def is_dumb_terminal(environ: Mapping[str, str] | None = None) -> bool:
    """Return whether the terminal says that it can only write lines."""
    environ = os.environ if environ is None else environ
    return environ.get("TERM", "").casefold() in DUMB


def config_path(environ: Mapping[str, str] | None = None) -> Path:
    """Return where the TOML file is looked for."""
    environ = os.environ if environ is None else environ
    if named := environ.get(PREFIX + CONFIG):
        return _expanded(named)
    import platformdirs

    return Path(platformdirs.user_config_dir("broadsheet", appauthor=False)) / "config.toml"


def without_blas_threads() -> None:
    """Let numpy, not imported yet, start no threads for large products: a search has none, and they spin.

    That is a third of the processor time of a cold search. What the user has set stays.
    """
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def silence_runtime() -> None:
    """Let ONNX Runtime write no device id into the user's cache and report nothing; it heeds this when it is loaded."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"


def variables(added: Mapping[str, str]) -> dict[str, str]:
    """Return the environment with some variables added, for a process of ours."""
    return dict(os.environ) | dict(added)


def _names() -> list[str]:
    return [field.name for field in fields(Settings)]


def _layers(
    flags: Mapping[str, str | None] | None, environ: Mapping[str, str] | None
) -> list[tuple[Origin, dict[str, str]]]:
    """Return what each origin sets, the weakest first."""
    environ = os.environ if environ is None else environ
    names = _names()
    return [
        (Origin.FILE, _from_file(environ, names)),
        (Origin.ENVIRONMENT, {name: value for name in names if (value := environ.get(variable(name)))}),
        (Origin.FLAG, {name: value for name, value in (flags or {}).items() if value is not None}),
    ]


def _expanded(path: str) -> Path:
    try:
        return Path(path).expanduser()
    except RuntimeError as error:
        raise UsageError(f"{path!r} names the home of somebody unknown; write the path in full") from error


def keys(environ: Mapping[str, str] | None = None) -> dict[str, tuple[str, ...]]:
    """Return the keys set in the TOML file for commands of the terminal UI: name -> keys, both as written.

    Raises ``UsageError`` where they are no strings; which names and keys there are, only the terminal UI knows.
    """
    environ = os.environ if environ is None else environ
    table, path = _table(environ).get(KEYS, {}), config_path(environ)
    if not isinstance(table, dict):
        raise UsageError(f'{path}: {KEYS} must be a table, as in [{KEYS}] and then next-mode = "ctrl+y"')
    found: dict[str, tuple[str, ...]] = {}
    for name, value in table.items():
        listed = value if isinstance(value, list) else [value]
        if not listed or not all(isinstance(one, str) and one for one in listed):
            raise UsageError(f'{path}, [{KEYS}]: {name} must be a key in quotes, or a list of them: ["x", "ctrl+x"]')
        found[name] = tuple(listed)
    return found


def _table(environ: Mapping[str, str]) -> dict[str, Any]:
    path = config_path(environ)
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read ({error}); mend or remove it") from error


def _from_file(environ: Mapping[str, str], names: list[str]) -> dict[str, str]:
    path = config_path(environ)
    table = {name: value for name, value in _table(environ).items() if name != KEYS}
    for name, value in table.items():
        if name not in names:
            raise UsageError(f"{path}: no setting {name!r}; there are: {', '.join([*names, KEYS])}")
        if not isinstance(value, str):
            raise UsageError(f"{path}: {name} must be a string in quotes")
    return dict(table)


def pager() -> tuple[list[str], dict[str, str]]:
    """Return the user's pager as a command, and an environment in which it starts no other program."""
    try:
        command = shlex.split(os.environ.get("PAGER", ""))
    except ValueError:  # a quotation mark without its partner
        command = []
    closed = {name: value for name, value in os.environ.items() if name not in ("LESSOPEN", "LESSCLOSE")}
    return command or ["less"], closed | {"LESSSECURE": "1"}

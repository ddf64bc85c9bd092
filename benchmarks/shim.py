"""What a process asks of the disk, caught: counted, recorded, failed, or the last thing it did (``shim.c``).

Linux on x86-64 with a C compiler only; ``library`` says so with ``Unavailable``.
"""

from __future__ import annotations

import ctypes
import platform
import shutil
import struct
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from enum import IntFlag
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE: Final = Path(__file__).with_suffix(".c")
_RECORD: Final = struct.Struct("<IIIIqq")
ALWAYS: Final = 1 << 62


class Unavailable(Exception):
    """System calls cannot be caught here."""


class Kind(IntFlag):
    """What a call does."""

    CREATE = 1
    WRITE = 2
    SYNC = 4
    RENAME = 8
    REMOVE = 16
    FOLDER = 32
    CUT = 64


class Plan(ctypes.Structure):
    """What is to become of the calls about files below ``root``, and how many there were."""

    _fields_ = (
        ("root", ctypes.c_char * 1024),
        ("part", ctypes.c_char * 256),
        ("kill_at", ctypes.c_int64),
        ("fail_from", ctypes.c_int64),
        ("fail_count", ctypes.c_int64),
        ("fail_kinds", ctypes.c_int32),
        ("fail_errno", ctypes.c_int32),
        ("torn", ctypes.c_int32),
        ("log", ctypes.c_int32),
        ("count", ctypes.c_int64),
        ("failed", ctypes.c_int64),
    )


@dataclass(frozen=True, slots=True)
class Call:
    """One call that was recorded: what it did, to which file, and for a write what it wrote where."""

    kind: Kind
    path: str
    other: str
    """The new name, of a renaming."""
    flags: int
    offset: int
    """Of a write; for ``CUT`` the new length."""
    data: bytes


def library() -> ctypes.CDLL:
    """Return the compiled library; raises ``Unavailable``."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if sys.platform != "linux" or platform.machine() != "x86_64" or compiler is None:
        raise Unavailable("catching system calls needs Linux on x86-64 and a C compiler")
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder) / "shim.so"
        told = subprocess.run(
            [compiler, "-O1", "-shared", "-fPIC", "-o", made, SOURCE], capture_output=True, text=True, check=False
        )
        if told.returncode:
            raise Unavailable(told.stderr)
        return ctypes.CDLL(str(made))


def plan(root: Path, **given: object) -> Plan:
    """Return a plan for calls about files below ``root``; what is not given does nothing."""
    made = Plan(root=str(root).encode(), log=-1, fail_count=ALWAYS)
    for name, value in given.items():
        setattr(made, name, value)
    return made


def watch(caught: ctypes.CDLL, given: Plan) -> None:
    """Follow a plan from now to the end of this process; raises ``Unavailable``."""
    error = caught.watch(ctypes.byref(given))
    if error:
        raise Unavailable(f"system calls cannot be caught here (error {error})")


def calls(log: Path) -> Iterator[Call]:
    """Yield what was recorded."""
    told = log.read_bytes()
    at = 0
    while at < len(told):
        kind, path, other, flags, offset, size = _RECORD.unpack_from(told, at)
        at += _RECORD.size
        names = told[at : at + path].decode(), told[at + path : at + path + other].decode()
        at += path + other
        yield Call(Kind(kind), *names, flags, offset, told[at : at + size])
        at += size

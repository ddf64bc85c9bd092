"""The members of a tar archive, read from front to back with nothing held but a header.

The standard library reads extended headers whole, however large they claim to be, and has been made to loop by
negative sizes; here a header is parsed by it and everything around the header is bounded.
"""

from __future__ import annotations

import re
import tarfile
from typing import TYPE_CHECKING, Final

from index.sources.members import Member, Part
from index.sources.opening import named_faults
from index.sources.records import MIB, Limits, NotRead
from index.sources.unpacking import PIECE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

    from index.sources.opening import Stream

_BLOCK: Final = 512
_LONGEST_EXTENSION: Final = MIB  # of a long name or a set of attributes
_DAMAGED: Final = "damaged or truncated tar"
_EXTENSIONS: Final = frozenset((tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE))
_SOLARIS: Final = tarfile.SOLARIS_XHDTYPE
_PLAIN: Final = frozenset((tarfile.REGTYPE, tarfile.AREGTYPE, tarfile.CONTTYPE))
_RECORD: Final = re.compile(rb"(\d{1,8}) ")


def looks_like(head: bytes) -> bool:
    """Tell a tar archive by the checksum of its first header."""
    if len(head) < _BLOCK or not head[:1].strip(b"\0"):
        return False
    try:
        return tarfile.TarInfo.frombuf(head[:_BLOCK], "utf-8", "surrogateescape").size >= 0
    except (tarfile.HeaderError, ValueError):
        return False


def members(stream: Stream, limits: Limits) -> Iterator[Member]:
    """Yield the members but folders; what is left of a member is passed over when the next one is asked for."""
    said: dict[str, str] = {}
    while (info := _header(stream.file)) is not None:
        part = Part(stream.file, info.size, "tar")
        if info.type in _EXTENSIONS or info.type == _SOLARIS:
            said |= _extension(info, part)
        else:
            if (size := said.get("size", "")).isdecimal() and len(size) < 20:  # noqa: PLR2004 (of 64 bits)
                part.left = info.size = int(size)
            if not info.isdir():
                stream.meter.count_member()
                yield _member(info, part, said, limits)
            said = {}
        _pass_over(part, -info.size % _BLOCK, stream.file)


def _header(file: IO[bytes]) -> tarfile.TarInfo | None:
    """Return the next header, ``None`` at the end of the archive."""
    with named_faults():
        block = file.read(_BLOCK)
    if len(block) == _BLOCK and not block.strip(b"\0"):
        return None
    try:
        info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
    except (tarfile.HeaderError, ValueError):
        raise NotRead(_DAMAGED) from None
    if info.size < 0:
        raise NotRead(_DAMAGED)
    if info.islnk() or info.issym() or info.isdev() or info.isdir():
        info.size = 0  # whatever the header says, no bytes follow
    return info


def _member(info: tarfile.TarInfo, part: Part, said: dict[str, str], limits: Limits) -> Member:
    name = said.get("path") or info.name
    if info.islnk() or info.issym():
        return Member(name, reason="a link")
    if info.type == tarfile.GNUTYPE_SPARSE or any(key.startswith("GNU.sparse") for key in said):
        return Member(name, reason="a sparse file")
    if info.type not in _PLAIN:
        return Member(name, reason="not a regular file")
    if info.size > limits.max_member_bytes:
        return Member(name, reason=f"larger than {limits.max_member_bytes // MIB} MiB")
    return Member(name, part)


def _extension(info: tarfile.TarInfo, part: Part) -> dict[str, str]:
    """Return what an extended header says of the member that follows; one that speaks of all of them is ignored."""
    if info.size > _LONGEST_EXTENSION:
        raise NotRead(_DAMAGED)
    with named_faults():
        raw = b"".join(iter(lambda: part.read(PIECE) or b"", b""))
    if info.type == tarfile.GNUTYPE_LONGNAME:
        return {"path": raw.rstrip(b"\0").decode("utf-8", "replace")}
    return _attributes(raw) if info.type in (tarfile.XHDTYPE, _SOLARIS) else {}


def _attributes(raw: bytes) -> dict[str, str]:
    """Return the attributes of a pax header: lines of ``length key=value``."""
    found: dict[str, str] = {}
    at = 0
    while length := _RECORD.match(raw, at):
        end = at + int(length[1])
        key, _, value = raw[length.end() : end].rstrip(b"\n").partition(b"=")
        found[key.decode("utf-8", "replace")] = value.decode("utf-8", "replace")
        if end <= at:
            break
        at = end
    return found


def _pass_over(part: Part, padding: int, file: IO[bytes]) -> None:
    with named_faults():
        while part.left:
            part.read(PIECE)
        file.read(padding)

"""The members of a zip archive, bounded at every step.

The standard library builds an object for each entry a directory claims and unpacks some methods without a bound, so
the directory and the members are read here. An archive that is cut off has lost its directory, which stands at the
end; its members are then read one after the other as far as they go.
"""

from __future__ import annotations

import io
import stat
import zlib
from dataclasses import dataclass, replace
from itertools import islice, pairwise
from struct import Struct
from typing import TYPE_CHECKING, Final

from index.sources.members import Member, Part
from index.sources.opening import buffered, named_faults
from index.sources.records import MIB, Limits, NotRead
from index.sources.unpacking import BZIP2, DEFLATE, XZ, ZSTD, Meter, Unpacked

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import IO

    from _typeshed import WriteableBuffer

    from index.sources.opening import Stream

_STARTS: Final = (b"PK\x03\x04", b"PK\x05\x06")
_LOCAL: Final = Struct("<4s2xHH4xIIIHH")
_CENTRAL: Final = Struct("<4sxB2xHH4xIIIHHH4xII")
_END: Final = Struct("<4s6xHII2x")
_END_64: Final = Struct("<4s28xQQQ")
_WIDE: Final = Struct("<Q")
_FIELD: Final = Struct("<HH")
_LOCATOR_SIZE: Final = 20
_LONGEST_COMMENT: Final = 0xFFFF
_IN_64_BITS: Final = 0xFFFFFFFF
_LARGEST_DIRECTORY: Final = 64 * MIB
_DAMAGED: Final = "damaged or truncated zip"
_STORED: Final = 0
_METHODS: Final = {8: DEFLATE, 12: BZIP2, 93: ZSTD, 95: XZ}
_ENCRYPTED: Final = 0x1 | 0x40 | 0x2000
_SIZES_FOLLOW: Final = 0x8
_UTF8: Final = 0x800
_UNIX: Final = (3, 19)  # systems whose file modes are kept
_DOCUMENTS: Final = ("[Content_Types].xml", "mimetype")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """What a directory says of a member."""

    name: str
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    offset: int
    """Of its local header."""
    mode: int = 0


def looks_like(head: bytes) -> bool:
    """Tell a zip archive by its first bytes."""
    return head.startswith(_STARTS)


def members(stream: Stream, limits: Limits) -> Iterator[Member]:
    """Yield the members but folders, in the order of the directory."""
    with stream.seekable() as file:
        for entry in _entries(file, limits.max_members + 1):
            if not stream.meter.follows and stream.path is not None:
                stream.meter.packed += entry.packed
            if not entry.name.endswith("/"):
                stream.meter.count_member()
                yield _member(entry, file, stream.meter, limits)


def _entries(file: IO[bytes], most: int) -> Iterator[_Entry]:
    """Yield the entries, by the directory or, where the end of the archive is lost, by what stands before members."""
    with named_faults():
        found = _find_directory(file)
    if found is None:
        yield from _without_directory(file)
        raise NotRead(_DAMAGED)
    entries, fault = _collected(_listed(*found), most)
    if not entries:
        raise fault or NotRead("empty")
    if entries[0].name in _DOCUMENTS:
        raise NotRead("an office document or a book, not an archive of pages")
    placed = sorted(entries, key=lambda entry: entry.offset)
    if any(left.offset + _LOCAL.size + left.packed > right.offset for left, right in pairwise(placed)):
        raise NotRead("its members overlap, as in a zip bomb")
    yield from entries
    if fault:
        raise fault


def _collected(listed: Iterator[_Entry], most: int) -> tuple[list[_Entry], NotRead | None]:
    """Return the first entries, and the fault met while reading them."""
    entries: list[_Entry] = []
    try:
        entries.extend(islice(listed, most))
    except NotRead as fault:
        return entries, fault
    return entries, None


def _find_directory(file: IO[bytes]) -> tuple[bytes, int] | None:
    """Return the directory and by how much its offsets are to be shifted; ``None`` where it is not to be found."""
    size = file.seek(0, io.SEEK_END)
    start = max(size - _LONGEST_COMMENT - _END.size, 0)
    file.seek(start)
    tail = file.read(size - start)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        return None
    _, _, length, offset = _END.unpack_from(tail, at)
    at += start
    if wide := _wide_end(file, at):
        at, length, offset = wide
    if not 0 <= length <= min(at, _LARGEST_DIRECTORY) or offset + length > at:
        return None
    file.seek(at - length)
    return file.read(length), at - length - offset


def _wide_end(file: IO[bytes], at: int) -> tuple[int, int, int] | None:
    """Return place, length of the directory and its offset by the 64-bit record before the end, if there is one."""
    place = at - _LOCATOR_SIZE - _END_64.size
    if place < 0:
        return None
    file.seek(place)
    mark, _, length, offset = _END_64.unpack(file.read(_END_64.size))
    return (place, length, offset) if mark == b"PK\x06\x06" else None


def _listed(directory: bytes, shift: int) -> Iterator[_Entry]:
    """Yield the entries of a directory; raises ``NotRead`` where it is damaged."""
    at = 0
    while directory[at : at + 4] not in (b"", b"PK\x05\x05"):
        if len(directory) - at < _CENTRAL.size:
            raise NotRead(_DAMAGED)
        mark, system, flags, method, crc, packed, size, *lengths, mode, offset = _CENTRAL.unpack_from(directory, at)
        start = at + _CENTRAL.size
        name = directory[start : start + lengths[0]]
        extra = directory[start + lengths[0] : start + lengths[0] + lengths[1]]
        wide = _wide(extra, [size, packed, offset])
        if mark != b"PK\x01\x02" or wide is None:
            raise NotRead(_DAMAGED)
        size, packed, offset = wide
        yield _Entry(
            name=_label(name, flags),
            flags=flags,
            method=method,
            crc=crc,
            packed=packed,
            size=size,
            offset=offset + shift,
            mode=mode >> 16 if system in _UNIX else 0,
        )
        at += _CENTRAL.size + sum(lengths)


def _without_directory(file: IO[bytes]) -> Iterator[_Entry]:
    """Yield the members of an archive that is cut off, as far as their sizes stand before them."""
    at = 0
    while True:
        with named_faults():
            file.seek(at)
            header = file.read(_LOCAL.size)
            if len(header) < _LOCAL.size or not header.startswith(_STARTS[0]):
                return
            _, flags, method, crc, packed, size, name_length, extra_length = _LOCAL.unpack(header)
            name, extra = file.read(name_length), file.read(extra_length)
        wide = _wide(extra, [size, packed])
        if wide is None or flags & _SIZES_FOLLOW:
            return
        size, packed = wide
        yield _Entry(name=_label(name, flags), flags=flags, method=method, crc=crc, packed=packed, size=size, offset=at)
        at += _LOCAL.size + name_length + extra_length + packed


def _wide(extra: bytes, values: list[int]) -> list[int] | None:
    """Return the values with those too large for 32 bits read from the extra field."""
    at = 0
    while at + 4 <= len(extra):
        kind, length = _FIELD.unpack_from(extra, at)
        if kind == 1:
            wide = [
                number for (number,) in _WIDE.iter_unpack(extra[at + 4 : at + 4 + length // 8 * 8][: 8 * len(values)])
            ]
            break
        at += 4 + length
    else:
        wide = []
    rest = iter(wide)
    found = [next(rest, -1) if value == _IN_64_BITS else value for value in values]
    return None if -1 in found else found


def _label(name: bytes, flags: int) -> str:
    """Return a name: UTF-8 where it says so or reads so, else in the encoding of old."""
    try:
        return name.decode("utf-8")
    except UnicodeDecodeError:
        return name.decode("utf-8", "replace") if flags & _UTF8 else name.decode("cp437")


def _member(entry: _Entry, file: IO[bytes], meter: Meter, limits: Limits) -> Member:
    """Return a member, or why it is not read."""
    if stat.S_ISLNK(entry.mode):
        return Member(entry.name, reason="a link")
    if entry.mode and stat.S_IFMT(entry.mode) not in (0, stat.S_IFREG):
        return Member(entry.name, reason="not a regular file")
    if entry.flags & _ENCRYPTED:
        return Member(entry.name, reason="encrypted")
    if entry.method != _STORED and entry.method not in _METHODS:
        return Member(entry.name, reason=f"packed by method {entry.method}, which is not known here")
    if entry.size > limits.free_bytes and entry.size > limits.max_ratio * max(entry.packed, 1):
        return Member(entry.name, reason=f"unpacks to more than {limits.max_ratio} times its size")
    if entry.size > limits.max_member_bytes:
        return Member(entry.name, reason=f"larger than {limits.max_member_bytes // MIB} MiB")
    try:
        return Member(entry.name, _opened(entry, file, meter))
    except NotRead as fault:
        return Member(entry.name, reason=str(fault))


def _opened(entry: _Entry, file: IO[bytes], meter: Meter) -> _Checked:
    with named_faults():
        file.seek(entry.offset)
        header = file.read(_LOCAL.size)
    if len(header) < _LOCAL.size or not header.startswith(_STARTS[0]):
        raise NotRead(_DAMAGED)
    *_, name_length, extra_length = _LOCAL.unpack(header)
    part = Part(file, entry.packed, "zip", entry.offset + _LOCAL.size + name_length + extra_length)
    if entry.method == _STORED:
        return _Checked(part, entry)
    packing = replace(_METHODS[entry.method], name="zip", padding=False)
    return _Checked(Unpacked(buffered(part), packing, meter), entry)


class _Checked(io.RawIOBase):
    """A member's bytes; its size and checksum must be those of the directory once its end is met."""

    def __init__(self, raw: io.RawIOBase, entry: _Entry) -> None:
        super().__init__()
        self._raw, self._left, self._wanted = raw, entry.size, entry.crc
        self._crc = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        size = self._raw.readinto(view) or 0
        self._crc = zlib.crc32(view[:size], self._crc)
        self._left -= size
        if self._left < 0 or (not size and (self._left or self._crc != self._wanted)):
            raise NotRead("damaged: not what its checksum says")
        return size

"""Compressed bytes made plain, a bounded piece at a time: gzip, Zstandard, bzip2 and xz, told by their first bytes.

However much a file unpacks to, no more than ``PIECE`` bytes and one window of it are held. How much came out is
counted on a ``Meter`` for the whole file on disk, and a bomb is refused as soon as its ratio shows.
"""

from __future__ import annotations

import bz2
import io
import lzma
import sys
import zlib
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Final, Protocol

from index.sources.records import MIB, Exhausted, Limits, NotRead

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import WriteableBuffer

PIECE: Final = 64 * 1024
_PACKED_PIECE: Final = 16 * 1024
# Zstandard gives all that a piece of input holds at once, at most 128 KiB for every four bytes.
_ZSTD_PIECE: Final = 1024
_WINDOW: Final = 128 * MIB  # what the highest levels of xz and zstd need; more is refused


class Unpacker(Protocol):
    """One stream being unpacked, in the manner of ``bz2.BZ2Decompressor``."""

    @property
    def eof(self) -> bool:
        """Whether the end of the stream was met."""

    @property
    def needs_input(self) -> bool:
        """Whether nothing more can come out without further input."""

    @property
    def unused_data(self) -> bytes:
        """What was given beyond the end of the stream."""

    def decompress(self, data: bytes, max_length: int) -> bytes:
        """Take packed bytes and give plain ones."""


@dataclass(slots=True)
class Meter:
    """What was unpacked from one file on disk, against what was read of it; shared by all that lies within."""

    limits: Limits
    packed: int = 0
    """Bytes of the file on disk read so far."""
    follows: bool = True
    """Whether ``packed`` grows with every byte read; where reading goes to and fro, who reads counts."""
    out: int = 0
    members: int = 0

    def count(self, size: int) -> None:
        """Count bytes that came out of a decompressor; raises ``Exhausted``."""
        self.out += size
        if self.out > self.limits.free_bytes and self.out > self.limits.max_ratio * max(self.packed, 1):
            raise Exhausted(f"unpacks to more than {self.limits.max_ratio} times its size")

    def count_member(self) -> None:
        """Count one member of an archive; raises ``Exhausted``."""
        self.members += 1
        if self.members > self.limits.max_members:
            raise Exhausted(f"more than {self.limits.max_members:,} members; the others are left out")


@dataclass(frozen=True, slots=True)
class Packing:
    """One way to compress: its name, first bytes, and the decompressor for a stream of it."""

    name: str
    magic: bytes
    make: Callable[[], Unpacker]
    padding: bool = False
    """Zero bytes may stand behind a stream."""


class Unpacked(io.RawIOBase):
    """The plain bytes of compressed ones, read from front to back."""

    def __init__(self, packed: IO[bytes], packing: Packing, meter: Meter) -> None:
        super().__init__()
        self._packed, self._packing, self._meter = packed, packing, meter
        self._unpacker = packing.make()
        self._fault: NotRead | None = None

    def readable(self) -> bool:
        """Return true."""
        return True

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill the buffer; what came out before a fault is given first."""
        view = memoryview(buffer).cast("B")
        filled = 0
        while filled < len(view) and self._fault is None:
            try:
                piece = self._piece(min(len(view) - filled, PIECE))
            except NotRead as fault:
                self._fault = fault
                break
            if not piece:
                break
            view[filled : filled + len(piece)] = piece
            filled += len(piece)
        if self._fault is not None and not filled:
            raise self._fault
        return filled

    def _piece(self, size: int) -> bytes:
        """Return some plain bytes, none at the end."""
        while not self._unpacker.eof or self._next_stream():
            data = self._packed.read(_PACKED_PIECE) if self._unpacker.needs_input else b""
            is_last = self._unpacker.needs_input and not data
            if piece := self._decompress(data, size):
                self._meter.count(len(piece))
                return piece
            if is_last and not self._unpacker.eof:
                raise NotRead(f"damaged or truncated {self._packing.name}")
        return b""

    def _decompress(self, data: bytes, size: int) -> bytes:
        try:
            return self._unpacker.decompress(data, size)
        except MemoryError:
            raise NotRead("needs too much memory to unpack") from None
        except _faults() as fault:
            much = "memory" in str(fault).lower()
            what = "needs too much memory to unpack" if much else f"damaged or truncated {self._packing.name}"
            raise NotRead(what) from None

    def _next_stream(self) -> bool:
        """Go on to a further stream behind the one that ended, if there is one."""
        rest = self._unpacker.unused_data or self._packed.read(_PACKED_PIECE)
        while self._packing.padding and rest and not rest.strip(b"\0"):
            rest = self._packed.read(_PACKED_PIECE)
        if not rest:
            return False
        self._unpacker = _Fed(self._packing.make(), rest.lstrip(b"\0") if self._packing.padding else rest)
        return True


class _Fed:
    """A decompressor with its first input at hand."""

    def __init__(self, unpacker: Unpacker, rest: bytes) -> None:
        self._unpacker, self._rest = unpacker, rest

    @property
    def eof(self) -> bool:
        return self._unpacker.eof

    @property
    def needs_input(self) -> bool:
        return not self._rest and self._unpacker.needs_input

    @property
    def unused_data(self) -> bytes:
        return self._unpacker.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        data, self._rest = self._rest + data, b""
        return self._unpacker.decompress(data, max_length)


class _Zlib:
    """``zlib`` in the manner of ``bz2``."""

    def __init__(self, window: int) -> None:
        self._stream = zlib.decompressobj(window)

    @property
    def eof(self) -> bool:
        return self._stream.eof

    @property
    def needs_input(self) -> bool:
        return not self._stream.unconsumed_tail

    @property
    def unused_data(self) -> bytes:
        return self._stream.unused_data

    def decompress(self, data: bytes, max_length: int) -> bytes:
        return self._stream.decompress(self._stream.unconsumed_tail + data, max_length)


class _Zstd:
    """``zstandard`` in the manner of ``bz2``: fed by the spoonful, because its output cannot be bounded."""

    def __init__(self) -> None:
        import zstandard  # compiled, and few files need it

        self._stream: Any = zstandard.ZstdDecompressor(max_window_size=_WINDOW).decompressobj()
        self._waiting = b""
        self._ready = memoryview(b"")

    @property
    def eof(self) -> bool:
        return bool(self._stream.eof) and not self._ready

    @property
    def needs_input(self) -> bool:
        return not self._waiting and not self._ready

    @property
    def unused_data(self) -> bytes:
        return bytes(self._stream.unused_data) + self._waiting

    def decompress(self, data: bytes, max_length: int) -> bytes:
        self._waiting += data
        while not self._ready and self._waiting and not self._stream.eof:
            spoon, self._waiting = self._waiting[:_ZSTD_PIECE], self._waiting[_ZSTD_PIECE:]
            self._ready = memoryview(self._stream.decompress(spoon))
        piece, self._ready = self._ready[:max_length], self._ready[max_length:]
        return bytes(piece)


def _faults() -> tuple[type[Exception], ...]:
    """Return what decompressors raise for odd input; Zstandard's own error has a name only once it is loaded."""
    zstandard: Any = sys.modules.get("zstandard")
    own = () if zstandard is None else (zstandard.ZstdError,)
    return (zlib.error, lzma.LZMAError, OSError, EOFError, ValueError, *own)


def _xz() -> Unpacker:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_WINDOW + 16 * MIB)


GZIP: Final = Packing("gzip", b"\x1f\x8b\x08", lambda: _Zlib(31), padding=True)
DEFLATE: Final = Packing("zip", b"", lambda: _Zlib(-15))
BZIP2: Final = Packing("bzip2", b"BZh", bz2.BZ2Decompressor)
XZ: Final = Packing("xz", b"\xfd7zXZ\x00", _xz, padding=True)
ZSTD: Final = Packing("zstd", b"\x28\xb5\x2f\xfd", _Zstd)
_SKIPPABLE: Final = tuple(bytes((code,)) + b"\x2a\x4d\x18" for code in range(0x50, 0x60))  # frames zstd may begin with


def packing_of(head: bytes) -> Packing | None:
    """Return how a file is compressed, told by its first bytes."""
    if head.startswith(_SKIPPABLE):
        return ZSTD
    if head.startswith(BZIP2.magic) and head[4:10] not in (b"1AY&SY", b"\x17rE8P\x90"):
        return None  # a text may begin so
    return next((packing for packing in (GZIP, ZSTD, BZIP2, XZ) if head.startswith(packing.magic)), None)

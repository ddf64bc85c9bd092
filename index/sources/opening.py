"""Opening files safely and turning bytes into text.

Only regular files and standard input are opened, without waiting on a pipe; compression is undone on the way, within
limits. Text is UTF-8, UTF-16 with a byte-order mark, or, in HTML, what the page declares.
"""

from __future__ import annotations

import codecs
import errno
import io
import os
import re
import stat
import sys
import tempfile
from contextlib import contextmanager
from pathlib import PurePath
from typing import IO, TYPE_CHECKING, Any, Final

from index.sources.records import MIB, STDIN, Limits, NotRead
from index.sources.unpacking import PIECE, Meter, Unpacked, packing_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from _typeshed import WriteableBuffer

HEAD_BYTES: Final = 64 * 1024
_MOST_PACKINGS: Final = 2
_PACKED_SUFFIXES: Final = frozenset((".gz", ".bz2", ".xz", ".zst", ".zstd", ".z"))
_IN_MEMORY: Final = 8 * MIB  # of a copy; a larger one is a temporary file

_DECLARED = re.compile(
    rb"""<meta[^>]{1,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})"""
    rb"""|<\?xml[^>]{1,80}?encoding=["']([\w.:-]{2,40})["']""",
    re.IGNORECASE,
)
# Only encodings of text: Python also knows "punycode" and the like, which no page is written in.
_PREFIXES = ("utf", "iso8859", "cp", "koi8", "gb", "big5", "euc", "shift", "iso2022", "mac", "ascii", "tis")
# As browsers do: the wider encoding that contains the one declared.
_WIDER = {"iso8859-1": "cp1252", "ascii": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932",
          "euc_kr": "cp949", "iso8859-9": "cp1254", "big5": "big5hkscs", "tis-620": "cp874"}  # fmt: skip
_TOLERATED = 1000  # one undecodable byte in so many is a scratch, more is another encoding


class Stream:
    """A file being read, its compression undone: on disk, from standard input, or within an archive."""

    def __init__(
        self,
        raw: io.RawIOBase | IO[bytes],
        limits: Limits,
        *,
        meter: Meter | None = None,
        path: Path | None = None,
        label: PurePath | None = None,
    ) -> None:
        self.meter = meter or Meter(limits)
        """Shared with whatever lies within this file."""
        self.path = path
        """Where it lies on disk; ``None`` within an archive and for standard input."""
        self.label = label or path or PurePath()
        """Its name, for what a suffix tells; that of its compression is gone."""
        self.packings = 0
        """How many times it was compressed."""
        self._limits = limits
        self.file = buffered(_OnDisk(raw, self.meter) if meter is None else raw)
        """The bytes, for readers that stream; their faults are to be read under ``named_faults``."""
        while (packing := packing_of(self.head())) is not None:
            if self.packings == _MOST_PACKINGS:
                raise NotRead(f"compressed more than {_MOST_PACKINGS} times over")
            self.packings += 1
            self.file = buffered(Unpacked(self.file, packing, self.meter))
            if self.label.suffix.lower() in _PACKED_SUFFIXES:
                self.label = self.label.with_suffix("")

    @property
    def position(self) -> int:
        """Bytes of the file on disk read so far."""
        return self.meter.packed

    def head(self) -> bytes:
        """Return the first bytes, at most ``HEAD_BYTES``, without reading on; to be asked for at the start only."""
        with named_faults():
            return self.file.peek(HEAD_BYTES)[:HEAD_BYTES]

    def everything(self) -> bytes:
        """Return the whole file, if it is within the limit."""
        limit = self._limits.max_file_bytes
        with named_faults():
            whole = self.file.read(limit + 1)
        if len(whole) > limit:
            raise NotRead(f"larger than {limit // MIB} MiB")
        return whole

    def lines(self) -> Iterator[bytes | None]:
        """Yield the lines; ``None`` stands for one over the limit."""
        limit = self._limits.max_line_bytes
        while line := self._line(limit):
            if len(line) <= limit:
                yield line
                continue
            yield None
            while line and not line.endswith(b"\n"):
                line = self._line(PIECE)

    @contextmanager
    def seekable(self) -> Iterator[IO[bytes]]:
        """Give the file where one can go to and fro: as it lies on disk, else a nameless copy, within limits."""
        if not self.packings and self.path is not None:
            self.meter.follows, self.meter.packed = False, 0
            yield self.file
            return
        with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY) as copy:
            self._copy_to(copy)
            yield copy

    def _copy_to(self, copy: tempfile.SpooledTemporaryFile[bytes]) -> None:
        limit, size = self._limits.max_member_bytes, 0
        with named_faults():
            while piece := self.file.read(PIECE):
                size += len(piece)
                if size > limit:
                    raise NotRead(f"larger than {limit // MIB} MiB")
                copy.write(piece)

    def _line(self, limit: int) -> bytes:
        with named_faults():
            return self.file.readline(limit + 1)


class _OnDisk(io.RawIOBase):
    """A file as the system gives it: fills the buffers it is given, as pipes do not, and counts what was read."""

    def __init__(self, raw: IO[bytes] | io.RawIOBase, meter: Meter) -> None:
        super().__init__()
        self._raw: Any = raw
        self._meter = meter

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return bool(self._raw.seekable())

    def seek(self, offset: int, whence: int = 0) -> int:
        return int(self._raw.seek(offset, whence))

    def tell(self) -> int:
        return int(self._raw.tell())

    def readinto(self, buffer: WriteableBuffer) -> int:
        view = memoryview(buffer).cast("B")
        filled = 0
        while filled < len(view) and (size := self._raw.readinto(view[filled:])) != 0:
            if size is None:
                raise BlockingIOError(errno.EAGAIN, "gives no data and does not wait for any")
            filled += size
        if self._meter.follows:
            self._meter.packed += filled
        return filled


def buffered(raw: io.RawIOBase | IO[bytes]) -> io.BufferedReader:
    """Return a reader over ``raw`` whose buffer holds what formats are told by."""
    return io.BufferedReader(raw, HEAD_BYTES)  # type: ignore[arg-type]  # a readable, raw or buffered


@contextmanager
def opened(path: Path, limits: Limits) -> Iterator[Stream]:
    """Open a regular file, or standard input for ``STDIN``; whatever hinders that is raised as ``NotRead``."""
    if path == STDIN:
        yield Stream(_standard_input(), limits)
        return
    with named_faults():
        descriptor = _regular(path)
    with os.fdopen(descriptor, "rb", buffering=0) as raw:
        yield Stream(raw, limits, path=path)


def _regular(path: Path) -> int:
    """Open without waiting for the other end of a pipe, and regular files only."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise NotRead("not a regular file")


def _standard_input() -> IO[bytes]:
    found: IO[bytes] | None = getattr(sys.stdin, "buffer", None)
    if found is None:
        raise NotRead("closed")
    return found


def decoded(raw: bytes, *, declared: bool = False) -> tuple[str, int]:
    """Return the text of ``raw`` and how many characters could not be read; HTML may declare its encoding."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strictly(raw, "utf-16"), 0
    try:
        return raw.decode("utf-8-sig"), 0
    except UnicodeDecodeError:
        charset = _declared_charset(raw) if declared else None
    if charset is None:
        raise NotRead("not UTF-8")
    found = read_as(raw, charset)
    if found is None:
        raise NotRead(f"not UTF-8, nor the {charset} it declares")
    return found


def text_encoding(charset: str | None) -> str | None:
    """Return Python's name of an encoding that pages are written in, by the name it is declared with."""
    try:
        name = codecs.lookup((charset or "").strip(" \"'")).name
    except (LookupError, ValueError):
        return None
    return _WIDER.get(name, name) if name.startswith(_PREFIXES) and name != "utf-7" else None


def read_as(raw: bytes, encoding: str) -> tuple[str, int] | None:
    """Return the text and how many characters could not be read, ``None`` where there are too many of them."""
    text = raw.decode(encoding, "replace")
    lost = text.count("\ufffd")
    return None if lost * _TOLERATED > len(text) else (text.removeprefix("\ufeff"), lost)


def _declared_charset(raw: bytes) -> str | None:
    """Return the encoding an HTML page declares, if it is one of text."""
    found = _DECLARED.search(raw[:4096])
    return text_encoding((found[1] or found[2]).decode("ascii", "replace")) if found else None


def _strictly(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        raise NotRead(f"not {encoding.upper()}, though it begins so") from None


@contextmanager
def named_faults() -> Iterator[None]:
    """Turn what can go wrong while reading into a reason."""
    try:
        yield
    except (OSError, ValueError) as fault:
        reason = fault.strerror if isinstance(fault, OSError) else None
        raise NotRead((reason or "cannot be opened").lower()) from None

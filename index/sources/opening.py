"""Opening files safely and turning bytes into text.

Only regular files are opened, without waiting on a pipe; gzip is unpacked on the way, within limits. Text is UTF-8,
UTF-16 with a byte-order mark, or, in HTML, what the page declares.
"""

from __future__ import annotations

import gzip
import os
import re
import stat
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING

from index.sources.records import MIB, Limits, NotRead

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEAD_BYTES = 64 * 1024
_GZIP_MAGIC = b"\x1f\x8b\x08"

_DECLARED = re.compile(
    rb"""<meta[^>]{1,200}?charset\s*=\s*["']?\s*([\w.:-]{2,40})"""
    rb"""|<\?xml[^>]{1,80}?encoding=["']([\w.:-]{2,40})["']""",
    re.IGNORECASE,
)
# Only encodings of text: Python also knows "punycode" and the like, which no page is written in.
_CHARSETS = re.compile(
    r"(?:utf-?8|utf-?16(?:le|be)?|iso-?8859-\d{1,2}|(?:windows-|cp)\d{3,4}|koi8-[ru]|macintosh|tis-620"
    r"|gb2312|gbk|gb18030|big5(?:-hkscs)?|euc-?(?:jp|kr)|ks_c_5601-1987|shift[_-]?jis|iso-2022-(?:jp|kr))$"
)
# As browsers do: the wider encoding that contains the one declared.
_WIDER = {"iso-8859-1": "cp1252", "iso8859-1": "cp1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932",
          "shift-jis": "cp932", "euc-kr": "cp949", "ks_c_5601-1987": "cp949", "macintosh": "mac_roman",
          "iso-8859-9": "cp1254", "big5": "big5hkscs", "tis-620": "cp874"}  # fmt: skip
_TOLERATED = 1000  # one undecodable byte in so many is a scratch, more is another encoding


class Stream:
    """A file being read: its unpacked bytes, and how far into the file on disk the reading is."""

    def __init__(self, raw: IO[bytes], limits: Limits) -> None:
        magic = raw.read(len(_GZIP_MAGIC))
        raw.seek(0)
        self._raw = raw
        self._limits = limits
        self._out = 0
        self._packed = magic == _GZIP_MAGIC
        self._bytes: IO[bytes] = gzip.GzipFile(fileobj=raw, mode="rb") if self._packed else raw  # type: ignore[assignment]

    @property
    def position(self) -> int:
        """Bytes of the file on disk read so far."""
        return self._raw.tell()

    def head(self) -> bytes:
        """Return the first bytes and go back to the start."""
        with _named_faults():
            head = self._bytes.read(HEAD_BYTES)
            self._bytes.seek(0)
        return head

    def everything(self) -> bytes:
        """Return the whole file, if it is within the limit."""
        limit = self._limits.max_file_bytes
        with _named_faults():
            whole = self._bytes.read(limit + 1)
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
                line = self._line(limit)

    def _line(self, limit: int) -> bytes:
        with _named_faults():
            line = self._bytes.readline(limit + 1)
        self._out += len(line)
        if self._packed and self._out > self._limits.max_file_bytes:
            self._judge_ratio()
        return line

    def _judge_ratio(self) -> None:
        if self._out > self._limits.max_gzip_ratio * max(self._raw.tell(), 1):
            raise NotRead(f"unpacks to more than {self._limits.max_gzip_ratio} times its size")


@contextmanager
def opened(path: Path, limits: Limits) -> Iterator[Stream]:
    """Open a regular file; whatever hinders that is raised as ``NotRead``."""
    with _named_faults():
        descriptor = _regular(path)
    with os.fdopen(descriptor, "rb") as raw:
        yield Stream(raw, limits)


def _regular(path: Path) -> int:
    """Open without waiting for the other end of a pipe, and regular files only."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    if stat.S_ISREG(os.fstat(descriptor).st_mode):
        return descriptor
    os.close(descriptor)
    raise NotRead("not a regular file")


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
    try:
        text = raw.decode(charset, "replace")
    except (LookupError, ValueError):
        raise NotRead(f"not UTF-8, nor the {charset} it declares") from None
    lost = text.count("\ufffd")
    if lost * _TOLERATED > len(text):
        raise NotRead(f"not UTF-8, nor the {charset} it declares")
    return text.removeprefix("\ufeff"), lost


def _declared_charset(raw: bytes) -> str | None:
    """Return the encoding an HTML page declares, if it is one of text."""
    found = _DECLARED.search(raw[:4096])
    name = (found[1] or found[2]).decode("ascii", "replace").lower() if found else ""
    return _WIDER.get(name, name) if _CHARSETS.match(name) else None


def _strictly(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError:
        raise NotRead(f"not {encoding.upper()}, though it begins so") from None


@contextmanager
def _named_faults() -> Iterator[None]:
    """Turn what can go wrong while reading into a reason."""
    try:
        yield
    except (EOFError, zlib.error, gzip.BadGzipFile):
        raise NotRead("damaged or truncated gzip") from None
    except (OSError, ValueError) as fault:
        reason = fault.strerror if isinstance(fault, OSError) else None
        raise NotRead((reason or "cannot be opened").lower()) from None

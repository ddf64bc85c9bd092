"""An HTTP answer as archives keep it: status, kind, and the body unpacked within limits."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.sources.records import MIB, Limits, NotRead

if TYPE_CHECKING:
    from collections.abc import Callable

_STATUS = re.compile(r"(?:HTTP|ICY)(?:/\d(?:\.\d)?)?\s+(\d{3})")
_HEAD_END = re.compile(rb"\r?\n\r?\n")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{2,40})", re.IGNORECASE)
_CHUNK_SIZE = re.compile(rb"\s*([0-9a-fA-F]{1,8})[^\r\n]{0,200}\r?\n")
_LONGEST_HEAD = 256 * 1024
_STEP = 64 * 1024


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer taken apart; ``body`` is as it was sent."""

    status: int
    kind: str
    charset: str | None
    encodings: tuple[str, ...]
    chunked: bool
    body: bytes


def answer_of(raw: bytes) -> Answer:
    """Return an answer; what has no head is ``NotRead``."""
    end = _HEAD_END.search(raw, 0, _LONGEST_HEAD)
    lines = (raw[: end.start()] if end else raw[:_LONGEST_HEAD]).decode("latin-1").split("\n")
    status = _STATUS.match(lines[0])
    if status is None:
        raise NotRead("not an HTTP answer")
    fields: dict[str, str] = {}
    for line in lines[1:]:
        name, _, value = line.partition(":")
        fields[name.strip().lower()] = value.strip()
    kind, charset = kind_of(fields.get("content-type", ""))
    encodings = tuple(filter(None, (part.strip().lower() for part in fields.get("content-encoding", "").split(","))))
    chunked = "chunked" in fields.get("transfer-encoding", "").lower()
    return Answer(int(status[1]), kind, charset, encodings, chunked, raw[end.end() :] if end else b"")


def kind_of(content_type: str) -> tuple[str, str | None]:
    """Return the media type and the charset of a ``Content-Type``."""
    found = _CHARSET.search(content_type)
    return content_type.partition(";")[0].strip().lower(), found[1] if found else None


def unpacked(answer: Answer, limits: Limits) -> bytes:
    """Return the body as the page it is; larger than a file may be, or not as it says, is ``NotRead``."""
    body = _joined(answer.body) if answer.chunked else answer.body
    for encoding in reversed(answer.encodings):
        body = _decoded(body, encoding, limits.max_file_bytes)
    return body


def _joined(body: bytes) -> bytes:
    """Put chunks together; archivers often keep the header of a body they have already put together."""
    parts: list[bytes] = []
    place = 0
    while size := _CHUNK_SIZE.match(body, place):
        length = int(size[1], 16)
        if length == 0:
            return b"".join(parts)
        parts.append(body[size.end() : size.end() + length])
        place = size.end() + length
        place += 2 if body[place : place + 2] == b"\r\n" else body[place : place + 1] == b"\n"
    return b"".join(parts) if parts and place >= len(body) else body


def _decoded(body: bytes, encoding: str, limit: int) -> bytes:
    """Undo one content encoding; a body that is not in it was kept unpacked."""
    try:
        if encoding in ("gzip", "x-gzip"):
            return _inflated(body, 16 + zlib.MAX_WBITS, limit) if body.startswith(b"\x1f\x8b") else body
        if encoding == "deflate":
            zlib_head = body[:1] and body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0  # noqa: PLR2004
            return _inflated(body, zlib.MAX_WBITS if zlib_head else -zlib.MAX_WBITS, limit)
        if encoding == "br":
            return _unbrotlied(body, limit)
    except zlib.error:
        return body if _is_text(body) else _damaged(encoding)
    return body if encoding == "identity" or _is_text(body) else _damaged(encoding)


def _is_text(body: bytes) -> bool:
    return body.lstrip()[:1] == b"<"


def _damaged(encoding: str) -> bytes:
    raise NotRead(f"its content is not {encoding[:20]}, as it says, or in an encoding that is not known")


def _inflated(body: bytes, bits: int, limit: int) -> bytes:
    decoder = zlib.decompressobj(bits)
    found = _within(decoder.decompress(body, limit + 1), limit)
    return found if decoder.eof else _damaged("gzip or deflate to its end")


def _unbrotlied(body: bytes, limit: int) -> bytes:
    """Unpack brotli a little at a time: a few bytes of it can grow to gigabytes."""
    import brotli

    if _is_text(body):
        return body
    decoder = brotli.Decompressor()
    process: Callable[..., bytes] = decoder.process
    parts, size = [], 0
    try:
        part = process(body, output_buffer_limit=_STEP)
        while part or not decoder.can_accept_more_data():
            parts.append(part)
            size += len(part)
            if size > limit:
                break
            part = process(b"", output_buffer_limit=_STEP)
    except brotli.error:
        _damaged("br")
    return _within(b"".join(parts), limit)


def _within(found: bytes, limit: int) -> bytes:
    if len(found) > limit:
        raise NotRead(f"unpacks to more than {limit // MIB} MiB")
    return found

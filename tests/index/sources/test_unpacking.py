"""Compression: told by content, streamed, bounded, and a fault never takes what came before it."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import random
from typing import TYPE_CHECKING, Any

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.sources.opening import HEAD_BYTES, opened
from index.sources.records import Limits, NotRead, Skip
from index.sources.unpacking import packing_of
from index.sources.walk import read_sources

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "bzip2": bz2.compress,
    "xz": lambda raw: lzma.compress(raw, preset=0),
    "zstd": zstandard.compress,
}
every_packer = pytest.mark.parametrize("packer", PACKERS)
LINE = json.dumps({"title": "One", "paragraphs": ["Text"]})


def noise(size: int) -> bytes:
    return random.Random(7).randbytes(size)


def lines(count: int) -> bytes:
    text = noise(count * 2000).hex()
    made = (json.dumps({"id": f"a{n}", "title": text[n * 4000 : (n + 1) * 4000]}) for n in range(count))
    return "\n".join(made).encode()


def unpacked(path: Path) -> bytes:
    with opened(path, Limits()) as stream:
        head = stream.head()
        whole = stream.everything()
    assert whole.startswith(head)
    assert len(head) == min(HEAD_BYTES, len(whole))
    return whole


@every_packer
@pytest.mark.parametrize("size", [1, 1000, HEAD_BYTES - 1, HEAD_BYTES, HEAD_BYTES + 1, 1_000_000])
def test_bytes_come_back(tmp_path: Path, packer: str, size: int) -> None:
    raw = noise(size // 2) + bytes(size - size // 2)
    (tmp_path / "file").write_bytes(PACKERS[packer](raw))
    assert unpacked(tmp_path / "file") == raw


@every_packer
def test_several_streams_and_their_padding_are_one_file(tmp_path: Path, packer: str) -> None:
    pack = PACKERS[packer]
    padding = bytes(512) if packer in ("gzip", "xz") else b""
    (tmp_path / "file").write_bytes(pack(b"one ") + padding + pack(b"") + pack(b"two ") + pack(b"three") + padding)
    assert unpacked(tmp_path / "file") == b"one two three"


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=4), st.sampled_from(sorted(PACKERS)))
@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_streams_come_back(tmp_path: Path, parts: list[bytes], packer: str) -> None:
    (tmp_path / "file").write_bytes(b"".join(PACKERS[packer](part) for part in parts))
    if packing_of(b"".join(parts)) is None:
        assert unpacked(tmp_path / "file") == b"".join(parts)


@every_packer
def test_content_and_not_the_name_tells_compression(tmp_path: Path, packer: str) -> None:
    for name in ("a.jsonl", "b.jsonl.gz", "c.jsonl.zst"):
        (tmp_path / name).write_bytes(PACKERS[packer](f"{LINE}\n{LINE}".encode()))
    (tmp_path / "plain.jsonl.gz").write_bytes(LINE.encode())
    events: list[Any] = []
    assert len(list(read_sources([tmp_path], Limits(), events.append))) == 7
    assert events == []


@every_packer
def test_what_comes_before_the_damage_is_read(tmp_path: Path, packer: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(PACKERS[packer](lines(1000))[:-30])
    events: list[Any] = []
    articles = list(read_sources([path], Limits(), events.append))
    assert 200 < len(articles) < 1000
    assert events[-1] == Skip(str(path), f"damaged or truncated {packer}")


@every_packer
@pytest.mark.parametrize("keep", [12, 20])
def test_headers_alone_are_damage(tmp_path: Path, packer: str, keep: int) -> None:
    (tmp_path / "a").write_bytes(PACKERS[packer](noise(2000))[:keep])
    with pytest.raises(NotRead, match=f"damaged or truncated {packer}"):
        unpacked(tmp_path / "a")


def test_garbage_behind_a_stream_is_damage(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(gzip.compress(b"some text") + b"garbage")
    with pytest.raises(NotRead, match="damaged or truncated gzip"):
        unpacked(tmp_path / "a")


@every_packer
def test_bombs_are_refused_once_their_ratio_shows(tmp_path: Path, packer: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(PACKERS[packer](f"{LINE[:-3]}{'t' * 20_000}{LINE[-3:]}\n".encode() * 1500))
    events: list[Any] = []
    articles = list(read_sources([path], Limits(free_bytes=1_000_000), events.append))
    assert len(articles) < 1500
    assert events == [Skip(str(path), "unpacks to more than 200 times its size")]


def test_compression_of_compression_ends(tmp_path: Path) -> None:
    raw = LINE.encode()
    for times, read in ((2, True), (3, False)):
        packed = raw
        for _ in range(times):
            packed = gzip.compress(packed)
        (tmp_path / "a").write_bytes(packed)
        events: list[Any] = []
        assert bool(list(read_sources([tmp_path / "a"], Limits(), events.append))) is read
    assert events == [Skip(str(tmp_path / "a"), "compressed more than 2 times over")]


def test_windows_larger_than_any_common_level_needs_are_refused(tmp_path: Path) -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=30)
    packer = zstandard.ZstdCompressor(compression_params=parameters).compressobj()
    (tmp_path / "a.zst").write_bytes(packer.compress(noise(1000)) + packer.flush())
    huge = [{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 29}]
    (tmp_path / "b.xz").write_bytes(lzma.compress(noise(1000), filters=huge))
    for name in ("a.zst", "b.xz"):
        with pytest.raises(NotRead, match="needs too much memory to unpack"):
            unpacked(tmp_path / name)


def test_frames_that_zstd_passes_over_may_stand_first(tmp_path: Path) -> None:
    frame = b"\x50\x2a\x4d\x18" + (4).to_bytes(4, "little") + b"abcd"
    (tmp_path / "a").write_bytes(frame + zstandard.compress(b"text") + frame)
    assert unpacked(tmp_path / "a") == b"text"


def test_a_text_that_begins_like_bzip2_is_a_text(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(
        b"BZhang elected\n\nThe council has chosen a new leader after a long night of talk.\n"
    )
    (article,) = read_sources([tmp_path], Limits(), lambda _event: None)
    assert article.title == "BZhang elected"

"""Archives: members as files of a folder, whatever holds them; what is hostile or damaged is named."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import random
import stat
import struct
import tarfile
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
import zstandard

from index.sources.records import Limits, Skip
from index.sources.walk import read_sources, source_files

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from index.model import Article

PLAIN = "{}\n\nA paragraph of ordinary prose that is long enough to be taken for one, and then some.\n"
FILES = {
    "one.txt": PLAIN.format("First of them").encode(),
    "folder/two.txt": PLAIN.format("Second of them").encode(),
    "data.jsonl": b"".join(json.dumps({"id": f"j{n}", "title": f"Line {n}"}).encode() + b"\n" for n in range(3)),
    "image.png": b"\x89PNG\r\n\x1a\n\0\0",
    ".hidden/three.txt": PLAIN.format("Hidden").encode(),
    "__MACOSX/one.txt": PLAIN.format("Not a file of the user").encode(),
    "README": b"about",
}
TITLES = ["First of them", "Second of them", "Line 0", "Line 1", "Line 2"]


def zipped(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, raw in files.items():
            archive.writestr(name, raw)
    return made.getvalue()


def tarred(files: dict[str, bytes], style: int = tarfile.PAX_FORMAT) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=style) as archive:
        for name, raw in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(raw)
            archive.addfile(info, io.BytesIO(raw))
    return made.getvalue()


MAKERS: dict[str, Callable[[dict[str, bytes]], bytes]] = {
    "a.zip": zipped,
    "stored.zip": lambda files: zipped(files, zipfile.ZIP_STORED),
    "bzip2.zip": lambda files: zipped(files, zipfile.ZIP_BZIP2),
    "a.tar": tarred,
    "gnu.tar": lambda files: tarred(files, tarfile.GNU_FORMAT),
    "ustar.tar": lambda files: tarred(files, tarfile.USTAR_FORMAT),
    "a.tar.gz": lambda files: gzip.compress(tarred(files)),
    "a.tar.bz2": lambda files: bz2.compress(tarred(files)),
    "a.tar.xz": lambda files: lzma.compress(tarred(files), preset=0),
    "a.tar.zst": lambda files: zstandard.compress(tarred(files)),
    "a.zip.gz": lambda files: gzip.compress(zipped(files)),
}
every_archive = pytest.mark.parametrize("name", MAKERS)


def read(path: Path, limits: Limits | None = None) -> tuple[list[Article], list[Any]]:
    events: list[Any] = []
    return list(read_sources([path], limits or Limits(), events.append)), events


def put(path: Path, raw: bytes) -> Path:
    path.write_bytes(raw)
    return path


def noise(size: int, seed: int = 1) -> bytes:
    return random.Random(seed).randbytes(size)


@every_archive
@pytest.mark.parametrize("named", [True, False], ids=["named", "no suffix"])
def test_members_are_read_in_order_as_files_of_a_folder(tmp_path: Path, name: str, named: bool) -> None:
    path = put(tmp_path / (name if named else "archive"), MAKERS[name](FILES))
    articles, events = read(path)
    assert [article.title for article in articles] == TITLES
    assert [article.path for article in articles][:3] == [
        f"{path}!/{member}" for member in ("one.txt", "folder/two.txt", "data.jsonl")
    ]
    assert events == [Skip(f"{path}!/image.png", "binary"), Skip(f"{path}!/README", "not an article")]


@every_archive
def test_progress_adds_up_to_the_size_on_disk(tmp_path: Path, name: str) -> None:
    path = put(
        tmp_path / name, MAKERS[name]({f"{n}.txt": FILES["one.txt"] + noise(900).hex().encode() for n in range(9)})
    )
    steps: list[int] = []
    articles = list(read_sources([path], Limits(), lambda _event: None, steps.append))
    assert len(articles) == 9
    assert min(steps) >= 0
    assert sum(steps) == path.stat().st_size
    assert [source.size for source in source_files([path], lambda _event: None)] == [path.stat().st_size]


@every_archive
def test_archives_in_archives_are_read_three_deep(tmp_path: Path, name: str) -> None:
    raw = FILES["one.txt"]
    nested = {"one.txt": raw}
    for depth in range(1, 5):
        packed = MAKERS[name](nested)
        nested = {f"deep{depth}": packed, "one.txt": raw}
    path = put(tmp_path / "top", packed)
    articles, events = read(path)
    assert [article.path for article in articles] == [
        f"{path}!/deep3!/deep2!/one.txt",
        f"{path}!/deep3!/one.txt",
        f"{path}!/one.txt",
    ]
    assert events == [Skip(f"{path}!/deep3!/deep2!/deep1", "an archive within more than 3 others")]


def test_names_are_labels_only(tmp_path: Path) -> None:
    names = ["../../etc/evil.txt", "/abs/evil.txt", "C:\\evil.txt", "new\nline\x1b[31m.txt", "con.txt", "./ok.txt"]
    for make in (zipped, tarred):
        path = put(tmp_path / "a", make(dict.fromkeys(names, FILES["one.txt"])))
        paths = [article.path for article in read(path)[0]]
        assert paths == [
            f"{path}!/{name}"
            for name in ("../../etc/evil.txt", "/abs/evil.txt", "C:\\evil.txt", "new␤line[31m.txt", "con.txt", "ok.txt")
        ]
        assert [entry.name for entry in tmp_path.iterdir()] == ["a"]


def test_names_in_old_encodings_and_very_long_ones(tmp_path: Path) -> None:
    raw = zipped({"caf\u00e9.txt": FILES["one.txt"]})
    marked = raw.replace("caf\u00e9.txt".encode(), b"caf\x82\x82.txt").replace(b"\x00\x08\x08\x00", b"\x00\x00\x08\x00")
    assert read(put(tmp_path / "a", marked))[0][0].path == f"{tmp_path / 'a'}!/caf\u00e9\u00e9.txt"
    long = "folder/" * 100 + "x" * 400
    for style in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT):
        path = put(tmp_path / "b", tarred({long: FILES["one.txt"]}, style))
        assert read(path)[0][0].path == f"{path}!/{long}"[: len(f"{path}!/") + 1000]


def test_links_devices_and_the_like_in_a_tar_are_named(tmp_path: Path) -> None:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w") as archive:
        for name, kind in (("soft", tarfile.SYMTYPE), ("hard", tarfile.LNKTYPE), ("pipe", tarfile.FIFOTYPE),
                           ("device", tarfile.CHRTYPE), ("folder", tarfile.DIRTYPE)):  # fmt: skip
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, "/etc/passwd"
            archive.addfile(info)
        info = tarfile.TarInfo("last.txt")
        info.size = len(FILES["one.txt"])
        archive.addfile(info, io.BytesIO(FILES["one.txt"]))
    articles, events = read(put(tmp_path / "a", made.getvalue()))
    assert len(articles) == 1
    assert [event.reason for event in events] == ["a link", "a link", "not a regular file", "not a regular file"]


def test_links_encrypted_members_and_unknown_methods_in_a_zip_are_named(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.create_system, link.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("folder/", "")
        archive.writestr("secret.txt", FILES["one.txt"])
        archive.writestr("lzma.txt", FILES["one.txt"], zipfile.ZIP_LZMA)
        archive.writestr("plain.txt", FILES["one.txt"])
    raw = bytearray(made.getvalue())
    entry = raw.rindex(b"PK\x01\x02", 0, raw.rindex(b"secret.txt"))
    raw[entry + 8] |= 1
    articles, events = read(put(tmp_path / "a", bytes(raw)))
    assert len(articles) == 1
    assert [event.reason for event in events] == ["a link", "encrypted", "packed by method 14, which is not known here"]


@pytest.mark.parametrize("name", ["a.zip", "stored.zip", "a.tar", "a.tar.gz", "a.tar.xz", "a.tar.bz2", "a.tar.zst"])
def test_what_stands_before_the_damage_is_read(tmp_path: Path, name: str) -> None:
    files = {
        f"{n}.json": json.dumps({"title": f"Title {n}", "text": noise(60_000, n).hex()}).encode() for n in range(40)
    }
    raw = MAKERS[name](files)
    path = put(tmp_path / name, raw[: len(raw) * 3 // 4])
    articles, events = read(path)
    assert 10 <= len(articles) < 40
    assert [article.title for article in articles] == [f"Title {n}" for n in range(len(articles))]
    assert events[-1].path == str(path)
    assert "damaged or truncated" in events[-1].reason


def test_a_damaged_member_does_not_hinder_the_others(tmp_path: Path) -> None:
    raw = bytearray(zipped({f"{n}.txt": FILES["one.txt"] for n in range(3)}, zipfile.ZIP_STORED))
    raw[raw.index(b"ordinary", raw.index(b"ordinary") + 1)] ^= 1
    path = put(tmp_path / "a", bytes(raw))
    articles, events = read(path)
    assert len(articles) == 2
    assert events == [Skip(f"{path}!/1.txt", "damaged: not what its checksum says")]


def test_members_are_counted_over_all_archives_in_a_file(tmp_path: Path) -> None:
    inner = zipped({f"{n}.txt": FILES["one.txt"] for n in range(4)})
    for make in (zipped, tarred):
        path = put(tmp_path / "a", make({f"{n}.zip": inner for n in range(4)}))
        articles, events = read(path, Limits(max_members=12))
        assert len(articles) == 9
        assert events == [Skip(str(path), "more than 12 members; the others are left out")]


def test_large_members_are_named(tmp_path: Path) -> None:
    for make in (zipped, tarred):
        path = put(tmp_path / "a", make({"big.txt": noise(3000), "one.txt": FILES["one.txt"]}))
        articles, events = read(path, Limits(max_member_bytes=2000))
        assert len(articles) == 1
        assert events == [Skip(f"{path}!/big.txt", "larger than 0 MiB")]


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_a_bomb_among_members_is_left_out(tmp_path: Path, method: int) -> None:
    path = put(tmp_path / "a", zipped({"bomb.txt": bytes(30_000_000), "one.txt": FILES["one.txt"]}, method))
    articles, events = read(path)
    assert len(articles) == 1
    assert events == [Skip(f"{path}!/bomb.txt", "unpacks to more than 200 times its size")]


def test_a_bomb_that_lies_about_its_size(tmp_path: Path) -> None:
    raw = bytearray(zipped({"bomb.txt": b"a" * 30_000_000}))
    at = raw.rindex(b"PK\x01\x02")
    raw[at + 24 : at + 28] = struct.pack("<I", 1000)
    path = put(tmp_path / "a", bytes(raw))
    assert read(path) == ([], [Skip(f"{path}!/bomb.txt", "damaged: not what its checksum says")])


def overlapping(count: int) -> bytes:
    """Return a zip whose directory names one and the same member many times."""
    single = zipped({"a.txt": b"x" * 100_000})
    at = single.rindex(b"PK\x01\x02")
    entry, end = single[at : single.rindex(b"PK\x05\x06")], single[single.rindex(b"PK\x05\x06") :]
    directory = entry * count
    return single[:at] + directory + end[:8] + struct.pack("<HHII", count, count, len(directory), at) + b"\0\0"


def test_overlapping_members_are_refused(tmp_path: Path) -> None:
    path = put(tmp_path / "a.zip", overlapping(1000))
    assert read(path) == ([], [Skip(str(path), "its members overlap, as in a zip bomb")])


def test_nested_bombs_are_refused(tmp_path: Path) -> None:
    packed = zipped({"a.txt": b"a" * 4_000_000})
    path = put(tmp_path / "a.zip", zipped({f"{n}.zip": packed for n in range(500)}))
    articles, events = read(path)
    assert articles == []
    assert events[-1] == Skip(str(path), "unpacks to more than 200 times its size")
    assert len(events) < 500


def test_a_zip_behind_other_bytes_and_one_with_a_comment(tmp_path: Path) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("one.txt", FILES["one.txt"])
        archive.comment = b"a comment" * 100
    assert len(read(put(tmp_path / "a", made.getvalue()))[0]) == 1
    first = zipped({"x.txt": b"x"})
    cut = first[: first.index(b"PK\x01\x02")]
    assert len(read(put(tmp_path / "b", cut + made.getvalue()))[0]) == 1


def test_64_bit_zips(tmp_path: Path) -> None:
    made = io.BytesIO()
    with (
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("one.txt", "w", force_zip64=True) as f,
    ):
        f.write(FILES["one.txt"])
    assert len(read(put(tmp_path / "a", made.getvalue()))[0]) == 1
    raw = zipped({"one.txt": FILES["one.txt"]})
    end = raw.rindex(b"PK\x05\x06")
    length, offset = struct.unpack_from("<II", raw, end + 12)
    wide = b"PK\x06\x06" + struct.pack("<QHHIIQQQQ", 44, 45, 45, 0, 0, 1, 1, length, offset)
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, end, 1)
    tail = b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    assert len(read(put(tmp_path / "b", raw[:end] + wide + locator + tail))[0]) == 1


def test_empty_archives_and_documents_are_named(tmp_path: Path) -> None:
    for raw, reason in (
        (zipped({}), "empty"),
        (zipped({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}), "an office document or a book"),
        (zipped({"mimetype": b"application/epub+zip"}), "an office document or a book"),
        (b"PK\x03\x04", "damaged or truncated zip"),
    ):
        articles, (event,) = read(put(tmp_path / "a", raw))
        assert articles == []
        assert event.reason.startswith(reason)


def test_a_tar_header_that_claims_more_than_there_is(tmp_path: Path) -> None:
    info = tarfile.TarInfo("x")
    for kind, size in ((tarfile.XHDTYPE, 1 << 33), (tarfile.GNUTYPE_LONGNAME, 1 << 33), (tarfile.REGTYPE, 1 << 29)):
        info.type, info.size = kind, size
        articles, events = read(put(tmp_path / "a", info.tobuf(tarfile.GNU_FORMAT) + FILES["one.txt"]))
        assert articles == []
        assert events[-1].reason == "damaged or truncated tar"


def test_deflated_bytes_in_memory_stay_bounded(tmp_path: Path) -> None:
    import tracemalloc

    path = put(tmp_path / "a.zip", zipped({"bomb.jsonl": b'{"title": "' + b"a" * 60_000_000}))
    read(put(tmp_path / "b.zip", zipped({"small.jsonl": b'{"title": "a"}'})))  # loads what readers load when first used
    tracemalloc.start()
    read(path, Limits(max_ratio=2000, max_line_bytes=100_000))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 12_000_000  # most of it for telling the format by the first 64 KiB

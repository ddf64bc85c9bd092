"""A hostile folder of Whoosh's runs nothing: every place it unpickles at admits data alone."""

from __future__ import annotations

import pickle
import struct
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.errors import IndexDamaged
from index.keyword import whoosh_trust
from index.keyword.clause import Everything, Field, Pattern, Phrase, Term
from index.keyword.protocol import KeywordDocument
from index.keyword.whoosh_engine import WhooshIndex, WhooshWriter


class Touch:
    """Pickled, this makes a file when it is read."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return Path.touch, (self._path,)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    writer = WhooshWriter(tmp_path / "keyword", create=True)
    words = "war peace war peace war peace"
    writer.add(KeywordDocument(row=n, exacts=words, stems=words, content=words, facets={}) for n in range(1, 300))
    writer.commit()
    writer.close()
    return tmp_path / "keyword"


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    return tmp_path / "owned"


def toc(folder: Path) -> Path:
    (path,) = folder.glob("_MAIN_*.toc")
    return path


def after_schema(content: bytes) -> int:
    """Return where in a table of contents the generation follows the schema."""
    return content.rindex(struct.pack("!ii", 1, 0))


def test_the_weapon_works(mark: Path) -> None:
    pickle.loads(pickle.dumps(Touch(mark)))
    assert mark.exists()


@pytest.mark.parametrize("protocol", range(6))
def test_only_data_is_loaded(mark: Path, protocol: int) -> None:
    with pytest.raises(IndexDamaged, match="would load"):
        whoosh_trust.loads(pickle.dumps([Touch(mark)], protocol))
    with pytest.raises(IndexDamaged, match="would load"):
        whoosh_trust.loads(pickle.dumps(eval, protocol))
    assert not mark.exists()
    data = [1, 2.5, "a", b"", b"\xff\x00", None, (), {"a": [1]}]
    assert whoosh_trust.loads(pickle.dumps(data, protocol)) == data or protocol < 2


def test_bytes_of_old_pickles_call_no_codec() -> None:
    hostile = b"\x80\x02c_codecs\nencode\nX\x03\x00\x00\x00abcX\x04\x00\x00\x00zlib\x86R."
    assert whoosh_trust.loads(hostile) == b"abc"


def test_hostile_segments_are_refused(folder: Path, mark: Path) -> None:
    content = toc(folder).read_bytes()
    start = after_schema(content) + 8
    toc(folder).write_bytes(content[:start] + pickle.dumps([Touch(mark)]))
    for opening in (WhooshIndex, WhooshWriter):
        with pytest.raises(IndexDamaged, match="index rebuild"):
            opening(folder)
    assert not mark.exists()


def test_a_hostile_schema_is_never_read(folder: Path, mark: Path) -> None:
    content = toc(folder).read_bytes()
    start, end = content.index(b"\x80\x02"), after_schema(content)
    hostile = pickle.dumps(Touch(mark), 2)
    # The schema is told with its length before it, which may stay as it is: what is beyond the pickle is not looked at.
    toc(folder).write_bytes(content[:start] + hostile.ljust(end - start, b".") + content[end:])
    with closing(WhooshIndex(folder)) as engine:
        assert engine.count(Everything()) == 299
    writer = WhooshWriter(folder)
    writer.delete([1])
    writer.commit()
    writer.close()
    assert not mark.exists()


def test_a_forerunner_of_the_format_is_refused(folder: Path, mark: Path) -> None:
    content = toc(folder).read_bytes()
    place = content.index(struct.pack("!i", -111))
    toc(folder).write_bytes(
        content[:place] + struct.pack("!i", -110) + content[place + 4 :] + pickle.dumps(Touch(mark))
    )
    with pytest.raises(IndexDamaged, match="index rebuild"):
        WhooshIndex(folder)
    assert not mark.exists()


def replaced(folder: Path, mark: Path) -> int:
    """Put the weapon in place of every pickle in the segment that is as long or longer; return how many there were."""
    (segment,) = folder.glob("*.seg")
    content = bytearray(segment.read_bytes())
    weapon = pickle.dumps(Touch(mark))
    places = [n for n in range(len(content) - len(weapon)) if content[n] == 0x80 and content[n + 1] in (2, 4, 5)]
    for place in places:
        content[place : place + len(weapon)] = weapon
    segment.write_bytes(bytes(content))
    return len(places)


def test_hostile_postings_are_refused(folder: Path, mark: Path) -> None:
    assert replaced(folder, mark)
    refused = 0
    for clause in (Term(Field.BODY, "war"), Phrase(Field.STEM, ("war", "peace")), Pattern(Field.EXACT, "w*")):
        try:
            with closing(WhooshIndex(folder)) as engine:
                engine.search(clause, 5)
        except IndexDamaged:
            refused += 1
    assert refused
    assert not mark.exists()


def test_a_segment_cannot_name_files_elsewhere(folder: Path) -> None:
    content = toc(folder).read_bytes()
    name = next(folder.glob("MAIN_*.seg")).stem.removeprefix("MAIN_").encode()
    assert name in content
    toc(folder).write_bytes(content.replace(name, b"../../../../../x"))
    with pytest.raises(IndexDamaged, match="a segment that is none"):
        WhooshIndex(folder)


def test_damage_is_told_and_nothing_else(folder: Path) -> None:
    """Bytes changed anywhere give an answer or one of our errors."""
    generator = np.random.default_rng(7)
    files = [toc(folder), *folder.glob("*.seg")]
    whole = {path: path.read_bytes() for path in files}
    for _ in range(40):
        path = files[int(generator.integers(len(files)))]
        content = bytearray(whole[path])
        for place in generator.integers(len(content), size=8):
            content[place] = int(generator.integers(256))
        path.write_bytes(bytes(content[: generator.integers(1, len(content) + 1)]))
        with suppress(IndexDamaged), closing(WhooshIndex(folder)) as engine:
            engine.search(Phrase(Field.STEM, ("war", "peace")), 5)
            engine.completions(Field.EXACT, "", 5)
        path.write_bytes(whole[path])

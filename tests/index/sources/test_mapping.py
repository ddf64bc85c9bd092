"""Mapping files: fields from columns, two files joined by key, mistakes named."""

from __future__ import annotations

import gzip
import json
import tempfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from index.sources import joining, mapping
from index.sources.records import Limits, Note, NotRead, Skip

if TYPE_CHECKING:
    from pathlib import Path

    from index.model import Article

ARTICLES = """
[articles]
files = ["articles.csv"]
id = "nr"
title = "head"
paragraphs = "story"
published = { column = "ts", format = "%d.%m.%y %H:%M" }
authors = "who"
source = { value = "The Daily" }
"""
COMMENTS = """
[comments]
files = ["comments*.csv"]
article = "on"
id = "nr"
author = "user.name"
posted = { column = "ts", format = "unix-ms" }
text = "said"
parent = { column = "to", strip = "c_" }
"""
DATA = {
    "articles.csv": 'nr,head,story,ts,who\n1,Ferry,"One.\n\nTwo.",30.06.14 08:15,By Ann Lee\n'
    "2,Quay,Text,bad,\n,,,,\n3,,,x,\n",
    "comments1.csv": "on,nr,user.name,ts,said,to\n2,5,ann,1404115200000,Yes,\n1,6,bo,,No,c_5\n9,7,cy,,Lost,\n",
    "comments2.csv": "on,nr,user.name,ts,said,to\n1,8,di,,Late,c_6\n1,9,di,,,\n",
}


def read(
    folder: Path, text: str, data: dict[str, str | bytes] | None = None
) -> tuple[list[Article], list[Skip | Note]]:
    path = folder / "x.mapping.toml"
    path.write_text(text, "utf-8")
    for name, content in (DATA if data is None else data).items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    events: list[Skip | Note] = []
    assert mapping.is_mapping(path)
    return list(mapping.read(path, Limits(), events.append)), events


def test_articles_and_comments_are_joined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "tmp").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "tmp"))
    (one, two), events = read(tmp_path, ARTICLES + COMMENTS)
    assert (one.id, one.title, one.paragraphs, one.source) == ("1", "Ferry", ("One.", "Two."), "The Daily")
    assert (one.published, one.published_text) == (datetime(2014, 6, 30, 8, 15, tzinfo=UTC), "30.06.14 08:15")
    assert (two.published, two.published_text) == (None, "bad")
    assert [(c.id, c.author, c.text, c.parent) for c in one.comments] == [
        ("6", "bo", "No", "5"),
        ("8", "di", "Late", "6"),
    ]
    assert two.comments[0].posted == datetime(2014, 6, 30, 8, tzinfo=UTC)
    assert one.path == f"{tmp_path}/articles.csv:2"
    assert [(type(event), event.path.rpartition("/")[2]) for event in events] == [
        (Skip, "comments2.csv:3"),
        (Skip, "articles.csv:7"),
        (Note, "x.mapping.toml"),
    ]
    assert events[-1].text.startswith("1 comments have no article (9): left out")  # type: ignore[union-attr]
    assert list((tmp_path / "tmp").iterdir()) == []


def test_orphans_can_be_kept_and_comments_can_come_alone(tmp_path: Path) -> None:
    articles, _ = read(tmp_path, ARTICLES + COMMENTS + 'orphans = "keep"\n')
    assert [(a.id, a.title, len(a.comments)) for a in articles] == [("1", "Ferry", 2), ("2", "Quay", 1), ("9", None, 1)]
    articles, _ = read(tmp_path, COMMENTS)
    assert [(a.id, len(a.comments)) for a in articles] == [("2", 1), ("1", 2), ("9", 1)]


@pytest.mark.parametrize("suffix", ["jsonl", "json", "jsonl.gz"])
def test_nested_json(tmp_path: Path, suffix: str) -> None:
    records = [
        {
            "nr": 1,
            "head": "T",
            "story": {"parts": [{"p": "One."}, {"p": "Two."}]},
            "by": [{"name": "Ann"}],
            "ts": 1404115200,
        }
    ]
    text = json.dumps(records, indent=1) if suffix == "json" else "\n".join(map(json.dumps, records))
    toml = f'[articles]\nfiles = "a.{suffix}"\nid = "nr"\ntitle = "head"\n'
    toml += 'paragraphs = "story.parts.p"\nauthors = "by.name"\n'
    toml += 'published = { column = "ts", format = "unix" }\n'
    raw = gzip.compress(text.encode()) if suffix.endswith("gz") else text.encode()
    (article,), events = read(tmp_path, toml, {f"a.{suffix}": raw})
    assert (article.paragraphs, article.authors) == (("One.", "Two."), ("Ann",))
    assert (article.published, events) == (datetime(2014, 6, 30, 8, tzinfo=UTC), [])


def test_another_encoding(tmp_path: Path) -> None:
    toml = '[articles]\nfiles = ["a.csv"]\nencoding = "cp1252"\ntitle = "t"\n'
    (article,), _ = read(tmp_path, toml, {"a.csv": "t,x\nCafé,1\n".encode("cp1252")})
    assert article.title == "Café"


def test_what_it_claims(tmp_path: Path) -> None:
    read(tmp_path, ARTICLES + COMMENTS)
    (tmp_path / "outside").mkdir()
    claimed = mapping.claimed(tmp_path / "x.mapping.toml")
    assert {path.name for path in claimed} == set(DATA)
    (tmp_path / "bad.mapping.toml").write_text("[")
    assert mapping.claimed(tmp_path / "bad.mapping.toml") == set()


def test_links_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret.csv").write_text("t\nsecret\n")
    (inside / "a.csv").symlink_to(tmp_path / "secret.csv")
    articles, events = read(inside, '[articles]\nfiles = ["*.csv"]\ntitle = "t"\n', {})
    assert articles == []
    assert isinstance(events[0], Skip)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[articles", "not TOML"),
        ("", "give one of them"),
        ("[other]", "unknown table 'other'; allowed: articles, comments"),
        ('[articles]\ntitle = "t"', "needs files"),
        ('[articles]\nfiles = []\ntitle = "t"', "needs files"),
        ('[articles]\nfiles = ["/etc/passwd"]\ntitle = "t"', "must stay"),
        ('[articles]\nfiles = ["../a.csv"]\ntitle = "t"', "must stay"),
        ('[articles]\nfiles = ["a/../../a.csv"]\ntitle = "t"', "must stay"),
        ('[articles]\nfiles = ["a.csv"]\ntitel = "t"', "unknown field in .articles.: 'titel'; allowed: id, title"),
        ('[articles]\nfiles = ["a.csv"]\nid = "t"', "needs title or paragraphs"),
        ('[articles]\nfiles = ["a.csv"]\ntitle = 5', "title in .articles. is not a column"),
        ('[articles]\nfiles = ["a.csv"]\ntitle = { col = "t" }', "'col'; allowed: column, value, format, strip"),
        ('[articles]\nfiles = ["a.csv"]\ntitle = { column = "t", value = "v" }', "one of them"),
        ('[articles]\nfiles = ["a.csv"]\ntitle = { column = "t", format = "unix" }', "takes no format"),
        (
            '[articles]\nfiles = ["a.csv"]\ntitle = "t"\npublished = { column = "t", format = "%H:%M" }',
            "format that is none",
        ),
        (
            '[articles]\nfiles = ["a.csv"]\ntitle = "t"\npublished = { column = "t", format = "date" }',
            "format that is none",
        ),
        ('[articles]\nfiles = ["a.csv"]\ntitle = "t"\nencoding = "rot13"', "encoding in .articles. is not known"),
        ('[comments]\nfiles = ["c.csv"]\ntext = "t"', "needs article"),
        ('[comments]\nfiles = ["c.csv"]\ntext = "t"\narticle = "a"\norphans = "eat"', "not one of keep, drop"),
        (
            '[articles]\nfiles = ["a.csv"]\ntitle = "t"\n[comments]\nfiles = ["c.csv"]\ntext = "t"\narticle = "a"',
            "needs id or key",
        ),
        ("articles = 5", "is not a table"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(NotRead, match=reason):
        read(tmp_path, text)


def test_a_column_that_is_not_there_is_named_with_those_that_are(tmp_path: Path) -> None:
    toml = '[articles]\nfiles = ["articles.csv", "none.csv"]\ntitle = "headline"\nid = "nr"\n'
    articles, (skip,) = read(tmp_path, toml)
    assert articles == []
    assert isinstance(skip, Skip)
    assert skip.reason == "has no column headline; it has: nr, head, story, ts, who"
    _, (skip,) = read(tmp_path, '[articles]\nfiles = ["none.csv"]\ntitle = "t"\n')
    assert isinstance(skip, Skip)
    assert "no file here is none.csv" in skip.reason


def test_the_shelf_goes_also_when_reading_breaks_off(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))

    def fail() -> None:
        with joining.shelf() as kept:
            kept.put([("a", {"text": "x"})])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert list(tmp_path.iterdir()) == []

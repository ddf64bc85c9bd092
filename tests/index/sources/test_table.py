"""Tables and JSON dumps with foreign column names."""

from __future__ import annotations

import codecs
import csv
import gzip
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.sources import columns, delimited, rows, table
from index.sources.opening import opened
from index.sources.records import Limits, Note, NotRead, Skip
from index.text import squash

if TYPE_CHECKING:
    from pathlib import Path

    from index.model import Article

Events = list[Skip | Note]


def read(path: Path, content: str | bytes, limits: Limits | None = None) -> tuple[list[Article], Events]:
    events: Events = []
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    limits = limits or Limits()
    with opened(path, limits) as stream:
        assert table.looks_like(stream.head(), path.name)
        return list(table.read(stream, path.name, limits, events.append)), events


ROWS = """headline,body,date,byline,section
"Ferry, lost","One.

Two ""quoted"".",2014-06-30,By Ann Lee and Bo Ray,World
Quay,"<p>A &amp; b</p><p>C</p>",30/06/2014,"['Cy Dee', ""Di O'Hara""]",
"""


@pytest.mark.parametrize("sign", [",", ";", "\t", "|"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_articles_of_a_table(tmp_path: Path, sign: str, mark: str, end: str) -> None:
    lines = list(csv.reader(ROWS.splitlines(keepends=True)))
    path = tmp_path / "a.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        file.write(mark)
        csv.writer(file, delimiter=sign, lineterminator=end).writerows(lines)
    (one, two), events = read(path, path.read_bytes())
    assert (one.title, one.paragraphs) == ("Ferry, lost", ("One.", 'Two "quoted".'))
    assert (one.published, one.authors) == (datetime(2014, 6, 30, tzinfo=UTC), ("Ann Lee", "Bo Ray"))
    assert (one.section, one.path) == ("World", "a.csv:2")
    assert (two.paragraphs, two.authors, two.path) == (("A & b", "C"), ("Cy Dee", "Di O'Hara"), "a.csv:5")
    assert events == []


@pytest.mark.parametrize("suffix", ["csv", "tsv", "csv.gz"])
def test_by_name_packed_or_not(tmp_path: Path, suffix: str) -> None:
    content = b"title\ttext\nOne\tSome text\n"
    (article,), _ = read(tmp_path / f"a.{suffix}", gzip.compress(content) if suffix.endswith("gz") else content)
    assert article.paragraphs == ("Some text",)


def test_utf16_and_the_hint_of_excel(tmp_path: Path) -> None:
    (article,), _ = read(
        tmp_path / "a.csv", codecs.BOM_UTF16_LE + "sep=;\r\ntitle;text\r\nCafé;One\r\n".encode("utf-16-le")
    )
    assert (article.title, article.paragraphs) == ("Café", ("One",))


def test_rows_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    raw = b'title,text\nA,one\nB\n,\n"C",two,three\n\xff,x\nD,four\n"E,never closed\nF,five\n'
    articles, events = read(tmp_path / "a.csv", raw)
    assert [article.title for article in articles] == ["A", "B", "D"]
    assert [(event.path, event.reason) for event in events if isinstance(event, Skip)] == [
        ("a.csv:5", "has 3 cells where the header has 2 columns"),
        ("a.csv:6", "not UTF-8; a mapping file can name another encoding"),
        ("a.csv:8", "a quote opened here is never closed; it takes in the lines to 9"),
    ]


def test_a_row_without_text_is_named(tmp_path: Path) -> None:
    _, events = read(tmp_path / "a.csv", "title,text,date\nA,one,2014-06-30\n,,2014-06-30\n")
    assert events == [Skip("a.csv:3", "no title and no text")]


def test_long_rows_are_named_and_the_next_is_read(tmp_path: Path) -> None:
    content = "title,text\nA," + "x" * 500 + '\nB,"' + "y\n" * 300 + '"\nC,last\n'
    articles, events = read(tmp_path / "a.csv", content, Limits(max_line_bytes=200))
    assert [article.title for article in articles] == ["C"]
    assert [event.path for event in events] == ["a.csv:2", "a.csv:3"]


@pytest.mark.parametrize("content", ["x1,x2\n1,2\n", "a\n" * 5, '{"x1": 1, "x2": 2}\n', '[{"x1": 1}]'])
def test_columns_that_are_not_understood_are_shown(tmp_path: Path, content: str) -> None:
    path = tmp_path / ("a.json" if content[0] in "{[" else "a.csv")
    with pytest.raises(NotRead, match=r"columns not understood: (?:x1|a\b).*mapping"):
        read(path, content)


def test_columns_that_are_passed_over_are_told(tmp_path: Path) -> None:
    _, events = read(tmp_path / "a.csv", "title,text,shares\nA,b,3\n")
    assert events == [Note("a.csv", "columns not read: shares")]


@pytest.mark.parametrize(
    "document",
    [
        {"status": "ok", "articles": [{"title": "T", "content": "Text.", "source": {"id": None, "name": "Quay"}}]},
        [{"headline": "T", "Body": ["Text."], "source": "Quay"}],
        {"response": {"docs": [{"headline": {"name": "T"}, "articleBody": "Text.", "publisher": {"name": "Quay"}}]}},
    ],
)
def test_json_documents(tmp_path: Path, document: object) -> None:
    (article,), events = read(tmp_path / "a.json", json.dumps(document, indent=1))
    assert (article.title, article.paragraphs, article.source) == ("T", ("Text.",), "Quay")
    assert events == []


def test_json_lines_with_nested_comments(tmp_path: Path) -> None:
    line = {
        "headline": "T",
        "body": "Text.",
        "created_utc": 1404115200,
        "comments": [{"body": "Yes", "user": {"name": "ann"}, "created": "2014-06-30"}, {"body": "[deleted]", "id": 7}],
    }
    (article,), _ = read(tmp_path / "a.jsonl", json.dumps(line) + "\n\n{bad\n")
    assert article.published == datetime(2014, 6, 30, 8, tzinfo=UTC)
    assert [(c.author, c.text, c.removed) for c in article.comments] == [
        ("ann", "Yes", False),
        (None, "[deleted]", True),
    ]
    assert article.comments[0].posted == datetime(2014, 6, 30, tzinfo=UTC)


def test_comments_are_grouped_by_what_they_are_on(tmp_path: Path) -> None:
    content = "comment_id,article_id,user,comment_text,parent_id\n"
    content += "1,a,ann,One,\n2,b,bo,Two,\n3,a,cy,Three,1\n4,a,di,,\n5,,di,x,\n"
    (one, two), events = read(tmp_path / "c.csv", content)
    assert [(c.id, c.author, c.text, c.parent) for c in one.comments] == [
        ("1", "ann", "One", None),
        ("3", "cy", "Three", "1"),
    ]
    assert (one.title, one.id, two.id) == (None, "comments-on-a", "comments-on-b")
    assert [event.path for event in events if isinstance(event, Skip)] == ["c.csv:5", "c.csv:6"]


def test_comments_on_nothing_known_stand_alone(tmp_path: Path) -> None:
    articles, _ = read(tmp_path / "c.csv", "comment_text,label\nOne,0\nTwo,1\n")
    assert [article.comments[0].text for article in articles] == ["One", "Two"]


@pytest.mark.parametrize(
    ("record", "own"),
    [
        ({"title": "t", "paragraphs": []}, True),
        ({"_id": "1", "title": "t", "text": "x", "metadata": {}}, True),
        ({"title": "t", "paragraphs": [], "outlet": "x"}, True),
        ({"title": "t", "body": "x"}, False),
        ({"title": "t", "text": "x", "date": "2014"}, False),
        ({"headline": "t"}, False),
        ({"title": 'a \\" { [ : b', "text": {"title": [{"body": 1}]}}, True),
    ],
)
def test_our_own_form_is_told_from_others(record: dict[str, object], own: bool) -> None:
    for written in (json.dumps(record), json.dumps([record, {"headline": 1}], indent=2)):
        assert rows.head_keys(written.encode()) == tuple(record)
    assert columns.is_own(record) is own
    assert table.looks_like(json.dumps(record).encode(), "a.jsonl") is not own


CELL = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=12) | st.sampled_from(
    ['"', "a\nb", ",", "; ;", "\t"]
)


@given(st.lists(st.tuples(CELL, CELL, CELL), min_size=2, max_size=6), st.sampled_from(",;\t|"))
@settings(deadline=None, max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_csv_writes_is_read_back(tmp_path: Path, cells: list[tuple[str, str, str]], sign: str) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file, delimiter=sign, quoting=csv.QUOTE_ALL).writerows([("headline", "body", "note"), *cells])
    with opened(path, Limits()) as stream:
        found = [
            list(row.cells.values())
            for row in rows.rows_of(stream, "a.csv", Limits(), lambda event: pytest.fail(str(event)))
        ]
    assert [[*map(squash, row)] for row in found] == [[*map(squash, row)] for row in cells if any(map(str.strip, row))]


def test_dialects() -> None:
    assert delimited.dialect_of('a\tb\n"Open\ty\nz\tw\n1\t2\n') == delimited.Dialect("\t", quoted=False)
    assert delimited.dialect_of('a,b\n"x \\"y\\", z",1\n"2",3\n4,5\n').escape == "\\"
    assert delimited.dialect_of("") == delimited.Dialect()

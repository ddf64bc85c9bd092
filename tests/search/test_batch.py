from __future__ import annotations

import csv
import io
import json
import unicodedata
from typing import TYPE_CHECKING

import pytest

from index.errors import IndexDamaged, QueryError
from search import batch

if TYPE_CHECKING:
    from collections.abc import Callable

    from search.results import Hit, Results

    Ask = Callable[[str], Results]

LINES = [
    b"\xef\xbb\xbfoysters\n",
    b"\n",
    b"# a comment\n",
    b"  \t # another\r\n",
    b"  nothing  \r\n",
    b"too long\n",
    b"\xff\xfe broken\n",
    "中文 \x1b[31m=1\n".encode(),
    b"last, without a line end",
]


@pytest.fixture
def ask(hit_of: Callable[..., Hit], results_of: Callable[..., Results]) -> Ask:
    def asked(query: str) -> Results:
        if query == "too long":
            raise QueryError("the query is too long; shorten it")
        if query == "nothing":
            return results_of(query=query, warnings=("no field 'x'",))
        return results_of(hit_of(title=f"=About {query}\u2028"), query=query, total=1234, total_is_exact=False)

    return asked


def test_each_line_is_answered_and_none_stops_the_rest(ask: Ask) -> None:
    found = list(batch.answers(ask, LINES))
    assert [(answer.line, answer.query, answer.total, answer.error) for answer in found] == [
        (1, "oysters", 1234, None),
        (5, "nothing", 0, None),
        (6, "too long", 0, "the query is too long; shorten it"),
        (7, "\ufffd\ufffd broken", 0, "not UTF-8 text"),
        (8, "中文 \x1b[31m=1", 1234, None),
        (9, "last, without a line end", 1234, None),
    ]
    assert [answer.top is None for answer in found] == [False, True, True, True, False, False]
    assert found[1].warnings == ("no field 'x'",)


def test_answers_come_as_they_are_found(ask: Ask) -> None:
    asked: list[str] = []

    def noted(query: str) -> Results:
        asked.append(query)
        return ask(query)

    found = batch.answers(noted, LINES)
    next(found)
    assert asked == ["oysters"]


def test_what_is_wrong_with_the_index_is_not_a_fault_of_one_line() -> None:
    def ask(_query: str) -> Results:
        raise IndexDamaged("a file is short; run `broadsheet index rebuild`")

    with pytest.raises(IndexDamaged):
        list(batch.answers(ask, LINES))


def test_json_lines(ask: Ask) -> None:
    tables = [json.loads(line) for line in batch.jsonl(batch.answers(ask, LINES))]
    assert all(tuple(table) == batch.COLUMNS for table in tables)
    assert (tables[0]["id"], tables[0]["score"], tables[0]["total_is_exact"]) == ("a1#c2", 0.5, False)
    assert (tables[1]["id"], tables[1]["warnings"]) == (None, ["no field 'x'"])
    assert tables[2]["error"].startswith("the query")


def test_csv_is_safe_to_open(ask: Ask) -> None:
    written = "\n".join(batch.as_csv(batch.answers(ask, [*LINES, b"=1+1\n"])))
    rows = list(csv.DictReader(io.StringIO(written, newline="")))
    assert tuple(rows[0]) == batch.COLUMNS
    assert rows[0]["title"] == "'=About oysters\n"
    assert rows[-1]["query"] == "'=1+1"
    assert rows[1]["warnings"] == "no field 'x'"


def test_the_table_stands_in_columns(ask: Ask) -> None:
    found = list(batch.answers(ask, [*LINES, b"x" * 500, "文".encode() * 100, "e\u0301".encode() * 100]))
    lines = list(batch.table(found))
    assert len(lines) == 1 + len(found)
    for line in lines:
        assert line.isprintable()
        assert "\x1b" not in line
        left = width = 0
        while width < 32:
            width += batch._columns(line[left])
            left += 1
        while unicodedata.combining(line[left]):
            left += 1
        assert line[left : left + 2] == "  ", line
    assert "~1,234" in lines[1]
    assert "0.500" in lines[1]
    assert lines[2].endswith("nothing found")
    assert lines[3].endswith("line 6: the query is too long; shorten it")

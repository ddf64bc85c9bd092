from __future__ import annotations

import csv
import io
import json
import stat
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from index.sources.jsonl import article_from_dict
from search import output
from search.searcher import Searcher
from tui.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    Ask = Callable[..., Result]

ARTICLES: list[dict[str, Any]] = [
    {
        "id": "a1",
        "title": "The harbour is dredged",
        "source": "Herald",
        "url": "https://news.example/1",
        "published": "2020-01-01T00:00:00Z",
        "authors": ["Ann Lee"],
        "paragraphs": ["The harbour was dredged at last.", "Silt had buried the oyster beds for years."],
        "comments": [
            {"id": "7", "author": "Bo", "text": "Poor oysters! The beds were buried in silt."},
            {"id": "8", "author": "=Cy", "text": "=harbour\nmaster", "parent": "7"},
        ],
    },
    {
        "id": "a2",
        "title": "=HARBOUR <script>alert(1)</script> **strike**",
        "published": "2020-01-02T00:00:00Z",
        "paragraphs": ["Harbour teachers walked out \x1b]0;owned\x07 [x](javascript:y).", "Nothing else happened."],
        "comments": [{"id": "1", "author": "Bo", "text": "My harbour view is fine \u2028\ud800 <b>really</b>."}],
    },
]


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A small index with hostile text in it."""
    folder = tmp_path_factory.mktemp("commands")
    pages = folder / "pages.jsonl"
    pages.write_text("".join(json.dumps(article) + "\n" for article in ARTICLES), encoding="utf-8")
    done = run("index", "rebuild", "--index", str(folder / "index"), "--model", "hash", "--quiet", str(pages))
    assert done.exit_code == 0, done.output
    return str(folder / "index")


def run(*arguments: str, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, list(arguments), input=stdin)


def assert_harmless(shown: str) -> None:
    for char in shown:
        assert char in "\n\t" or char.isprintable() or char.isspace(), repr(char)
        assert not 0x80 <= ord(char) < 0xA0


@pytest.fixture
def ask(home: str) -> Callable[..., Result]:
    def asked(*arguments: str, code: int = 0, stdin: bytes | None = None) -> Result:
        done = run(*arguments, "--index", home, stdin=stdin)
        assert done.exit_code == code, (done.output, done.exception)
        assert "Traceback" not in done.output
        assert_harmless(done.output)
        return done

    return asked


def lines(done: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in done.stdout.splitlines()]


def rows(written: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written, newline="")))


def test_the_forms_tell_of_the_same_hits(ask: Ask) -> None:
    query = ("search", "--mode", "keyword", "harbour")
    table = json.loads(ask(*query, "--json").stdout)
    ids = [hit["id"] for hit in table["hits"]]
    assert sorted(ids) == ["a1#c2", "a1#h", "a1#p1", "a2#c1", "a2#h", "a2#p1"]
    assert [hit["id"] for hit in lines(ask(*query, "--jsonl"))] == ids
    assert [row["id"] for row in rows(ask(*query, "--csv").stdout)] == ids
    told = ask(*query).stdout
    assert [told.index(one) for one in ids] == sorted(told.index(one) for one in ids)
    assert ask(*query, "--markdown").stdout.count("### ") == len(ids)


def test_every_hit_has_its_citation(ask: Ask) -> None:
    (hit,) = json.loads(ask("search", "--mode", "keyword", "--json", "in:comment oysters").stdout)["hits"]
    assert hit["citation"]["text"] == 'Bo, comment on "The harbour is dredged", Herald, 2020-01-01, a1#c1:0-43'
    (line,) = lines(ask("search", "--mode", "keyword", "--jsonl", "in:comment oysters"))
    assert line["citation"] == hit["citation"]


def test_csv_cannot_run_and_markdown_is_no_markup(ask: Ask) -> None:
    for row in rows(ask("search", "--csv", "harbour").stdout):
        assert tuple(row) == output.COLUMNS
        assert not [cell for name, cell in row.items() if cell[:1] in tuple("=+@") and "score" not in name]
    told = ask("search", "--markdown", "harbour").stdout
    assert "<script" not in told
    assert "<b>" not in told
    assert "](" not in told.replace("\\](", "")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("search", "--json", "--csv", "x"), "choose one of --json, --csv"),
        (("search", "--jsonl", "--markdown", "x"), "choose one of --jsonl, --markdown"),
        (("search",), "--batch FILE"),
        (("search", "--csv", "--explain", "x"), "--explain does not go with --csv"),
        (("search", "--jsonl", "--facets", "x"), "--facets does not go with --jsonl"),
        (("search", "--batch", "-", "x"), "QUERY does not go with --batch"),
        (("search", "--batch", "-", "--explain"), "--explain does not go with --batch"),
        (("search", "--batch", "-", "--json"), "not --json"),
        (("search", "--batch", "/no/such/file"), "cannot be read"),
        (("search", "--batch", "/"), "cannot be read"),
        (("search", "--sort", "upwards", "x"), "upwards"),
        (("search", "--group-by", "author", "x"), "author"),
        (("export", "--csv", "--jsonl", "x"), "choose one of"),
        (("export", "--articles", "--csv", "x"), "JSON Lines"),
        (("export", "--output", "/no/such/folder/file", "x"), "no folder"),
        (("export",), "Missing argument"),
        (("similar", "a1#p1", "--kind", "video"), "video"),
    ],
)
def test_wrong_calls_are_usage_errors(ask: Ask, arguments: tuple[str, ...], told: str) -> None:
    assert told in ask(*arguments, code=2).stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("search", "--mode", "keyword", "zzzz"),
        ("search", "--mode", "keyword", "--csv", "zzzz"),
        ("search", "--mode", "keyword", "--facets", "zzzz"),
        ("export", "--mode", "keyword", "zzzz"),
        ("similar", "nope#p1"),
        ("suggest", "zzzz"),
        ("show", "nope", "--json"),
    ],
)
def test_nothing_found_is_exit_code_1(ask: Ask, arguments: tuple[str, ...]) -> None:
    ask(*arguments, code=1)


def test_order_grouping_and_numbers(ask: Ask) -> None:
    days = [hit["posted"] or "" for hit in lines(ask("search", "--jsonl", "--sort", "oldest", "harbour -in:comment"))]
    assert days == sorted(days)
    grouped = lines(ask("search", "--jsonl", "--group-by", "article", "harbour"))
    assert sorted(hit["article_id"] for hit in grouped) == ["a1", "a2"]
    for hit in lines(ask("search", "--jsonl", "--explain", "harbour oysters")):
        assert sum(part["value"] for part in hit["explanation"]["parts"]) == pytest.approx(hit["score"], abs=1e-6)
    assert "score " in ask("search", "--explain", "harbour").stdout


def test_facets_stand_below_the_hits_and_in_json(ask: Ask) -> None:
    told = ask("search", "--mode", "keyword", "--facets", "harbour").stdout
    assert told.index("a1#p1") < told.index("\nkind: comment 2, headline 2, paragraph 2\n")
    assert "\nsource: Herald 3\n" in told
    assert "\nday: 2020-01-01 2, 2020-01-02 2\n" in told
    counts = json.loads(ask("search", "--mode", "keyword", "--facets", "--json", "harbour").stdout)["facets"]
    assert counts["source"] == [{"value": "Herald", "count": 3}]


def test_meaning_and_unfolded_stacks_are_taken(ask: Ask) -> None:
    for flag in ("--meaning", "--no-stacks"):
        assert lines(ask("search", "--jsonl", flag, "harbour"))


def test_a_batch_is_answered_line_by_line(ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "queries"
    file.write_bytes(b"# first\noysters\n\nzzzz\n" + b"x" * 1001 + b"\n\xff\n=harbour\n")
    arguments = ("search", "--mode", "keyword", "--batch", str(file))
    found = lines(ask(*arguments, "--jsonl"))
    assert [(one["line"], one["total"], bool(one["error"])) for one in found] == [
        (2, 2, False),
        (4, 0, False),
        (5, 0, True),
        (6, 0, True),
        (7, 6, False),
    ]
    assert found[0]["id"] == "a1#p2"
    assert [row["line"] for row in rows(ask(*arguments, "--csv").stdout)] == ["2", "4", "5", "6", "7"]
    told = ask(*arguments).stdout.splitlines()
    assert len(told) == 6
    assert "a1#p2" in told[1]
    assert "1,000" in told[3]


@pytest.mark.parametrize(("typed", "code"), [(b"oysters", 0), (b"zzzz\n", 1), (b"", 1), (b"x" * 1001, 1)])
def test_a_batch_from_stdin_finds_something_or_not(ask: Ask, typed: bytes, code: int) -> None:
    ask("search", "--mode", "keyword", "--batch", "-", stdin=typed, code=code)


@pytest.mark.parametrize("form", ["--jsonl", "--csv", "--markdown"])
def test_a_file_holds_what_stdout_would(ask: Ask, tmp_path: Path, form: str) -> None:
    file = tmp_path / "out"
    printed = ask("export", "--mode", "keyword", form, "harbour").stdout
    said = ask("export", "--mode", "keyword", form, "--output", str(file), "harbour").stderr
    assert file.read_bytes() == printed.encode()
    assert "6 of 6 passages written" in said
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_export_gives_back_the_text(ask: Ask, home: str) -> None:
    with Searcher.open(home) as searcher:
        expected = {hit.passage.id: hit.passage.text for hit in searcher.search("harbour", mode="keyword")}
    found = rows(ask("export", "--mode", "keyword", "--csv", "harbour").stdout)
    assert {row["id"]: row["text"].removeprefix("'") for row in found} == expected
    assert {hit["id"]: hit["text"] for hit in lines(ask("export", "--mode", "keyword", "harbour"))} == expected


def test_export_does_not_replace_a_file_unless_asked(ask: Ask, tmp_path: Path) -> None:
    file = tmp_path / "out"
    file.write_text("mine")
    assert "--force" in ask("export", "--output", str(file), "harbour", code=2).stderr
    assert file.read_text() == "mine"
    ask("export", "--output", str(file), "--force", "harbour")
    assert file.read_text() != "mine"
    ask("export", "--mode", "keyword", "--output", str(tmp_path / "none"), "zzzz", code=1)
    assert not (tmp_path / "none").exists()


def test_markdown_quotes_passages_whole(tmp_path: Path) -> None:
    long = "word " * 200 + "oysters " + "word " * 200
    pages = tmp_path / "page.jsonl"
    pages.write_text(json.dumps({"id": "a", "title": "t", "paragraphs": [long]}))
    run("index", "rebuild", "--index", str(tmp_path / "index"), "--model", "none", "--quiet", str(pages))
    done = run("export", "--markdown", "oysters", "--index", str(tmp_path / "index"))
    assert done.stdout.count("word") == 400
    assert "**oysters**" in done.stdout


def test_articles_go_out_and_come_in_again(ask: Ask, home: str, tmp_path: Path) -> None:
    file, again = tmp_path / "articles.jsonl", str(tmp_path / "again")
    ask("export", "--articles", "--output", str(file), "harbour")
    done = run("index", "rebuild", "--index", again, "--model", "hash", str(file))
    assert done.exit_code == 0, done.output
    with Searcher.open(home) as first, Searcher.open(again) as second:
        for article in ARTICLES:
            passages = first.passages_of(article["id"])
            assert passages == second.passages_of(article["id"])
            before, after = first.article(article["id"]), second.article(article["id"])
            assert (before.title, before.authors, before.comments) == (after.title, after.authors, after.comments)
    assert len(lines(ask("export", "--articles", "harbour"))) == len(ARTICLES)


def test_similar(ask: Ask) -> None:
    table = json.loads(ask("similar", "a1#p2", "--json").stdout)
    assert "a1#p2" not in [hit["id"] for hit in table["hits"]]
    kinds = ("--kind", "comment", "--kind", "headline")
    found = json.loads(ask("similar", "a1#p2", *kinds, "--json", "--limit", "4").stdout)["hits"]
    assert 0 < len(found) <= 4
    assert {hit["kind"] for hit in found} <= {"comment", "headline"}
    assert "a1#c1" in ask("similar", "a1#p2", "--kind", "comment").stdout


def test_suggest(ask: Ask) -> None:
    found = json.loads(ask("suggest", "harb", "--json").stdout)
    assert (found[0]["text"], found[0]["count"]) == ("harbour", 6)
    assert "6  word     harbour" in ask("suggest", "harb").stdout


@pytest.fixture
def _linked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Comment 1 answers paragraph 2, whatever the index thinks of it."""

    def chosen(links: dict[str, Any]) -> Callable[..., dict[str, Any]]:
        return lambda _self, passages: {one.id: links[one.id] for one in passages if one.id in links}

    monkeypatch.setattr(Searcher, "answers", chosen({"a1#c1": "a1#p2"}))
    monkeypatch.setattr(Searcher, "answered_by", chosen({"a1#p2": ("a1#c1",)}))


@pytest.mark.usefixtures("_linked")
def test_show_tells_what_answers_what(ask: Ask) -> None:
    told = ask("show", "a1").stdout
    assert "a1#c1 · comment · Bo · answers a1#p2" in told
    assert "a1#p2 · paragraph · answered by 1 comment" in told
    assert "replies to a1#c1" in told
    assert "answers a1#p2" in ask("show", "a1#c1").stdout


@pytest.mark.usefixtures("_linked")
def test_show_as_json_is_an_article_again(ask: Ask, home: str) -> None:
    table = json.loads(ask("show", "a1", "--json").stdout)
    assert table["links"] == {"a1#c1": "a1#p2"}
    with Searcher.open(home) as searcher:
        assert article_from_dict(table).comments == searcher.article("a1").comments
    passage = json.loads(ask("show", "a1#p2", "--json").stdout)
    assert (passage["id"], passage["answered_by"]) == ("a1#p2", ["a1#c1"])
    assert json.loads(ask("show", "a1#c1", "--json").stdout)["answers"] == "a1#p2"


def test_no_index_is_exit_code_3(tmp_path: Path) -> None:
    for arguments in (("search", "x"), ("export", "x"), ("similar", "x"), ("suggest", "x"), ("search", "--batch", "-")):
        done = run(*arguments, "--index", str(tmp_path / "none"))
        assert done.exit_code == 3
        assert "broadsheet index rebuild" in done.stderr


def test_alpha_weighs_meaning_against_words(ask: Ask) -> None:
    def weights(*flags: str) -> set[float]:
        found = json.loads(ask("search", "harbour", "--json", "--explain", *flags).stdout)["hits"]
        parts = [part for hit in found for part in hit["explanation"]["parts"]]
        return {round(part["weight"], 6) for part in parts if part["name"] == "meaning (cosine)"}

    assert weights("--alpha", "0") == {0.0}
    assert 1.0 in weights("--alpha", "1")
    assert 0.7 in weights()


def test_alpha_needs_both_legs(ask: Ask) -> None:
    assert "--mode hybrid" in ask("search", "harbour", "--alpha", "0.5", "--mode", "keyword", code=2).stderr
    ask("search", "harbour", "--alpha", "1.5", code=2)

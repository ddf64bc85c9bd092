"""``search --in``: files asked without an index, through the same code as an index."""

from __future__ import annotations

import csv
import io
import json
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from index.build import Rebuild
from index.encode.hashing import HashEncoder
from index.errors import SourceError, UsageError
from index.model import Kind
from index.snapshot import IndexPaths
from index.unindexed import UnindexedFiles
from search.in_files import opened
from search.results import Mode
from search.searcher import Searcher
from tui.cli import main

if TYPE_CHECKING:
    from click.testing import Result

ARTICLES: list[dict[str, Any]] = [
    {
        "id": "a1",
        "title": "The harbour is dredged",
        "source": "Herald",
        "published": "2020-01-01T00:00:00Z",
        "paragraphs": [
            "The harbour was dredged at last.",
            "Silt had buried the oyster beds of the bay for many years.",
        ],
        "comments": [{"id": "7", "author": "Bo", "text": "Poor oysters! The oyster beds of the bay, silt over them."}],
    },
    {
        "id": "a2",
        "title": "Harbour teachers",
        "source": "Gull",
        "published": "2021-01-01T00:00:00Z",
        "paragraphs": [
            "Harbour teachers walked out on Monday.",
            "Silt had buried the oyster beds of the bay for many years.",
        ],
    },
]


@pytest.fixture
def pages(tmp_path: Path) -> Path:
    path = tmp_path / "-odd [name]\n\x1b é.jsonl"
    path.write_text("".join(json.dumps(article) + "\n" for article in ARTICLES), encoding="utf-8")
    return path


def run(*arguments: str | Path, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, ["search", *map(str, arguments)], input=stdin)


def found(done: Result) -> list[str]:
    return [hit["id"] for hit in json.loads(done.stdout)["hits"]]


def test_a_file_is_searched_by_words(pages: Path) -> None:
    done = run("harbour", "in:paragraph", "--in", pages, "--json")
    assert (done.exit_code, done.stderr) == (0, "")
    table = json.loads(done.stdout)
    assert {hit["id"] for hit in table["hits"]} == {"a1#p1", "a2#p1"}
    assert (table["mode"], table["total"], table["warnings"]) == ("keyword", 2, [])
    assert table["hits"][0]["snippet"]["spans"]


def test_it_is_what_an_index_would_answer(pages: Path, tmp_path: Path) -> None:
    root = tmp_path / "index"
    Rebuild(paths=IndexPaths(root), sources=[pages], encoder=None).run()
    queries = ("oyster silt", '"oyster beds" by:bo', "harb*", "answers:a1#p2", "source:gull", "harbuor~", "harbuor")
    with Searcher.open(root) as indexed, Searcher(UnindexedFiles([pages])) as unindexed:
        for query in queries:
            for more in ({}, {"group_by": "article"}, {"sort": "oldest"}, {"stacks": False}):
                told, right = (searcher.search(query, mode="keyword", **more) for searcher in (unindexed, indexed))
                assert [hit.passage for hit in told] == [hit.passage for hit in right]
                assert [hit.snippet for hit in told] == [hit.snippet for hit in right]
                assert [hit.duplicates for hit in told] == [hit.duplicates for hit in right]
                assert (told.total, told.did_you_mean) == (right.total, right.did_you_mean)
            assert unindexed.facets(query, "keyword") == indexed.facets(query, "keyword")


def test_every_form(pages: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(run("harbour", "--in", pages, "--csv").stdout)))
    assert {row["article_id"] for row in rows} == {"a1", "a2"}
    assert "**Harbour**" in run("teachers harbour", "--in", pages, "--markdown").stdout
    lines = run("harbour", "--in", pages, "--jsonl", "--explain").stdout.splitlines()
    assert all("explanation" in json.loads(line) for line in lines)
    text = run("harbour", "--in", pages, "--explain", "--facets").stdout
    assert "source: Gull" in text
    assert "\x1b]" not in text


def test_reprints_stack_and_comments_answer(pages: Path) -> None:
    done = json.loads(run("buried", "oyster", "in:paragraph", "--in", pages, "--json").stdout)
    assert [(hit["id"], hit["duplicates"]) for hit in done["hits"]] == [("a1#p2", ["a2#p2"])]
    assert found(run("answers:a1#p2", "--in", pages, "--json")) == ["a1#c1"]


def test_folders_archives_and_standard_input(pages: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "pages.zip", "w") as archive:
        archive.write(pages, "inner.jsonl")
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "page.txt").write_text("Storm\n\nA storm took the lighthouse and the harbour wall.\n")
    both = run("harbour", "--in", tmp_path / "pages.zip", "--in", tmp_path / "folder", "--json")
    assert {hit["article_id"] for hit in json.loads(both.stdout)["hits"]} > {"a1", "a2"}
    piped = run("harbour", "in:headline", "--in", "-", "--json", stdin=pages.read_bytes())
    assert set(found(piped)) == {"a1#h", "a2#h"}


def test_nothing_readable_is_told(pages: Path, tmp_path: Path) -> None:
    (tmp_path / "binary.bin").write_bytes(bytes(range(256)) * 4)
    (tmp_path / "empty").mkdir()
    for path in (tmp_path / "absent.txt", tmp_path / "binary.bin", tmp_path / "empty"):
        done = run("harbour", "--in", path)
        assert done.exit_code == 2
        assert done.stdout == ""
        assert "Traceback" not in done.stderr
        assert path.name in done.stderr
    mixed = run("harbour", "--in", tmp_path / "binary.bin", "--in", pages, "--json")
    assert mixed.exit_code == 0
    assert "skipped" in mixed.stderr
    assert run("absentword", "--in", pages).exit_code == 1
    assert run("harbour", "--in", pages, "--index", tmp_path).exit_code == 2


def test_a_batch_is_read_once(pages: Path, tmp_path: Path) -> None:
    (tmp_path / "queries").write_text("harbour\noyster\nabsentword\n")
    done = run("--batch", tmp_path / "queries", "--in", pages, "--jsonl")
    assert done.exit_code == 0
    assert [json.loads(line)["total"] for line in done.stdout.splitlines()] == [4, 3, 0]


def test_meaning_is_there_when_asked_for(pages: Path) -> None:
    with Searcher(UnindexedFiles([pages], HashEncoder()), HashEncoder()) as searcher:
        results = searcher.search("oysters buried in silt", mode="semantic")
        assert results[0].passage.article_id in ("a1", "a2")
        assert results[0].semantic is not None
        assert searcher.similar("a1#p2")[0].passage.id == "a2#p2"


def test_many_passages_are_searched_by_words(pages: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.unindexed.MOST_ENCODED", 3)
    monkeypatch.setenv("BROADSHEET_MODEL", "hash")
    with opened([pages], Mode.HYBRID) as searcher:
        results = searcher.search("harbour", mode="hybrid")
        assert results.hits
        assert any("words only" in warning for warning in results.warnings)
        with pytest.raises(UsageError):
            searcher.search("harbour", mode="semantic")
    monkeypatch.setenv("BROADSHEET_MODEL", "none")
    with opened([pages], Mode.HYBRID) as searcher:
        assert searcher.search("harbour", mode="hybrid").warnings


def test_nothing_is_left_behind(pages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    index = UnindexedFiles([pages], HashEncoder())
    assert index.info.passages[Kind.PARAGRAPH] == 4
    assert index.info.engine == "memory"
    assert index.is_live
    index.check()
    index.close()
    assert list(place.iterdir()) == []
    with pytest.raises(SourceError):
        UnindexedFiles([tmp_path / "absent"])
    assert list(place.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="names of bytes are of other systems")
def test_a_name_that_is_no_text(tmp_path: Path) -> None:
    path = Path(str(tmp_path) + "/caf\udce9.txt")
    path.write_text("Storm\n\nA storm took the harbour wall.\n")
    done = run("harbour", "--in", path)
    assert done.exit_code == 0
    assert "harbour" in done.stdout

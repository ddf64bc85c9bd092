"""The preview: what would be read, in 80 columns or as JSON, and nothing written."""

from __future__ import annotations

import gzip
import io
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from index import preview
from index.model import Article
from index.sources.jsonl import article_from_dict, article_to_dict
from index.sources.records import Limits
from index.sources.walk import read_sources
from tui.cli import main

if TYPE_CHECKING:
    from pathlib import Path

ARTICLES = [{"id": f"a{n}", "title": f"Title {n}", "paragraphs": ["x"] * n, "authors": ["Ann"]} for n in range(1, 15)]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "data.jsonl"
    first, *others = (json.dumps(article) for article in ARTICLES)
    path.write_text("\n".join([first, "not json", *others]), "utf-8")
    return path


def test_the_first_articles_and_what_was_met_on_the_way(source: Path) -> None:
    done = CliRunner().invoke(main, ["index", "preview", str(source)])
    lines = done.stdout.splitlines()
    assert done.exit_code == 0
    assert [line.split()[:2] for line in lines] == [["title", "date"], *(["Title", str(n)] for n in range(1, 11))]
    assert lines[3].split()[2:6] == ["Ann", "3", "0", "0"]
    assert done.stderr.startswith(f"skipped {source}:2: not JSON")
    assert [path.name for path in source.parent.iterdir()] == [source.name]


def test_the_number_of_articles_can_be_chosen(source: Path) -> None:
    done = CliRunner().invoke(main, ["index", "preview", str(source), "--limit", "2"])
    assert len(done.stdout.splitlines()) == 3
    assert CliRunner().invoke(main, ["index", "preview", str(source), "--limit", "0"]).exit_code == 2


def test_json_is_what_is_read(source: Path) -> None:
    done = CliRunner().invoke(main, ["index", "preview", str(source), "--json", "--limit", "99"])
    read = list(read_sources([source], Limits(), lambda _event: None))
    assert [json.loads(line) for line in done.stdout.splitlines()] == [article_to_dict(article) for article in read]


def test_standard_input_is_a_source(source: Path) -> None:
    done = CliRunner().invoke(main, ["index", "preview", "-", "--json"], input=gzip.compress(source.read_bytes()))
    assert json.loads(done.stdout.splitlines()[0])["path"] == "(standard input)"
    assert done.stderr.startswith("skipped (standard input):2: not JSON")


def test_nothing_to_read_is_an_error(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["index", "preview", str(tmp_path / "none")])
    assert done.exit_code == 2
    assert "no article could be read" in done.stderr
    assert CliRunner().invoke(main, ["index", "preview"]).exit_code == 2


def test_a_date_that_could_not_be_read_is_shown_as_printed() -> None:
    article = Article(id="a", title="t", published_text="03/04/2014")
    assert "03/04/2014" in preview.row(article)
    dated = Article(id="a", title="t", published_text="May 3", published=datetime(2014, 5, 3, tzinfo=UTC))
    assert "2014-05-03" in preview.row(dated)


@given(st.text(), st.lists(st.text(), max_size=3), st.text())
def test_every_line_fits(title: str, authors: list[str], path: str) -> None:
    article = article_from_dict({"title": f"t{title}", "authors": authors, "path": path})
    line = preview.row(article)
    assert "\n" not in line
    assert preview._columns(line) <= preview.WIDTH
    assert preview._columns(preview.row(Article(id="a", title="\u4e2d" * 99, path="\u0301" * 999))) <= preview.WIDTH


def test_rebuild_reads_standard_input_and_does_not_pretend_to_read_it_again(source: Path, tmp_path: Path) -> None:
    command = ["index", "rebuild", "--index", str(tmp_path / "ix"), "--model", "none"]
    packed = io.BytesIO(gzip.compress(source.read_bytes()))
    first = CliRunner().invoke(main, [*command, "-"], input=packed)
    assert first.exit_code == 0, first.stderr
    assert "14 articles" in first.stderr
    again = CliRunner().invoke(main, command)
    assert again.exit_code == 2
    assert "the last rebuild read standard input" in again.stderr

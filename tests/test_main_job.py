"""The main job with the real model, through the command line as a user runs it.

It runs on the page this project was created from, which is not part of it: skipped where that page is absent.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
PAGES = ROOT.parent / "shared" / "seeds"
pytestmark = [pytest.mark.model, pytest.mark.skipif(not PAGES.is_dir(), reason="needs ../shared/seeds")]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tui", *arguments],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | {"HF_HUB_OFFLINE": "1", "PYTHONUTF8": "1"},
        check=False,
    )


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("main") / "index"
    done = run("index", "rebuild", "--index", str(root), str(PAGES))
    assert done.returncode == 0, done.stderr
    return root


def search(index: Path, query: str, *flags: str) -> tuple[int, list[dict[str, Any]]]:
    done = run("search", "--index", str(index), "--json", *flags, "--", query)
    assert done.returncode in (0, 1), done.stderr
    return done.returncode, json.loads(done.stdout)["hits"]


def lit(hit: dict[str, Any]) -> list[str]:
    return [hit["snippet"]["text"][start:end] for start, end, _ in hit["snippet"]["spans"]]


def test_one_article_is_read_whole(index: Path) -> None:
    told = run("index", "info", "--index", str(index)).stdout.split("\n")
    counts = dict(line.split(None, 1) for line in told if line)
    assert [counts[kind] for kind in ("articles", "headlines", "captions", "paragraphs", "comments")] == [
        "1",
        "1",
        "1",
        "12",
        "3",
    ]


def test_who_when_and_where(index: Path) -> None:
    from search import Searcher

    with Searcher.open(index) as searcher:
        (hit,) = searcher.search("in:headline", mode="keyword")
        article = searcher.article(hit.passage.article_id)
    assert article.published is not None
    assert article.published.isoformat() == "2014-06-29T08:15:00+00:00"
    assert (article.authors, article.place) == (("Mehrdad Balali",), "DUBAI")
    assert article.editors == ("William Maclean", "Andrew Heavens")
    assert article.reported_comments == 3
    assert [(c.author, c.posted.isoformat()[:16] if c.posted else None) for c in article.comments] == [
        ("itsmysayokay", "2014-06-29T10:39"),
        ("WestFlorida", "2014-06-29T12:51"),
        ("ChangeIranNow", "2014-06-30T22:41"),
    ]
    for words in (*article.paragraphs, *article.captions, *(comment.text for comment in article.comments)):
        for furniture in ("Report as abuse", "We welcome comments", "This discussion is now closed"):
            assert furniture not in words


def test_words(index: Path) -> None:
    _, hits = search(index, "double talk")
    assert hits[0]["author"] == "WestFlorida"
    assert lit(hits[0]) == ["double", "talk"]


def test_meaning(index: Path) -> None:
    query = "refuses to let other countries interfere"
    _, semantic = search(index, query, "--mode", "semantic")
    _, hybrid = search(index, query)
    assert any("rejected intervention" in hit["text"] for hit in semantic[:3])
    assert any("rejected intervention" in hit["text"] for hit in hybrid[:5])


@pytest.mark.parametrize(
    ("query", "authors"),
    [
        ("in:comment proxy", ["ChangeIranNow"]),
        ("by:WestFlorida -syria talk", ["WestFlorida"]),
        ("-talk by:WestFlorida", []),
        ('"report abuse"', []),
    ],
)
def test_constraints(index: Path, query: str, authors: list[str]) -> None:
    code, hits = search(index, query)
    assert [hit["author"] for hit in hits] == authors
    assert code == (0 if authors else 1)


def test_a_second_rebuild_encodes_nothing(index: Path) -> None:
    done = run("index", "rebuild", "--index", str(index), str(PAGES))
    assert "encoded 0 texts" in done.stderr

"""The readers on the sample pages, and on saved pages of real outlets where they are at hand."""

from __future__ import annotations

import json
import re
import tarfile
from pathlib import Path

import pytest

from index.sources.records import Limits, Note, Skip
from index.sources.walk import read_sources

ROOT = Path(__file__).parents[3]
SAMPLES = ROOT / "seeds"
SHARED = ROOT.parent / "shared"

ROW = re.compile(
    r"^\| `(?P<file>[\w.-]+)` \| \w+ \| (?P<source>[^|]+) \| (?P<title>[^|]+) \| (?P<counts>[^|]*\|[^|]*\|[^|]*)\|"
)


def table() -> list[tuple[str, str, int, int, int]]:
    """The table of the samples' own README: file, headline, paragraphs, captions, comments."""
    readme = SAMPLES / "README.md"
    found = map(ROW.match, readme.read_text(encoding="utf-8").splitlines() if readme.exists() else [])
    rows = ((row["file"], row["title"].strip(), row["counts"].split("|")) for row in found if row)
    return [(file, title, int(counts[0]), int(counts[1]), int(counts[2])) for file, title, counts in rows]


@pytest.mark.parametrize(("file", "title", "paragraphs", "captions", "comments"), table())
def test_sample_pages(file: str, title: str, paragraphs: int, captions: int, comments: int) -> None:
    articles = {article.title: article for article in read_sources([SAMPLES / file], Limits(), lambda _event: None)}
    article = articles[title]
    assert (len(article.paragraphs), len(article.captions), len(article.comments)) == (paragraphs, captions, comments)
    passages = " ".join((*article.paragraphs, *article.captions, *(comment.text for comment in article.comments)))
    assert "Report as abuse" not in passages


def needs(path: Path) -> Path:
    if not path.exists():
        pytest.skip(f"{path.name} is not here")
    return path


@pytest.mark.corpus
def test_the_seed_page() -> None:
    events: list[Skip | Note] = []
    (article,) = read_sources([needs(SHARED / "seeds")], Limits(), events.append)
    assert events == []
    assert (len(article.paragraphs), len(article.captions), len(article.comments)) == (12, 1, 3)
    assert article.reported_comments == 3
    assert article.published is not None
    assert article.published.isoformat() == "2014-06-29T08:15:00+00:00"
    assert (article.source, article.place) == ("Reuters", "DUBAI")
    assert article.authors == ("Mehrdad Balali",)
    assert article.editors == ("William Maclean", "Andrew Heavens")
    assert [(c.author, c.posted and c.posted.isoformat()) for c in article.comments] == [
        ("itsmysayokay", "2014-06-29T10:39:00+00:00"),
        ("WestFlorida", "2014-06-29T12:51:00+00:00"),
        ("ChangeIranNow", "2014-06-30T22:41:00+00:00"),
    ]
    assert not article.captions[0].endswith("Saad")
    passages = " ".join((*article.paragraphs, *article.captions, *(comment.text for comment in article.comments)))
    assert not re.search(r"abuse|irrelevant|Credit:|Related Topics|discussion is now closed", passages)


@pytest.mark.corpus
@pytest.mark.parametrize("name", ["html", "text"])
def test_saved_pages_of_many_outlets(tmp_path: Path, name: str) -> None:
    with tarfile.open(needs(SHARED / "data" / "raw_pages" / f"{name}.tar.gz")) as archive:
        archive.extractall(tmp_path, filter="data")
    events: list[Skip | Note] = []
    articles = list(read_sources([tmp_path], Limits(), events.append))
    skipped = [event for event in events if isinstance(event, Skip)]
    assert len(articles) + len(skipped) == len(list(tmp_path.rglob("*.*")))
    if name == "html":
        assert len(articles) >= 80
        assert sum(len(article.comments) for article in articles) >= 600
        assert sum(len(article.comments) == article.reported_comments for article in articles) >= 15
    dump = next(article for article in articles if "snacktory__reuters" in (article.path or ""))
    assert (len(dump.comments), dump.published is not None) == (2, True)
    assert [comment.author for comment in dump.comments] == ["Vuenbelvue", "TheUSofA"]


@pytest.mark.corpus
def test_the_story_of_real_pages_is_found(tmp_path: Path) -> None:
    folder = needs(SHARED / "data" / "extraction_gold")
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    with tarfile.open(folder / "html.tar.gz") as archive:
        archive.extractall(tmp_path, filter="data")
    scores = []
    for article in read_sources([tmp_path], Limits(), lambda _event: None):
        expected = set(gold[Path(article.path or "").name.split(".")[0]]["articleBody"].split())
        found = set(" ".join(article.paragraphs).split())
        scores.append(2 * len(expected & found) / max(1, len(expected) + len(found)))
    assert len(scores) == len(gold)
    assert sum(scores) / len(scores) > 0.95


@pytest.mark.corpus
def test_tricky_files_raise_nothing() -> None:
    events: list[Skip | Note] = []
    articles = list(read_sources([needs(SHARED / "data" / "tricky")], Limits(), events.append))
    assert articles
    assert all(isinstance(event, Skip) for event in events)

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from index.errors import UsageError
from search import collection as collections
from search.collection import Task

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENTS = [
    {"_id": "d1", "title": "Harbour", "text": "Silt is dredged."},
    {"_id": "d 2", "title": "", "text": "Wolves return."},
    {"_id": 3, "text": None, "title": None},
]
QUERIES = [{"_id": "q1", "text": "dredging"}, {"_id": "q2", "text": "predators"}, {"_id": "q9", "text": "unjudged"}]
QRELS = "q1\td1\t2\nq1\td 2\t0\nq2\td 2\t1\n"
LONG = "nine words of a comment are more than eight"


def write(folder: Path, name: str, content: str, *, packed: bool = False) -> None:
    path = folder / (f"{name}.gz" if packed else name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(content.encode()) if packed else content.encode())


def lines(records: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def beir(folder: Path, *, packed: bool = False, qrels: str = QRELS, documents: Any = None) -> Path:
    write(folder, "corpus.jsonl", lines(documents or DOCUMENTS), packed=packed)
    write(folder, "queries.jsonl", lines(QUERIES), packed=packed)
    write(folder, "qrels/test.tsv", qrels)
    return folder


def commented(folder: Path) -> Path:
    articles = [
        {
            "id": f"a{n}",
            "title": f"Title {n}",
            "paragraphs": ["Text."],
            "comments": [{"text": f"{LONG} {n}"}, {"text": "No."}],
        }
        for n in range(12)
    ]
    write(folder, "articles.jsonl", lines([*articles, {"id": "bare", "comments": [{"text": LONG}]}]))
    return folder


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("header", ["", "query-id\tcorpus-id\tscore\n"])
def test_a_beir_folder_is_read(tmp_path: Path, packed: bool, header: str) -> None:
    read = collections.read(beir(tmp_path / "mine", packed=packed, qrels=header + QRELS))
    assert (read.name, read.task, read.unknown) == ("mine", Task.JUDGED, 0)
    assert read.queries == {"q1": "dredging", "q2": "predators"}
    assert read.judgements == {"q1": {"d1": 2, "d_2": 0}, "q2": {"d_2": 1}}  # ids as the index gives them
    assert [document["_id"] for document in read.documents()] == ["d1", "d_2", "3"]
    assert read.measures == ("nDCG@10", "R@100", "RR@10")


def test_other_judgements_may_be_named_and_come_in_the_form_of_trec(tmp_path: Path) -> None:
    folder = beir(tmp_path)
    write(tmp_path, "mine.qrels", "q2 0 d1 1\nq7 0 d1 1\n")
    read = collections.read(folder, tmp_path / "mine.qrels")
    assert read.judgements == {"q2": {"d1": 1}}
    assert read.unknown == 1


def test_the_first_queries_are_a_part_of_all(tmp_path: Path) -> None:
    read = collections.read(beir(tmp_path), most=1)
    assert list(read.queries) == list(read.judgements) == ["q1"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("corpus.jsonl", None, "no collection"),
        ("queries.jsonl", None, r"queries\.jsonl is missing"),
        ("qrels/test.tsv", None, r"--qrels FILE \(qrels/: dev\.tsv\)"),
        ("qrels/test.tsv", "q1\td1\t1\nnonsense\n", r"test\.tsv:2"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\n", "no judgements"),
        ("qrels/test.tsv", "q8\td1\t1\n", "no query"),
        ("qrels/test.tsv", "q1\t \t1\n", "names no document"),
        ("queries.jsonl", "{broken\n", r"queries\.jsonl:1 is not JSON"),
        ("queries.jsonl", '{"_id": "q1"}\n', "has no text"),
        ("queries.jsonl", '["q1"]\n', "has no _id"),
    ],
)
def test_what_is_missing_or_broken_is_named(tmp_path: Path, name: str, content: str | None, told: str) -> None:
    folder = beir(tmp_path)
    write(folder, "qrels/dev.tsv", QRELS)
    (folder / name).unlink()
    if content is not None:
        write(folder, name, content)
    with pytest.raises(UsageError, match=told):
        collections.read(folder)


def test_broken_gzip_is_an_error_with_its_name(tmp_path: Path) -> None:
    folder = beir(tmp_path)
    (folder / "queries.jsonl").unlink()
    (folder / "queries.jsonl.gz").write_bytes(gzip.compress(lines(QUERIES).encode())[:-20])
    with pytest.raises(UsageError, match=r"queries\.jsonl\.gz cannot be read"):
        collections.read(folder)


def test_documents_that_the_index_would_take_for_one_are_refused(tmp_path: Path) -> None:
    documents = [{"_id": "a b", "title": "", "text": "x"}, {"_id": "a_b", "title": "", "text": "y"}]
    with pytest.raises(UsageError, match="'a_b' is the same as 'a b'"):
        list(collections.read(beir(tmp_path, documents=documents)).documents())


def test_a_comment_asks_for_its_own_article(tmp_path: Path) -> None:
    read = collections.read(commented(tmp_path))
    assert read.task is Task.COMMENTS
    assert len(read.queries) == 12  # not the short ones, and none of what is nothing without its comments
    assert read.queries["a3#c1"] == f"{LONG} 3"
    assert read.judgements["a3#c1"] == {"a3": 1}
    assert {len(document["comments"]) for document in read.documents()} == {0}
    assert read.measures[-2:] == ("Success@1", "Success@10")


def test_the_sample_of_comments_is_the_same_each_time_and_has_a_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    every = list(collections.read(commented(tmp_path)).queries)
    monkeypatch.setattr(collections, "SAMPLE", 5)
    assert list(collections.read(tmp_path).queries) == every[:5]


def test_articles_without_comments_are_no_task(tmp_path: Path) -> None:
    write(tmp_path, "articles.jsonl", lines([{"id": "a", "title": "Alone"}]))
    with pytest.raises(UsageError, match="no article has a comment"):
        collections.read(tmp_path)

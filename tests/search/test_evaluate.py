from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from index.encode.hashing import HashEncoder
from search import collection as collections
from search.evaluate import RUNS, Ranker, evaluate, index_dir
from search.query import Query
from search.results import Mode
from tui.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result

WORDS = ("harbour", "wolves", "vaccine", "tram", "rent", "ferry", "flood", "school")


def lines(records: list[dict[str, Any]]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Documents that share words with one another; each query is one of the words."""
    made = tmp_path_factory.mktemp("judged") / "mine"
    (made / "qrels").mkdir(parents=True)
    documents = [
        {"_id": f"{word}{n}", "title": f"About {word}", "text": f"{word} " * n + WORDS[(place + n) % len(WORDS)]}
        for place, word in enumerate(WORDS)
        for n in (1, 2, 3)
    ]
    (made / "corpus.jsonl").write_text(lines(documents))
    (made / "queries.jsonl").write_text(lines([{"_id": word, "text": f"{word} news"} for word in WORDS]))
    (made / "qrels" / "test.tsv").write_text("".join(f"{word}\t{word}{n}\t{n}\n" for word in WORDS for n in (1, 2)))
    return made


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def measured(folder: Path, cache: Path) -> Any:
    def run(*more: str, where: Path = folder) -> Result:
        return CliRunner().invoke(main, ["eval", str(where), "--model", "hash", "--cache", str(cache), *more])

    return run


def test_json_is_one_object_of_means(measured: Any) -> None:
    done = measured("--json")
    assert done.exit_code == 0, done.output
    table = json.loads(done.stdout)
    assert list(table) == ["keyword", "semantic", "rrf", "hybrid"]
    for means in table.values():
        assert list(means) == ["nDCG@10", "R@100", "RR@10"]
        assert all(0 <= value <= 1 for value in means.values())
    assert table["keyword"]["R@100"] == 1.0
    assert measured("--json").stdout == done.stdout


def test_the_table_tells_runs_intervals_and_the_better_leg(measured: Any) -> None:
    done = measured("--per-query")
    assert done.stdout.startswith("mine: 8 queries (judged queries), 24 documents\n")
    for run in RUNS:
        assert f"\n{run} " in done.stdout
    assert "the better leg:" in done.stdout
    assert "nDCG@10" in done.stdout


def test_an_index_is_built_once(measured: Any, folder: Path, cache: Path) -> None:
    measured()
    assert "encoding" not in measured().stderr
    assert "encoding" in measured("--fresh").stderr
    encoder = HashEncoder()
    before = index_dir(collections.read(folder), encoder, cache)
    assert (before / "CURRENT").exists()
    assert not list(before.glob("documents-*"))
    (before / "CURRENT").write_text("nonsense")
    assert "encoding" in measured().stderr  # a damaged one is mended
    os.utime(folder / "corpus.jsonl", (1, 1))
    assert index_dir(collections.read(folder), encoder, cache) != before


def test_ranks_are_those_of_search(folder: Path, cache: Path) -> None:
    read = collections.read(folder)
    evaluate(read, HashEncoder(), cache)
    with Ranker.open(index_dir(read, HashEncoder(), cache)) as ranker:
        for words in read.queries.values():
            for mode, fusion in RUNS.values():
                asked = Query.of_words(words)
                hits = ranker.search(
                    asked, mode=mode, fusion=fusion, group_by="article", stacks=False, comments=None, limit=100
                )
                assert ranker.documents(asked, mode, fusion) == tuple(hit.passage.article_id for hit in hits)
        assert ranker.documents(Query.of_words("harbour"), Mode.KEYWORD)[0].startswith("harbour")


def test_judgements_of_another_collection_are_refused(measured: Any, tmp_path: Path) -> None:
    (tmp_path / "other.tsv").write_text("harbour\tnowhere\t1\n")
    done = measured("--qrels", str(tmp_path / "other.tsv"))
    assert done.exit_code == 2
    assert "no document that is judged relevant" in done.stderr


def test_comments_ask_for_their_article(measured: Any, tmp_path: Path) -> None:
    articles = [
        {
            "id": f"a{n}",
            "title": f"All about the {word}",
            "paragraphs": [f"The {word} is in the news again."],
            "comments": [{"text": f"I have said for many years that the {word} would come to this, marker{n}."}],
        }
        for n, word in enumerate(WORDS)
    ]
    (tmp_path / "articles.jsonl").write_text(lines(articles))
    done = measured("--json", "--save", str(tmp_path / "run.json"), where=tmp_path)
    assert done.exit_code == 0, done.output
    table = json.loads(done.stdout)
    assert list(table["hybrid"]) == ["nDCG@10", "R@100", "RR@10", "Success@1", "Success@10"]
    assert table["keyword"]["Success@10"] == 1.0
    assert json.loads((tmp_path / "run.json").read_text())["index"]["passages"].get("comment", 0) == 0


def test_a_run_is_saved_whole_and_never_over_another_unasked(measured: Any, tmp_path: Path) -> None:
    target = tmp_path / "run.json"
    assert measured("--save", str(target)).exit_code == 0
    told = json.loads(target.read_text())
    assert (told["collection"], told["queries"], told["model"]["name"]) == ("mine", 8, "hash")
    assert len(told["runs"]["hybrid"]["nDCG@10"]["values"]) == 8
    assert measured("--save", str(target)).exit_code == 2
    assert measured("--save", str(target), "--force").exit_code == 0


def compare(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["eval", "compare", *arguments])


@pytest.fixture
def runs(measured: Any, tmp_path: Path) -> tuple[str, str]:
    """A run, and the same with two queries of hybrid made better and one worse."""
    first, second = tmp_path / "a.json", tmp_path / "b.json"
    assert measured("--save", str(first)).exit_code == 0
    table = json.loads(first.read_text())
    values = table["runs"]["hybrid"]["nDCG@10"]["values"]
    values[0], values[1], values[2] = values[0] + 0.5, values[1] + 0.25, values[2] - 0.125
    second.write_text(json.dumps(table))
    return str(first), str(second)


def test_runs_are_compared(runs: tuple[str, str]) -> None:
    done = compare(*runs)
    assert done.exit_code == 0, done.output
    line = next(line for line in done.stdout.splitlines() if line.startswith("hybrid    nDCG@10"))
    assert "+0.0781" in line
    assert "2 won, 1 lost, 5 even" in line
    shown = [line for line in done.stdout.splitlines() if " news" in line]
    assert [line.split()[3] for line in shown] == list(WORDS[:3])
    assert compare(*runs).stdout == done.stdout


def test_a_comparison_as_json(runs: tuple[str, str]) -> None:
    table = json.loads(compare(*runs, "--json").stdout)
    told = table["hybrid"]["nDCG@10"]
    assert told["mean"] == pytest.approx(told["b"] - told["a"]) == pytest.approx(0.625 / 8)
    assert (told["wins"], told["losses"], told["ties"]) == (2, 1, 5)
    assert table["keyword"]["RR@10"]["p"] == 1.0


@pytest.mark.parametrize(
    "content",
    [
        "no JSON",
        "[]",
        '{"format": 2}',
        '{"format": 1, "texts": {"q": "x"}, "runs": {}}',
        '{"format": 1, "texts": [], "runs": {}}',
        json.dumps({"format": 1, "texts": {"q": "x"}, "runs": {run: {"RR@10": {"values": []}} for run in RUNS}}),
        json.dumps({"format": 1, "texts": {"q": "x"}, "runs": {run: {} for run in RUNS}}),
    ],
)
def test_what_is_no_run_is_refused(runs: tuple[str, str], tmp_path: Path, content: str) -> None:
    (tmp_path / "bad.json").write_text(content)
    done = compare(runs[0], str(tmp_path / "bad.json"))
    assert done.exit_code == 2
    assert "bad.json is no run" in done.stderr


def test_runs_of_other_collections_are_not_compared(runs: tuple[str, str], tmp_path: Path) -> None:
    table = json.loads((tmp_path / "a.json").read_text()) | {"collection": "other"}
    (tmp_path / "c.json").write_text(json.dumps(table))
    done = compare(runs[0], str(tmp_path / "c.json"))
    assert done.exit_code == 2
    assert "same collection" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("compare", "one"), "name two runs"),
        (("compare", "one", "two", "--per-query"), "--per-query does not go with compare"),
        (("compare", "no-a.json", "no-b.json"), "cannot be read"),
        (("here", "there"), "give one DIR"),
        (("nowhere",), "is no collection"),
        (("x", "--json", "--per-query"), "--per-query does not go with --json"),
        ((), "Missing argument"),
    ],
)
def test_what_is_asked_wrongly_is_explained(arguments: tuple[str, ...], told: str) -> None:
    done = CliRunner().invoke(main, ["eval", *arguments])
    assert done.exit_code == 2
    assert told in done.stderr
    assert "Traceback" not in done.output


def test_without_a_model_there_is_nothing_to_compare_words_with(folder: Path) -> None:
    done = CliRunner().invoke(main, ["eval", str(folder), "--model", "none"])
    assert done.exit_code == 2
    assert "--model NAME" in done.stderr

"""What a rebuild and a sync tell a program: one JSON object a line, whole and harmless."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner

from index.commands import index
from tests.conftest import write_articles

if TYPE_CHECKING:
    from pathlib import Path

    from click.testing import Result


def run(*arguments: str) -> Result:
    return CliRunner().invoke(index, list(arguments))


def events(done: Result) -> list[dict[str, Any]]:
    assert done.exit_code == 0, done.output
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_a_rebuild_tells_stages_skips_and_its_report(tmp_path: Path) -> None:
    page = write_articles(tmp_path / "odd \x1b[31m.jsonl", [{"title": "A wall", "paragraphs": ["It stands."]}])
    page.write_text(page.read_text() + "{broken\n")
    done = run("rebuild", "--index", str(tmp_path / "index"), "--model", "hash", "--events", str(page))
    told = events(done)
    assert "\x1b" not in done.output
    assert not done.stderr
    stages = [one["stage"] for one in told if one["event"] == "stage"]
    assert stages[0] == "reading"
    assert {"words", "encoding"} <= set(stages)
    (skip,) = [one for one in told if one["event"] == "skip"]
    assert skip["path"].endswith("odd [31m.jsonl:2")
    first = next(at for at, one in enumerate(told) if one["event"] == "stage")
    assert told[first]["total"] == page.stat().st_size
    assert next(one["done"] for one in told if one["event"] == "done") == page.stat().st_size
    assert told[-1]["event"] == "report"
    assert told[-1]["articles"]["new"] == 1
    assert told[-1]["summary"][0].startswith("1 articles")
    assert "skips" not in told[-1]


def test_a_sync_tells_its_report_too(tmp_path: Path) -> None:
    page = write_articles(tmp_path / "pages.jsonl", [{"title": "A wall", "paragraphs": ["It stands."]}])
    where = ("--index", str(tmp_path / "index"))
    assert run("rebuild", *where, "--model", "hash", "-q", str(page)).exit_code == 0
    write_articles(page, [{"title": "A bridge", "paragraphs": ["It fell."]}])
    report = events(run("sync", *where, "--events"))[-1]
    assert (report["articles"]["new"], report["articles"]["removed"]) == (1, 1)


def test_events_and_json_exclude_each_other(tmp_path: Path) -> None:
    done = run("sync", "--index", str(tmp_path), "--events", "--json")
    assert done.exit_code == 2
    assert "--events or --json" in done.stderr

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from search.judgements import FILE, Judgements
from search.weights import DEFAULT, load
from tests.conftest import build, write_articles
from tests.search.test_tuning import QUERIES, judged, pages
from tui.cli import main

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from click.testing import Result

    Ask = Callable[..., Result]

HOSTILE = {"id": "evil", "paragraphs": ["A harbour \x1b[2J\x9b31m with \u202eevil\u202c text."]}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("judging")
    build(folder / "index", [write_articles(folder / "pages.jsonl", [HOSTILE, *pages()])])
    return folder / "index"


@pytest.fixture
def ask(home: Path) -> Ask:
    for path in home.glob("[jw]*.json*"):
        path.unlink()

    def asked(*arguments: str, code: int = 0) -> Result:
        done = CliRunner().invoke(main, [arguments[0], "--index", str(home), *arguments[1:]])
        assert done.exit_code == code, (done.output, done.exception)
        for char in done.output:
            assert char in "\n\t" or (char.isprintable() and not 0x80 <= ord(char) < 0xA0), repr(done.output)
        return done

    return asked


def test_judgements_are_kept_and_listed(ask: Ask) -> None:
    assert "relevant: a0-0#p1 for 'harbour strike'" in ask("judge", "harbour", "strike", "a0-0#p1", "+").stderr
    ask("judge", "harbour strike", "a0-1#p1", "-")
    ask("judge", "harbour", "a0-1#p1", "-")
    ask("judge", "harbour", "a0-1#p1", "0")
    lines = ask("judge", "--list").stdout.splitlines()
    assert [(line[0], line.split("  ")[2:]) for line in lines] == [
        ("+", ["a0-0#p1", "harbour strike"]),
        ("-", ["a0-1#p1", "harbour strike"]),
    ]
    table = json.loads(ask("judge", "--list", "--json").stdout)
    assert [(one["query"], one["id"], one["article_id"], one["grade"]) for one in table] == [
        ("harbour strike", "a0-0#p1", "a0-0", 1),
        ("harbour strike", "a0-1#p1", "a0-1", 0),
    ]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("harbour", "nobody#p1", "+"), 1),
        (("harbour", "a0-0", "+"), 1),
        (("harbour", "a0-0#p1", "0"), 1),
        (("harbour", "a0-0#p1", "yes"), 2),
        (("harbour", "a0-0#p1"), 2),
        (("a0-0#p1", "+"), 2),
        ((), 2),
        ((" ", "a0-0#p1", "+"), 2),
        (("x" * 1001, "a0-0#p1", "+"), 2),
        (("--list", "harbour"), 2),
        (("--json", "harbour", "a0-0#p1", "+"), 2),
        (("--list",), 1),
        (("--list", "--export", "folder"), 2),
        (("--export", "folder", "harbour", "a0-0#p1", "+"), 2),
        (("--export", "folder", "--json"), 2),
        (("--force", "harbour", "a0-0#p1", "+"), 2),
    ],
)
def test_what_cannot_be_judged_is_said_and_nothing_kept(
    ask: Ask, home: Path, arguments: tuple[str, ...], code: int
) -> None:
    assert ask("judge", *arguments, code=code).stderr
    assert not (home / FILE).exists()


def test_a_query_that_begins_with_a_minus_goes_behind_two(ask: Ask, home: Path) -> None:
    ask("judge", "--", "-strike harbour", "a0-0#p1", "-")
    assert Judgements.beside(home).all()[0].query == "-strike harbour"


def test_hostile_queries_are_printed_harmlessly(ask: Ask, home: Path) -> None:
    ask("judge", "har\x1b[2Jbour \x9b\u202e\x07\ud800", "evil#p1", "+")
    with (home / FILE).open("a", encoding="ascii") as file:
        line = {"query": "\x1b]0;owned\x07\nx\ud800", "id": "\x1b[2J#p1", "grade": 0, "when": "2020-01-01"}
        file.write(json.dumps(line) + "\n")
    assert len(ask("judge", "--list").stdout.splitlines()) == 2
    assert len(json.loads(ask("judge", "--list", "--json").stdout)) == 2


def test_judgements_are_exported_as_judged_folders_have_them(ask: Ask, tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    ask("judge", "--export", str(folder), code=1)
    assert not folder.exists()
    ask("judge", "harbour strike", "a0-0#p1", "+")
    ask("judge", "harbour strike", "a0-1#p1", "-")
    assert "2 judgements" in ask("judge", "--export", str(folder)).stderr
    assert (folder / "qrels" / "test.tsv").read_text("utf-8").splitlines()[1:] == ["q1\ta0-0\t1", "q1\ta0-1\t0"]
    assert "--force" in ask("judge", "--export", str(folder), code=2).stderr
    ask("judge", "--export", str(folder), "--force")
    (tmp_path / "file").write_text("", "utf-8")
    assert "choose another folder" in ask("judge", "--export", str(tmp_path / "file"), code=2).stderr


def test_a_torn_line_is_said(ask: Ask, home: Path) -> None:
    ask("judge", "harbour", "a0-0#p1", "+")
    with (home / FILE).open("a", encoding="ascii") as file:
        file.write('{"query"')
    assert "cut off" in ask("judge", "--list").stderr


def test_a_damaged_file_is_said(ask: Ask, home: Path) -> None:
    (home / FILE).write_text("nonsense\n", "ascii")
    assert "line 1" in ask("judge", "--list", code=3).stderr
    assert "line 1" in ask("tune", code=3).stderr


def test_tuning_is_tried_kept_and_undone(ask: Ask, home: Path) -> None:
    judged(home, [0] * QUERIES)
    tried = ask("tune", "--dry-run")
    assert f"alpha           {DEFAULT.alpha:g} -> " in tried.stdout
    assert load(home) == DEFAULT
    assert ask("tune").stdout == tried.stdout
    assert load(home).alpha < DEFAULT.alpha
    ask("tune", "--undo")
    assert load(home) == DEFAULT
    assert "not tuned" in ask("tune", "--undo", code=1).stderr


def test_a_refusal_tells_the_numbers_and_changes_nothing(ask: Ask, home: Path) -> None:
    assert "0 of 0 judged queries" in ask("tune", code=1).stderr
    judged(home, [1 + number % 5 for number in range(QUERIES)])
    done = ask("tune", code=1)
    assert "not tuned" in done.stderr
    assert "p = " in done.stdout
    assert not list(home.glob("weights*"))


def test_undo_and_dry_run_exclude_each_other(ask: Ask) -> None:
    ask("tune", "--undo", "--dry-run", code=2)

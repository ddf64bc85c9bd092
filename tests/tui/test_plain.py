"""Plain mode, in whole sessions over real indexes: what is typed is piped in, and everything written is read."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import ModelError, UsageError
from index.settings import is_dumb_terminal
from search.results import Span, SpanKind
from tests.conftest import build, write_articles
from tui.cli import main
from tui.commands import QUERY_LANGUAGE
from tui.plain.commands import COMMANDS, understood
from tui.plain.terminal import LONGEST
from tui.plain.wording import columns, marked, short, wrapped

if TYPE_CHECKING:
    from click.testing import Result

    from search.searcher import Searcher

ROOT = Path(__file__).parents[2]
HOSTILE = (
    "[/ [red]x[/red] [@click=app.bell] \x1b[2J\x1b]52;c;Z290Y2hh\x07 \x9b31m \u202eesrever\u202c \u2066i\u2069 "
    "zero\u200bwidth \x00\x08\r over \u2028 line\ttab {brace} \\"
)
ARTICLES: tuple[dict[str, Any], ...] = (
    {
        "id": "wall",
        "title": "Council raises the old sea wall",
        "source": "Harbour Gazette",
        "url": "https://example.org/wall",
        "published": "2019-03-01T08:15:00Z",
        "authors": ["Ilse Marrow"],
        "paragraphs": [
            "The harbour council voted on Thursday to raise the sea wall by two metres.",
            "Engineers had warned that another storm would break it. Nobody should plan on a third time.",
            "Stallholders asked for compensation for the summer without a fish market.",
        ],
        "captions": ["The sea wall at Veldhaven."],
        "comments": [
            {"id": "c1", "author": "tidewatcher", "posted": "2019-03-02T10:00:00Z", "text": "Who pays for the wall?"},
            {
                "id": "c2",
                "author": "Marta_V",
                "text": "Compensation for stallholders: a summer without fish market.\nThey asked for it.",
                "parent": "c1",
            },
            {"id": "c3", "author": "gone", "text": "Removed by a moderator", "parent": "c2", "removed": True},
            {"id": "c4", "author": "last", "text": "And why was that?", "parent": "c3"},
        ],
        "furniture": ["Share this page"],
    },
    *(
        {"id": f"f{number}", "title": f"Ferry news {number}", "paragraphs": [f"The ferry sails {number} times a day."]}
        for number in range(7)
    ),
    {
        "id": "evil",
        "title": f"Harm {HOSTILE}",
        "authors": [f"Mallory {HOSTILE}"],
        "paragraphs": [f"Quagga {HOSTILE} quagga", "quagga" * 16_000, "quagga " * 14_000],
        "comments": [{"id": "1", "author": f"nobody {HOSTILE}", "text": f"Quagga {HOSTILE}"}],
    },
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plain")
    build(folder / "index", [write_articles(folder / "articles.jsonl", list(ARTICLES))])
    return folder / "index"


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")


def sit(index: Path, *lines: str, query: str = "") -> Result:
    """Return what a session writes in which these lines are typed."""
    done = CliRunner().invoke(
        main, ["tui", "--plain", "--index", str(index), *query.split()], input="".join(f"{line}\n" for line in lines)
    )
    assert done.exception is None or isinstance(done.exception, SystemExit), done.output
    assert "Unexpected" not in done.output
    assert_plain(done.output)
    return done


def words(index: Path, *lines: str) -> Result:
    """The same by words alone, whose results are certain."""
    return sit(index, "mode keyword", *lines)


def assert_plain(shown: str) -> None:
    for char in shown.replace("\n", ""):
        assert unicodedata.category(char) not in ("Cc", "Zl", "Zp"), repr(char)
        assert char not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
        assert not "\u2500" <= char <= "\u259f"


# Asking


def test_a_query_is_answered_by_numbered_results(index: Path) -> None:
    done = words(index, "stallholders compensation")
    assert done.exit_code == 0
    assert done.stdout.splitlines() == [
        "2 results for stallholders compensation.",
        "1. Paragraph 3 in: Council raises the old sea wall",
        "By Ilse Marrow, 2019-03-01 08:15, Harbour Gazette",
        "[Stallholders] asked for [compensation] for the summer without a fish market.",
        "Answered by 1 comment",
        "2. Comment in: Council raises the old sea wall",
        "By Marta_V, 2019-03-01 08:15, Harbour Gazette",
        "[Compensation] for [stallholders]: a summer without fish market. They asked for",
        "it.",
        "Answers paragraph 3",
    ]


def test_the_query_of_the_command_line_is_answered_first(index: Path) -> None:
    assert "for sea wall" in sit(index, query="sea wall").stdout.splitlines()[0]


def test_more_goes_on_where_the_page_ended(index: Path) -> None:
    shown = words(index, "ferry in:paragraph", "more", "more").stdout
    assert "7 results for ferry in:paragraph, 1 to 5 shown; type more for the next." in shown
    assert "7 results for ferry in:paragraph, 6 to 7 shown." in shown
    assert "No more results." in shown
    numbers = [int(line.split(".")[0]) for line in shown.splitlines() if line[0].isdigit() and line[1] == "."]
    assert numbers == [1, 2, 3, 4, 5, 6, 7]


def test_meaning_is_marked_by_braces_and_words_by_brackets(index: Path) -> None:
    shown = " ".join(sit(index, "plan on a third time").stdout.split())
    assert "{Nobody should [plan] on a [third] [time].}" in shown


def test_a_model_that_must_be_loaded_is_loaded_before_the_first_answer(index: Path) -> None:
    done = sit(index, "wall", "sea")
    assert done.stderr.count("Loading the model.") == 1
    assert "Loading" not in words(index, "wall").stderr


def test_a_model_that_cannot_be_loaded_leaves_the_words(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: Searcher) -> None:
        raise ModelError("the model is gone; rebuild")

    monkeypatch.setattr("search.searcher.Searcher.warm", fail)
    done = sit(index, "stallholders")
    assert "the model is gone; rebuild. Searching by words alone" in " ".join(done.stderr.split())
    assert done.stdout.startswith("2 results")
    assert "Error: the model is gone" in sit(index, "mode semantic", "stallholders").stderr


def test_another_spelling_is_a_y_away_and_comes_before_the_results(index: Path) -> None:
    done = words(index, "stalholders", "y")
    assert "Did you mean stallholders? Type y for that." in done.stderr
    assert "2 results for stallholders." in done.stdout
    assert "no spelling was suggested" in words(index, "y").stderr


def test_warnings_are_notes(index: Path) -> None:
    assert "Note: " in words(index, "foo:bar wall").stderr


def test_changing_how_to_ask_asks_again(index: Path) -> None:
    done = sit(index, "mode keyword", "wall", "sort oldest", "sort", "group", "group", "mode")
    assert done.stdout.count("for wall") == 4
    for told in ("Sorted by oldest.", "every passage stands by itself", "Every passage by itself.", "Mode keyword."):
        assert told in " ".join(done.stderr.split())


def test_grouped_by_article_an_article_comes_once(index: Path) -> None:
    shown = words(index, "wall", "group").stdout
    assert shown.split("for wall")[-1].count("in: Council raises") <= 1


def test_facets_count(index: Path) -> None:
    shown = words(index, "ferry", "facets").stdout
    assert "14 passages" in shown
    assert "kind: headline 7, paragraph 7" in shown
    assert "type one first" in words(index, "facets").stderr


# Reading


def test_an_article_is_read_from_the_hit_on(index: Path) -> None:
    shown = words(index, "engineers", "1", "next", "n", "n", "n", "n", "n", "b").stdout
    assert shown[shown.index("Article:") :].splitlines() == [
        "Article: Council raises the old sea wall",
        "By Ilse Marrow, 2019-03-01 08:15, Harbour Gazette",
        "It has 3 paragraphs and 4 comments; left out: 1 line around the story",
        "Paragraph 2 of 3: [Engineers] had warned that another storm would break it.",
        "Nobody should plan on a third time.",
        "Paragraph 3 of 3: Stallholders asked for compensation for the summer without a",
        "fish market.",
        "Comment 1 of 4, by tidewatcher, 2019-03-02 10:00",
        "Who pays for the wall?",
        "Comment 2 of 4, by Marta_V, undated",
        "Reply to tidewatcher, comment 1; answers paragraph 3",
        "Compensation for stallholders: a summer without fish market.",
        "They asked for it.",
        "Comment 3 of 4, removed, by gone, undated",
        "Reply to Marta_V, comment 2",
        "Removed by a moderator",
        "Comment 4 of 4, by last, undated",
        "Reply to gone, removed comment 3",
        "And why was that?",
        "Comment 3 of 4, removed, by gone, undated",
        "Reply to Marta_V, comment 2",
        "Removed by a moderator",
    ]


def test_open_begins_at_the_beginning_and_all_reads_the_rest(index: Path) -> None:
    done = words(index, "engineers", "open 1", "b", "all", "n")
    assert "Headline: Council raises the old sea wall" in done.stdout
    assert done.stdout.index("Headline:") < done.stdout.index("Caption 1 of 1:") < done.stdout.index("Paragraph 1 of")
    assert done.stdout.endswith("And why was that?\n")
    assert "the beginning of the article" in done.stderr
    assert done.stderr.count("the end of the article") == 2


def test_furniture_is_read_where_it_was_found(index: Path) -> None:
    assert "Line around the story 1 of 1: [Share] this page" in words(index, "in:furniture share", "1").stdout


# Results


def test_why_copy_and_similar(index: Path) -> None:
    done = words(index, "engineers warned", "why 1", "copy 1", "similar 1", "1", "judge 1 +")
    assert "Result 1: 2 of 2 words" in done.stdout
    assert "Score" in done.stdout
    assert '\nIlse Marrow, "Council raises the old sea wall", paragraph 2' in done.stdout
    assert "\nhttps://example.org/wall\n" in done.stdout
    shown = " ".join(done.stdout.split())
    assert "Results for what is like Paragraph 2 in: Council raises the old sea wall, 1 to 5 shown" in shown
    assert "similar passages answer no query" in done.stderr


def test_marks_outlive_a_query_and_are_written_to_a_new_file(index: Path, tmp_path: Path) -> None:
    done = words(
        index, "engineers", "mark 1", "wall", "mark 1", "mark 1", "marks", "export kept.csv", "export kept.csv",
        "export notes markdown",
    )  # fmt: skip
    assert "Result 1 no longer marked; 1 mark in all." in done.stderr
    assert done.stdout.count("Mark 1: Ilse Marrow") == 1
    assert "Wrote 1 marked result to kept.csv" in done.stderr
    assert "kept.csv is there already; choose another name" in done.stderr
    assert "Engineers had warned" in (tmp_path / "kept.csv").read_text("utf-8")
    assert "### Council raises" in (tmp_path / "notes").read_text("utf-8")


def test_without_marks_all_results_listed_are_written(index: Path, tmp_path: Path) -> None:
    words(index, "ferry in:paragraph", "more", "export all.jsonl")
    assert len((tmp_path / "all.jsonl").read_text("utf-8").splitlines()) == 7


@pytest.mark.parametrize("name", ["no/such/folder/x.csv", "~nobody-here/x.csv", f"{'x' * 300}.csv", "../"])
def test_a_file_that_cannot_be_written_is_one_line(index: Path, name: str) -> None:
    done = words(index, "wall", f"export {name} csv")
    assert done.stderr.count("Error:") == 1


def test_a_judgement_is_kept(index: Path) -> None:
    done = words(index, "engineers", "judge 1 +", "judge 1 0", "judge 1 0")
    assert "Result 1 answers engineers." in done.stderr
    assert "Result 1 is not judged for engineers, as before." in done.stderr


def test_searches_are_saved_and_asked_again(index: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert "nothing is saved" in words(index, "saved").stderr
    assert "no query to save" in words(index, "save as wall").stderr
    assert "Saved as Old wall." in words(index, "sort newest", "sea wall", "save as Old wall").stderr
    done = sit(index, "saved", "saved 1", "sort", "saved 9")
    assert done.stdout.splitlines()[:2] == ["Saved searches: 1.", "1. Old wall: sea wall (by words, newest first)"]
    assert "results for sea wall." in done.stdout
    assert "Old wall, by words, newest first." in done.stderr
    assert "Sorted by newest." in done.stderr
    assert "no saved search 9" in done.stderr


def test_without_state_nothing_is_saved(index: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    monkeypatch.setenv("BROADSHEET_STATE", "none")
    assert "1. wall: sea wall (by words)" in words(index, "sea wall", "save as wall", "saved").stdout
    assert list(tmp_path.iterdir()) == []


def test_info_and_help(index: Path) -> None:
    shown = words(index, "info", "help").stdout
    assert "9 articles" in shown
    joined = " ".join(shown.split())
    for command in COMMANDS:
        assert command.help in joined
    for typed, _ in QUERY_LANGUAGE:
        assert typed in joined


# Lines


@pytest.mark.parametrize(
    ("line", "name", "arguments"),
    [
        ("open source licences", "?", ("open source licences",)),
        ("why did it break", "?", ("why did it break",)),
        ("export ban on grain", "?", ("export ban on grain",)),
        ("? more", "?", ("more",)),
        ('"more"', "?", ('"more"',)),
        ("a man", "?", ("a man",)),
        ("1234567890", "?", ("1234567890",)),
        ("?", "help", ()),
        ("More", "more", ()),
        ("o  3", "open", ("3",)),
        ("7", "read", ("7",)),
        ("judge 3 -", "judge", ("3", "-")),
        ("export my notes.md", "export", ("my notes.md",)),
        ("e notes csv", "export", ("notes", "csv")),
        ("sort Newest", "sort", ("Newest",)),
        ("save our schools", "?", ("save our schools",)),
        ("saved lives", "?", ("saved lives",)),
        ("save as Old wall", "save", ("Old wall",)),
        ("sv 2", "saved", ("2",)),
    ],
)
def test_a_line_is_a_command_only_in_its_whole_shape(line: str, name: str, arguments: tuple[str, ...]) -> None:
    request = understood(line)
    assert (request.command.name, request.arguments) == (name, arguments)


def test_the_bare_name_of_a_command_that_needs_more_says_what() -> None:
    for command in COMMANDS:
        if command.usage and command.name not in ("mode", "sort", "saved"):
            with pytest.raises(UsageError, match=command.example):
                understood(command.name)
    assert len({name for command in COMMANDS for name in (command.name, command.short)}) == 2 * len(COMMANDS)


def test_who_meant_a_command_is_told_how(index: Path) -> None:
    assert "type for example: open 3" in words(index, "open sea").stderr
    for query in ("a sea", "why did it break", "wall"):
        assert "type for example" not in words(index, query).stderr


def test_a_number_is_a_query_until_there_are_results(index: Path) -> None:
    done = words(index, "2014", "wall", "2014", "0", "more", "1")
    assert "Nothing found for 2014." in done.stdout
    assert "there is no result 2014; the last one listed is 4" in " ".join(done.stderr.split())
    assert "Article:" in done.stdout


@pytest.mark.parametrize("line", ["next", "b", "all", "1 1 1" * 250, "more", "list", "marks", "export x.md", "why 3"])
def test_what_cannot_be_done_is_one_line_that_helps(index: Path, line: str) -> None:
    assert words(index, line).stderr.splitlines()[-1]
    assert words(index, line).stderr.count("Error: ") == 1


# Ends


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        ((), 0),
        (("wall",), 0),
        (("zzzz",), 1),
        (("zzzz", "wall", "open 99"), 0),
        (("wall", "x" * 1_001), 2),
        (("zzzz", "quit", "wall"), 1),
    ],
)
def test_in_a_pipe_the_last_query_gives_the_exit_code(index: Path, lines: tuple[str, ...], code: int) -> None:
    assert words(index, *lines).exit_code == code


def test_a_slip_of_ours_is_a_line_and_no_traceback(index: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ZeroDivisionError("by \x1b[2J zero")

    monkeypatch.setattr("search.searcher.Searcher.search", fail)
    done = CliRunner().invoke(main, ["tui", "--plain", "--index", str(index)], input="mode keyword\nwall\ninfo\n")
    assert "Unexpected ZeroDivisionError: by [2J zero. Please report this." in done.stderr
    assert "9 articles" in done.stdout
    assert done.exit_code == 2


def test_where_nothing_is_a_terminal_it_is_plain_by_itself(index: Path) -> None:
    done = CliRunner().invoke(main, ["tui", "--index", str(index)], input="mode keyword\nengineers\n")
    assert done.stdout.startswith("1 result for engineers.")


def test_no_index_is_one_line_and_code_3(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["tui", "--plain", "--index", str(tmp_path / "none")], input="wall\n")
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (3, "", 1)


def test_plain_is_of_the_terminal_ui_alone() -> None:
    done = CliRunner().invoke(main, ["--plain", "search", "x"])
    assert done.exit_code == 2
    assert "broadsheet tui --plain" in done.stderr


def started(index: Path, **more: Any) -> subprocess.Popen[bytes]:
    pipe = subprocess.PIPE
    environment = os.environ | {"BROADSHEET_INDEX": str(index)}
    command = [sys.executable, "-m", "tui", "--plain"]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdin=pipe, stdout=pipe, stderr=pipe, **more)


def test_bytes_that_are_no_text_and_a_line_without_end(index: Path) -> None:
    told, said = started(index).communicate(b"mode keyword\n\xff\xfe \x00\n" + b"a" * 3 * LONGEST + b"\nwall")
    assert b"results for wall" in told
    assert b"1,000" in said
    assert b"Traceback" not in said


def test_a_reader_that_stops_reading_ends_it(index: Path) -> None:
    process = started(index)
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdin.write(b"mode keyword\nwall\n")
    process.stdin.flush()
    process.stdout.readline()
    process.stdout.close()
    process.stdin.write(b"wall\n" * 50)
    process.stdin.close()
    assert b"Traceback" not in process.stderr.read()
    process.stderr.close()
    process.wait(30)


def on_a_terminal(index: Path, term: str, typed: bytes) -> tuple[bytes, int]:
    """Return what a terminal shows where ``typed`` is typed at each prompt in turn, and the exit code."""
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    name = os.ttyname(theirs)  # opened by the leader of a session it becomes its terminal, so that Ctrl-C gets there
    flags = "" if term == "dumb" else "--plain"
    process = subprocess.Popen(
        ["sh", "-c", f'exec "{sys.executable}" -m tui {flags} <{name} >{name} 2>&1'],
        cwd=ROOT,
        env=os.environ | {"TERM": term, "BROADSHEET_INDEX": str(index)},
        start_new_session=True,
    )

    def read() -> bytes:
        assert select.select([ours], [], [], 30)[0], "it hangs"
        return os.read(ours, 10_000)

    shown = b""
    for number, line in enumerate(typed.splitlines(keepends=True), 1):
        while shown.count(b"query> ") < number:
            shown += read()
        os.write(ours, line)
    for _ in range(100):
        try:
            process.wait(0.3)
        except (
            subprocess.TimeoutExpired
        ):  # a signal between the prompt and the wait for keys is noticed with the next key
            os.write(ours, line)
        while select.select([ours], [], [], 0)[0]:
            shown += read()
        if process.poll() is not None:
            break
    process.kill()
    os.close(theirs)
    os.close(ours)
    return shown, process.wait()


@pytest.mark.parametrize(
    ("term", "end"), [("dumb", b"\x03"), ("dumb", b"\x04"), ("xterm-256color", b"\x03"), ("xterm-256color", b"quit\n")]
)
def test_a_terminal_is_sent_lines_and_no_escape_sequence(index: Path, term: str, end: bytes) -> None:
    shown, code = on_a_terminal(index, term, b"mode keyword\nstallholders\n1\nzzzz\n" + end)
    text = shown.decode().replace("^C", "")
    assert_plain(text.replace("\r\n", "\n"))
    assert "Comment in: Council raises the old sea wall" in text
    assert code == 0
    assert text.endswith("\n")
    assert "Traceback" not in text


def test_it_loads_neither_textual_nor_rich(index: Path) -> None:
    code = (
        "import sys\nfrom tui.cli import main\n"
        "try: main(['--plain'])\nexcept SystemExit: pass\n"
        "print({name.split('.')[0] for name in sys.modules} & {'textual', 'rich', 'torch'})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        input="mode keyword\nwall\n1\nhelp\n",
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=os.environ | {"BROADSHEET_INDEX": str(index)},
    )
    assert done.stdout.splitlines()[-1] == "set()"


@pytest.mark.parametrize(
    ("term", "is_dumb"), [("dumb", True), ("unknown", True), ("xterm-256color", False), ("", False)]
)
def test_the_terminal_says_whether_it_is_dumb(term: str, is_dumb: bool) -> None:
    assert is_dumb_terminal({"TERM": term}) is is_dumb


# Text from outside


def test_hostile_text_is_read_and_does_nothing(index: Path) -> None:
    done = words(index, "quagga", "open 1", "all", "mark 1", "marks", "copy 1", "why 1", "similar 1", "facets", HOSTILE)
    assert "[red]x[/red]" in done.stdout
    assert "Mallory" in done.stdout
    assert "quagga" * 16_000 in done.stdout
    assert "[@click=app.bell]" in done.stdout


# What somebody types comes back to him; that nothing is drawn is asked of the rest.
UNDRAWN = st.characters(codec="utf-8", exclude_characters="".join(map(chr, range(0x2500, 0x25A0))))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.one_of(
            st.text(UNDRAWN, max_size=40),
            st.builds(
                lambda command, rest: f"{command} {rest}",
                st.sampled_from(
                    [name for one in COMMANDS if one.name not in ("export", "quit") for name in (one.name, one.short)]
                ),
                st.one_of(st.just(""), st.integers(-2, 12).map(str), st.text(UNDRAWN, max_size=6), st.just("1 +")),
            ),
            st.sampled_from(["wall", "quagga", "1", "2", "in:furniture", "ferry", "mode keyword", "mode hybrid"]),
        ),
        max_size=12,
    )
)
def test_whatever_is_typed_it_answers_and_ends(index: Path, lines: list[str]) -> None:
    if not any(line.split()[:1] in (["export"], ["e"]) for line in lines):
        assert sit(index, *lines).exit_code in (0, 1, 2)


# Wording


@pytest.mark.parametrize(
    ("text", "spans", "shown"),
    [
        ("a wall", [Span(2, 6)], "a [wall]"),
        (
            "Old wall. New.",
            [Span(0, 4, SpanKind.MEANING), Span(4, 8), Span(8, 9, SpanKind.MEANING)],
            "{Old [wall].} New.",
        ),
        ("Old wall", [Span(0, 4, SpanKind.MEANING)], "{Old} wall"),
        ("wall", [Span(0, 99), Span(2, 3), Span(50, 60)], "[wall]"),
        ("a b", [Span(1, 2)], "a b"),
        ("", [], ""),
    ],
)
def test_marks(text: str, spans: list[Span], shown: str) -> None:
    assert marked(text, spans) == shown


@settings(deadline=None)
@given(st.text(max_size=200), st.lists(st.tuples(st.integers(0, 200), st.integers(0, 60), st.sampled_from(SpanKind))))
def test_marks_change_nothing_of_the_text(text: str, spans: list[tuple[int, int, SpanKind]]) -> None:
    bare = text.translate({ord(sign): None for sign in "[]{}"})
    found = marked(bare, [Span(start, start + length, kind) for start, length, kind in spans])
    assert found.translate({ord(sign): None for sign in "[]{}"}) == bare


@settings(deadline=None)
@given(st.text(max_size=300), st.integers(20, 100))
def test_lines_fit_and_lose_nothing(text: str, width: int) -> None:
    lines = list(wrapped(text, width))
    assert "".join("".join(lines).split()) == "".join(text.split())
    for line in lines:
        assert columns(line) <= width or " " not in line


def test_words_stay_whole_and_scripts_without_spaces_are_cut() -> None:
    address = "https://example.org/" + "a" * 60
    assert list(wrapped(f"see {address} there", 40)) == ["see", address, "there"]
    assert list(wrapped("水" * 50, 40)) == ["水" * 20, "水" * 20, "水" * 10]
    assert short("one two three", 9) == "one two…"

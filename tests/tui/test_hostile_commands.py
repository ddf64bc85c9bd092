"""Every command, over a corpus that means harm and with arguments that do: nothing reaches the terminal but text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click
import pytest
from click.testing import CliRunner

from tui.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ESCAPES = (
    "\x1b[2J \x1b]52;c;Z290Y2hh\x07 \x9b31m \x1b]0;owned\x07 \u202eevil\u202c \u2066x\u2069 \x08\x0b\x0c\x7f \r gone"
)
SOUP = "[/ [red]x[/red] [@click=app.bell]ring[/] [link=file:///etc/passwd] {%s} $HOME `id` =1+1 <script>"
EVIL = f"{SOUP} {ESCAPES}"
LINE = f"Sign up for our letter {SOUP}"
ARTICLES: list[dict[str, Any]] = [
    {
        "id": f"evil{number}",
        "title": f"Harbour {number} {EVIL}",
        "url": f"https://a.example/{number}",
        "source": f"Gazette {EVIL}",
        "section": EVIL,
        "place": EVIL,
        "topics": [EVIL],
        "authors": [f"Mallory {EVIL}"],
        "paragraphs": [f"The harbour {number} wall {EVIL} " + "z" * 20_000, LINE],
        "captions": [f"A harbour {EVIL}"],
        "comments": [{"id": f"c{number}", "author": f"Eve {EVIL}", "text": f"harbour wall {number} {EVIL}"}],
        "furniture": [f"Share this harbour {EVIL}"],
    }
    for number in range(6)
]
COMMANDS = [
    ("search", "harbour"), ("search", "harbour", "--explain"), ("search", "harbour", "--facets"),
    ("search", "harbour", "--meaning"), ("search", "in:furniture"), ("search", "harbour", "--csv"),
    ("search", "harbour", "--markdown"), ("search", "harbour", "--json", "--facets"), ("search", "harbour", "--jsonl"),
    ("search", "harbour", "--group-by", "article"), ("search", f"harbour nosuch:{EVIL}"),
    ("search", f'"{EVIL}" harbor'),
    ("search", "--batch", "BATCH"), ("search", "harbour", "--in", "FILE"), ("show", "evil1"), ("show", "evil1#c1"),
    ("show", EVIL), ("show", f"{EVIL}#p1"), ("similar", "evil1#c1"), ("similar", EVIL), ("suggest", "mall"),
    ("suggest", "harb"), ("suggest", EVIL), ("export", "harbour"), ("export", "harbour", "--articles"),
    ("export", "harbour", "--markdown"), ("export", "harbour", "--output", f"/nowhere/{EVIL}.md"),
    ("judge", f"harbour {EVIL}", "evil1#c1", "+"), ("judge", "--list"), ("judge", EVIL, EVIL, "+"),
    ("eval", f"/nowhere/{EVIL}"), ("eval", "compare", EVIL, EVIL), ("tune", "--dry-run"),
    ("config", "show"), ("config", "keys"), ("index", "info"), ("index", "furniture"),
    ("index", "furniture", "--source", EVIL),
    ("index", "furniture", "--keep", EVIL), ("index", "verify", "--quick"), ("index", "preview", "FILE"),
    ("index", "preview", f"/nowhere/{EVIL}"), ("index", "sync"), ("index", "sync", f"/nowhere/{EVIL}"),
    ("index", "remove", EVIL), ("index", "remove", "--list"), ("index", "compact"),
    ("index", "rebuild", "--model", "hash", f"/nowhere/{EVIL}"), ("index", "rebuild", "--model", EVIL, "FILE"),
    ("tui", "--plain", f"harbour {EVIL}"), ("completion", "bash"), ("search", "harbour", "--mode", EVIL),
    ("search", "harbour", "--limit", EVIL), ("search", "harbour", "--index", f"/nowhere/{EVIL}"), (EVIL,),
    ("search", "harbour", f"--{EVIL}"),
]  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an index in it, the page it was built from under a hostile name, and a batch of hostile queries."""
    folder = tmp_path_factory.mktemp("hostile")
    page = folder / "pages" / "odd \x1b[31m\u202e name [red].jsonl"
    page.parent.mkdir()
    page.write_text("".join(json.dumps(article) + "\n" for article in ARTICLES) + "{broken\n", encoding="utf-8")
    (folder / "batch.txt").write_text(f"harbour\nharbour {EVIL}\n", encoding="utf-8")
    done = run("index", "rebuild", "--model", "hash", str(page.parent), index=folder / "index")
    assert done[0] == 0, done
    check(done[1])
    return folder


def run(*arguments: str, index: Path) -> tuple[int, str]:
    environ = {"BROADSHEET_INDEX": str(index)}
    done = CliRunner(env=environ).invoke(
        main, list(arguments), input="1\nall\nfacets\nmark 1\nexport /nowhere/x\nquit\n"
    )
    assert not isinstance(done.exception, Exception), done.exception
    return done.exit_code, done.output


def check(shown: str) -> None:
    for number, char in enumerate(shown):
        around = shown[max(0, number - 60) : number + 20]
        assert char in "\n\t" or (ord(char) >= 0x20 and not 0x7F <= ord(char) < 0xA0), repr(around)
        assert char not in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069", repr(around)


@pytest.mark.parametrize("arguments", COMMANDS, ids=lambda arguments: " ".join(arguments)[:40].encode("unicode_escape"))
def test_only_text_reaches_the_terminal(folder: Path, arguments: tuple[str, ...]) -> None:
    names = {"FILE": str(next((folder / "pages").iterdir())), "BATCH": str(folder / "batch.txt")}
    given = [names.get(argument, argument) for argument in arguments]
    code, shown = run(*given, index=folder / "index")
    assert code in (0, 1, 2, 3)
    check(shown)
    assert "Traceback" not in shown


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            found = command.get_command(context, name)
            assert found is not None
            yield from leaves(found, (*path, name))
    else:
        yield path


def test_no_command_is_left_out() -> None:
    tried = set(COMMANDS)
    for path in leaves(main):
        assert any(arguments[: len(path)] == path for arguments in tried), path

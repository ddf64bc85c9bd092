"""Doing things with a hit, or with the passage being read."""

from __future__ import annotations

import json
import subprocess
from contextlib import nullcontext
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pytest
from textual.widgets import Input, Static

from index import settings
from index.errors import NotFound, UsageError
from tests.tui.conftest import ids, place
from tui.app import BroadsheetApp
from tui.original import original
from tui.screens.exporting import ExportScreen
from tui.widgets.article_pane import ArticlePane
from tui.widgets.hit_list import HitList
from tui.widgets.hit_row import HitRow
from tui.widgets.status_line import StatusLine

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tui.conftest import Ask, FakeEngine, Until
    from tui.screens.main import MainScreen


def main(app: BroadsheetApp) -> MainScreen:
    return cast("MainScreen", app.screen_stack[0])


def row(app: BroadsheetApp, number: int = 0) -> str:
    prompt = app.screen.query_one(HitList).entries(number)[0]
    assert isinstance(prompt, HitRow)
    return prompt.content(70).plain


def status(app: BroadsheetApp) -> str:
    return app.screen.query_one(StatusLine).render().plain


async def test_s_lists_similar_passages_and_escape_goes_back(app: BroadsheetApp, ask: Ask, until: Until) -> None:
    async with app.run_test() as pilot:
        await ask(pilot, "survey")
        await pilot.press("tab", "down", "s")
        await until(app, lambda: main(app).shown.like == "a1#c3")
        hits = app.screen.query_one(HitList)
        assert not hits.has_moved
        assert "a1#c3" not in ids(app)
        assert "similar to a1#c3 · Esc goes back" in status(app)
        await pilot.press("enter")
        await until(app, lambda: isinstance(app.focused, ArticlePane))
        await pilot.press("escape", "escape")
        assert main(app).shown.text == "survey"
        assert not main(app).shown.like
        assert place(app) == "a1#c3"
        assert hits.has_focus


async def test_judgements_are_kept_and_shown(app: BroadsheetApp, engine: FakeEngine, ask: Ask, until: Until) -> None:
    async with app.run_test() as pilot:
        await ask(pilot, "survey")
        await pilot.press("tab", "+")
        await until(app, lambda: "[+] comment" in row(app))
        await pilot.press("-")
        await until(app, lambda: "[-] comment" in row(app))
        await pilot.press("0")
        await until(app, lambda: "[" not in row(app))
        assert engine.judged == [("survey", "a1#c2", True), ("survey", "a1#c2", False), ("survey", "a1#c2", None)]
        engine.failure = UsageError("the file [x] cannot be written")
        await pilot.press("+")
        await until(app, lambda: "the file [x] cannot be written" in status(app))
        assert "[" not in row(app)


async def test_what_is_read_is_what_is_copied_and_judged(
    app: BroadsheetApp, engine: FakeEngine, ask: Ask, until: Until
) -> None:
    async with app.run_test() as pilot:
        await ask(pilot, "survey")
        await pilot.press("tab", "y")
        assert app.clipboard == "They had no survey last year. Now they have one."
        await pilot.press("c")
        assert app.clipboard.startswith('Marta_V, comment on "Council votes')
        await pilot.press("enter", "n", "y")
        assert app.clipboard == "A survey that was ready before the election, as it happens."
        await pilot.press("+")
        await until(app, lambda: engine.judged)
        assert engine.judged == [("survey", "a1#c3", True)]


async def test_what_is_copied_cannot_steer_a_terminal(app: BroadsheetApp, ask: Ask) -> None:
    async with app.run_test() as pilot:
        await ask(pilot, "hostile")
        for key in ("y", "c"):
            await pilot.press("tab", key)
            assert "\x1b" not in app.clipboard
            assert "\x9b" not in app.clipboard
            assert "\u202e" not in app.clipboard


@pytest.mark.parametrize("marking", [("x", "down", "x"), ()])
@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".md"])
async def test_export(
    app: BroadsheetApp, ask: Ask, until: Until, tmp_path: Path, marking: tuple[str, ...], suffix: str
) -> None:
    path = tmp_path / f"hits{suffix}"
    async with app.run_test() as pilot:
        await ask(pilot, "survey")
        await pilot.press("tab", *marking)
        assert ("[x]" in row(app)) == bool(marking)
        assert ("2 marked" in status(app)) == bool(marking)
        await pilot.press("X")
        app.screen.query_one(Input).value = str(path)
        await pilot.press("enter")
        await until(app, path.exists)
    written = path.read_text("utf-8")
    if suffix == ".jsonl":
        assert [json.loads(line)["id"] for line in written.splitlines()] == ["a1#c2", "a1#c3", "a1#p2"][
            : 2 if marking else 3
        ]
    assert written.count("They had no") >= 1


async def test_an_export_replaces_nothing_unasked(app: BroadsheetApp, ask: Ask, until: Until, tmp_path: Path) -> None:
    path = tmp_path / "hits.jsonl"
    path.write_text("mine")
    async with app.run_test() as pilot:
        await ask(pilot, "survey")
        await pilot.press("tab", "X")
        line = app.screen.query_one(Input)
        line.value = str(tmp_path / "hits.exe")
        await pilot.press("enter")
        assert "end the name in" in said(app)
        line.value = str(tmp_path / "none" / "hits.md")
        await pilot.press("enter")
        assert "there is no folder" in said(app)
        line.value = str(path)
        await pilot.press("enter")
        assert "Enter again replaces it" in said(app)
        assert path.read_text() == "mine"
        await pilot.press("enter")
        await until(app, lambda: not isinstance(app.screen, ExportScreen))
        await until(app, lambda: path.read_text() != "mine")
        await pilot.press("X", "escape")
        assert app.screen is main(app)


def said(app: BroadsheetApp) -> str:
    return app.screen.query_one(Static).render().plain


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("file:///etc/passwd", None),
        ("javascript:alert(1)", None),
        ("http://x y", "/dev/null"),
        (None, "archive.zip!/page.html"),
        (None, "/tmp"),
        (None, "a\0b"),
        (None, "x" * 5000),
        ("-oProxy=x", ""),
    ],
)
def test_nothing_but_web_addresses_and_files_is_opened(engine: FakeEngine, url: str | None, path: str | None) -> None:
    with pytest.raises(NotFound):
        original(replace(engine.articles["a1"], url=url, path=path))


async def test_v_opens_the_address_or_pages_the_file(
    engine: FakeEngine, ask: Ask, until: Until, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "-page; touch x.txt"
    page.write_text("page")
    engine.articles["a1"] = replace(engine.articles["a1"], url="https://example.org/a?b=c&d")
    engine.articles["a2"] = replace(engine.articles["a2"], path=str(page))
    opened: list[object] = []
    monkeypatch.setattr(BroadsheetApp, "open_url", lambda _, url: opened.append(url))
    monkeypatch.setattr(BroadsheetApp, "suspend", lambda _: nullcontext())
    monkeypatch.setattr(subprocess, "run", lambda command, **_: opened.append(command))
    monkeypatch.setenv("PAGER", "more -s")
    app = BroadsheetApp(engine)
    async with app.run_test() as pilot:
        await ask(pilot, "survey")
        await pilot.press("tab", "v")
        assert opened == ["https://example.org/a?b=c&d"]
        assert [told.message for told in app._notifications] == ["Opening https://example.org/a?b=c&d"]
        await pilot.press("slash", "ctrl+u")
        await ask(pilot, "ferry cabins")
        await pilot.press("tab", "v")
        assert opened[1:] == [["more", "-s", str(page)]]
        await pilot.press("slash", "ctrl+u")
        await ask(pilot, "bees")
        await pilot.press("tab", "v")
        assert "nothing to open" in status(app)


def test_a_pager_starts_nothing_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LESSOPEN", "|evil %s")
    for said, wanted in (("", ["less"]), ("less -R", ["less", "-R"]), ('"', ["less"])):
        monkeypatch.setenv("PAGER", said)
        command, environment = settings.pager()
        assert command == wanted
        assert environment["LESSSECURE"] == "1"
        assert "LESSOPEN" not in environment

"""Pages read in another process: the same articles, and a page that hangs or kills it costs only itself."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from index.sources import html_door, html_page
from index.sources.helper import Helper, HelperGone, HelperLate
from index.sources.identity import article_id
from index.sources.records import MIB, Limits, NotRead, Skip
from index.sources.walk import read_sources

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[3]
MEMORY = Limits().max_memory_bytes
PAGE = """<!DOCTYPE html><html><head><title>A headline of a page</title></head><body>
<article><h1>A headline of a page</h1>
<p>Tourists had taken all of the spoons, the owners of four cafés said on Tuesday in a letter.</p>
<p>The spoons, which are made of tin, will be replaced by others, the mayor of the town told reporters.</p></article>
<div class="comment" id="c1"><b class="author">ann</b><p>What about the forks?</p></div></body></html>"""


@pytest.fixture
def helper() -> Iterator[Helper]:
    made = Helper(MEMORY)
    yield made
    made.close(at_once=True)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not Path(f"/proc/{pid}/stat").exists() or " Z " not in Path(f"/proc/{pid}/stat").read_text()


def is_gone(pid: int) -> bool:
    for _ in range(500):
        if not is_running(pid):
            return True
        time.sleep(0.02)
    return False


def test_the_article_is_that_of_the_reader() -> None:
    assert html_door.read_html(PAGE, "a.html") == html_page.read(PAGE, "a.html")


@pytest.mark.parametrize("path", sorted((ROOT / "seeds").glob("*.html")), ids=lambda path: path.name)
def test_the_articles_of_the_seeds_are_those_of_the_reader(path: Path) -> None:
    text = path.read_text("utf-8")
    assert html_door.read_html(text, "x") == html_page.read(text, "x")


def test_a_page_without_a_story_is_named() -> None:
    with pytest.raises(NotRead, match="no headline and story in it"):
        html_door.read_html("<html><p>x</p></html>", "a.html")


def test_the_address_a_container_knows_counts_where_the_page_has_none() -> None:
    url = "https://example.org/spoons"
    article = html_door.read_html(PAGE, "a.html", url)
    assert (article.url, article.id) == (url, article_id(url, None, ()))
    own = PAGE.replace("<title>", '<link rel="canonical" href="https://example.org/own"><title>')
    assert html_door.read_html(own, "a.html", url) == html_page.read(own, "a.html")
    assert html_door.read_html(PAGE, "a.html", "about:blank") == html_page.read(PAGE, "a.html")


def test_a_page_that_takes_too_long_is_named_and_reading_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "a.html"
    path.write_text(PAGE, "utf-8")
    html_door.read_html(PAGE, "the process is there now")
    stuck = html_door._door.helper
    assert stuck is not None
    os.kill(stuck.pid, signal.SIGSTOP)
    events: list[Any] = []
    assert list(read_sources([path], Limits(max_seconds=0.2), events.append)) == []
    assert events == [Skip(str(path), "took longer than 0.2 s to read")]
    assert is_gone(stuck.pid)
    assert len(list(read_sources([path], Limits(), events.append))) == 1


def test_a_page_that_needs_too_much_memory_is_named_and_reading_goes_on() -> None:
    limits = Limits(max_memory_bytes=300 * MIB)
    with pytest.raises(NotRead, match="needs too much memory to read"):
        html_door.read_html("<html><body><p>" + "\u2014" * 20_000_000, "a.html", None, limits)
    assert html_door.read_html(PAGE, "b.html", None, limits).title


def test_a_process_that_dies_costs_one_page_at_most(helper: Helper) -> None:
    assert "article" in helper.ask({"html": PAGE, "name": "x", "seconds": 30}, 30)
    os.kill(helper.pid, signal.SIGKILL)
    with pytest.raises(HelperGone, match="broke the reader"):
        helper.ask({"html": PAGE, "name": "x", "seconds": 30}, 30)


def test_requests_larger_than_a_pipe_are_no_deadlock(helper: Helper) -> None:
    helper.ask({"html": "<html>", "name": "x", "seconds": 30}, 30)
    os.kill(helper.pid, signal.SIGSTOP)
    with pytest.raises(HelperLate):
        helper.ask({"html": "x" * 5_000_000, "name": "x", "seconds": 30}, 0.3)


def test_where_no_process_can_be_started_pages_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nowhere/python")
    with pytest.raises(HelperGone, match="could not be started: No such file"):
        Helper(MEMORY)
    monkeypatch.setattr(sys, "executable", "/bin/false")
    broken = Helper(MEMORY)
    with pytest.raises(HelperGone, match="could not be started"):
        broken.ask({}, 1)
    broken.close(at_once=True)


WALK = """
import sys
from pathlib import Path
from index.sources import html_door
from index.sources.records import Limits
from index.sources.walk import read_sources
for article in read_sources([Path(sys.argv[1])], Limits(), print):
    print(html_door._door.helper.pid, flush=True)
    {then}
print(html_door._door.helper)
"""


def walk(folder: Path, then: str, **options: Any) -> subprocess.Popen[str]:
    (folder / "a.html").write_text(PAGE, "utf-8")
    command = [sys.executable, "-c", WALK.replace("{then}", then), str(folder)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment, **options)


def test_the_process_ends_with_the_walk(tmp_path: Path) -> None:
    with walk(tmp_path, "pass") as run:
        said = run.communicate()[0].split()
    assert said[1:] == ["None"]
    assert is_gone(int(said[0]))


def test_the_process_ends_when_its_parent_is_killed(tmp_path: Path) -> None:
    with walk(tmp_path, "import time; time.sleep(60)") as run:
        assert run.stdout is not None
        pid = int(run.stdout.readline())
        assert is_running(pid)
        run.kill()
    assert is_gone(pid)


def test_the_current_folder_cannot_pose_as_the_reader(tmp_path: Path) -> None:
    (tmp_path / "index").mkdir()
    for name in ("index/__init__.py", "json.py", "trafilatura.py"):
        (tmp_path / name).write_text("raise SystemExit('posed')")
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "a.html").write_text(PAGE, "utf-8")
    read = "html_door.read_html(open('pages/a.html', encoding='utf-8').read(), 'x')"
    code = f"from index.sources import html_door; {read}"
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")

"""Sync is killed for real, at moments nobody chose: the index says what it said before or what it says after."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

from index.build import Rebuild
from index.encode.hashing import HashEncoder
from index.keyword.clause import Everything
from index.local import LocalIndex
from index.snapshot import IndexPaths
from index.sync import Sync

KILLS = 8
WRITER = """
import sys
from pathlib import Path
from index.encode.hashing import HashEncoder
from index.snapshot import IndexPaths
from index.sync import Sync
print("ready", flush=True)
sys.stdin.readline()
Sync(paths=IndexPaths(Path(sys.argv[1])), encoder=HashEncoder()).run()
print("done", flush=True)
"""


def write(path: Path, version: int) -> dict[str, list[str]]:
    """Write version ``version`` of the sources; return article id -> paragraphs."""
    articles = {
        f"a{number}": [f"Version {version if number % 3 else 0} of story {number}.", "The tide came in at noon."]
        for number in range(version % 4, 40)
    }
    lines = [json.dumps({"id": name, "title": name, "paragraphs": told}) + "\n" for name, told in articles.items()]
    path.write_text("".join(lines), encoding="utf-8")
    return articles


def told(root: Path) -> dict[str, list[str]]:
    """Return what the index says, checking that its parts agree."""
    with closing(LocalIndex.open(root)) as index:
        rows = index.matching(Everything())
        passages = index.passages(rows.tolist())
        assert len(passages) == len(rows) == index.size
        near = index.nearest(HashEncoder().encode(["the tide"])[0], 10_000)
        assert sorted(near.rows.tolist()) == rows.tolist()
        names = {passage.article_id for passage in passages.values()}
        return {name: list(index.article(name).paragraphs) for name in names}


def killed_while_syncing(root: Path, after: float) -> bool:
    """Sync in another process and kill it; return whether it had told that it was done."""
    given = [sys.executable, "-c", WRITER, str(root)]
    with subprocess.Popen(
        given, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2], text=True
    ) as writer:
        assert writer.stdin is not None
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        writer.stdin.write("\n")
        writer.stdin.flush()
        time.sleep(after)
        os.kill(writer.pid, signal.SIGKILL)
        return writer.stdout.read() == "done\n"


def test_a_killed_sync_leaves_the_state_before_or_after(tmp_path: Path) -> None:
    root, source = tmp_path / "index", tmp_path / "a.jsonl"
    random_ = random.Random(7)
    before = write(source, 0)
    Rebuild(paths=IndexPaths(root), sources=[source], encoder=HashEncoder()).run()
    for version in range(1, KILLS + 1):
        after = write(source, version)
        is_done = killed_while_syncing(root, random_.uniform(0.0, 0.25))
        found = told(root)
        assert found == after or (found == before and not is_done)
        before = found
    Sync(paths=IndexPaths(root), encoder=HashEncoder()).run()
    assert told(root) == after
    with closing(LocalIndex.open(root)) as index:
        index.check()

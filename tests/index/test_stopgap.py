"""Where encoding would take long, what a stopgap encodes is published first, and what the model encodes after it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from index.build import Rebuild
from index.commands import index as commands
from index.embed import BLOCK, Stopgap
from index.encode.hashing import HashEncoder
from index.local import LocalIndex
from index.repair import Repair
from index.snapshot import IndexPaths

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

PASSAGES = 6 * BLOCK
WORDS = [
    "harbour",
    "tide",
    "flood",
    "gate",
    "storm",
    "pilot",
    "ferry",
    "mayor",
    "council",
    "school",
    "market",
    "bridge",
]
WRITER = """
import sys
from pathlib import Path
from index.build import Rebuild
from index.embed import Stopgap
from index.encode.hashing import HashEncoder
from index.snapshot import IndexPaths
from tests_stopgap import Rough

class Telling(HashEncoder):
    def encode(self, texts):
        print("block", flush=True)
        return super().encode(texts)

Rebuild(
    paths=IndexPaths(Path(sys.argv[1])), sources=[Path(sys.argv[2])], encoder=Telling(),
    stopgap=Stopgap(Rough, patience=0.0), on_event=lambda _note: print("published", flush=True),
).run()
"""


class Rough(HashEncoder):
    """Another model than the hash encoder, as far as an index can tell."""

    card = replace(HashEncoder.card, name="rough")
    is_instant = True


class Counting(HashEncoder):
    """Counts what it is asked to encode."""

    def __init__(self) -> None:
        self.texts = 0

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        self.texts += len(texts)
        return super().encode(texts)


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("corpus") / "articles.jsonl"
    paragraphs = [f"{WORDS[n % 12]} {WORDS[n // 12 % 12]} {WORDS[n // 144]} number {n}." for n in range(PASSAGES)]
    articles = [{"id": f"a{n}", "title": "", "paragraphs": paragraphs[n : n + 8]} for n in range(0, PASSAGES, 8)]
    path.write_text("".join(json.dumps(article) + "\n" for article in articles), encoding="utf-8")
    return path


def states(root: Path) -> tuple[str | None, str | None, int]:
    """Return the model of the live index, the one it awaits, and how many passages are found by meaning."""
    with closing(LocalIndex.open(root)) as index:
        found = index.nearest(HashEncoder().encode(["the harbour pilot"])[0], PASSAGES)
        return index.info.model, index.info.awaits, len(found.rows)


def test_what_takes_long_is_published_twice(tmp_path: Path, corpus: Path) -> None:
    root = tmp_path / "index"
    seen = []
    report = Rebuild(
        paths=IndexPaths(root),
        sources=[corpus],
        encoder=HashEncoder(),
        stopgap=Stopgap(Rough, patience=0.0),
        on_event=lambda _event: seen.append(states(root)),
    ).run()
    assert seen == [("rough", "hash", PASSAGES)]
    assert states(root) == ("hash", None, PASSAGES)
    assert report.awaits is None
    assert report.texts == PASSAGES
    assert report.encoded < PASSAGES - BLOCK  # what was encoded before giving up is known
    assert "goes on" in report.notes[0].text


def test_what_is_known_or_quick_is_published_once(tmp_path: Path, corpus: Path) -> None:
    root = tmp_path / "index"
    encoder = Counting()
    for _ in range(2):
        report = Rebuild(
            paths=IndexPaths(root), sources=[corpus], encoder=encoder, stopgap=Stopgap(Rough, patience=1e6)
        ).run()
        assert not report.notes
        assert states(root) == ("hash", None, PASSAGES)
    assert encoder.texts == PASSAGES


def test_a_kill_while_the_model_encodes_costs_a_block(tmp_path: Path, corpus: Path) -> None:
    root = tmp_path / "index"
    (tmp_path / "tests_stopgap.py").write_text(Path(__file__).read_text("utf-8"), encoding="utf-8")
    environment = dict(os.environ) | {"PYTHONPATH": f"{Path(__file__).parents[2]}{os.pathsep}{tmp_path}"}
    given = [sys.executable, "-c", WRITER, str(root), str(corpus)]
    blocks = 0
    with subprocess.Popen(given, stdout=subprocess.PIPE, env=environment, text=True) as writer:
        assert writer.stdout is not None
        is_published = False
        for line in writer.stdout:
            is_published |= line == "published\n"
            blocks += line == "block\n"
            if is_published and blocks >= 4:
                writer.send_signal(signal.SIGKILL)
                break
    assert states(root) == ("rough", "hash", PASSAGES)
    told = CliRunner().invoke(commands, ["info", "--index", str(root)]).stdout
    assert "hash has yet to encode" in told
    encoder = Counting()
    Repair(paths=IndexPaths(root), encoder=encoder).run()
    assert states(root) == ("hash", None, PASSAGES)
    assert encoder.texts <= PASSAGES - (blocks - 1) * BLOCK


def test_rebuild_from_the_index_goes_on_with_the_model_it_awaits(tmp_path: Path, corpus: Path) -> None:
    root = tmp_path / "index"

    def stopped(_event: object) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Rebuild(
            paths=IndexPaths(root),
            sources=[corpus],
            encoder=HashEncoder(),
            stopgap=Stopgap(Rough, patience=0.0),
            on_event=stopped,
        ).run()
    assert states(root) == ("rough", "hash", PASSAGES)
    done = CliRunner().invoke(commands, ["rebuild", "--from-index", "--index", str(root), "--quiet"])
    assert done.exit_code == 0, done.output
    assert states(root) == ("hash", None, PASSAGES)

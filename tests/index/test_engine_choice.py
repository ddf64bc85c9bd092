"""An index keeps the engine it was built with: rebuild, sync, remove and compact all write with it."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from index import snapshot
from index.compact import Compaction
from index.errors import IndexDamaged
from index.keyword.clause import Everything, Field, Term
from index.keyword.engines import ENGINES
from index.local import LocalIndex
from index.removal import Removal
from index.snapshot import IndexPaths
from index.sync import Sync
from tui.cli import main

if TYPE_CHECKING:
    from pathlib import Path


def write(path: Path, *names: str) -> Path:
    articles = [{"id": name, "title": f"About {name}", "paragraphs": [f"The harbour of {name}."]} for name in names]
    path.write_text("".join(json.dumps(article) + "\n" for article in articles), encoding="utf-8")
    return path


def harbours(root: Path) -> tuple[str, int]:
    """Return the engine of the live index, and in how many paragraphs of it there is a harbour."""
    with closing(LocalIndex.open(root)) as index:
        index.check()
        assert len(index.matching(Everything())) == index.size
        return index.info.engine, index.count(Term(Field.BODY, "harbour"))


def rebuild(root: Path, pages: Path, *more: str) -> int:
    arguments = ["index", "rebuild", "--quiet", "--model", "none", "--index", str(root), *more, str(pages)]
    return CliRunner().invoke(main, arguments).exit_code


@pytest.mark.parametrize("engine", ENGINES)
def test_every_writer_keeps_the_engine(engine: str, tmp_path: Path) -> None:
    root, pages = tmp_path / "index", write(tmp_path / "pages.jsonl", "a", "b", "c", "d")
    assert rebuild(root, pages, "--engine", engine) == 0
    assert harbours(root) == (engine, 4)
    with closing(LocalIndex.open(root)) as before:
        write(pages, "a", "b", "d", "e", "f", "g")
        report = Sync(paths=IndexPaths(root), encoder=None).run()
        assert (report.new, report.removed) == (3, 1)
        assert before.count(Term(Field.BODY, "harbour")) == 4
    assert harbours(root) == (engine, 6)
    Removal(paths=IndexPaths(root), ids=["a"], encoder=None).run()
    assert harbours(root) == (engine, 5)
    Compaction(paths=IndexPaths(root)).run()
    assert harbours(root) == (engine, 5)
    write(pages, "b", "d")
    Sync(paths=IndexPaths(root), encoder=None).run()
    assert harbours(root) == (engine, 2)


def test_tantivy_is_the_default(tmp_path: Path) -> None:
    assert rebuild(tmp_path / "index", write(tmp_path / "pages.jsonl", "a")) == 0
    assert harbours(tmp_path / "index") == ("tantivy", 1)
    assert rebuild(tmp_path / "index", tmp_path / "pages.jsonl", "--engine", "lucene") == 2


def test_an_engine_nobody_knows_is_damage(tmp_path: Path) -> None:
    root = tmp_path / "index"
    rebuild(root, write(tmp_path / "pages.jsonl", "a"))
    live, manifest, mark = snapshot.open_live(IndexPaths(root))
    mark.close()
    assert manifest.engine == "tantivy"
    snapshot.seal(live, replace(manifest, engine="lucene"))
    with pytest.raises(IndexDamaged, match="no keyword engine 'lucene'"):
        LocalIndex.open(root)

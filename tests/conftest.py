"""Fixtures shared by all tests: no user configuration, no network, a deterministic encoder, small built indexes."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

os.environ["HF_HUB_OFFLINE"] = "1"

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from index.local import LocalIndex
    from search.searcher import Searcher

ROOT = Path(__file__).parents[1]
SEED_PAGES = ROOT / "seeds"
SHARED = ROOT.parent / "shared"


@pytest.fixture(autouse=True)
def _no_user_settings(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    for name in list(os.environ):
        if name.startswith("BROADSHEET_"):
            monkeypatch.delenv(name)
    monkeypatch.setenv("BROADSHEET_CONFIG", str(tmp_path_factory.getbasetemp() / "no-such-config.toml"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path_factory.getbasetemp() / "state"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))
    monkeypatch.setenv("BROADSHEET_INDEX", str(tmp_path_factory.getbasetemp() / "no-such-index"))


def build(root: Path, sources: list[Path], *, has_vectors: bool = True) -> None:
    """Rebuild ``root`` from ``sources`` with the hash encoder, or with words only."""
    from index.build import Rebuild
    from index.encode.hashing import HashEncoder
    from index.snapshot import IndexPaths

    Rebuild(paths=IndexPaths(root), sources=sources, encoder=HashEncoder() if has_vectors else None).run()


def write_articles(path: Path, articles: list[dict[str, Any]]) -> Path:
    """Write articles as JSON Lines."""
    path.write_text("".join(json.dumps(article) + "\n" for article in articles), encoding="utf-8")
    return path


@pytest.fixture
def searcher_of(tmp_path: Path) -> Iterator[Callable[..., Searcher]]:
    """Return a function that indexes articles (as JSON objects) and opens the index."""
    from search.searcher import Searcher

    opened: list[Searcher] = []

    def make(*articles: dict[str, Any]) -> Searcher:
        root = tmp_path / f"index{len(opened)}"
        build(root, [write_articles(tmp_path / f"articles{len(opened)}.jsonl", list(articles))])
        opened.append(Searcher.open(root))
        return opened[-1]

    yield make
    for searcher in opened:
        searcher.close()


@pytest.fixture(scope="module")
def index_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., LocalIndex]]:
    """Return a function that indexes articles (as JSON objects) and opens the index itself, without a searcher."""
    from index.local import LocalIndex

    opened: list[LocalIndex] = []

    def make(*articles: dict[str, Any], has_vectors: bool = True) -> LocalIndex:
        folder = tmp_path_factory.mktemp("local")
        source = write_articles(folder / "articles.jsonl", list(articles))
        build(folder / "index", [source], has_vectors=has_vectors)
        opened.append(LocalIndex.open(folder / "index"))
        return opened[-1]

    yield make
    for index in opened:
        index.close()


@pytest.fixture(scope="session")
def seeds_index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An index of the invented pages in seeds/, with the hash encoder."""
    root = tmp_path_factory.mktemp("seeds") / "index"
    build(root, [SEED_PAGES])
    return root


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of collections beside the repository; not everyone has it."""
    return SHARED

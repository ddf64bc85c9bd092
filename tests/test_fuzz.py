"""What fuzzing begins with and what it once found, through the same checks at every run of the tests."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from index.sources import html_door

if TYPE_CHECKING:
    from search.searcher import Searcher

FUZZ = Path(__file__).parent / "fuzz"
TARGETS = sorted(path.stem.removesuffix("_fuzz") for path in FUZZ.glob("*_fuzz.py"))


def target(name: str) -> Any:
    """Return a target's module, which loads atheris only where it fuzzes."""
    spec = importlib.util.spec_from_file_location(f"{name}_fuzz", FUZZ / f"{name}_fuzz.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_all_targets_are_run_by_make() -> None:
    makefile = (FUZZ.parents[1] / "Makefile").read_text()
    assert f"FUZZ_TARGETS := {' '.join(TARGETS)}\n" in makefile


def test_readers(tmp_path: Path) -> None:
    fuzz = target("readers")
    with html_door.held():
        for data in fuzz.seeds():
            fuzz.check(data, tmp_path)


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    opened: Searcher = target("query").searcher(tmp_path_factory.mktemp("fuzz") / "index")
    return opened


def test_queries(searcher: Searcher) -> None:
    fuzz = target("query")
    with searcher:
        for data in fuzz.seeds():
            for choice in range(18):
                fuzz.check(bytes((choice,)) + data[1:], searcher)


def test_snippets() -> None:
    fuzz = target("snippet")
    for data in fuzz.seeds():
        fuzz.check(data)


def test_indexes(tmp_path: Path) -> None:
    fuzz = target("index")
    fuzz.build(tmp_path / "index")
    for data in fuzz.seeds():
        for file in range(0, 40, 3):
            fuzz.check(bytes((file,)) + data[1:], tmp_path / "index", tmp_path / "copy")

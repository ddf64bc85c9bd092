"""The house's own bounds: sizes, one direction, nothing heavy at import, errors that help."""

from __future__ import annotations

import ast
import os
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted(path for package in ("index", "search", "tui") for path in (ROOT / package).rglob("*.py"))
HEAVY = {"torch", "sentence_transformers", "transformers", "textual", "trafilatura", "lxml", "scipy", "dateparser"}


def functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text("utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_stay_small(path: Path) -> None:
    assert path.read_text("utf-8").count("\n") <= 300
    for function in functions(path):
        assert function.end_lineno is not None
        assert function.end_lineno - function.lineno <= 60, function.name


def test_the_median_function_is_short() -> None:
    sizes = [f.end_lineno - f.lineno + 1 for path in FILES for f in functions(path) if f.end_lineno is not None]
    assert statistics.median(sizes) <= 10


def test_the_runtime_of_models_is_loaded_in_one_place_that_silences_it() -> None:
    for path in FILES:
        if path.relative_to(ROOT).as_posix() != "index/encode/runtime.py":
            assert "import onnxruntime" not in path.read_text("utf-8"), path


def test_only_settings_reads_the_environment() -> None:
    for path in FILES:
        if path.relative_to(ROOT).as_posix() not in ("index/settings.py", "index/encode/transformer.py"):
            assert "environ" not in path.read_text("utf-8"), path


def test_nothing_is_unpickled() -> None:
    for path in FILES:
        if path.relative_to(ROOT).as_posix() == "index/keyword/whoosh_trust.py":
            continue  # Whoosh's files are pickles; this reads them so that nothing in them can run
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, (ast.Import, ast.ImportFrom)) else []
            assert not {"pickle", "dill", "shelve", "marshal", "joblib"} & set(names), path


def loaded(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*(name.split('.')[0] for name in sys.modules))"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=os.environ | {"BROADSHEET_CONFIG": os.devnull},
    )
    return set(done.stdout.splitlines()[-1].split())


@pytest.mark.parametrize(
    "code",
    [
        "import index",
        "import search",
        "from search import Searcher, Results, Hit, Mode",
        "import tui.cli",
        "from tui.cli import main\nmain(['--version'], standalone_mode=False)",
        "from tui.cli import main\nmain(['--help'], standalone_mode=False)",
        "from tui.cli import main\nmain(['index', 'rebuild', '--help'], standalone_mode=False)",
    ],
)
def test_nothing_heavy_is_imported_before_it_is_needed(code: str) -> None:
    assert not HEAVY & loaded(code)


def test_help_does_without_the_engines() -> None:
    assert not {"numpy", "tantivy", "sqlite3", "whoosh"} & loaded(
        "from tui.cli import main\nmain(['--help'], standalone_mode=False)"
    )


# What only some questions need: it would make every first search wait.
SELDOM = {"search.facets", "search.judgements", "search.similar", "search.spelling", "search.suggest", "search.syntax"}


def modules(code: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env=os.environ | {"BROADSHEET_CONFIG": os.devnull},
    )
    return set(done.stdout.splitlines()[-1].split())


def test_a_keyword_search_loads_no_model_and_little_else(seeds_index: Path) -> None:
    code = f"from search import Searcher\nSearcher.open({str(seeds_index)!r}).search('harbour', mode='keyword')"
    there = modules(code)
    assert not (HEAVY | SELDOM) & there
    assert not {"numpy.ma", "onnxruntime", "tokenizers", "whoosh", "rank_bm25", "unittest"} & there
    assert len([name for name in there if name.startswith(("index", "search"))]) < 90


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are listed by Linux alone")
def test_a_search_from_the_command_line_starts_no_threads_of_blas(seeds_index: Path) -> None:
    tasks = "[task.joinpath('comm').read_text() for task in pathlib.Path('/proc/self/task').iterdir()]"
    code = f"from search.reading import opened\nopened({str(seeds_index)!r}).search('harbour', mode='keyword')"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport pathlib\nprint(*(name for name in {tasks} if 'tantivy' not in name))"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"},
    )
    assert len(done.stdout.split()) == 1, done.stdout


def test_a_hybrid_search_loads_no_torch_and_little_else(seeds_index: Path) -> None:
    code = f"from search import Searcher\nSearcher.open({str(seeds_index)!r}).search('harbour')"
    there = modules(code)
    assert not (HEAVY | SELDOM) & there
    assert not {"numpy.ma", "whoosh", "rank_bm25", "onnx", "unittest"} & there
    assert not {"importlib.metadata", "concurrent.futures"} & there


def test_every_public_name_is_there() -> None:
    import search

    for name in search.__all__:
        assert getattr(search, name) is not None

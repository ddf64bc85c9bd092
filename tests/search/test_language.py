"""Every construct of the query language against what it must and must not find, on every keyword engine there is."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.build import Rebuild
from index.encode.hashing import HashEncoder
from index.errors import BroadsheetError
from index.snapshot import IndexPaths
from index.unindexed import UnindexedFiles
from search import Mode, Results, Searcher

if TYPE_CHECKING:
    from collections.abc import Iterator

_spec = importlib.util.spec_from_file_location("language_table", Path(__file__).with_name("language_table.py"))
assert _spec is not None
assert _spec.loader is not None
language_table = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(language_table)

TABLE: list[tuple[str, str]] = language_table.TABLE


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    import json

    path = tmp_path_factory.mktemp("language") / "articles.jsonl"
    path.write_text("".join(json.dumps(article) + "\n" for article in language_table.ARTICLES), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def searcher(pages: Path) -> Iterator[Searcher]:
    root = pages.parent / "index"
    Rebuild(paths=IndexPaths(root), sources=[pages], encoder=HashEncoder()).run()
    with Searcher.open(root) as opened:
        yield opened


@pytest.fixture(scope="module")
def searchers(pages: Path, searcher: Searcher) -> Iterator[dict[str, Searcher]]:
    """A searcher for each keyword engine, over the same articles."""
    root = pages.parent / "whoosh"
    Rebuild(paths=IndexPaths(root), sources=[pages], encoder=None, engine="whoosh").run()
    with Searcher.open(root) as whoosh, Searcher(UnindexedFiles([pages])) as memory:
        yield {"tantivy": searcher, "whoosh": whoosh, "memory": memory}


def ids(results: Results) -> list[str]:
    return [hit.passage.id for hit in results]


def test_the_table_is_large() -> None:
    assert len(TABLE) >= 150
    assert len({query for query, _ in TABLE}) == len(TABLE)


@pytest.mark.parametrize("engine", ["tantivy", "whoosh", "memory"])
@pytest.mark.parametrize(("query", "expected"), TABLE)
def test_by_words(searchers: dict[str, Searcher], query: str, expected: str, engine: str) -> None:
    results = searchers[engine].search(query, mode="keyword", limit=100, comments=None, stacks=False)
    assert sorted(ids(results)) == sorted(set(expected.split()))
    assert results.total == len(results)
    assert results.total_is_exact


@pytest.mark.parametrize("engine", ["whoosh", "memory"])
def test_engines_agree_on_all_else(searchers: dict[str, Searcher], engine: str) -> None:
    for query, _ in TABLE[::5]:
        told, right = (
            searchers[name].search(query, mode="keyword", group_by="article") for name in (engine, "tantivy")
        )
        assert sorted(hit.article.id for hit in told) == sorted(hit.article.id for hit in right)
        assert [hit.score for hit in told] == pytest.approx([hit.score for hit in right], rel=0.03)
        assert told.did_you_mean == right.did_you_mean
        assert searchers[engine].facets(query, "keyword") == searchers["tantivy"].facets(query, "keyword")
    assert searchers[engine].suggest("ir") == searchers["tantivy"].suggest("ir")


@pytest.mark.parametrize("query", [query for query, _ in TABLE if query.strip()])
def test_constraints_bind_both_legs(searcher: Searcher, query: str) -> None:
    """Whatever meaning adds, it satisfies what the query demands."""
    from search.parse import parse
    from search.plan import plan
    from search.resolve import resolved

    index = searcher._index
    constraint = plan(resolved(parse(query), index)).constraint
    allowed = None if constraint is None else set(index.matching(constraint).tolist())
    for mode in (Mode.SEMANTIC, Mode.HYBRID):
        found = searcher.search(query, mode=mode, limit=100)
        if allowed is not None:
            assert {index.row(name) for name in ids(found)} <= allowed
        assert len(set(ids(found))) == len(found)


@settings(max_examples=150, deadline=2000)
@given(query=st.one_of(st.text(max_size=80), st.binary(max_size=80).map(lambda raw: raw.decode("utf-8", "replace"))))
def test_anything_typed_gives_results_or_one_of_our_errors(searcher: Searcher, query: str) -> None:
    for mode in Mode:
        try:
            results = searcher.search(query, mode=mode)
        except BroadsheetError:
            continue
        for hit in results:
            assert all(0 <= span.start < span.end <= len(hit.snippet.text) for span in hit.snippet.spans)

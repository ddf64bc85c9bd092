"""Reloading: a newer index takes the place of the old one while others search, and every call sees one of them."""

from __future__ import annotations

import gc
import os
import sys
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from index.build import Rebuild
from index.encode.hashing import HashEncoder
from index.errors import IndexDamaged, IndexMissing, UsageError
from index.local import LocalIndex
from index.snapshot import IndexPaths
from index.sync import Sync
from search.searcher import Searcher
from search.weights import FILE, Weights, saved
from tests.conftest import write_articles

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from index.encode.protocol import Vectors

ARTICLES = 6
DESCRIPTORS = Path("/proc/self/fd")


class Other(HashEncoder):
    """Another model: the same vectors under another name."""

    card = replace(HashEncoder.card, sha256="f" * 64)


class Slow(HashEncoder):
    """Waits in the middle of a search until it is let go."""

    def __init__(self) -> None:
        self.reached, self.may_go = threading.Event(), threading.Event()

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.reached.set()
        assert self.may_go.wait(20)
        return super().encode(texts)


def version(number: int) -> list[dict[str, Any]]:
    """Return articles each of whose passages says which version it is of."""
    mark = f"version{number}"
    return [
        {
            "id": f"a{n}",
            "title": f"Harbour {mark} headline {n}",
            "source": mark,
            "published": f"2024-01-{n + 1:02}T00:00:00Z",
            "paragraphs": [f"The harbour of {mark} was dredged, in story {n}.", f"A vote in {mark}, street {n}."],
            "comments": [{"id": "1", "author": mark, "text": f"The harbour was dredged, says {mark} of story {n}"}],
        }
        for n in range(ARTICLES)
    ]


def rebuild(root: Path, number: int, encoder: HashEncoder | None = None, *, has_vectors: bool = True) -> None:
    source = write_articles(root.parent / "articles.jsonl", version(number))
    chosen = (encoder or HashEncoder()) if has_vectors else None
    Rebuild(paths=IndexPaths(root), sources=[source], encoder=chosen).run()


def sync(root: Path, number: int) -> None:
    source = write_articles(root.parent / "articles.jsonl", version(number))
    os.utime(source, ns=(0, 1_700_000_000_000_000_000 + number))
    Sync(paths=IndexPaths(root), sources=[source], encoder=HashEncoder()).run()


def versions(searcher: Searcher) -> set[str]:
    """Return the versions that the hits of one search are of."""
    return {hit.article.source or "" for hit in searcher.search("harbour dredged", limit=50)}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    rebuild(tmp_path / "index", 0)
    return tmp_path / "index"


@pytest.mark.parametrize("change", [rebuild, sync])
def test_what_was_published_last_is_taken_up(root: Path, change: Callable[[Path, int], None]) -> None:
    with Searcher.open(root) as searcher:
        assert not searcher.is_stale
        assert not searcher.reload()
        change(root, 1)
        assert versions(searcher) == {"version0"}
        assert searcher.is_stale
        assert searcher.reload()
        assert versions(searcher) == {"version1"}
        assert searcher.passage("a1#p1").text.startswith("The harbour of version1")
        assert not searcher.is_stale
        assert not searcher.reload()


def test_tuned_weights_are_taken_up(root: Path) -> None:
    with Searcher.open(root) as searcher:
        before = [hit.score for hit in searcher.search("harbour dredged")]
        (root / FILE).write_text(saved(Weights(alpha=0.1)), "utf-8")
        assert searcher.is_stale
        assert searcher.reload()
        assert [hit.score for hit in searcher.search("harbour dredged")] != before
        assert not searcher.reload()


@pytest.mark.parametrize("broken", ["CURRENT", FILE, "gone", "manifest.json"])
def test_what_cannot_be_opened_leaves_the_old_index_answering(root: Path, broken: str) -> None:
    with Searcher.open(root) as searcher:
        rebuild(root, 1)
        error: type[Exception] = IndexDamaged
        if broken == "gone":
            (root / "CURRENT").unlink()
            error = IndexMissing
        elif broken == "manifest.json":
            name = (root / "CURRENT").read_text("utf-8").strip()
            (root / "snapshots" / name / broken).write_text("{}", "utf-8")
        else:
            (root / broken).write_text("nonsense", "utf-8")
        opened = handles()
        for _ in range(3):
            assert searcher.is_stale
            with pytest.raises(error):
                searcher.reload()
        assert handles() == opened
        assert versions(searcher) == {"version0"}
        (root / FILE).unlink(missing_ok=True)
        rebuild(root, 2)
        assert searcher.reload()
        assert versions(searcher) == {"version2"}


def test_the_model_is_kept_where_it_built_the_new_index_too(root: Path) -> None:
    encoder = HashEncoder()
    with Searcher.open(root, encoder=encoder) as searcher:
        assert not searcher.is_warm
        searcher.warm()
        rebuild(root, 1)
        assert searcher.reload()
        assert searcher.is_warm
        assert searcher.search("harbour", mode="semantic").hits


def test_the_model_is_replaced_where_another_built_the_new_index(root: Path) -> None:
    with Searcher.open(root, encoder=Other()) as searcher:  # given for what is to come
        rebuild(root, 1, has_vectors=False)
        assert searcher.reload()
        assert searcher.search("harbour").warnings
        rebuild(root, 2, Other())
        assert searcher.reload()
        assert not searcher.is_warm
        assert searcher.search("harbour", mode="semantic").hits
        rebuild(root, 3)
        assert searcher.reload()
        assert searcher.search("harbour", mode="semantic").hits


def test_meaning_is_left_out_where_the_new_index_has_none(root: Path) -> None:
    with Searcher.open(root) as searcher:
        found = searcher.search("harbour dredged")
        assert found.meaning
        rebuild(root, 1, has_vectors=False)
        assert searcher.reload()
        assert searcher.add_meaning(found) == found


def test_a_search_under_way_ends_on_the_index_it_began_with(root: Path) -> None:
    slow = Slow()
    searcher = Searcher.open(root, encoder=slow)
    old = searcher._index
    found: list[set[str]] = []
    thread = threading.Thread(target=lambda: found.append(versions(searcher)))
    thread.start()
    try:
        assert slow.reached.wait(20)
        rebuild(root, 1)
        assert searcher.reload()
        assert searcher._index is not old
        assert old.passages_of("a1")  # still open for the search that waits
        searcher.close()  # nor does closing pull it away
    finally:
        slow.may_go.set()
        thread.join(20)
    assert found == [{"version0"}]
    with pytest.raises(IndexDamaged, match="closed"):
        old.passages_of("a1")


def test_calls_within_a_steady_block_see_one_index(root: Path) -> None:
    with Searcher.open(root) as searcher:
        with searcher.steady() as steady:
            assert versions(steady) == {"version0"}
            rebuild(root, 1)
            assert searcher.reload()  # within a call, too: nobody waits for anybody
            assert not searcher.reload()
            assert versions(steady) == {"version0"}
            with searcher.steady():
                assert steady.article("a1").source == "version0"
            assert steady.article("a1").source == "version0"
        assert versions(searcher) == {"version1"}


def test_a_closed_searcher_says_so(root: Path) -> None:
    searcher = Searcher.open(root)
    searcher.close()
    searcher.close()
    for call in (searcher.reload, searcher.info, lambda: searcher.search("harbour"), lambda: searcher.is_stale):
        with pytest.raises(UsageError, match="closed"):
            call()


def test_snapshots_that_were_left_are_swept_by_the_next_writer(root: Path) -> None:
    with Searcher.open(root) as searcher:
        first = searcher.info().snapshot
        rebuild(root, 1)
        assert first in snapshots(root)
        searcher.reload()
        rebuild(root, 2)
        assert first not in snapshots(root) or sys.platform == "win32"
        assert searcher.info().snapshot in snapshots(root)


def snapshots(root: Path) -> set[str]:
    return {folder.name for folder in (root / "snapshots").iterdir()}


def handles() -> int:
    """Return how many files this process has open, 0 where nobody tells."""
    return len(list(DESCRIPTORS.iterdir())) if DESCRIPTORS.exists() else 0


def test_reloading_leaves_no_file_open(root: Path) -> None:
    opened: list[int] = []
    with Searcher.open(root) as searcher:
        for number in range(1, 7):
            (rebuild if number % 3 == 0 else sync)(root, number)
            gc.collect()  # what the writer left
            gc.disable()  # what is released must not wait for the collector of cycles
            try:
                assert searcher.reload()
                assert versions(searcher) == {f"version{number}"}
                opened.append(handles())
            finally:
                gc.enable()
    assert max(opened[3:]) <= max(opened[:3])


class Readers:
    """Threads that ask everything there is to ask, over and over, and note whatever is not of one version."""

    def __init__(self, searcher: Searcher) -> None:
        self.searcher = searcher
        self.wrong: list[object] = []
        self.seen: set[str] = set()
        self._done = threading.Event()
        self._threads = [threading.Thread(target=self._run, args=(ask,)) for ask in (self._hits, self._pages)]

    def __enter__(self) -> Readers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join(60)

    def _run(self, ask: Callable[[], list[set[str]]]) -> None:
        while not self._done.is_set():
            try:
                for told in ask():
                    self.seen |= told
                    if len(told) != 1:
                        self.wrong.append(told)
            except BaseException as error:  # noqa: BLE001 - whatever it is, the test must tell
                self.wrong.append(error)

    def _hits(self) -> list[set[str]]:
        """Return, for each call, the versions in its answer."""
        searcher = self.searcher
        found = searcher.search("harbour dredged", limit=50, explain=True)
        newest = searcher.search("in:comment OR harbour", mode="keyword", sort="newest", limit=50)
        whole = searcher.search("harbour dredged", group_by="article", limit=50)
        if not len(whole.hits) == ARTICLES == len({hit.article.id for hit in newest}):
            self.wrong.append(whole)
        searcher.add_meaning(found)
        lists = [found, newest, whole, searcher.similar("a1#p1", limit=5)]
        return [_said(hit.passage.text for hit in each) | {hit.article.source or "" for hit in each} for each in lists]

    def _pages(self) -> list[set[str]]:
        searcher = self.searcher
        facets = searcher.facets("harbour", mode="keyword")
        suggested = {each.text for each in searcher.suggest("version")}
        if searcher.info().articles != ARTICLES:
            self.wrong.append(searcher.info())
        with searcher.steady():
            article, passages = searcher.article("a2"), searcher.passages_of("a2")
            comments = searcher.answers(passages)
            searcher.highlight("harbour", passages, with_meaning=True)
            passage = searcher.passage(passages[0].id)
            both = {article.source or ""} | _said([passage.text, *(each.text for each in passages)])
            if not comments.items() <= {("a2#c1", "a2#p1"), ("a2#c1", "a2#p2")}:
                self.wrong.append(comments)
        return [both, {each.value for each in facets.source}, suggested]


def _said(texts: Any) -> set[str]:
    return {word.strip(",.") for text in texts for word in text.split() if word.startswith("version")}


def test_searches_in_other_threads_always_see_one_version(root: Path) -> None:
    rounds = 6
    with Searcher.open(root) as searcher, Readers(searcher) as readers:
        for number in range(1, rounds + 1):
            (rebuild if number % 3 == 0 else sync)(root, number)
            assert searcher.reload()
    assert readers.wrong == []
    assert len(readers.seen) > 1
    with closing(LocalIndex.open(root)) as index:
        assert index.article("a1").source == f"version{rounds}"


def test_threads_that_reload_at_once_do_it_once(root: Path) -> None:
    with Searcher.open(root) as searcher:
        sync(root, 1)
        found: list[bool] = []
        threads = [threading.Thread(target=lambda: found.append(searcher.reload())) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert sorted(found) == [False] * 5 + [True]

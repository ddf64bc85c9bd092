from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from index.errors import NotFound, QueryError, UsageError
from search import Mode
from search.fuse import Fusion

if TYPE_CHECKING:
    from collections.abc import Callable

    from search.searcher import Searcher

    Make = Callable[..., Searcher]


def article(number: int, *paragraphs: str, comments: tuple[tuple[str, str], ...] = (), **more: Any) -> dict[str, Any]:
    return {
        "id": f"a{number}",
        "title": f"Story {number}",
        "paragraphs": list(paragraphs),
        "published": f"2020-01-{number:02}T00:00:00Z",
        "comments": [{"id": str(i), "author": who, "text": text} for i, (who, text) in enumerate(comments)],
        **more,
    }


HARBOUR = article(1, "The harbour was dredged.", "Silt buried the oyster beds.", comments=(("Bo", "Poor oysters!"),))
STRIKE = article(2, "Teachers walked out.", comments=(("Cy Ember", "My harbour view is fine."), ("bo", "Strike on!")))


def ids(results: Any) -> list[str]:
    return [hit.passage.id for hit in results]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("harbour", ["a1#p1", "a2#c1"]),
        ("in:comment harbour", ["a2#c1"]),
        ("in:comment,paragraph harbour", ["a1#p1", "a2#c1"]),
        ("-in:comment harbour", ["a1#p1"]),
        ("by:bo oysters", ["a1#c1"]),
        ("by:ember harbour", ["a2#c1"]),
        ('by:"Cy Ember" harbour', ["a2#c1"]),
        ('"oyster beds"', ["a1#p2"]),
        ('"beds oyster"', []),
        ("+harbour -view", ["a1#p1"]),
        ("harbor", []),
        ("harbuor~", ["a1#p1", "a2#c1"]),
        ("oyst*", ["a1#c1", "a1#p2"]),
        ("=oyster", ["a1#p2"]),
        ("harbour AND view", ["a2#c1"]),
        ("by:bo", ["a1#c1", "a2#c2"]),
        ("headline:story", ["a1#h", "a2#h"]),
    ],
)
def test_which_passages_answer_by_words(searcher_of: Make, query: str, expected: list[str]) -> None:
    results = searcher_of(HARBOUR, STRIKE).search(query, mode="keyword")
    assert sorted(ids(results)) == sorted(expected)
    assert results.total == len(expected)
    assert results.total_is_exact


@pytest.mark.parametrize("mode", list(Mode))
def test_constraints_bind_every_leg(searcher_of: Make, mode: Mode) -> None:
    searcher = searcher_of(HARBOUR, STRIKE)
    assert ids(searcher.search("in:comment by:bo harbour oysters", mode=mode, limit=50)) in (
        ["a1#c1"],
        ["a1#c1", "a2#c2"],
    )
    assert not searcher.search('"absent phrase" harbour', mode=mode).hits
    assert not [i for i in ids(searcher.search("harbour -in:comment", mode=mode, limit=50)) if "#c" in i]


def test_filters_alone_give_everything_that_passes_newest_first(searcher_of: Make) -> None:
    searcher = searcher_of(HARBOUR, STRIKE)
    assert ids(searcher.search("in:headline"))[:2] == ["a2#h", "a1#h"]
    assert ids(searcher.search("-in:comment,paragraph")) == ["a2#h", "a1#h"]


@pytest.mark.parametrize("query", ["", "   ", "...", "😀"])
def test_asking_nothing_finds_nothing(searcher_of: Make, query: str) -> None:
    results = searcher_of(HARBOUR).search(query)
    assert not results.hits
    assert results.total == 0


def test_a_passage_found_by_one_leg_is_scored_by_the_other(searcher_of: Make) -> None:
    for hit in searcher_of(HARBOUR, STRIKE).search("harbour oysters", limit=50):
        assert hit.keyword is not None
        assert hit.semantic is not None
        assert -1 <= hit.semantic.score <= 1
        assert hit.why


def test_hybrid_scores_by_hand(searcher_of: Make) -> None:
    results = searcher_of(HARBOUR, STRIKE).search("harbour", fusion=Fusion(alpha=0.5))
    best_words = max(hit.keyword.score for hit in results)
    best_meaning = max(hit.semantic.score for hit in results)
    for hit in results:
        words, meaning = hit.keyword.score / best_words, (hit.semantic.score + 1) / (best_meaning + 1)
        assert hit.score == pytest.approx(0.5 * words + 0.5 * meaning, abs=1e-6)


@pytest.mark.parametrize("mode", list(Mode))
def test_pages_join_to_one_list(searcher_of: Make, mode: Mode, monkeypatch: pytest.MonkeyPatch) -> None:
    for depth in ("CANDIDATES", "GATHERED", "BY_WORDS_ALONE"):
        monkeypatch.setattr(f"search.legs.{depth}", 5)
    walls = [[f"harbour wall {'stone ' * i}number {n}" for i in range(4)] for n in range(1, 12)]
    searcher = searcher_of(*(article(n, *paragraphs) for n, paragraphs in enumerate(walls, 1)))
    whole = ids(searcher.search("harbour stone", mode=mode, limit=40, stacks=False))
    pages = [
        ids(searcher.search("harbour stone", mode=mode, limit=7, offset=at, stacks=False)) for at in range(0, 40, 7)
    ]
    assert [i for page in pages for i in page][:40] == whole
    assert len(set(whole)) == len(whole) == 40


def test_a_model_of_one_meaning_floor_drops_noise_only(searcher_of: Make) -> None:
    searcher = searcher_of(HARBOUR, STRIKE)
    everything = searcher.search("harbour", limit=50, fusion=Fusion(floor=-1.0))
    strict = searcher.search("harbour", limit=50, fusion=Fusion(floor=0.99))
    assert set(ids(strict)) == {"a1#p1", "a2#c1"}
    assert len(everything) > len(strict)


def test_reading_articles_and_passages(searcher_of: Make) -> None:
    searcher = searcher_of(HARBOUR)
    assert searcher.article("a1").title == "Story 1"
    assert searcher.passage("a1#c1").author == "Bo"
    assert [p.id for p in searcher.passages_of("a1")] == ["a1#h", "a1#p1", "a1#p2", "a1#c1"]
    spans = searcher.highlight("oysters", searcher.passages_of("a1"))
    assert [len(found) for found in spans] == [0, 0, 1, 1]
    for call in (searcher.article, searcher.passage, searcher.passages_of):
        with pytest.raises(NotFound):
            call("nope")


def test_wrong_calls_are_usage_errors(searcher_of: Make) -> None:
    searcher = searcher_of(HARBOUR)
    for options in ({"limit": 0}, {"offset": -1}, {"mode": "magic"}):
        with pytest.raises(UsageError):
            searcher.search("harbour", **options)
    with pytest.raises(QueryError, match="smaller number"):
        searcher.search('"a b c d e f"~50')


def test_json_form(searcher_of: Make) -> None:
    table = searcher_of(HARBOUR).search("oysters", limit=1).to_dict()
    assert list(table) == ["query", "mode", "total", "total_is_exact", "warnings", "did_you_mean", "took_ms", "hits"]
    hit = table["hits"][0]
    assert hit["id"] == "a1#c1"
    assert hit["snippet"] == {"text": "Poor oysters!", "start": 0, "spans": [[5, 12, "word"]]}
    assert hit["keyword"]["rank"] == 1


def test_many_threads_get_the_same_answers(searcher_of: Make) -> None:
    searcher = searcher_of(HARBOUR, STRIKE)
    expected = ids(searcher.search("harbour oysters strike", limit=50))
    wrong: list[list[str]] = []

    def ask() -> None:
        for _ in range(20):
            found = ids(searcher.search("harbour oysters strike", limit=50))
            if found != expected:
                wrong.append(found)

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong

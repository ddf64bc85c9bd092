from __future__ import annotations

import random
import stat
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from index.errors import IndexDamaged
from index.local import LocalIndex
from index.progress import Silent
from search import refit, tuning
from search.calibrate import Kinds
from search.fuse import Best
from search.group import article_score
from search.judgements import Judgement, Judgements
from search.refit import Case
from search.searcher import Searcher
from search.weights import DEFAULT, FILE, Weights, load, saved
from tests.conftest import build, write_articles

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

QUERIES = 24
RIVALS = 6
LETTERS = "bcdfghjklmnpqrstvwxz"


def word(prefix: str, number: int) -> str:
    """Return a word no stemmer changes."""
    return f"{prefix}{LETTERS[number // 20 % 20]}{LETTERS[number % 20]}"


def query(number: int) -> str:
    return f"{word('topic', number)} {word('detail', number)}"


def pages() -> list[dict[str, Any]]:
    """Return articles of one paragraph: per query a long one with both words, and short ones with the common word.

    The hash encoder knows no rare words and likes short texts, so that words are right and meaning is wrong.
    """
    chance = random.Random(7)
    told = []
    for number in range(QUERIES):
        filler = " ".join(word("filler", chance.randrange(400)) for _ in range(9))
        texts = [f"{query(number)} {filler}"]
        texts += [f"{word('topic', number)} {word('rival', number * RIVALS + rival)}" for rival in range(RIVALS)]
        told += [{"id": f"a{number}-{place}", "paragraphs": [text]} for place, text in enumerate(texts)]
    return told


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tuning")
    build(folder / "index", [write_articles(folder / "pages.jsonl", pages())])
    return folder / "index"


@pytest.fixture
def searcher(root: Path) -> Iterator[Searcher]:
    with Searcher(LocalIndex.open(root)) as opened:
        yield opened


def judged(folder: Path, relevant: list[int], queries: int = QUERIES) -> tuple[Judgement, ...]:
    """Return judgements in which of each query one passage answers, by its place, and another does not."""
    kept = Judgements.beside(folder)
    for number, place in zip(range(queries), relevant, strict=False):
        kept.record(query(number), f"a{number}-{place}#p1", 1)
        kept.record(query(number), f"a{number}-{(place + 1) % RIVALS}#p1", 0)
    return kept.all()


def test_words_that_are_right_get_more_weight(searcher: Searcher, tmp_path: Path) -> None:
    found = tuning.tune(searcher, judged(tmp_path, [0] * QUERIES), DEFAULT)
    assert found.refusal is None
    assert found.after.alpha < DEFAULT.alpha
    assert (found.judged, found.usable) == (QUERIES, QUERIES)
    assert found.gain > 0.1
    assert found.p < 0.01
    assert found.after.headline == DEFAULT.headline  # nothing speaks for another one


def test_the_fit_is_the_same_on_every_run(searcher: Searcher, tmp_path: Path) -> None:
    judgements = judged(tmp_path, [0] * QUERIES)
    assert tuning.tune(searcher, judgements, DEFAULT) == tuning.tune(searcher, judgements[::-1], DEFAULT)


def test_weights_are_not_fitted_to_noise() -> None:
    found = [tuning.fit(noise(seed), DEFAULT, 12) for seed in range(20)]
    assert any(tuned.after != DEFAULT for tuned in found)  # there is always something to overfit
    assert sum(tuned.refusal is None for tuned in found) <= 2  # a level of .05 lets a few through


@pytest.mark.parametrize("alpha", [0.0, 0.3, 0.8, 1.0])
@pytest.mark.parametrize("reach", [0.2, 1.0])
def test_the_fit_sees_what_a_search_shows(root: Path, tmp_path: Path, alpha: float, reach: float) -> None:
    weights = Weights(alpha=alpha, reach=reach)
    judgements = judged(tmp_path, [0] * QUERIES)
    (root / FILE).write_text(saved(weights), "utf-8")
    with Searcher(LocalIndex.open(root)) as searcher:
        (root / FILE).unlink()
        for case in tuning.cases(searcher, judgements, Silent()):
            right = next(one.passage_id for one in judgements if one.query == case.query and one.grade)
            passages = searcher.search(case.query, comments=None)
            articles = searcher.search(case.query, group_by="article")
            lists = [np.array([hit.passage.id == right for hit in hits]) for hits in (passages, articles)]
            assert refit.value(case, weights) == pytest.approx(sum(map(refit.ndcg, lists)) / 2)


def test_too_few_queries_are_refused_with_their_number(searcher: Searcher, tmp_path: Path) -> None:
    found = tuning.tune(searcher, judged(tmp_path, [0] * 9, queries=9), DEFAULT)
    assert found.refusal == "9 of 9 judged queries can be used and 10 are needed; judge more"


def test_weights_that_are_best_already_stay(searcher: Searcher, tmp_path: Path) -> None:
    judgements = judged(tmp_path, [0] * QUERIES)
    best = tuning.tune(searcher, judgements, DEFAULT).after
    again = tuning.tune(searcher, judgements, best)
    assert again.after == best
    assert again.refusal is not None


def test_only_queries_that_tell_weights_apart_are_used(searcher: Searcher, tmp_path: Path) -> None:
    kept = Judgements.beside(tmp_path)
    judged(tmp_path, [0] * 12, queries=12)
    kept.record("nosuchword", "a0-0#p1", 0)  # nothing relevant
    kept.record("by:nobody harbour", "a0-0#p1", 1)  # not found
    kept.record("~" * 3 + " +", "a0-0#p1", 1)  # asks nothing
    kept.record("x " * 900, "a0-0#p1", 1)  # beyond the limits
    found = tuning.tune(searcher, kept.all(), DEFAULT)
    assert (found.judged, found.usable) == (16, 12)


def test_adopted_weights_are_private_and_can_be_undone(tmp_path: Path) -> None:
    first, second = Weights(alpha=0.5), Weights(alpha=0.3)
    for before, after in ((DEFAULT, first), (first, second)):
        tuning.adopt(tmp_path, tuning.Tuning(before=before, after=after, judged=10, usable=10))
        assert load(tmp_path) == after
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
    assert tuning.undo(tmp_path)
    assert load(tmp_path) == first
    assert tuning.undo(tmp_path)
    assert load(tmp_path) == DEFAULT
    assert not (tmp_path / FILE).exists()
    assert not tuning.undo(tmp_path)


def test_damaged_weights_can_be_undone(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("{", "utf-8")
    with pytest.raises(IndexDamaged, match="tune --undo"):
        load(tmp_path)
    assert tuning.undo(tmp_path)
    assert load(tmp_path) == DEFAULT


def case(number: int = 0, **more: Any) -> Case:
    kinds = Kinds(np.array([True, False, False]), np.array([False, False, True]))
    about = {
        "query": f"q{number}",
        "words": np.array([1.0, 2.0, 0.0], dtype=np.float32),
        "meaning": np.array([0.9, 0.1, 0.5], dtype=np.float32),
        "best": Best(2.0, 0.9),
        "kinds": kinds,
        "articles": np.array([0, 1, 1]),
        "relevant": np.array([False, True, False]),
    }
    return Case(**(about | more))


def noise(seed: int, queries: int = 12, size: int = 30) -> list[Case]:
    """Return cases in which nothing has to do with anything."""
    chance = np.random.default_rng(seed)
    return [
        case(
            number,
            words=chance.random(size, dtype=np.float32),
            meaning=chance.random(size, dtype=np.float32),
            best=Best(1.0, 1.0),
            kinds=Kinds(chance.random(size) < 0.3, chance.random(size) < 0.3),
            articles=chance.permutation(size),
            relevant=chance.permutation(size) < 3,
        )
        for number in range(queries)
    ]


def test_a_case_is_worth_the_mean_of_both_lists() -> None:
    assert refit.value(case(), Weights(alpha=0.0)) == 1.0
    assert refit.value(case(), Weights(alpha=1.0, second=0.0)) == pytest.approx((1 / 2 + 1 / np.log2(3)) / 2)
    assert refit.value(case(missed=(1, 1)), Weights(alpha=0.0)) == pytest.approx(1 / (1 + 1 / np.log2(3)))


def test_ndcg_looks_at_ten() -> None:
    late = np.zeros(20, dtype=np.bool_)
    late[10] = True
    assert refit.ndcg(late) == 0.0
    assert refit.ndcg(np.ones(20, dtype=np.bool_)) == pytest.approx(1.0)
    assert refit.ndcg(np.zeros(3, dtype=np.bool_)) == 0.0


def test_articles_score_as_the_ranking_scores_them() -> None:
    chance = np.random.default_rng(3)
    scores, articles = chance.random(50), chance.integers(0, 7, 50)
    found = refit.article_scores(scores, np.argsort(-scores), articles, DEFAULT)
    for article in range(7):
        own = sorted(scores[articles == article].tolist(), reverse=True)
        assert found[article] == pytest.approx(article_score(own, scores.min(), (DEFAULT.second, DEFAULT.third)))
    assert len(refit.article_scores(scores[:0], articles[:0], articles[:0], DEFAULT)) == 0


def test_a_headline_that_misleads_loses_weight() -> None:
    meaning = np.array([0.9, 0.85, 0.1], dtype=np.float32)
    cases = [case(number, words=None, meaning=meaning) for number in range(12)]
    values = refit.measured(cases)
    found = refit.fitted(DEFAULT, refit.mean_of(values, np.ones(12, dtype=np.bool_)))
    assert found.headline < 1.0
    assert refit.held_out(cases, DEFAULT, values).tolist() == values(found).tolist()


def test_spellings_of_a_query_share_a_fold() -> None:
    folds = refit.fold_numbers(["Harbour", "harbour", *(f"q{number}" for number in range(9))])
    assert folds[0] == folds[1]
    assert sorted(np.bincount(folds[1:])) == [2] * 5


def test_the_fit_sees_what_whole_stories_add(tmp_path: Path) -> None:
    chance = random.Random(5)
    told: list[dict[str, Any]] = []
    for number in range(40):
        texts = [" ".join(word("w", chance.randrange(12)) for _ in range(chance.randrange(4, 20))) for _ in range(3)]
        told.append({"id": f"a{number}", "title": texts[0][:12], "paragraphs": texts})
    root = tmp_path / "index"
    build(root, [write_articles(tmp_path / "pages.jsonl", told)])
    kept = Judgements.beside(tmp_path)
    for number in range(6):
        for other in range(number, number + 15):
            kept.record(f"{word('w', number)} {word('w', number + 5)}", f"a{other}#p2", 1)
    values = []
    for weights in (Weights(story=0.0), Weights(story=0.9, reach=0.6, alpha=0.2)):
        (root / FILE).write_text(saved(weights), "utf-8")
        with Searcher(LocalIndex.open(root)) as searcher:
            for case in tuning.cases(searcher, kept.all(), Silent()):
                right = {one.passage_id for one in kept.all() if one.query == case.query}
                passages = [hit.passage.id in right for hit in searcher.search(case.query, limit=200, comments=None)]
                grouped = searcher.search(case.query, limit=200, group_by="article")
                articles = [f"{hit.article.id}#p2" in right for hit in grouped]
                missed = [len(right) - sum(found) for found in (passages, articles)]
                assert missed == list(case.missed)
                shown = (refit.ndcg(np.array(passages), missed[0]) + refit.ndcg(np.array(articles), missed[1])) / 2
                assert refit.value(case, weights) == pytest.approx(shown)
                values.append(shown)
    assert len(values) == 12
    assert len(set(values)) > 6

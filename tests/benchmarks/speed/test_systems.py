"""Our own adapter answers as the index does, and the helpers of the rivals do what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from benchmarks.speed import dense
from benchmarks.speed.asking import Asking, rotated
from benchmarks.speed.catalogue import OURS, SYSTEMS, versions
from benchmarks.speed.data import EVERYTHING, SHARES
from benchmarks.speed.prepare import Item, article_of
from benchmarks.speed.systems.broadsheet import Broadsheet, GivenEncoder, number
from benchmarks.speed.systems.protocol import fused, plain, top
from index.model import Article, Comment
from index.passages import cut

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.speed.data import Data


@pytest.fixture(scope="session")
def system(data: Data, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broadsheet]:
    folder = tmp_path_factory.mktemp("ours")
    built = Broadsheet()
    built.build(data, folder)
    opened = Broadsheet()
    opened.open(data, folder)
    yield opened
    opened.close()


def test_passages_go_by_their_number_in_every_system() -> None:
    for title in ("", "Headline"):
        item = Item(title, ("one", "two"), (("Bo", "three"),))
        told = article_of(17, item, 4)
        comments = tuple(Comment(id=each["id"], text=each["text"]) for each in told["comments"])
        article = Article(id=told["id"], title=told["title"], paragraphs=item.paragraphs, comments=comments)
        assert [number(passage.id) for passage in cut(article)] == list(range(17, 17 + len(list(item.passages()))))
        assert told["topics"] == ["under10", "under50"]


def test_keyword_search_finds_the_passage_itself(system: Broadsheet, data: Data) -> None:
    texts = list(data.texts())
    for wanted in (3, 40, 111):
        name = texts[wanted].rstrip(".").split()[-1]
        assert list(system.keyword(name, 10, EVERYTHING)) == [wanted]


def test_a_filter_lets_only_its_share_through(system: Broadsheet, data: Data) -> None:
    buckets = data.buckets()
    for share in SHARES:
        found = system.keyword(data.queries()[0], 10, share)
        assert all(buckets[place] < share for place in found)
    assert len(system.keyword(data.queries()[0], 10, 50)) == 10


def test_dense_search_is_held_against_the_exact_answer(system: Broadsheet, data: Data) -> None:
    vectors = data.query_vectors()[:5]
    for share, wanted in dense.exact(data, vectors).items():
        found = [list(system.nearest(vector, dense.DEEP, int(share))) for vector in vectors]
        for depth in (dense.LIMIT, dense.DEEP):
            assert dense.recall(found, wanted, depth) == (1.0 if any(wanted) else None)


@pytest.mark.model
def test_everything_is_asked_of_a_system(system: Broadsheet, data: Data) -> None:
    figures = Asking(system, data, 0.02).figures()
    assert set(figures["latency"]) == {"keyword", "semantic", "hybrid"}
    assert figures["filtered"]["mode"] == "hybrid"
    assert set(figures["filtered"]) > {"100", "50", "10", "1"}
    told = Asking(system, data, 0.02).clients()
    assert set(told) == {"keyword", "hybrid"}
    assert told["hybrid"]["4"]["per_second"] > 0
    assert figures["peak_mb"] > 0
    assert set(figures["nearest"]) == {"100", "1", "10", "50"}


def test_scans_tell_what_they_lack(data: Data) -> None:
    vectors = data.query_vectors()[:12]
    wanted = dense.exact(data, vectors)[str(EVERYTHING)]
    told = dense.scans(data, vectors, wanted, 0.01)
    assert told["numpy float32"]["recall"] == 1.0
    for name in ("faiss flat", "int8 loop, re-scored"):
        assert "failed" in told[name] or told[name]["recall"] > 0.99


def test_a_text_that_was_not_given_is_an_error(data: Data) -> None:
    encoder = GivenEncoder(data)
    texts = list(data.texts())[5:8]
    assert np.array_equal(encoder.encode(texts), data.vectors()[5:8])
    assert encoder.windows(["four"]) == [[(0, 4)]]
    with pytest.raises(KeyError, match="not among"):
        encoder.encode(["something else"])


def test_every_system_says_what_it_is() -> None:
    for entry in SYSTEMS.values():
        assert entry.about
        assert (entry.most < 1_000_000) == bool(entry.why)
    assert versions(SYSTEMS[OURS])["tantivy"] != "not installed"
    assert "SQLite" in versions(SYSTEMS["fts5"])


def test_rankings_are_fused_by_rank() -> None:
    assert fused([1, 2, 3], [3, 4], 3) == [3, 1, 2]
    assert top(np.array([0.1, 0.9, 0.5], dtype=np.float32), 2) == [1, 2]
    assert top(np.array([0.1], dtype=np.float32), 5) == [0]


def test_a_question_for_a_query_language_is_words_alone() -> None:
    assert plain('5\'-nucleotidase: (6MP) "not" a+b*') == "5 nucleotidase 6MP not a b"


def test_questions_are_the_same_words_in_another_order() -> None:
    assert rotated(["a b c"], 1) == ["b c a"]
    assert rotated(["a b c"], 3) == ["a b c"]

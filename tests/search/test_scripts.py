"""Questions an English model reads badly: which they are, and how little its meaning then counts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from index.build import Rebuild
from index.encode import DEFAULT_MODEL, STATIC_MODEL
from index.encode.hashing import HashEncoder
from index.progress import Silent
from index.snapshot import IndexPaths
from search import Searcher
from search.judgements import Judgements
from search.refit import value
from search.scripts import FOREIGN_ALPHA, is_foreign, share
from search.tuning import cases
from search.weights import DEFAULT, FILE, Weights, saved
from tests.conftest import write_articles

if TYPE_CHECKING:
    from pathlib import Path

LATIN = ["", "harbour wall", "2014", "…!", "Łódź łączy", "Straße nach Köln", "à côté", "BBC 뉴스 harbour", "x 是"]
FOREIGN = [
    "기사 댓글",
    "новости порта",
    "الميناء القديم",
    "港口 BBC 新闻",
    "খবরের মন্তব্য",
    "ความคิดเห็นข่าว",
    "λιμάνι",
    "新聞",
]


class English(HashEncoder):
    """Has the name of the default model."""

    card = replace(HashEncoder.card, name=DEFAULT_MODEL)


class Static(HashEncoder):
    """Has the name of the static one."""

    card = replace(HashEncoder.card, name=STATIC_MODEL)


def searcher_of(folder: Path, encoder: HashEncoder) -> Searcher:
    pages = write_articles(
        folder / "pages.jsonl",
        [
            {
                "id": "a",
                "title": "부산 항구",
                "paragraphs": ["항구의 벽이 무너졌다 harbour", "The harbour wall fell", "порт закрыт"],
            }
        ],
    )
    Rebuild(paths=IndexPaths(folder / "index"), sources=[pages], encoder=encoder).run()
    return Searcher.open(folder / "index", encoder=encoder)


@pytest.mark.parametrize("text", LATIN)
def test_latin_letters_are_read(text: str) -> None:
    assert not is_foreign(text)


@pytest.mark.parametrize("text", FOREIGN)
def test_other_letters_are_not(text: str) -> None:
    assert is_foreign(text)


@pytest.mark.parametrize("encoder", [English(), Static()])
def test_meaning_counts_less_where_the_model_cannot_read(tmp_path: Path, encoder: HashEncoder) -> None:
    with searcher_of(tmp_path, encoder) as searcher:
        assert searcher.alpha("항구의 벽이") == FOREIGN_ALPHA
        assert searcher.alpha("harbour wall") == 0.7
        assert searcher.alpha("항구의 벽이 source:Reuters in:paragraph") == FOREIGN_ALPHA  # syntax is not what is meant
        for query in ("항구의 벽이", "harbour wall"):
            hit = searcher.search(query)[0]
            weight = {part.name: part.weight for part in hit.explain().parts}["meaning (cosine)"]
            assert weight == pytest.approx(searcher.alpha(query))
        shown = searcher.search("항구의 벽이", alpha=0.9)[0].explain().parts
        assert {part.name: part.weight for part in shown}["meaning (cosine)"] == pytest.approx(0.9)


def test_tuning_starts_from_the_share_in_force(tmp_path: Path) -> None:
    """What a fit is compared with must be what the reader sees today."""
    kept = Judgements.beside(tmp_path)
    for query in ("항구의 벽이", "harbour wall"):
        kept.record(query, "a#p1", 1)
        kept.record(query, "a#p3", 0)
    with searcher_of(tmp_path, English()) as searcher:
        found = {case.query: case for case in cases(searcher, kept.all(), Silent())}
    assert {query: case.unread for query, case in found.items()} == {"항구의 벽이": True, "harbour wall": False}
    case = found["항구의 벽이"]
    read = replace(case, unread=False)
    assert value(case, DEFAULT) == value(read, replace(DEFAULT, alpha=FOREIGN_ALPHA))
    assert value(case, replace(DEFAULT, alpha=0.95)) == value(read, replace(DEFAULT, alpha=0.95))


@pytest.mark.parametrize(("alpha", "unread", "wanted"), [(0.7, True, 0.3), (0.7, False, 0.7), (0.5, True, 0.5)])
def test_what_was_tuned_counts_for_all(alpha: float, unread: bool, wanted: float) -> None:
    assert share(alpha, unread=unread) == wanted


def test_another_model_is_trusted_with_every_script(tmp_path: Path) -> None:
    with searcher_of(tmp_path, HashEncoder()) as searcher:
        assert searcher.alpha("항구의 벽이") == 0.7


def test_a_tuned_weight_is_what_counts(tmp_path: Path) -> None:
    with searcher_of(tmp_path, English()) as searcher:
        (tmp_path / "index" / FILE).write_text(saved(Weights(alpha=0.5)), encoding="utf-8")
        assert searcher.reload()
        assert searcher.alpha("항구의 벽이") == searcher.alpha("harbour wall") == 0.5

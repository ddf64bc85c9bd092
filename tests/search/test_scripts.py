"""Questions an English model reads badly: which they are, and how little its meaning then counts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from index.build import Rebuild
from index.encode import DEFAULT_MODEL, STATIC_MODEL
from index.encode.hashing import HashEncoder
from index.snapshot import IndexPaths
from search import Searcher
from search.scripts import FOREIGN_ALPHA, is_foreign
from search.weights import FILE, Weights, saved
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


def test_another_model_is_trusted_with_every_script(tmp_path: Path) -> None:
    with searcher_of(tmp_path, HashEncoder()) as searcher:
        assert searcher.alpha("항구의 벽이") == 0.7


def test_a_tuned_weight_is_what_counts(tmp_path: Path) -> None:
    with searcher_of(tmp_path, English()) as searcher:
        (tmp_path / "index" / FILE).write_text(saved(Weights(alpha=0.5)), encoding="utf-8")
        assert searcher.reload()
        assert searcher.alpha("항구의 벽이") == searcher.alpha("harbour wall") == 0.5

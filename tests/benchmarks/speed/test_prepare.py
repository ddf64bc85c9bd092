"""Passages are cut, copied and counted so that every system gets the same."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pytest

from benchmarks.speed import embed, prepare
from benchmarks.speed.data import DIMENSION, Data, passages_in
from index.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

    from index.encode.protocol import ModelCard, Vectors


def quiet(_line: str) -> None:
    pass


def test_pieces_lose_nothing_and_end_at_sentences() -> None:
    text = "One two three four. " * 60 + "end " * 200 + "x" * 900
    pieces = list(prepare.pieces(text))
    assert " ".join(pieces).replace(" ", "") == text.replace(" ", "")
    assert max(map(len, pieces)) <= prepare.LONGEST
    assert pieces[0].endswith("four.")


def test_copies_share_no_word_but_the_commonest() -> None:
    counts = Counter(
        {f"w{'abcdefghijklmnopqrstuvwxyz'[rank % 26]}{'x' * (rank // 26)}": 999 - rank for rank in range(400)}
    )
    exchange = prepare.exchanged(counts)
    ranked = [word for word, _ in counts.most_common()]
    text = " ".join(ranked).capitalize()
    copy = prepare.copied(text, exchange).lower().split()
    assert copy[: prepare.COMMON] == ranked[: prepare.COMMON]
    assert not [word for word, other in zip(copy, ranked, strict=True) if word == other][prepare.COMMON :]
    assert prepare.copied(prepare.copied(text, exchange), exchange) == text


def test_the_same_passages_as_lines_and_as_articles(data: Data) -> None:
    texts = list(data.texts())
    assert len(texts) == len(set(texts)) == data.size == len(data.buckets())
    articles = list(data.articles())
    told = [
        text
        for article in articles
        for text in (article["title"], *article["paragraphs"], *(each["text"] for each in article["comments"]))
        if text
    ]
    assert told == texts
    assert sum(map(passages_in, articles)) == data.size


def test_a_smaller_size_is_the_beginning(data: Data) -> None:
    for size in range(1, 12):
        small = Data(data.folder, size)
        assert list(small.texts()) == list(data.texts())[:size]
        assert sum(map(passages_in, small.articles())) == size


def test_questions_are_plain_words_of_articles_that_are_not_there(data: Data) -> None:
    questions = data.queries()
    texts = set(data.texts())
    assert questions
    for question in questions:
        assert len(question.split()) == prepare.QUERY_WORDS
        assert not any(text.lower().startswith(question) for text in texts)


def test_more_than_there_is_cannot_be_asked_for(collections: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="ask for fewer"):
        prepare.prepare(collections, tmp_path, 10**6, quiet)


def test_a_folder_without_collections_says_what_was_wanted(tmp_path: Path) -> None:
    told: list[str] = []
    with pytest.raises(UsageError, match="--data"):
        prepare.prepare(tmp_path, tmp_path / "made", 10, told.append)
    assert any("left out bbc_news" in line for line in told)


class Ones:
    """Encodes every text as the unit vector of its length, and counts."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    @property
    def card(self) -> ModelCard:
        raise NotImplementedError

    def encode(self, texts: list[str]) -> Vectors:
        self.texts += texts
        vectors = np.zeros((len(texts), DIMENSION), dtype=np.float32)
        vectors[range(len(texts)), [len(text) % DIMENSION for text in texts]] = 1
        return vectors

    def encode_question(self, text: str) -> Vectors:
        vector: Vectors = self.encode([text])[0]
        return vector

    def windows(self, texts: list[str]) -> list[list[tuple[int, int]]]:
        raise NotImplementedError


def test_vectors_are_real_then_made_up_and_go_on_where_they_stopped(data: Data, tmp_path: Path) -> None:
    for name in ("passages.txt", "queries.txt"):
        (tmp_path / name).write_bytes((data.folder / name).read_bytes())
    encoder = Ones()
    embed.embed(Data(tmp_path, 60), encoder, quiet, real=50)
    first = np.array(Data(tmp_path, 60).vectors())
    count = len(encoder.texts)
    embed.embed(Data(tmp_path, data.size), encoder, quiet, real=50)
    whole = Data(tmp_path, data.size).vectors()
    assert len(encoder.texts) == count == 50 + len(data.queries())
    assert np.array_equal(whole[:60], first)
    assert np.allclose(np.linalg.norm(whole, axis=1), 1, atol=1e-5)
    assert ((whole[:50] == 1).sum(axis=1) == 1).all()
    assert len(np.unique(whole[50:], axis=0)) == data.size - 50

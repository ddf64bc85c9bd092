"""The documents of a store, made in one pass, are those of its passages one by one."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index import documents, furniture, passages
from index.files import Files
from index.sources.jsonl import article_from_dict
from index.store_writer import StoreWriter

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from index.keyword.protocol import KeywordDocument

LONG = "The dredger came at dawn and left the harbour by the eastern channel. " * 4
ARTICLES = (
    {
        "title": "Harbour deepened",
        "source": "The Wire",
        "authors": ["Ada Quist"],
        "topics": ["Ports", "Mud"],
        "published": "2020-02-03T10:00:00Z",
        "captions": ["A dredger."],
        "paragraphs": [LONG, "Nobody slept."],
        "comments": [{"author": "Bo", "posted": "2020-02-04", "text": "At last."}, {"text": "Loud.", "removed": True}],
        "furniture": ["Read more"],
    },
    {"source": "The Wire", "paragraphs": ["Short and first.", LONG]},
    {"title": "Only a headline"},
    {"title": None, "comments": [{"text": "A comment on nothing, 中国人 said."}]},
    {"paragraphs": ["Of no source.", "U.S. dockers' vote"]},
)


def filled(path: Path, records: Sequence[dict[str, object]]) -> StoreWriter:
    writer = StoreWriter.create(path)
    writer.begin()
    learner = furniture.Furniture(writer.connection)
    file, row = Files(writer).add(Path("articles.jsonl")), 1
    for number, record in enumerate(records):
        article = article_from_dict({"id": f"a{number}"} | record)
        added = writer.add_article(article, b"", file, 1)
        cut = list(enumerate(passages.cut(article), row))
        writer.add_passages(added, article, cut)
        learner.add(added, furniture.origin(article), furniture.lines(cut))
        row += len(cut)
    writer.set_number("next_row", row)
    writer.commit()
    return writer


@pytest.fixture
def store(tmp_path: Path) -> Iterator[StoreWriter]:
    with closing(filled(tmp_path / "store.sqlite", ARTICLES)) as writer:
        writer.begin()
        writer.furnish([(4, True)])
        writer.commit()
        yield writer


def told(document: KeywordDocument) -> tuple[object, ...]:
    facets = {facet: tuple(keys) for facet, keys in document.facets.items()}
    words = document.exacts, document.stems, document.content, document.title, document.story
    return document.row, *words, facets, document.time


def test_one_pass_gives_what_single_passages_give(store: StoreWriter) -> None:
    last = store.number("next_row")
    single = [passages.document(*found) for found in store.documents(range(1, last))]
    assert list(map(told, documents.documents(store.connection, 1, last))) == list(map(told, single))


def test_whether_something_was_learnt_by_a_row(store: StoreWriter) -> None:
    db = store.connection
    assert not furniture.is_learnt(db, 4)
    assert furniture.is_learnt(db, 5)
    store.begin()
    store.furnish([(4, False)])  # what readers took out of a page, and removed comments, were never in doubt
    store.commit()
    assert not furniture.is_learnt(db, store.number("next_row"))


def test_the_end_of_an_article(store: StoreWriter) -> None:
    articles = dict(store.connection.execute("SELECT row, article FROM passages"))
    for row, article in articles.items():
        end = documents.article_end(store.connection, row)
        assert articles[end - 1] == article
        assert articles.get(end) != article
    assert documents.article_end(store.connection, 10_000) == store.number("next_row")

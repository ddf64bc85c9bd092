"""A small collection of news, prepared as the benchmark prepares it, its vectors made by the hash encoder's like."""

from __future__ import annotations

import gzip
import json
import random
from itertools import count
from typing import TYPE_CHECKING

import numpy as np
import pytest

from benchmarks.speed import data as names
from benchmarks.speed.data import DIMENSION, Data
from benchmarks.speed.prepare import prepare

if TYPE_CHECKING:
    from pathlib import Path

WORDS = (
    *("harbour", "dredging", "council", "vote", "grain", "ship", "tide", "panel"),
    *("crane", "storm", "ferry", "pier", "mayor", "budget", "museum", "bridge"),
)
SIZE = 200


@pytest.fixture(scope="session")
def collections(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of collections with one in it."""
    chance = random.Random(2)
    folder = tmp_path_factory.mktemp("collections")
    (folder / "reuters_2006_2013").mkdir()

    names = (f"mv{number}" for number in count())

    def said(length: int) -> str:
        return " ".join([*chance.choices(WORDS, k=length - 1), next(names)]).capitalize() + "."

    articles = [
        {
            "id": f"a{number}",
            "title": said(9),
            "paragraphs": [said(20), said(120)],
            "comments": [{"id": "c1", "author": "Bo", "text": said(12)}] if number % 3 == 0 else [],
        }
        for number in range(480)
    ]
    with gzip.open(folder / "reuters_2006_2013" / "articles.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(article) + "\n" for article in articles)
    return folder


@pytest.fixture(scope="session")
def data(collections: Path, tmp_path_factory: pytest.TempPathFactory) -> Data:
    """What was prepared of it, with vectors by chance."""
    told = prepare(collections, tmp_path_factory.mktemp("prepared"), SIZE, lambda _line: None)
    chance = np.random.default_rng(5)
    for name, rows in ((names.VECTORS, SIZE), (names.QUERY_VECTORS, len(told.queries()))):
        vectors = chance.standard_normal((rows, DIMENSION), dtype=np.float32)
        (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).tofile(told.folder / name)
    return told

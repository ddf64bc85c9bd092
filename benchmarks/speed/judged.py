"""How good the answers are: nDCG@10 on a judged collection, so that nobody is fast by answering badly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from benchmarks.speed import data as names
from benchmarks.speed.cells import JUDGED, Cell, Result
from benchmarks.speed.data import Data
from benchmarks.speed.embed import embed
from search import collection as collections
from search import measures
from search.evaluate import evaluate

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from index.encode.protocol import Encoder
    from search.collection import Collection

COLLECTION: Final = "scifact"
MEASURE: Final = "nDCG@10"
DOCUMENTS: Final = "documents.txt"


def prepare(collection: Collection, target: Path, encoder: Encoder, tell: Callable[[str], None]) -> Data:
    """Write documents, each as one passage, and questions for the rivals, and the vectors of both."""
    target.mkdir(parents=True, exist_ok=True)
    documents = list(collection.documents())
    texts = [" ".join(f"{each['title']}. {each['text']}".split()) for each in documents]
    (target / names.PASSAGES).write_text("\n".join(texts) + "\n", encoding="utf-8")
    (target / DOCUMENTS).write_text("\n".join(each["_id"] for each in documents) + "\n", encoding="utf-8")
    (target / names.BUCKETS).write_bytes(bytes(len(documents)))
    queries = [" ".join(text.split()) for text in collection.queries.values()]
    (target / names.QUERIES).write_text("\n".join(queries) + "\n", encoding="utf-8")
    data = Data(target, len(documents))
    embed(data, encoder, tell, real=len(documents))
    return data


def scored(result: Result, collection: Collection, target: Path) -> Result:
    """Return a rival's rankings of ``Cell(…, "quality")`` as means of the measure, by mode."""
    documents = (target / DOCUMENTS).read_text("utf-8").splitlines()
    figures: dict[str, Any] = {}
    for mode, rankings in result.figures.items():
        found = {
            query: [documents[number] for number in numbers]
            for query, numbers in zip(collection.queries, rankings, strict=True)
        }
        values = measures.per_query(found, collection.judgements, [MEASURE])[MEASURE]
        figures[mode] = round(float(values.mean()), 4)
    return Result(result.cell, figures, result.failed)


def ours(collection: Collection, encoder: Encoder, cache: Path) -> Result:
    """Return our own figures, as ``broadsheet eval`` measures them: whole documents, passages within."""
    told = evaluate(collection, encoder, cache)
    figures = {mode: round(float(told.values[mode][MEASURE].mean()), 4) for mode in ("keyword", "semantic", "hybrid")}
    return Result(Cell("broadsheet", JUDGED, "quality"), figures)


def read(folder: Path) -> Collection:
    """Return the collection; raises ``UsageError``."""
    return collections.read(folder / COLLECTION)

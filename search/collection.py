"""Judged collections: documents, queries, and which documents answer which query.

Two kinds of folder are understood. A BEIR folder (Thakur et al., "BEIR: A Heterogeneous Benchmark for Zero-shot
Evaluation of Information Retrieval Models", NeurIPS 2021) brings its own queries and judgements. A folder of articles
with comments is made into a task: find the article a comment was written under, with the comments left out of the
index. Documents go by the ids an index gives them.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from index.errors import UsageError
from index.model import Kind
from index.passages import passage_id
from index.sources import identity, jsonl
from index.sources.records import Limits, Source
from index.sources.walk import read_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from index.model import Article
    from index.sources.records import Note, Skip

DOCUMENTS: Final = "corpus.jsonl"
QUERIES: Final = "queries.jsonl"
QRELS: Final = "qrels/test.tsv"
ARTICLES: Final = "articles.jsonl"
MEASURES: Final = ("nDCG@10", "R@100", "RR@10")
SUCCESS: Final = ("Success@1", "Success@10")
SAMPLE: Final = 500  # comments asked
FEWEST_WORDS: Final = 8  # "I agree" is under every article

_EXPECTED: Final = (
    f"a BEIR folder ({DOCUMENTS}, {QUERIES} and {QRELS}) or {ARTICLES} with comments; each .jsonl may be .jsonl.gz"
)
_COLUMNS: Final = (3, 4)  # BEIR: query, document, grade; TREC has a column between the first two

Judgements = dict[str, dict[str, int]]


class Task(StrEnum):
    """What is asked of a collection."""

    JUDGED = "judged queries"
    COMMENTS = "the article of a comment"


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """One task: its queries by id, the grade of each judged document, and the file its documents are in."""

    name: str
    task: Task
    source: Path
    queries: dict[str, str]
    judgements: Judgements
    """Query id -> document id -> grade; grades above 0 are relevant."""
    unknown: int = 0
    """Judged queries that have no text and are left out."""

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures this task is told in."""
        return MEASURES if self.task is Task.JUDGED else MEASURES + SUCCESS

    def documents(self) -> Iterator[dict[str, Any]]:
        """Yield the documents as JSON objects that ``index.sources.jsonl`` reads; raises ``UsageError``."""
        if self.task is Task.JUDGED:
            yield from _documents(self.source)
        else:
            yield from (jsonl.article_to_dict(replace(article, comments=())) for article in _articles(self.source))


def read(folder: Path, qrels: Path | None = None, most: int | None = None) -> Collection:
    """Return the collection in a folder, with at most ``most`` queries; raises ``UsageError``."""
    source = _found(folder, DOCUMENTS)
    articles = _found(folder, ARTICLES)
    if source is not None:
        collection = _judged(folder, source, qrels)
    elif articles is not None and qrels is None:
        collection = _commented(folder, articles)
    else:
        raise UsageError(f"{folder} is no collection that can be measured; expected: {_EXPECTED}")
    return collection if most is None else _first(collection, most)


def _first(collection: Collection, most: int) -> Collection:
    kept = dict(list(collection.queries.items())[:most])
    return replace(collection, queries=kept, judgements={query: collection.judgements[query] for query in kept})


def _found(folder: Path, name: str) -> Path | None:
    return next((path for path in (folder / name, folder / f"{name}.gz") if path.is_file()), None)


# --- BEIR folders


def _judged(folder: Path, source: Path, qrels: Path | None) -> Collection:
    asked = _found(folder, QUERIES)
    if asked is None:
        raise UsageError(f"{folder / QUERIES} is missing; expected: {_EXPECTED}")
    judgements = _judgements(_qrels(folder) if qrels is None else qrels)
    texts = {query: words for query, words in _queries(asked) if query in judgements}
    if not texts:
        raise UsageError(f"no query of {asked} is judged; choose the judgements that belong to it with --qrels FILE")
    return Collection(
        name=folder.resolve().name,
        task=Task.JUDGED,
        source=source,
        queries=texts,
        judgements={query: judgements[query] for query in texts},
        unknown=len(judgements) - len(texts),
    )


def _qrels(folder: Path) -> Path:
    path = folder / QRELS
    if path.is_file():
        return path
    others = ", ".join(other.name for other in sorted(path.parent.glob("*.tsv"))) or "none there"
    raise UsageError(f"{path} is missing; name the judgements with --qrels FILE ({path.parent.name}/: {others})")


def _judgements(path: Path) -> Judgements:
    """Read judgements, one a line: query, document and grade, with or without a header."""
    judgements: Judgements = {}
    for number, line in _lines(path):
        columns = line.split("\t") if "\t" in line else line.split()
        grade = _grade(columns)
        if grade is None and number > 1:
            raise UsageError(f"{path}:{number} is not a judgement; expected: query-id, corpus-id and grade, with tabs")
        if grade is not None:
            judgements.setdefault(columns[0], {})[_safe(columns[-2], path, number)] = grade
    if not judgements:
        raise UsageError(f"{path} holds no judgements; expected: query-id, corpus-id and grade, with tabs")
    return judgements


def _grade(columns: list[str]) -> int | None:
    try:
        return int(float(columns[-1])) if len(columns) in _COLUMNS else None
    except (ValueError, OverflowError):
        return None


def _queries(path: Path) -> Iterator[tuple[str, str]]:
    for number, record in _records(path):
        words = record.get("text")
        if not isinstance(words, str):
            raise UsageError(f"{path}:{number} has no text; expected: one query a line with _id and text")
        yield str(record["_id"]), words


def _documents(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the documents of a corpus; two that the index would take for one are refused."""
    given: dict[str, str] = {}
    for number, record in _records(path):
        name = str(record["_id"])
        safe = _safe(name, path, number)
        if given.setdefault(safe, name) != name:
            raise UsageError(f"{path}:{number}: _id {name!r} is the same as {given[safe]!r} to the index; rename one")
        yield {"_id": safe, "title": record.get("title") or "", "text": record.get("text") or ""}


def _safe(name: str, path: Path, number: int) -> str:
    safe = identity.given_id(name)
    if safe is None:
        raise UsageError(f"{path}:{number} names no document; expected: an id that is not blank")
    return safe


def _records(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the numbered JSON objects of a file; each has an ``_id``."""
    for number, line in _lines(path):
        try:
            record = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise UsageError(f"{path}:{number} is not JSON ({error}); expected: one object a line") from error
        if not isinstance(record, dict) or not isinstance(record.get("_id"), str | int):
            raise UsageError(f"{path}:{number} has no _id; expected: one JSON object a line with _id and text")
        yield number, record


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """Yield the numbered lines of a file that are not blank."""
    with _readable(path), gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as file:
        for number, raw in enumerate(file, 1):
            line = raw.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
            if line.strip():
                yield number, line


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise UsageError(f"{path} cannot be read ({error}); expected: UTF-8 text, or the same in gzip") from error


# --- articles with comments


def _commented(folder: Path, source: Path) -> Collection:
    asked: dict[str, tuple[str, str]] = {}
    for article in _articles(source):
        asked |= _questions(article)
    chosen = dict(_sample(asked))
    if not chosen:
        raise UsageError(
            f"{source}: no article has a comment of {FEWEST_WORDS} words; expected: articles of which some have "
            "comments, each with a text"
        )
    return Collection(
        name=folder.resolve().name,
        task=Task.COMMENTS,
        source=source,
        queries=chosen,
        judgements={query: {asked[query][0]: 1} for query in chosen},
    )


def _articles(source: Path) -> Iterator[Article]:
    """Yield the articles that are something without their comments; lines that give none are passed over."""
    for article in read_source(Source(source, source.stat().st_size), Limits(), _ignore):
        if article.title or article.paragraphs:
            yield article


def _ignore(_event: Skip | Note) -> None:
    pass


def _questions(article: Article) -> dict[str, tuple[str, str]]:
    """Return the comments under an article by passage id, each with the id of the article."""
    return {
        passage_id(article.id, Kind.COMMENT, position): (article.id, comment.text)
        for position, comment in enumerate(article.comments, 1)
    }


def _sample(asked: dict[str, tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """Return the comments asked: in the order of a hash of their ids, the same on every machine."""
    taken = 0
    for query in sorted(asked, key=lambda name: hashlib.sha256(name.encode("utf-8", "replace")).digest()):
        words = asked[query][1]
        if taken < SAMPLE and len(words.split()) >= FEWEST_WORDS:
            taken += 1
            yield query, words

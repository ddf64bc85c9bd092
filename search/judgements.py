"""Judgements of a reader: which passages answer a query and which do not, kept beside the index.

``judgements.jsonl`` is a journal, one JSON object a line, only ever appended to: ``query``, ``id`` and ``article_id``
of the passage, ``grade`` (1 relevant, 0 not, null taken back) and ``when`` (UTC). The last line on a query and a
passage counts. A line that was cut off by a crash was never acknowledged, so it is left out, and mended by the next
writer; anything else that cannot be read is damage, and said.
"""

from __future__ import annotations

import json
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from index import durable, text
from index.errors import IndexDamaged, IndexMissing, NotFound, UsageError
from index.locks import held
from index.refusals import told
from search.output import json_text
from search.results import timestamp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from index.protocol import Index

FILE: Final = "judgements.jsonl"
LOCK: Final = "judgements.lock"  # not the writer's: one judges while a rebuild runs
LOCK_SECONDS: Final = 10.0
RELEVANT: Final = 1
NOT_RELEVANT: Final = 0
_MOST_BYTES: Final = 1 << 28
_UNREADABLE: Final = (ValueError, TypeError, KeyError, OverflowError, RecursionError)

Key = tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What a reader said of one passage as an answer to one query."""

    query: str
    passage_id: str
    grade: int
    """1 relevant, 0 not."""
    when: datetime

    @property
    def article_id(self) -> str:
        """The article the passage is of."""
        return self.passage_id.rpartition("#")[0]

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        about = {"query": self.query, "id": self.passage_id, "article_id": self.article_id}
        return about | {"grade": self.grade, "when": timestamp(self.when)}


@dataclass(frozen=True, slots=True)
class Kept:
    """What a file holds."""

    judgements: tuple[Judgement, ...] = ()
    """Of each query and passage the last one, in the order they were made."""
    torn: int = 0
    """Lines cut off by a crash, left out: 0 or 1."""


class Judgements:
    """The judgements in one file; safe to use from several processes."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @classmethod
    def beside(cls, index_dir: Path) -> Judgements:
        """Return those kept in an index directory."""
        return cls(index_dir / FILE)

    def record(self, query: str, passage_id: str, grade: int) -> None:
        """Keep a judgement durably; raises ``UsageError``.

        Whether there is such a passage is for the caller to see to.
        """
        if grade not in (RELEVANT, NOT_RELEVANT):
            raise UsageError(f"the grade of a judgement is 1 (relevant) or 0 (not), not {grade!r}")
        self._append(_key(query, passage_id), grade)

    def forget(self, query: str, passage_id: str) -> bool:
        """Take a judgement back and return whether there was one."""
        key = _key(query, passage_id)
        if not any(key == (one.query, one.passage_id) for one in self.all()):
            return False
        self._append(key, None)
        return True

    def all(self) -> tuple[Judgement, ...]:
        """Return every judgement that counts; raises ``IndexDamaged``."""
        return self.read().judgements

    def read(self) -> Kept:
        """Return what the file holds; raises ``IndexDamaged``."""
        *lines, tail = self._content().split(b"\n")
        latest: dict[Key, Judgement | None] = {}
        for number, line in enumerate(lines, 1):
            if line.strip():
                _take(latest, self._entry(number, line))
        torn = 0
        if tail.strip():
            try:
                _take(latest, _parsed(tail))
            except _UNREADABLE:
                torn = 1
        return Kept(tuple(one for one in latest.values() if one is not None), torn)

    def export_beir(self, folder: Path, *, replace: bool = False) -> int:
        """Write ``queries.jsonl`` and ``qrels/test.tsv``, articles as documents, and return how many judgements.

        Raises ``UsageError``, also where one of the files is there already and not to be replaced.
        """
        from search import outfile

        grades = _by_article(self.all())
        queries = {query: f"q{number}" for number, query in enumerate(dict.fromkeys(query for query, _ in grades), 1)}
        texts, qrels = folder / "queries.jsonl", folder / "qrels" / "test.tsv"
        try:
            qrels.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UsageError(f"{qrels.parent} cannot be made ({error.strerror}); choose another folder") from error
        for path in (texts, qrels):
            outfile.check(path, replace=replace)
        asked = (json_text({"_id": name, "text": query}) for query, name in queries.items())
        outfile.write(texts, asked, replace=replace)
        judged = (f"{queries[query]}\t{article}\t{grade}" for (query, article), grade in grades.items())
        outfile.write(qrels, ("query-id\tcorpus-id\tscore", *judged), replace=replace)
        return len(grades)

    def _content(self) -> bytes:
        try:
            with self._path.open("rb") as file:
                content = file.read(_MOST_BYTES + 1)
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise IndexDamaged(f"{self._path} cannot be read ({error.strerror}); see who may read it") from error
        if len(content) > _MOST_BYTES:
            raise IndexDamaged(f"{self._path} has more than {_MOST_BYTES:,} bytes; move it away")
        return content

    def _entry(self, number: int, line: bytes) -> tuple[Key, Judgement | None]:
        try:
            return _parsed(line)
        except _UNREADABLE as error:
            raise IndexDamaged(f"line {number} of {self._path} is no judgement; mend or remove it") from error

    def _append(self, key: Key, grade: int | None) -> None:
        query, passage_id = key
        about = {"query": query, "id": passage_id, "article_id": passage_id.rpartition("#")[0]}
        line = json_text(about | {"grade": grade, "when": timestamp(datetime.now(UTC))}) + "\n"
        with locked(self._path.parent), told(self._path):
            durable.append_durably(self._path, line, _is_judgement)


def judge(index: Index, query: str, passage_id: str, relevant: bool | None) -> bool:
    """Record a judgement, or take it back (``None``), and return whether anything changed; raises ``NotFound``.

    Passages that a rebuild has removed can still be forgotten.
    """
    kept = Judgements.beside(index.info.path)
    if relevant is None:
        with suppress(NotFound):
            passage_id = _id(index, passage_id)
        return kept.forget(query, passage_id)
    kept.record(query, _id(index, passage_id), RELEVANT if relevant else NOT_RELEVANT)
    return True


@contextmanager
def locked(index_dir: Path) -> Iterator[None]:
    """Hold the lock of judgements and of what is tuned by them; raises ``IndexLocked`` and ``IndexMissing``."""
    if not index_dir.is_dir():
        raise IndexMissing(f"there is no index in {index_dir}; run `broadsheet index rebuild FOLDER`")
    with told(index_dir), held(index_dir / LOCK, LOCK_SECONDS, str(index_dir / FILE)):
        yield


def _id(index: Index, passage_id: str) -> str:
    """Return the id of a passage as it is shown: ``a1#p01`` names ``a1#p1`` too."""
    row = index.row(passage_id)
    return index.passages([row])[row].id


def _key(query: str, passage_id: str) -> Key:
    """Return the query as it is compared and shown; white space in it means nothing."""
    squashed = text.squash(query)
    if not squashed:
        raise UsageError("a judgement needs a query; give the words that were searched for")
    if not passage_id.rpartition("#")[0]:
        raise UsageError(f"{text.squash(passage_id)!r} is no passage; name one as ARTICLE#MARK")
    return squashed, passage_id


def _take(latest: dict[Key, Judgement | None], entry: tuple[Key, Judgement | None]) -> None:
    latest.pop(entry[0], None)  # so that the order is that of the judgements that count
    latest[entry[0]] = entry[1]


def _parsed(line: bytes) -> tuple[Key, Judgement | None]:
    """Return what a line says, no judgement where it takes one back; raises one of ``_UNREADABLE``."""
    table = json.loads(line)
    query, passage_id, grade = table["query"], table["id"], table["grade"]
    if not (isinstance(query, str) and isinstance(passage_id, str) and (grade is None or type(grade) is int)):
        raise ValueError("a field is of the wrong type")
    if grade not in (None, RELEVANT, NOT_RELEVANT):
        raise ValueError("no such grade")
    when = datetime.fromisoformat(table["when"])
    when = when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)
    key = (query, passage_id)
    if grade is None:
        return key, None
    return key, Judgement(query=query, passage_id=passage_id, grade=grade, when=when)


def _is_judgement(line: bytes) -> bool:
    try:
        _parsed(line)
    except _UNREADABLE:
        return False
    return True


def _by_article(judgements: Iterable[Judgement]) -> dict[Key, int]:
    """Return the best grade of any passage of an article for a query."""
    grades: dict[Key, int] = {}
    for one in judgements:
        key = (one.query, one.article_id)
        grades[key] = max(grades.get(key, NOT_RELEVANT), one.grade)
    return grades
